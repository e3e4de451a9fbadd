"""The brief of a fresh session: its section, and what its upstreams left, from the state and the plan's stored text.

The runner that sends it and the front end that shows it beforehand make it here, from the same state.
"""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui.clean import clean, one_line
from orch_tui.core.choosing import needed
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import SectionState, State
from orch_tui.flow.prompts import render

SUMMARY_LIMIT = 4000  # characters of an upstream's summary
FILES_LIMIT = 60
_OUTPUT_LIMIT = 3000  # characters of what a check that failed printed, from its end
_PREVIOUS_LIMIT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A prompt file that was read; `name` is for messages."""

    text: str
    name: str


def write_brief(state: State, section: SectionState, text: PlanText, template: Template, *, attempt: int) -> str:
    """The text the agent of `section` is given in its attempt of this number. Raises ConfigError of the template."""
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
        "previous": _previous(section, attempt),
        "told": clean(section.told, tab_size=0).strip(),
    }
    return render(template.text, values, name=template.name)


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


def _previous(section: SectionState, number: int) -> str:
    """Why the last attempt before this one ended."""
    earlier = [attempt for attempt in section.attempts[: number - 1] if attempt.message or attempt.failure]
    if not earlier:
        return ""
    last = earlier[-1]
    said = [f"Attempt {last.number} ({last.phase}): {last.failure or 'failed'}: {last.message}"]
    said += [last.summary[-_OUTPUT_LIMIT:]] if last.failure == "script" else []
    return clean("\n\n".join(said))[:_PREVIOUS_LIMIT].strip()
