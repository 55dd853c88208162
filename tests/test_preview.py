from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import redirect_stderr
from datetime import date
from typing import TYPE_CHECKING, TextIO

import pytest

from inforce import preview
from inforce.cli import run
from inforce.errors import SurroundingsError
from tests import histories
from tests.projects import project, version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inforce.build import Built
    from inforce.preview import Answer, Shown

ON = date(2026, 3, 20)
PORT = 8000
ONE = {"privacy/a.md": version("2026-01-10")}


def today() -> date:
    return ON


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """A project that was built once."""
    made = preview.Shown(tmp_path / "site", run="r")
    served = preview.Preview(project(tmp_path / "project", ONE), made, "")
    next(served.outcomes(today))
    return made


def asked(shown: Shown, target: str, *, method: str = "GET", hosts: tuple[str, ...] = ("127.0.0.1:8000",)) -> Answer:
    return preview.answer(method, target, list(hosts), PORT, shown)


# ------------------------------------------------------------------ a request and its answer


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/privacy/?a=/../b#c", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/privacy/versions.json", "application/json"),
        ("/privacy/a/policy.md", "text/markdown; charset=utf-8"),
        ("/.preview/preview.js", "text/javascript; charset=utf-8"),
        ("/.preview/events", "text/event-stream; charset=utf-8"),
    ],
)
def test_what_is_there_is_answered_with_its_type(shown: Shown, target: str, kind: str) -> None:
    answered = asked(shown, target)

    assert (answered.status, answered.kind) == (200, kind)


@pytest.mark.parametrize(
    "target",
    [
        "/%2e%2e/secret",
        "/../secret",
        "/privacy/..%2f..%2fsecret",
        "//etc/passwd",
        "/privacy//a/",
        "/..\\secret",
        "/%5c..%5csecret",
        "/secret%00.html",
        "/%0d%0aX: y",
        "/%ff",
        "http://127.0.0.1:8000/",
        "*",
        "",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(shown: Shown, target: str) -> None:
    (shown.folder.parent / "secret").write_text("not for you", "utf-8")

    assert asked(shown, target).status == 400


def test_a_name_may_hold_spaces_of_any_kind(shown: Shown) -> None:
    assert asked(shown, "/privacy/Shot%20at%203.04%E2%80%AFPM.png").status == 404


@pytest.mark.parametrize(
    "target", ["/%252e%252e/secret", "/link", "/link/secret", "/.inforce/x", "/.preview/x", "/a" * 3000]
)
def test_what_lies_elsewhere_is_not_found(shown: Shown, target: str) -> None:
    (shown.folder.parent / "secret").write_text("not for you", "utf-8")
    (shown.folder / ".inforce").mkdir()
    (shown.folder / ".inforce" / "x").write_text("not for you", "utf-8")
    (shown.folder / "link").symlink_to(shown.folder.parent)

    answered = asked(shown, target)

    assert answered.status == 404
    assert b"not for you" not in answered.body


def test_the_page_of_what_is_not_found_is_that_of_the_site(shown: Shown) -> None:
    answered = asked(shown, "/nothing/")
    (shown.folder / "404.html").unlink()
    without = asked(shown, "/nothing/")

    assert (answered.status, answered.kind) == (404, "text/html; charset=utf-8")
    assert b"/.preview/preview.js" in answered.body
    assert (without.status, without.body) == (404, b"There is nothing at this address.\n")


def test_the_page_of_what_is_not_found_has_its_style_wherever_the_site_will_stand(tmp_path: Path) -> None:
    base = "[tool.inforce]\nbase-url = 'https://example.com/legal'\n"
    root = project(tmp_path / "project", ONE, settings=base)
    served = preview.Preview(root, preview.Shown(tmp_path / "site"), "")
    next(served.outcomes(today))

    page = asked(served.shown, "/nothing/").body

    assert b'"https://example.com/legal/style.css"' in (tmp_path / "site" / "404.html").read_bytes()
    assert b'href="/style.css"' in page
    assert b'href="/privacy/"' in page
    assert b"example.com" not in page


def test_a_folder_leads_to_its_page_and_is_never_listed(shown: Shown) -> None:
    (shown.folder / "empty").mkdir()

    assert asked(shown, "/privacy").headers["Location"] == "/privacy/"
    assert asked(shown, "/empty/").status == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_this_machine_is_answered_by_its_names(shown: Shown, host: str) -> None:
    assert asked(shown, "/", hosts=(host,)).status == 200


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        ("evil.example:8000",),
        ("127.0.0.1",),
        ("127.0.0.1:80",),
        ("localhost.evil.example:8000",),
        ("127.0.0.1:8000",) * 2,
    ],
)
def test_another_name_is_refused(shown: Shown, hosts: tuple[str, ...]) -> None:
    assert asked(shown, "/", hosts=hosts).status == 403


