"""What the program was started on."""

from __future__ import annotations

import os
import sys


def terminal() -> bool:
    """Whether a full-screen application can be shown."""
    streams = (sys.stdin, sys.stdout)  # None when they were closed
    return all(stream and stream.isatty() for stream in streams) and os.environ.get("TERM", "dumb") != "dumb"
