"""`python -m orch_tui.host ATTEMPT_DIR ARTIFACTS_DIR`: host one attempt, or `--nursery`: start hosts on request.

The nursery is a process with everything imported that waits for requests on its standard input, one JSON object a line,
and forks a host for each: a host then costs milliseconds instead of the start of an interpreter. Hosts get a session of
their own and outlive the nursery, which ends at end-of-file, that is, with its runner.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from functools import partial
from pathlib import Path

from orch_tui import process, proctable
from orch_tui.agents import registry
from orch_tui.host.session import host
from orch_tui.store.layout import AttemptDir
from orch_tui.store.shared_disks import refuse_shared


def nursery() -> int:
    """Fork a host for every request line {"attempt", "artifacts", "cwd"}; answers with its pid on standard output."""
    for name in ("script", "simulated"):  # light ones, imported once and shared by every host
        registry.load(name)
    proctable.libc()
    gc.collect()
    gc.freeze()  # else every host's first collection touches, and so copies, all that was imported
    for line in sys.stdin.buffer:
        request = json.loads(line)
        attempt = AttemptDir(Path(request["attempt"]))
        refuse_shared(attempt.path)  # found out once for all hosts; the runner has looked before
        work = partial(_host, attempt, Path(request["artifacts"]))
        os.write(1, f"{process.fork_detached(work, log=attempt.log)}\n".encode())
    return 0


def main() -> int:
    """Entry point."""
    if sys.argv[1:] == ["--nursery"]:
        return nursery()
    attempt, artifacts = sys.argv[1:3]
    return _host(AttemptDir(Path(attempt)), Path(artifacts))


def _host(attempt: AttemptDir, artifacts: Path) -> int:
    process.adopt_orphans()  # a host starts nothing but its agent, and ends all of it
    if sys.version_info < (3, 12) and hasattr(os, "pidfd_open"):  # as later ones do: threads cost a short attempt much
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())  # pyright: ignore[reportDeprecated]
    return host(attempt, artifacts)


if __name__ == "__main__":
    sys.exit(main())
