"""``python -m inforce`` is ``inforce``."""

from inforce.cli import main

main()
