"""``inforce``, and ``python -m inforce``: quiet also where Ctrl-C comes before the program is loaded."""

import sys


def main(argv: list[str] | None = None) -> None:
    """Load the program, and do what the command line asks."""
    try:
        from inforce.cli import main as program

        program(argv)
    except (KeyboardInterrupt, RuntimeError) as error:
        # Where it comes while a class is made, Python 3.11 tells of a RuntimeError that it is the cause of.
        if not any(isinstance(one, KeyboardInterrupt) for one in (error, error.__cause__)):
            raise
        sys.exit(130)  # as `cli` does, which may not be there yet


if __name__ == "__main__":  # pragma: no branch - the script that pip writes imports it, in a process of its own
    main()
