"""How soon the compare page shows a pair that a reader chose, on a slow machine.

    python bench/compare.py CLONE [--policies N] [--under BYTES] [--versions N] [--pairs N]

CLONE is a git clone, bare or not, with one Markdown file a policy. Of the N largest policies (by the bytes of all
their versions) a compare page is made and opened in Chromium, whose processor is throttled; then pairs are chosen: the
first and the last version, both ways, and others at random. Milliseconds are those from the choice to the frame that
shows it: "first" when the beginning of the redline is on the screen, "whole" when all of it is on the page. "cold" is
"cpu" of the first choice after the page has opened. The bar is 200 ms. "cpu" is the time of the page's own thread up
to the first frame, or a little more: on a machine that has other things to do, this is the figure to go by.

It needs the package playwright and a Chromium (`--chromium`, default /usr/bin/chromium).
"""

from __future__ import annotations

import argparse
import importlib
import random
import statistics
import threading
from datetime import date, timedelta
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redline import git, history
from screenshots import ARGUMENTS, Quiet

from inforce import comparison
from inforce.build import build
from inforce.markdown import Reader
from inforce.weave import Weave

BAR = 200
CHOOSE = """
async ([old, now]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  }));
  const [one, two] = ["_old", "_new"].map((id) => document.getElementById(id));
  const article = document.getElementById("_redline");
  await painted();
  one.value = old;
  two.value = now;
  const start = performance.now();
  two.dispatchEvent(new Event("change"));
  const made = performance.now() - start;
  await painted();
  const first = performance.now() - start;
  window.redlineWhole = (async () => {
    while (article.ariaBusy) await painted();
    return performance.now() - start;
  })();
  return [made, first];
}
"""


def largest(clone: Path, count: int, under: int) -> list[str]:
    """The files that weigh most, all their versions together, of those whose last text is less than so many bytes."""
    weights: dict[str, int] = {}
    for name in git(clone, "ls-tree", "-r", "--name-only", "HEAD", "-z").split("\0"):
        if name.endswith(".md") and "README" not in name:
            size = int(git(clone, "cat-file", "-s", f"HEAD:{name}"))
            if size < under:
                weights[name] = size * int(git(clone, "rev-list", "--count", "HEAD", "--", name))
    return sorted(weights, key=lambda name: -weights[name])[:count]


def page(folder: Path, sources: list[str]) -> None:
    """A site with the compare page of a history: that of short texts, with the file of the true ones."""
    reader = Reader(strict=False)
    texts = [reader.read(source) for source in sources]
    told = [comparison.Told(f"v{number}", text, str) for number, text in enumerate(texts)]
    for number in range(len(texts)):
        path = folder / "policies" / "policy" / f"v{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\ntitle: Policy\nposted: {date(2000, 1, 1) + timedelta(days=number)}\n---\nText {number}\n"
        )
    build(folder, folder / "site", date(2026, 1, 1))
    (folder / "site/policy/compare/texts.json").write_bytes(comparison.file(told, Weave.of(texts)))


def measured(browser: Any, address: str, pairs: list[tuple[int, int]], slower: float) -> list[list[float]]:  # noqa: ANN401 - playwright is not needed elsewhere here
    """What the page took for each pair, one after the other."""
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tools = tab.context.new_cdp_session(tab)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.goto(address)
    tab.locator("#_redline:not([aria-busy])").wait_for(timeout=60_000)
    tab.wait_for_timeout(500 * slower)
    found = []
    for old, now in pairs:
        before = _busy(tools)
        took = tab.evaluate(CHOOSE, [f"v{old}", f"v{now}"])
        found.append([*took, 1000 * (_busy(tools) - before), tab.evaluate("window.redlineWhole")])
    tab.context.close()
    return found


def _busy(tools: Any) -> float:  # noqa: ANN401 - as above
    """Seconds that the page's own thread has worked."""
    listed = tools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in listed if one["name"] == "TaskDuration"))


def main() -> None:
    """Measure and print a line a policy."""
    options = _options()
    playwright = importlib.import_module("playwright.sync_api")
    chance = random.Random(1)  # noqa: S311 - the same pairs each time
    every: list[list[float]] = []
    cold: list[list[float]] = []
    print(f"{'made':>18}{'first':>18}{'cpu':>18}{'whole':>18}{'cold cpu':>12}   (ms: median, worst)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=options.chromium, args=ARGUMENTS)
        for name in largest(options.clone, options.policies, options.under):
            sources = history(options.clone, name)[-options.versions :]
            last = len(sources) - 1
            pairs = [(0, last), (last, 0), (0, last // 2), (last // 2, last)]
            pairs += [(chance.randint(0, last), chance.randint(0, last)) for _ in range(options.pairs)]
            with TemporaryDirectory() as folder:
                page(Path(folder), sources)
                server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=f"{folder}/site"))
                threading.Thread(target=server.serve_forever, daemon=True).start()
                address = f"http://127.0.0.1:{server.server_port}/policy/compare/"
                found = measured(browser, address, pairs, options.slower)
                fresh = [measured(browser, address, [pair], options.slower)[0] for pair in pairs[:2]]
                server.shutdown()
            every += found
            cold += fresh
            print(f"{_columns(found)}{max(one[2] for one in fresh):12.0f}   {last + 1} versions, {name}")
        browser.close()
    over = [sum(one[k] > BAR for one in every + cold) for k in (1, 2)]
    print(f"{_columns(every)}{max(one[2] for one in cold):12.0f}   all")
    print(f"Over {BAR} ms: {over[0]} of {len(every + cold)}; of the processor's, {over[1]}.")


def _columns(found: list[list[float]]) -> str:
    columns = zip(*found, strict=True)
    return "".join(f"{statistics.median(column):10.0f}{max(column):8.0f}" for column in columns)


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("clone", type=Path)
    arguments.add_argument("--policies", type=int, default=10, metavar="N", help="the N largest")
    arguments.add_argument("--under", type=int, default=100_000, metavar="BYTES", help="of those with shorter texts")
    arguments.add_argument("--versions", type=int, default=300, metavar="N", help="the last N of each")
    arguments.add_argument("--pairs", type=int, default=20, metavar="N", help="so many at random of each")
    arguments.add_argument("--slower", type=float, default=4, metavar="TIMES", help="how much slower the processor is")
    arguments.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
