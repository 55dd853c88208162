"""``python -m inforce`` is ``inforce``."""

import sys

from inforce.cli import run

sys.exit(run())
