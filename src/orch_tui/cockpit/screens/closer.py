"""The part of the run that looks closer: briefs, results, changes, decisions; and what is done after such a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from orch_tui.clean import one_line
from orch_tui.client import views
from orch_tui.client.phases import several
from orch_tui.client.progress import is_merged
from orch_tui.client.proposals import proposals
from orch_tui.cockpit import door, keys
from orch_tui.cockpit.door import Following
from orch_tui.cockpit.screens import about_section
from orch_tui.cockpit.screens.board import Board
from orch_tui.cockpit.screens.picker import Choose, Offer
from orch_tui.cockpit.screens.preview import Preview
from orch_tui.cockpit.screens.reading import Page, Reading
from orch_tui.cockpit.terminal import lent
from orch_tui.cockpit.widgets.choice_list import Choice
from orch_tui.cockpit.widgets.status_line import Tone
from orch_tui.core.state import OVER, SectionState, Status
from orch_tui.merge_settings import LandStrategy

if TYPE_CHECKING:
    from orch_tui.client.landing import Looked
    from orch_tui.cockpit.app import Cockpit

_WAYS = (
    Choice(value="merge", key="as a merge commit"),
    Choice(value="squash", key="as one commit"),
    Choice(value="rebase", key="as its commits, one by one"),
    Choice(value="pull-request", key="as one pull request", note="pushed to its remote"),
    Choice(value="ff", key="forward my branch", note="no commit of its own"),
)


class Closer(Board):
    """A board whose keys open what there is to read about the selected section, and about the run."""

    PROPOSALS: ClassVar[str] = "proposed_in_run"

    def makes_sense(self, key: keys.Key) -> bool:
        """Whether there is something to look at."""
        section = self.state.sections.get(self.section)
        match key.id:
            case "brief":
                return section is not None
            case "work":
                return section is not None and self.state.settings.isolation == "worktree" and bool(section.attempts)
            case "proposed_in_run":
                return any(one.fate == "open" for one in proposals(self.state))
            case "land":
                return self.state.phase in OVER and any(map(is_merged, self.state.sections.values()))
            case "result":
                return section is not None and bool(section.attempts)
            case _:
                return super().makes_sense(key)

    def helps(self, section: SectionState) -> list[views.Field]:
        """Which keys bring a section forward that waits for a person without asking anything."""
        if section.status not in {Status.ATTENTION, Status.FAILED}:
            return []
        again = f"{self.key('retry')} again" + (" or pass" if several(self.state, section) else "")
        looks = [f"{self.key('work')} diff", f"{self.key('result')} result"] if section.attempts else []
        return [views.Field(label="keys", value=" · ".join((again, f"{self.key('skip')} skip", *looks)))]

    def action_brief(self) -> None:
        """What the section's agent was told, or would be told now."""
        self._read(about_section.brief)

    def action_result(self) -> None:
        """What the section's attempts came to."""
        self._read(about_section.result)

    def action_work(self) -> None:
        """What the section changed."""
        self._read(about_section.work)

    def action_decisions(self) -> None:
        """The register of decisions."""
        self.ask(self._decisions)

    async def _decisions(self) -> None:
        from orch_tui.cockpit.screens.decisions import Decisions

        section = await self.cockpit.push_screen_wait(Decisions())
        if section is not None:
            self.sections.select(section)

    def action_proposals(self) -> None:
        """What agents, and the second reader, propose; accepting it makes a changed plan to approve."""
        self.ask(self._proposals)

    async def _proposals(self) -> None:
        if not proposals(self.state):
            self.say("nothing is proposed")
            return
        from orch_tui.cockpit.screens.proposals import Proposals

        chosen = await self.cockpit.push_screen_wait(Proposals(self.section))
        if chosen is not None and chosen.sections:
            self.sections.select(chosen.sections[0])

    def action_undo(self) -> None:
        """Take back what the section merged, once the person saw what that is."""
        args = {"section": self.section}
        if self._selected_one() and not self.cockpit.refuses("undo", args):
            self.ask(self._undo, self.section)

    async def _undo(self, section: str) -> None:
        def page(follower: Following) -> Page:
            from orch_tui.cockpit import pages

            return pages.undoing(follower, section)

        title = f"Undo {one_line(section)}?"
        if await self.cockpit.push_screen_wait(Preview(title, lambda: self.cockpit.looking.up(page))):
            self.cockpit.command("undo", {"section": section}, words=f"{one_line(section)} is being taken back")

    def action_land(self) -> None:
        """Bring what was merged to the user's branch, once they saw what that is."""
        if self.state.settings.isolation != "worktree":
            self.say("the run works in place: there is no branch to land")
        else:
            self.ask(self._land)

    async def _land(self) -> None:
        ways = sorted(_WAYS, key=lambda way: way.value != self.state.settings.land_strategy)
        offer = Offer(ask=f"Land orch/{one_line(self.state.run)}", choices=ways, does="look at it")
        picked = await self.cockpit.push_screen_wait(Choose(offer))
        if picked is None:
            return
        way = cast("LandStrategy", picked.value)
        found: list[Looked] = []

        def page(follower: Following) -> Page:
            from orch_tui.client import landing
            from orch_tui.cockpit import pages

            found[:] = landing.look(follower.run, follower.state, way, partial=True)
            return pages.landing(found, way)

        if await self.cockpit.push_screen_wait(Preview("Land it?", lambda: self.cockpit.looking.up(page))):
            self.say(*self._landed(found, way))

    def _landed(self, looked: list[Looked], way: LandStrategy) -> tuple[str, Tone]:
        """Land it with the terminal lent to the user's own git, which may ask for a passphrase."""
        onto = " and ".join(dict.fromkeys(one_line(one.found.onto) for one in looked if one.found))
        with lent(self.cockpit, f"orch-tui: landing on {onto} …"):
            try:
                words, whole = door.land(self.cockpit.run_dir, self.state, looked, way)
            except KeyboardInterrupt:
                return "landing was given up", "warning"
        return words, "good" if whole else "error"

    def _read(self, dialog: Callable[[Cockpit, str], Reading]) -> None:
        if self._selected_one():
            self.cockpit.push_screen(dialog(self.cockpit, self.section))

    def _selected_one(self) -> bool:
        if self.section not in self.state.sections:
            self.say("no section is selected")
            return False
        return True
