"""Opening the cockpit from a command line."""

from __future__ import annotations

import sys

from orch_tui.client.coming import Coming
from orch_tui.cockpit import door
from orch_tui.cockpit.app import Cockpit
from orch_tui.config import Config
from orch_tui.store.layout import RunDir


def open_cockpit(run: RunDir | Coming, config: Config) -> int:
    """Show `run` until the person leaves, then say in at most ten lines where things stand. Returns the exit code.

    A run that is still coming is opened beside the first picture; raises what kept it from being opened.
    """
    app = Cockpit(run, theme_name=config.theme, key_overrides=config.keys, memory=door.memory)
    app.run()
    if isinstance(run, Coming) and run.run.done():
        run.run.result()
    if app.opened and app.state.run:
        from orch_tui.cockpit.farewell import farewell

        sys.stdout.write("\n".join(farewell(app.state, app.run_dir, app.clock.wall())) + "\n")
    elif not app.opened:
        sys.stdout.write("left before the plan was read: nothing runs\n")
    return app.return_code or 0
