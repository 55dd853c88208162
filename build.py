"""Builds the site: `python build.py [options]` is `inforce build [options]`."""

from __future__ import annotations

import sys

try:
    import tomllib  # noqa: F401 - came with Python 3.11: an older one stops here

    from inforce.__main__ import main

    main(["build", *sys.argv[1:]])
except ImportError as missing:
    if (missing.name or "").partition(".")[0] == "inforce":
        raise  # our own mistake: it keeps its traceback
    python = f"{sys.executable} (Python {sys.version.split()[0]})"
    sys.stderr.write(f"""build.py: {python} is not set up for inforce: {missing}
  Run `make site`, which installs what is needed in .venv and builds; after that, `.venv/bin/python build.py` does, too.
  In an environment of your own, with Python 3.11 or newer: `python -m pip install .`, then `python build.py`.
""")
    sys.exit(3)
except KeyboardInterrupt:
    sys.exit(130)  # before there was any of inforce that could have said so
