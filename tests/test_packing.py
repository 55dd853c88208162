from __future__ import annotations

import hashlib
import marshal

from hypothesis import given
from hypothesis import strategies as st

from inforce import hypertext, markup, packing
from inforce.anchors import Anchors
from inforce.markdown import Reader
from inforce.text import Text
from inforce.weave import Weave
from tests.strategies import document_histories, history_law

FENCED = "# A\n\n```\nx\n\ny\n```\n\nSee [b].\n\n[b]: https://example.org\n"


def sums(history: list[str]) -> list[str]:
    return [hashlib.sha256(text.encode()).hexdigest() for text in history]


def kept(reader: Reader) -> Reader:
    """Another reader, which knows what one has read as a cache would keep it."""
    other = Reader()
    plain = marshal.dumps(packing.Packing().packed(reader.texts))
    other.remember(packing.Packing(marshal.loads(plain)).texts)  # noqa: S302 - written just now
    return other


@history_law
@given(history=document_histories(), more=st.just([FENCED]))
def test_texts_that_were_kept_are_those_that_were_read(history: list[str], more: list[str]) -> None:
    history = [*history, *more]
    reader = Reader()
    read = [reader.read(source) for source in history]
    other = kept(reader)
    again = [other.read(source, sum_) for source, sum_ in zip(history, sums(history), strict=True)]
    weaves = Weave.of(read), Weave.of(again)

    assert other.texts.keys() == reader.texts.keys()
    assert Anchors.of(weaves[0]).versions == Anchors.of(weaves[1]).versions
    for k, (one, two) in enumerate(zip(read, again, strict=True)):
        assert hypertext.article(one) == hypertext.article(two)
        assert (one.headings, one.links, one.images, one.raw_html, one.raw_links) == (
            two.headings,
            two.links,
            two.images,
            two.raw_html,
            two.raw_links,
        )
        if k:
            redlines = [
                markup.redline(texts[k - 1], texts[k], weave.same(k - 1, k)).html()
                for texts, weave in zip((read, again), weaves, strict=True)
            ]
            assert redlines[0] == redlines[1]


def test_what_is_one_value_in_memory_stays_one() -> None:
    source = "We **keep** it.\n\n- We **keep** it.\n\n  - One.\n  - Two.\n"
    reader = Reader()
    reader.read(source)
    reader.read(f"{source}\nMore.\n")

    first, second = (chunks for chunks, _ in kept(reader).texts.values())

    assert [one is two for one, two in zip(first, second, strict=False)] == [True, True]
    outer, one, two = first[1].blocks
    assert first[0].blocks[0].contents[0] is outer.contents[0]
    assert outer.nests[0] is one.nests[0] is two.nests[0]
    assert one.nests[2] is two.nests[2]
    assert one.nests[3] is not two.nests[3]


def test_what_was_kept_is_not_parsed_again_and_what_reaches_out_is_known_as_a_whole() -> None:
    reader = Reader()
    reader.read(FENCED)
    other = kept(reader)

    assert other.remembered(*sums([FENCED])) is not None
    assert other.read("See [b].\n").blocks.__next__().contents[0].text == "See [b]."
    assert other.read("# A\n").chunks[0] is not other.texts[sums([FENCED])[0]][0][0]


@history_law
@given(history=document_histories(), gone=st.integers(0, 3))
def test_what_comes_to_what_was_kept_is_kept_with_it_and_what_goes_is_not(history: list[str], gone: int) -> None:
    first, last = history[: len(history) // 2], history[len(history) // 2 :]
    reader = Reader()
    for source in first:
        reader.read(source)
    packed = packing.Packing(packing.Packing().packed(reader.texts))
    other = Reader()
    other.remember(packed.texts)
    for source in last:
        other.read(source)
    wanted = dict(list(other.texts.items())[gone:])

    values = marshal.loads(marshal.dumps(packed.packed(wanted)))  # noqa: S302 - written just now

    again = packing.Packing(values).texts
    html = {sum_: hypertext.article(Text("", *pieces)) for sum_, pieces in wanted.items()}
    assert {sum_: hypertext.article(Text("", *pieces)) for sum_, pieces in again.items()} == html
    assert len(values["chunks"]) == len({id(chunk) for chunks, _ in wanted.values() for chunk in chunks})
