"""A form: by which agent and model, with how much effort and money, and how urgently sections are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input

from orch_tui.clean import one_line
from orch_tui.client.reviewing import Reviewed
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.dialog import Dialog, words
from orch_tui.cockpit.widgets.typing_field import OneLine
from orch_tui.core.state import SectionState
from orch_tui.merge_settings import MERGE_STRATEGIES
from orch_tui.plan.edits import Assign, Assignable, Edit
from orch_tui.plan.hint_words import EFFORTS

FIELDS: tuple[Assignable, ...] = get_args(Assignable)
_WIDE = max(map(len, FIELDS))
_BACK = "-"
"""What a person types to take an assignment back where the sections differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What the form came to."""

    edits: tuple[Edit, ...]
    why: str


class Assigning(Dialog[Assigned | None]):
    """One row a setting, with what a person assigned before; what the plan or the configuration says is the ghost."""

    BINDINGS = keys.bindings("form")
    AUTO_FOCUS = ""

    def __init__(
        self, whom: str, reviewed: Reviewed, sections: Sequence[str], refuses: Callable[[Sequence[Edit]], str]
    ) -> None:
        super().__init__()
        self._whom = whom
        self._refuses = refuses
        self._names = {what: sorted(names) for what, names in reviewed.edition.read.assignable.items()}
        self._sections = [reviewed.sections[name] for name in sections]
        assigned = reviewed.assigned
        self._before: dict[Assignable, list[str]] = {
            what: [assigned.get(name, {}).get(what, "") for name in sections] for what in FIELDS
        }

    def compose(self) -> ComposeResult:
        """Rows, why, keys."""
        with Vertical(classes="box"):
            for what in FIELDS:
                with Horizontal(classes="row"):
                    yield words(what.rjust(_WIDE), classes="label")
                    yield self._field(what)
            with Horizontal(classes="row"):
                yield words("why".rjust(_WIDE), classes="label")
                yield OneLine(placeholder="if you want to say", id="assign-why", classes="flat")
            yield self.told()
            yield self.key_line(("enter", "set"), "form_next", ("→", "take the suggestion"), "form_leave")

    def _field(self, what: Assignable) -> OneLine:
        known = {**self._names, "effort": list(EFFORTS), "merge": list(MERGE_STRATEGIES)}.get(what)
        return OneLine(
            value=self._shown(what),
            placeholder=self._ghost(what),
            suggester=SuggestFromList(known, case_sensitive=False) if known else None,
            id=f"assign-{what}",
            classes="flat",
        )

    def _shown(self, what: Assignable) -> str:
        """What all sections were assigned; "" where they differ."""
        values = set(self._before[what])
        return one_line(values.pop()) if len(values) == 1 else ""

    def _ghost(self, what: Assignable) -> str:
        """What is so without an assignment, and what may be said."""
        if len(set(self._before[what])) > 1:
            return f"they differ; {_BACK!r} takes it back from all"
        now = {one_line(_now(section, what)) for section in self._sections}
        hint = {
            **{name: f"one of {', '.join(names)}" for name, names in self._names.items()},
            "effort": f"one of {', '.join(EFFORTS)}",
            "merge": f"one of {', '.join(MERGE_STRATEGIES)}",
            "budget": "US dollars, as 2.50",
            "priority": "a whole number; higher starts first",
        }.get(what, "")
        stated = now.pop() if len(now) == 1 else "they differ"
        return " · ".join(part for part in (stated, hint) if part)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(".box").border_title = Content(f"Set for {self._whom}")  # pyright: ignore[reportAttributeAccessIssue]
        self.take_keys(self.query_one("#assign-agent"))

    def action_field(self, step: int) -> None:
        """The next field, or the one before."""
        fields = list(self.query(OneLine))
        at = next((number for number, one in enumerate(fields) if one.has_focus), 0)
        fields[(at + step) % len(fields)].focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        edits = self.edits()
        if not edits:
            self.dismiss(None)
            return
        reason = self._refuses(edits)
        if reason:
            self.tell(reason)
            return
        self.dismiss(Assigned(edits=tuple(edits), why=self.query_one("#assign-why", Input).value.strip()))

    @on(OneLine.GivenUp)
    def _given_up(self) -> None:
        self.action_leave()

    def edits(self) -> list[Edit]:
        """What differs from before, for every section it differs for."""
        made: list[Edit] = []
        for what in FIELDS:
            typed = self.query_one(f"#assign-{what}", Input).value.strip()
            if typed == self._shown(what):
                continue
            value = "" if typed == _BACK else typed
            made += [
                Assign(section=section.id, what=what, value=value)
                for section, before in zip(self._sections, self._before[what], strict=True)
                if value != before
            ]
        return made


def _now(section: SectionState, what: Assignable) -> str:
    """What the section has as things stand, in the words a person would type."""
    match what:
        case "agent":
            return section.agent
        case "model":
            return section.model
        case "effort":
            return section.effort
        case "budget":
            return "" if section.budget_usd is None else f"{section.budget_usd:g}"
        case "workflow":
            return section.workflow
        case "repository":
            return section.repository
        case "merge":
            return section.merge
        case "priority":
            return str(section.priority) if section.priority else ""
