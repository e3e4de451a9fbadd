"""`python -m orch_tui.host ATTEMPT_DIR ARTIFACTS_DIR`: host one attempt, or `--nursery`: start hosts on request.

Hosts get a session of their own and outlive the nursery they are forked from, as they do their runner.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from orch_tui import process
from orch_tui.host.nursery import Nursery
from orch_tui.host.session import host
from orch_tui.store.layout import AttemptDir


def main() -> int:
    """Entry point."""
    if sys.argv[1:] == ["--nursery"]:
        return Nursery(_host).serve()
    attempt, artifacts = sys.argv[1:3]
    return _host(AttemptDir(Path(attempt)), Path(artifacts))


def _host(attempt: AttemptDir, artifacts: Path) -> int:
    process.adopt_orphans()  # a host starts nothing but its agent, and ends all of it
    if sys.version_info < (3, 12) and hasattr(os, "pidfd_open"):  # as later ones do: threads cost a short attempt much
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())  # pyright: ignore[reportDeprecated]
    return host(attempt, artifacts)


if __name__ == "__main__":
    sys.exit(main())
