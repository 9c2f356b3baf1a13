"""The start of the console script, also as `python -m participation`."""

from __future__ import annotations

import gc
import importlib


def main() -> None:
    """Load the program, then run the command line.

    Nothing that is loaded becomes garbage: to look for some in it took a fifth of every start, and
    frozen it stays out of later searches, and shared with the processes that fork.
    """
    gc.disable()
    command_line = importlib.import_module("participation.cli")
    gc.freeze()
    gc.enable()
    command_line.main()


if __name__ == "__main__":
    main()