def test_a_preview_can_only_be_read(shown: Shown) -> None:
    answered = asked(shown, "/", method="POST")

    assert (answered.status, answered.headers["Allow"]) == (405, "GET, HEAD")


# ------------------------------------------------------------------ the script in a page


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (
            "default-src 'none'; style-src 'self'",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'",
        ),
        (
            "default-src 'none'; script-src 'sha256-x'; connect-src 'self'; ; base-uri 'none'",
            "default-src 'none'; script-src 'sha256-x' 'self'; connect-src 'self'; base-uri 'none'; frame-src 'self'",
        ),
        ("script-src-elem 'none'", "script-src-elem 'self'"),
        ("", ""),
    ],
)
def test_a_policy_of_a_page_allows_the_script_and_nothing_else_besides(policy: str, allowed: str) -> None:
    assert preview.allowing(policy) == allowed


def test_a_page_has_the_script_in_the_preview_alone(shown: Shown) -> None:
    served = asked(shown, "/privacy/").body.decode()

    assert (
        '<script src="/.preview/preview.js" data-state="r-1" data-site="r-1" data-on="2026-03-20"></script>' in served
    )
    assert "connect-src 'self';" in served
    assert "frame-src 'self'\">" in served
    assert ".preview" not in (shown.folder / "privacy" / "index.html").read_text("utf-8")


def test_a_page_of_a_template_without_a_head_has_the_script_at_its_end(shown: Shown) -> None:
    (shown.folder / "index.html").write_text("Hello.", "utf-8")

    assert asked(shown, "/").body.startswith(b"Hello.<script src=")


# ------------------------------------------------------------------ building again


def test_a_change_is_built_and_a_fault_leaves_the_last_good_site(tmp_path: Path) -> None:
    root = project(tmp_path / "project", ONE)
    served = preview.Preview(root, preview.Shown(tmp_path / "site", run="r"), "")
    outcomes = served.outcomes(today)
    first = next(outcomes)
    project(root, {"privacy/a.md": "---\ntitle: Priv"})
    half = next(outcomes)
    kept = asked(served.shown, "/privacy/").body
    told = asked(served.shown, "/.preview/problems").body.decode()
    project(root, {"privacy/a.md": version("2026-01-10", body="We keep your address.\n")})
    mended = next(outcomes)

    assert first.built
    assert (half.built, [one.code for one in half.problems]) == (None, ["front-matter-unclosed"])
    assert b"We keep your name." in kept
    assert "policies/privacy/a.md:1" in told
    assert "Write a line of three dashes" in told
    assert mended.built
    assert b"We keep your address." in asked(served.shown, "/privacy/").body
    assert served.shown.facts() == {"state": "r-3", "site": "r-2", "errors": 0, "warnings": 0}


def test_a_first_build_with_errors_shows_them_as_the_page(tmp_path: Path) -> None:
    served = preview.Preview(project(tmp_path, {"privacy/a.md": "x"}), preview.Shown(tmp_path / "site", run="r"), "")
    before = asked(served.shown, "/")

    next(served.outcomes(today))
    after = asked(served.shown, "/privacy/")

    assert (before.status, after.status) == (503, 503)
    assert b"is being built" in before.body
    assert b"there is no front matter" in after.body
    assert b'data-state="r-1" data-site="" data-on="2026-03-20"' in after.body


