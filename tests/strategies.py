"""Texts and histories for laws; every name says what it makes."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

law = settings(deadline=None)
"""How laws are tried: a busy machine is no reason to fail."""
history_law = settings(law, max_examples=50)
"""The same for laws of whole histories, each of which holds several pairs of texts."""

WORDS = (
    "we",
    "keep",
    "your",
    "name",
    "address",
    "data",
    "for",
    "ten",
    "30",
    "days",
    "and",
    "never",
    "sell",
    "it",
    "(b)",
)

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
"""A few words in one line."""

dressed = st.one_of(
    words,
    words.map(lambda line: f"**{line}** of ours"),
    words.map(lambda line: f"see [{line}](https://example.org/{len(line)})"),
    words.map(lambda line: f"{line}: ![{line}](picture-{len(line) % 3}.png)"),
    words.map(lambda line: f"\u201c{line}\u201d \u2013 `{line}`"),
    words.map(lambda line: line.replace(" ", "-", 1)),
    st.just("\u7528\u6237\u5e94\u5f53\u5728\u4e09\u5341\u5929\u5185"),
)
"""The Markdown of one paragraph, item or cell."""


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of Markdown."""
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(words, min_size=width, max_size=width), min_size=1, max_size=4))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list of Markdown, with or without numbers, some of its items holding lists."""
    sign = draw(st.sampled_from(["- ", "1. ", "3. "]))
    out = []
    for item in draw(st.lists(dressed, min_size=1, max_size=4)):
        out.append(sign + item)
        if draw(st.integers(0, 3)) == 0:
            out.append(" " * len(sign) + "- " + draw(dressed))
    return draw(st.sampled_from(["\n", "\n\n"])).join(out)


blocks = st.one_of(
    dressed,
    dressed,
    st.builds(lambda level, line: f"{'#' * level} {line}", st.integers(1, 3), words),
    lists(),
    tables(),
    dressed.map(lambda line: f"> {line}"),
    words.map(lambda line: f"    {line}"),
    st.just("***"),
)
"""The Markdown of one block."""

documents = st.lists(blocks, max_size=7).map("\n\n".join)
"""A Markdown text."""


@st.composite
def document_histories(draw: st.DrawFn) -> list[str]:
    """The Markdown texts of a history, each the one before with blocks put in, taken out, moved or rewritten."""
    now = draw(st.lists(blocks, max_size=6))
    history = [now]
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.integers(0, 4)) == 0:  # a text returns
            now = draw(st.sampled_from(history))
        else:
            now = list(now)
            for _ in range(draw(st.integers(1, 3))):
                at = draw(st.integers(0, len(now)))
                what = draw(st.sampled_from(["add", "drop", "move", "rewrite"]))
                if what == "add" or at == len(now):
                    now.insert(at, draw(blocks))
                elif what == "drop":
                    del now[at]
                elif what == "move":
                    now.insert(draw(st.integers(0, len(now) - 1)), now.pop(at))
                else:
                    now[at] = now[at].replace(draw(st.sampled_from(WORDS)), draw(words), 1)
        history.append(now)
    return ["\n\n".join(text) for text in history]
