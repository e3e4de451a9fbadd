"""`python -m orch_tui.host ATTEMPT_DIR ARTIFACTS_DIR`: host one attempt, or `--nursery`: start hosts on request.

The nursery is a process with everything imported that waits for requests on its standard input, one JSON object a line,
and forks a host for each: a host then costs milliseconds instead of the start of an interpreter. Hosts get a session of
their own and outlive the nursery, which ends at end-of-file, that is, with its runner.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

from orch_tui import process
from orch_tui.agents import registry
from orch_tui.host.session import host
from orch_tui.store.layout import AttemptDir


def nursery() -> int:
    """Fork a host for every request line {"attempt", "artifacts", "cwd"}; answers with its pid on standard output."""
    for name in ("script", "simulated"):  # light ones, imported once and shared by every host
        registry.load(name)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        attempt = AttemptDir(Path(request["attempt"]))
        work = partial(host, attempt, Path(request["artifacts"]))
        os.write(1, f"{process.fork_detached(work, log=attempt.log)}\n".encode())
    return 0


def main() -> int:
    """Entry point."""
    if sys.argv[1:] == ["--nursery"]:
        return nursery()
    attempt, artifacts = sys.argv[1:3]
    return host(AttemptDir(Path(attempt)), Path(artifacts))


if __name__ == "__main__":
    sys.exit(main())
