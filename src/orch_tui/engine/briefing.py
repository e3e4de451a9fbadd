"""The brief of a fresh session: its section, and what its upstreams left, from the state and the plan's stored text."""

from __future__ import annotations

from orch_tui import resources
from orch_tui.clean import clean, one_line
from orch_tui.core.choosing import needed
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import SectionState, State
from orch_tui.flow.prompts import render
from orch_tui.store.layout import RunDir

SUMMARY_LIMIT = 4000  # characters of an upstream's summary
FILES_LIMIT = 60
_OUTPUT_LIMIT = 3000  # characters of what a check that failed printed, from its end
_PREVIOUS_LIMIT = 5000


def write_brief(state: State, section: SectionState, text: PlanText, run: RunDir, *, template: str) -> str:
    """The text the agent of `section` is given, from the file `template` of the prompts."""
    values = {
        "plan": {"title": one_line(state.title), "preamble": clean(state.preamble, tab_size=0).strip()},
        "section": {
            "id": section.id,
            "title": one_line(section.title),
            "body": clean(text.told(section), tab_size=0).strip(),
            "notes": [clean(note.text, tab_size=0).strip() for note in section.notes],
        },
        "upstreams": [_upstream(state, section, name) for name in needed(state, section)],
        "isolated": state.settings.isolation == "worktree",
        "previous": _previous(section),
        "told": clean(section.told, tab_size=0).strip(),
    }
    file = resources.find("prompts", template, root=run.root)
    return render(resources.read("prompts", template, root=run.root), values, name=str(file))


def _upstream(state: State, section: SectionState, name: str) -> dict[str, object]:
    up = state.sections[name]
    words = [
        edge.needs_text or edge.needs
        for edge in state.dependencies
        if edge.upstream == name and edge.downstream == section.id and (edge.needs_text or edge.needs)
    ]
    done = next((attempt for attempt in reversed(up.attempts) if attempt.outcome == "succeeded"), None)
    files = done.files[:FILES_LIMIT] if done else ()
    return {
        "id": up.id,
        "title": one_line(up.title),
        "status": up.status.value,
        "needs": one_line("; ".join(dict.fromkeys(words))),
        "summary": clean(up.summary)[:SUMMARY_LIMIT].strip(),
        "files": [one_line(file) for file in files],
        "more_files": done.file_count - len(files) if done else 0,
    }


def _previous(section: SectionState) -> str:
    """Why the last attempt ended, when this is another one."""
    earlier = [attempt for attempt in section.attempts[:-1] if attempt.message or attempt.failure]
    if not earlier:
        return ""
    last = earlier[-1]
    said = [f"Attempt {last.number} ({last.phase}): {last.failure or 'failed'}: {last.message}"]
    said += [last.summary[-_OUTPUT_LIMIT:]] if last.failure == "script" else []
    return clean("\n\n".join(said))[:_PREVIOUS_LIMIT].strip()
