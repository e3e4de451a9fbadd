"""The entry point: puts the front ends together, which do not know each other.

`query` and `status --json` are answered before anything heavy is imported.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Entry point of `orch-tui`; returns the exit code (see `cli.exit_codes`)."""
    words = set(sys.argv[2:])
    quick = sys.argv[1:2] == ["query"] or (sys.argv[1:2] == ["status"] and "--json" in words)
    if quick and not {"-h", "--help"} & words:
        from orch_tui.cli.query import query

        return query(sys.argv[2:])
    from orch_tui.cli.commands import run_commands
    from orch_tui.cockpit import run_cockpit

    return run_commands(run_cockpit)
