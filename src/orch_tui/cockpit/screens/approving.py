"""The part of the review that decides: approving the graph as shown, and what was proposed about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from orch_tui.clean import one_line
from orch_tui.client import views
from orch_tui.client.proposals import ValidationRow, can_validate, validation
from orch_tui.client.reviewing import Reviewed
from orch_tui.client.second_reader import Asking
from orch_tui.cockpit import keys, outcomes
from orch_tui.cockpit.keys import Key
from orch_tui.cockpit.screens.board import Board
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.core.decide_plan import CLOSED
from orch_tui.core.run_events import Settings
from orch_tui.errors import OrchError

TWICE = frozenset({"retired"})
"""Findings whose approval is asked for twice: hardly anybody means to carry out such a plan."""


class Approving(Board):
    """A board that shows an edition of the plan."""

    def __init__(self) -> None:
        super().__init__()
        self.reviewed: Reviewed | None = None
        self._asked: ValidationRow | None = None

    @property
    def settings(self) -> Settings:
        """How the edition would be carried out."""
        return self.reviewed.edition.read.settings if self.reviewed is not None else self.state.settings

    @property
    def notices(self) -> Sequence[str]:
        """What there is to know about these settings, and what nothing checks while that is not approved."""
        if self.reviewed is None:
            return self.state.notices
        noticed = self.reviewed.edition.read.notices
        waiting = self.state.approval is None or self.reviewed.candidate
        return (*noticed, self.reviewed.unchecked) if waiting and self.reviewed.unchecked else noticed

    def go_to(self, ids: Sequence[str], line: int) -> None:
        """To a section of these, and to the line."""
        raise NotImplementedError

    def action_approve(self) -> None:
        """Approve exactly what is shown; asks when the plan itself speaks against it."""
        self.ask(self._approve)

    async def _approve(self) -> None:
        if self.state.candidate is not None:
            self.cockpit.show_difference()
            return
        args = dict(self.shown_plan)
        reason = outcomes.foreseen(self.state, "approve", args)
        sure = {**args, "confirm": True}
        if reason and not outcomes.foreseen(self.state, "approve", sure):
            if not await self.means_it(reason):
                return
            args = sure
        self.cockpit.command("approve", args)

    async def means_it(self, reason: str) -> bool:
        """Whether a person approves although something speaks against it."""
        if not await self.cockpit.push_screen_wait(Confirm(f"{reason}\n\nApprove it all the same?")):
            return False
        findings = self.reviewed.edition.findings if self.reviewed is not None else ()
        if not any(found.type in TWICE for found in findings):
            return True
        again = "Everything in it that is not marked as done will be carried out. Really?"
        return bool(await self.cockpit.push_screen_wait(Confirm(again)))

    def action_proposals(self) -> None:
        """What was proposed: accept, dismiss, or go there."""
        self.ask(self._proposals)

    async def _proposals(self) -> None:
        if self.reviewed is None or not self.reviewed.proposals():
            key = keys.shown(keys.of("validate", self.cockpit.remapped))
            self.say(f"nothing is proposed; {key} asks a second reader")
            return
        row = await self.cockpit.push_screen_wait(Proposals(self.section))
        if row is not None:
            waiting = tuple(downstream for _, downstream in row.edges)
            self.go_to((*waiting, *row.sections), row.line if row.document == "plan" else 0)

    # --- the second reader ---

    def action_validate(self) -> None:
        """Ask a second reader, after saying whom and at what cost."""
        self.ask(self._validate)

    async def _validate(self) -> None:
        if self.reviewed is None or self.cockpit.refuses("validate", {}):
            return
        try:
            asking = await asyncio.to_thread(self.cockpit.asking, self.cockpit.run_dir, self.reviewed.edition)
        except OrchError as error:
            self.say(error.line(), "error")
            return
        if asking.lacking:
            self.say(f"there is no second reader: {one_line(asking.lacking, 400)}", "warning")
        elif await self.cockpit.push_screen_wait(Confirm(_question(asking), "Ask a second reader?")):
            words = "the second reader is being asked; what it proposes will stand here"
            self.cockpit.command("validate", {"confirm": asking.above_limit}, words=words)

    def tell_validation(self) -> None:
        """Say once how the second reader fared."""
        row = validation(self.state)
        before, self._asked = self._asked, row
        if row is None or row.under_way or before is None or not before.under_way:
            return
        key = keys.shown(keys.of("proposals", self.cockpit.remapped))
        if row.detail:
            self.say(f"{row.words}: {row.detail}", "warning")
        elif row.proposals:
            count = f"{row.proposals} proposal{'s' if row.proposals > 1 else ''}"
            self.say(f"{row.words}: {count}, {row.cost} · {key} shows them", "good")
        else:
            self.say(f"{row.words}: it would change nothing, {row.cost}", "good")

    def makes_sense(self, key: Key) -> bool:
        """Whether a key would do something now."""
        state, reviewed = self.state, self.reviewed
        if reviewed is None or (key.op and self.cockpit.read_only):
            return False
        match key.op or key.id:
            case "approve":
                sure = {**self.shown_plan, "confirm": True}
                return state.candidate is not None or not outcomes.foreseen(state, "approve", sure)
            case "revise":
                return bool(self.cockpit.changed)
            case "mend":
                return bool(self.section) and state.phase not in CLOSED
            case "unmend" | "remend":
                return not outcomes.foreseen(state, key.op, {})
            case "accept":
                return any(one.fate == "open" for one in reviewed.edition.proposals.values())
            case "validate":
                return can_validate(state) and state.validation is None
            case "findings":
                return bool(reviewed.edition.findings)
            case _:
                return super().makes_sense(key)


def _question(asking: Asking) -> str:
    cost = "at a cost nobody knows"
    if asking.estimate_usd is not None:
        cost = f"for at most about {views.money(asking.estimate_usd)}"
    who = f"{one_line(asking.model)} ({one_line(asking.provider)})"
    words = f"{who} reads plan and graph in one call, about {asking.tokens:,} tokens, {cost}."
    if asking.above_limit:
        words += f" That is above your limit of {views.money(asking.limit_usd)} (second_reader.cost_limit_usd)."
    return f"{words} It only proposes: nothing changes until you accept it."
