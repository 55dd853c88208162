"""Tries bytes that nobody chose, for a while: ``python -m tests.fuzz.run markdown --seconds 60``.

With atheris the search is led by what the bytes reach in the code; without it they are spliced from the seeds at
random. Bytes on which a target fails are kept in a folder, which is named, and the exit status is not 0.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LARGEST = 4096
"""Bytes of one try: small enough for thousands of them."""
WHOLE = 0.2
"""How often bytes do not begin as a seed does."""
SLOW = 10.0
"""Seconds in which the smallest machine is done with one try."""


def main() -> int:
    """Try a target for as long as asked; gives the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target", help="front-matter, markdown, rendering, settings or published")
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the random bytes, where there is no atheris")
    options = parser.parse_args()
    atheris: Any = import_module("atheris") if find_spec("atheris") else None
    with atheris.instrument_imports(include=["inforce", "markdown_it", "frontmatter"]) if atheris else nullcontext():
        targets = import_module("tests.fuzz.targets")
    target, seeds = targets.TARGETS[options.target], targets.SEEDS[options.target]
    kept = Path(tempfile.mkdtemp(prefix=f"fuzz-{options.target}-"))
    if atheris is None:
        return _splice(target, seeds, kept, options.seconds, options.seed)
    for number, seed in enumerate(seeds):
        (kept / f"seed-{number}").write_bytes(seed)
    flags = [f"-max_total_time={options.seconds}", f"-max_len={LARGEST}", f"-timeout={SLOW:.0f}", "-verbosity=0"]
    flags += [f"-artifact_prefix={kept}/failed-", "-print_final_stats=1", str(kept)]
    atheris.Setup([sys.argv[0], *flags], target)
    atheris.Fuzz()  # ends the process, with a status of its own if it found something
    return 0


def _splice(target: Callable[[bytes], None], seeds: Sequence[bytes], kept: Path, seconds: int, seed: int) -> int:
    """Try pieces of the seeds, put together and spoilt at random."""
    chance = random.Random(seed)  # noqa: S311 - the same tries for the same seed
    ends = time.monotonic() + seconds
    tries, slowest = 0, 0.0
    while time.monotonic() < ends:
        data = _spoilt(chance, seeds)
        begun = time.monotonic()
        try:
            target(data)
        except BaseException:
            path = kept / f"failed-{hashlib.sha256(data).hexdigest()[:16]}"
            path.write_bytes(data)
            sys.stderr.write(f"failed on {data!r}\nkept as {path}; after {tries} tries with the seed {seed}\n")
            raise
        slowest = max(slowest, time.monotonic() - begun)
        tries += 1
    kept.rmdir()
    sys.stdout.write(f"{tries} tries in {seconds} s without atheris, seed {seed}; the slowest took {slowest:.2f} s\n")
    return int(slowest > SLOW)


def _spoilt(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    parts = []
    for number in range(chance.randint(1, 4)):
        one = chance.choice(seeds)
        first = chance.randrange(len(one)) if number or chance.random() < WHOLE else 0
        parts.append(one[first : first + chance.choice((3, 30, 300, LARGEST))])
    data = bytearray(b"".join(parts)[:LARGEST])
    for _ in range(chance.choice((0, 1, 1, 3, 9))):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 2)] = chance.choice(
            (b"", b"\n", b" ", b'"', b"<", b"|", b"\\", chance.randbytes(2))
        )
        if not data:
            break
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