def test_what_no_author_wrote_is_told_and_waited_for(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file", "utf-8")
    served = preview.Preview(project(tmp_path, ONE), preview.Shown(tmp_path / "site"), "")

    outcome = next(served.outcomes(today))

    assert isinstance(outcome.trouble, SurroundingsError)
    assert b"is not a folder" in asked(served.shown, "/").body
    assert served.shown.errors == 1


def test_a_file_that_is_gone_while_it_is_read_is_waited_for(tmp_path: Path) -> None:
    def make(_: date) -> tuple[Built, str]:
        (tmp_path / "a.md").read_bytes()
        raise AssertionError

    assert str(preview.outcome_of(ON, make).trouble).startswith(f"{tmp_path}/a.md: No such file or directory\n")


def test_a_new_day_is_built(tmp_path: Path) -> None:
    days = iter([ON, ON, date(2026, 3, 21)])
    served = preview.Preview(project(tmp_path, ONE), preview.Shown(tmp_path / "site"), "")
    outcomes = served.outcomes(lambda: next(days))

    assert [next(outcomes).on, next(outcomes).on] == [ON, date(2026, 3, 21)]


def test_what_a_site_is_made_of_is_looked_at_and_nothing_else(tmp_path: Path) -> None:
    root = project(tmp_path, ONE)
    histories.start(root)
    looks = [preview.look(root)]
    for name in ("policies/privacy/b.md", "policies/privacy/deep/x.png", "templates/home.html", "pyproject.toml"):
        histories.write(root, {name: "x"})
        looks.append(preview.look(root))
    histories.commit(root, "2026-03-01", {})
    looks.append(preview.look(root))
    histories.write(root, {"policies/privacy/.b.md.swp": "x", "notes.md": "x", "site/index.html": "x"})

    assert len(set(looks)) == 6
    assert {path for path, *_ in preview.look(root)} == {path for path, *_ in looks[-1]}


def test_the_logo_is_looked_at_wherever_it_lies_and_before_it_is_there(tmp_path: Path) -> None:
    root = project(tmp_path, ONE, settings='[tool.inforce]\nlogo = "pictures/seal.svg"\n')
    looks = [preview.look(root)]
    for drawing in ("<svg/>", "<svg> </svg>"):
        histories.write(root, {"pictures/seal.svg": drawing})
        looks.append(preview.look(root))

    assert len(set(looks)) == 3


@pytest.mark.parametrize("written", ["[tool", "\n", "[tool]\ninforce = 1\n", "[tool.inforce]\nlogo = 1\n"])
def test_settings_that_name_no_logo_are_looked_at_all_the_same(tmp_path: Path, written: str) -> None:
    root = project(tmp_path, ONE, settings=written)

    assert any(path.endswith("pyproject.toml") for path, *_ in preview.look(root))


@pytest.mark.parametrize("packed", [False, True])
def test_commits_are_seen_in_a_worktree_too_and_where_git_keeps_no_log(tmp_path: Path, *, packed: bool) -> None:
    main = histories.start(tmp_path / "main")
    histories.git(main, "config", "core.logAllRefUpdates", "false")
    histories.commit(main, "2026-01-01", {"x": ""})
    histories.git(main, "worktree", "add", "-q", str(tmp_path / "tree"))
    if packed:
        histories.git(main, "pack-refs", "--all")
    for root in (main, tmp_path / "tree"):
        before = preview.look(root)
        histories.commit(root, "2026-01-02", {"notes.md": "y"})

        assert preview.look(root) != before


# ------------------------------------------------------------------ over a socket


def listen(shown: Shown, told: int) -> str:
    return shown.news(told, 0)[1]


def test_who_listens_hears_of_each_build_once(shown: Shown) -> None:
    assert json.loads(listen(shown, -1).removeprefix("data: ")) == shown.facts()
    assert listen(shown, 1) == ": still here\n\n"


def test_a_served_preview_answers_tells_of_changes_and_leaves_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, ONE)
    with preview.serving(root, 0) as served:
        outcomes = served.outcomes(today)
        next(outcomes)
        port = int(served.address.rstrip("/").rpartition(":")[2])
        connection, events = (http.client.HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(2))
        connection.request("HEAD", "/privacy/")
        head = connection.getresponse()
        answered = (head.status, head.headers["Cache-Control"], head.read())
        connection.close()
        events.request("GET", "/.preview/events")
        stream = events.getresponse()
        first = stream.readline()
        project(root, {"privacy/b.md": version("2026-03-01")})
        next(outcomes)
        stream.readline()
        second = stream.readline()
        with pytest.raises(SurroundingsError, match="cannot be had"), preview.serving(root, port):
            pass
        folder = served.shown.folder
    events.close()

    assert answered == (200, "no-store", b"")
    assert json.loads(first.removeprefix(b"data: "))["state"].endswith("-1")
    assert json.loads(second.removeprefix(b"data: "))["state"].endswith("-2")
    assert not folder.parent.exists()


