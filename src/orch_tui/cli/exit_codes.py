"""What the exit code of `orch-tui` says; promised to scripts, so it never changes."""

from __future__ import annotations

DONE = 0
ERROR = 1
"""A mistake in the input, trouble with the machine, or a section that failed."""
NEEDS_HUMAN = 10
CANCELLED = 11
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""
UNREAD = 141
"""128 + SIGPIPE: whoever read the output went away."""
