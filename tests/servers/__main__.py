"""Puts in place what the tests need from the machine: `python -m tests.servers`."""

import sys

from tests.servers.chromium import BrowserMissing, install
from tests.servers.postgres import ServerMissing, binaries


def main() -> int:
    try:
        print(f"Browser for the journeys: {install()}")
        print(f"PostgreSQL for the tests: {binaries()}")
    except (BrowserMissing, ServerMissing) as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
