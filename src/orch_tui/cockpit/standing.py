"""What the banner says of a run that does not go on by itself: why, and which key or command helps."""

from __future__ import annotations

from collections.abc import Callable

from orch_tui.clean import one_line
from orch_tui.client.held import held_words, paused_words
from orch_tui.client.progress import is_merged
from orch_tui.cockpit.widgets.status_line import Tone
from orch_tui.core.state import Phase, State, Status

KeyOf = Callable[[str], str]
"""The key of an action, as it is shown."""


def standing(state: State, key: KeyOf) -> tuple[str, Tone]:
    """The words and their tone; "" while the run goes on."""
    match state.phase:
        case Phase.PAUSED if state.halted:
            return f"halted: {one_line(state.halted, 600)}", "error"
        case Phase.PAUSED:
            return f"{paused_words(state)}: nothing new starts · {key('pause_run')} goes on", "warning"
        case Phase.STOPPED:
            return f"stopped by {one_line(state.phase_by)}: no process is left · {key('pause_run')} goes on", "warning"
        case Phase.DONE:
            return f"done · {_where(state, key)}", "good"
        case Phase.FAILED:
            failed = state.counts.get(Status.FAILED, 0)
            again = f"{key('retry_all')} tries again what failed, {key('skip')} skips a section"
            return f"{failed} failed, nothing else can run · {again}", "error"
        case Phase.CANCELLED:
            return f"cancelled for good · {_where(state, key)}", "warning"
        case Phase.RUNNING:
            return "; ".join(held_words(state)), "warning"
        case _:
            return "", "plain"


def _where(state: State, key: KeyOf) -> str:
    if state.settings.isolation == "none":
        return "the work is in place"
    if not any(map(is_merged, state.sections.values())):
        return "nothing was merged"
    return f"{key('land')} (or `orch-tui land`) brings the work to your branch"
