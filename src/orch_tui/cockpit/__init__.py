"""The cockpit: a full-screen window on a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orch_tui.client.coming import Coming
    from orch_tui.config import Config
    from orch_tui.store.layout import RunDir


def run_cockpit(run: RunDir | Coming, config: Config) -> int:
    """Show `run` until the person leaves; returns the exit code. Imports the screen library only now."""
    from orch_tui.cockpit.entry import open_cockpit

    return open_cockpit(run, config)
