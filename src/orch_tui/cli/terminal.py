"""What the program was started on, and whether a person there agrees."""

from __future__ import annotations

import os
import sys

from orch_tui.errors import NotConfirmed


def terminal() -> bool:
    """Whether a full-screen application can be shown."""
    streams = (sys.stdin, sys.stdout)  # None when they were closed
    return all(stream and stream.isatty() for stream in streams) and os.environ.get("TERM", "dumb") != "dumb"


def agreed(question: str, *, yes: bool, otherwise: str) -> None:
    """Ask before something is done, unless `yes` says so. Raises NotConfirmed with what then is, `otherwise`."""
    import click

    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):
        raise NotConfirmed(otherwise, hint="--yes does it without a question")
    if not click.confirm(question, default=False):
        raise NotConfirmed(otherwise)
