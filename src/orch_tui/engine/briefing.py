"""The brief of a fresh session: its section, and what its upstreams left, from the state and the plan's stored text."""

from __future__ import annotations

import re

from orch_tui import resources
from orch_tui.agents.base import Block
from orch_tui.clean import clean, one_line
from orch_tui.core.state import SectionState, State
from orch_tui.flow.prompts import render
from orch_tui.plan.blocks import shell_blocks
from orch_tui.plan.decoding import decode
from orch_tui.plan.lines import split_lines
from orch_tui.store.layout import RunDir

SUMMARY_LIMIT = 4000  # characters of an upstream's summary
FILES_LIMIT = 60
_RULE = re.compile(r"[\s|:-]+")
_TEMPLATE = "brief.md"


class PlanText:
    """The approved plan's own words, by section."""

    def __init__(self, data: bytes) -> None:
        self._lines = split_lines(decode(data))

    def section(self, section: SectionState) -> str:
        """The section's text, heading included; of a row of a table also the table's header."""
        first, last = section.lines
        return "\n".join([*self._header(first - 1), *self._lines[first - 1 : last]])

    def _header(self, row: int) -> list[str]:
        """What the cells of a row mean: the first two lines of its table; [] for a line that is no row."""
        top = row
        while top >= 0 and self._lines[top].lstrip().startswith("|"):
            top -= 1
        header = self._lines[top + 1 : top + 3]
        return header if top + 2 < row and _RULE.fullmatch(header[1]) else []

    def blocks(self, section: SectionState) -> tuple[Block, ...]:
        """The section's shell blocks; `line` is the line of the fence in the plan file."""
        first = section.lines[0]
        found = shell_blocks("\n".join(self._lines[first - 1 : section.lines[1]]))
        return tuple(Block(shell=block.shell, text=block.text, line=first + block.line - 1) for block in found)


def write_brief(state: State, section: SectionState, text: PlanText, run: RunDir) -> str:
    """The text the agent of `section` is given, from the template prompts/brief.md."""
    values = {
        "plan": {"title": one_line(state.title), "preamble": clean(state.preamble, tab_size=0).strip()},
        "section": {
            "id": section.id,
            "title": one_line(section.title),
            "body": clean(text.section(section), tab_size=0).strip(),
            "notes": [clean(note.text, tab_size=0).strip() for note in section.notes],
        },
        "upstreams": [_upstream(state, section, name) for name in section.upstream],
        "isolated": state.settings.isolation == "worktree",
        "previous": _previous(section),
    }
    file = resources.find("prompts", _TEMPLATE, root=run.root)
    return render(resources.read("prompts", _TEMPLATE, root=run.root), values, name=str(file))


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
        "needs": one_line("; ".join(words)),
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
    return clean(f"Attempt {last.number}: {last.failure or 'failed'}: {last.message}")[:2000].strip()
