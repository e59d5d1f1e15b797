"""The command ``allonym``, as ``python -m allonym`` and as the script that is installed with the package."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Runs the command line; returns its exit code."""
    from ._allonym import command
    from .gazetteer import announce

    announce()
    # Python's own handlers only set a flag, which nobody looks at while the command works.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return command(["allonym", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
