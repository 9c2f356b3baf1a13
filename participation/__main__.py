"""Run the command line as `python -m participation`."""

from participation.cli import main

main()
