"""`python -m orch_tui.engine RUN_DIR`: be the runner of a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from orch_tui.engine.runner import serve
from orch_tui.engine.runner_log import say
from orch_tui.errors import OrchError
from orch_tui.store.layout import RunDir


def main() -> int:
    """Entry point; errors go to the run's runner.log, which is this process's stderr.

    An error that is nobody's fault but ours ends the process with its traceback there: the agents go on, and the next
    runner takes up from the journal.
    """
    try:
        return serve(RunDir(Path(sys.argv[1])), dict(os.environ))
    except OrchError as error:
        errors = [error]
    except BaseExceptionGroup as group:
        matching, rest = group.split(OrchError)
        if rest is not None or matching is None:
            raise
        errors = _leaves(matching)
    for error in errors:
        say(f"{error.line()}")
    return 1


def _leaves(group: BaseExceptionGroup[OrchError]) -> list[OrchError]:
    found: list[OrchError] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found


if __name__ == "__main__":
    sys.exit(main())
