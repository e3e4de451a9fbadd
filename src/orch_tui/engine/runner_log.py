"""What a runner says for people who look into runner.log, which is its stderr. On a full disk it is not said."""

from __future__ import annotations

import contextlib
import sys
import traceback


def say(words: str) -> None:
    """A line of it."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"orch-tui runner: {words}\n")
        sys.stderr.flush()


def say_where(error: BaseException) -> None:
    """Where an error came from that is a mistake of the program."""
    with contextlib.suppress(OSError, ValueError):
        traceback.print_exception(error)
        sys.stderr.flush()