def test_serve_says_where_and_what_is_wrong_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    root = project(tmp_path, {"privacy/a.md": "x"})
    command = [sys.executable, "-m", "inforce", "serve", "--root", str(root), "--on", str(ON), "--port", "0"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline()
        said = [process.stderr.readline() for _ in range(5)]
        ended = threading.Timer(30, process.kill)
        ended.start()
        heard = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN  # nobody hears it who was started to go on alone
        os.kill(process.pid, signal.SIGINT if heard else signal.SIGTERM)
        status = process.wait()
        ended.cancel()

    assert address.startswith("http://127.0.0.1:")
    assert said[1].startswith("policies/privacy/a.md:1: there is no front matter")
    assert status == 0


@pytest.mark.parametrize("port", ["-1", "65536", "http", "\uff18\uff10"])
def test_a_port_is_a_number(port: str) -> None:
    with pytest.raises(SystemExit) as left:
        run(["serve", "--port", port])

    assert left.value.code == 2


@pytest.fixture
def signals() -> Iterator[None]:
    """What ends a program, put back afterwards."""
    before = {sent: signal.getsignal(sent) for sent in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for sent, answer in before.items():
        signal.signal(sent, answer)


def end_when(told: str, heard: TextIO, lines: list[str]) -> None:
    """Listen to what is said, and end this program once it is what we wait for."""
    for line in heard:
        lines.append(line)
        if line.startswith(told):
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(
    ("files", "settings", "told"),
    [
        (ONE, "", "As of 2026-03-20: 1 policy"),
        ({"privacy/a.md": "x"}, "", "Not built"),
        ({"privacy/a.md": version("2026-01-10")}, "[tool.inforce]\nlogo = 'none.svg'\n", "Not built"),
        ({"terms.md": version("2026-01-10")}, "", "Not built"),  # it has no history
    ],
)
def test_each_build_is_told_in_the_terminal_and_the_preview_ends_when_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], settings: str, told: str
) -> None:
    root = project(tmp_path, files, settings=settings)
    lines: list[str] = []
    reading, writing = os.pipe()

    with open(reading, encoding="utf-8") as heard:  # noqa: PTH123 - it has no path
        listener = threading.Thread(target=end_when, args=(told, heard, lines))
        with open(writing, "w", 1, encoding="utf-8") as said, redirect_stderr(said):  # noqa: PTH123 - nor has it
            listener.start()
            status = run(["serve", "--root", str(root), "--on", str(ON), "--port", "0"])
        listener.join()

    assert status == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")
    assert lines[0] == "A preview; Ctrl-C ends it.\n"
    assert lines[-1].startswith(told)


def test_a_project_that_is_not_there_cannot_be_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["serve", "--root", str(tmp_path / "nowhere")])

    assert left.value.code == 2
    assert "there is no folder" in capsys.readouterr().err
