"""The part of the review that decides: approving the graph as shown, and what was proposed about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orch_tui.client.reviewing import Reviewed
from orch_tui.cockpit import outcomes
from orch_tui.cockpit.keys import Key
from orch_tui.cockpit.screens.board import Board
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.core.decide_plan import CLOSED
from orch_tui.core.events import Settings

TWICE = frozenset({"retired"})
"""Findings whose approval is asked for twice: hardly anybody means to carry out such a plan."""


class Approving(Board):
    """A board that shows an edition of the plan."""

    def __init__(self) -> None:
        super().__init__()
        self.reviewed: Reviewed | None = None

    @property
    def settings(self) -> Settings:
        """How the edition would be carried out."""
        return self.reviewed.edition.read.settings if self.reviewed is not None else self.state.settings

    @property
    def notices(self) -> Sequence[str]:
        """What there is to know about these settings."""
        return self.reviewed.edition.read.notices if self.reviewed is not None else self.state.notices

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
            self.say("nothing is proposed")
            return
        section = await self.cockpit.push_screen_wait(Proposals(self.section))
        if section is not None:
            self.go_to((section.section, *section.ids), section.line)

    def decide(self, op: str, args: Mapping[str, object], words: str) -> None:
        """Send what was decided about proposals."""
        self.cockpit.command(op, args, words=words)

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
            case "findings":
                return bool(reviewed.edition.findings)
            case _:
                return super().makes_sense(key)
