"""The command palette: every action of the key table by name, and every section."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from orch_tui.clean import one_line
from orch_tui.cockpit import keys
from orch_tui.cockpit.screens.board import Board

if TYPE_CHECKING:
    from orch_tui.cockpit.app import Cockpit

_MOST_SECTIONS = 300
_SECTION_SCORE = 100.0  # what is typed stands there word for word


class Actions(Provider):
    """Actions of the screen below the palette, then sections by id and title."""

    async def discover(self) -> Hits:
        """Everything that can be done here."""
        for does, key, run in self._actions():
            yield DiscoveryHit(Content(f"{key.rjust(9)}   {does}"), run, text=does)

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        for does, key, run in self._actions():
            score = matcher.match(does)
            if score > 0:
                yield Hit(score, Content(f"{key.rjust(9)}   {does}"), run, text=does)
        wanted = query.casefold()
        shown = 0
        cockpit = cast("Cockpit", self.app)
        for name, section in cockpit.state.sections.items():
            text = f"{one_line(name)}  {one_line(section.title)}"
            if wanted in text.casefold():
                yield Hit(
                    _SECTION_SCORE, Content(f"{'→'.rjust(9)}   {text}"), partial(self._go, name), text=f"→ {text}"
                )
                shown += 1
                if shown >= _MOST_SECTIONS:
                    return

    def _actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        board = self.screen
        places: set[keys.Place] = {"cockpit"}
        if isinstance(board, Board):
            places |= {"board", board.PLACE}
        remapped = cast("Cockpit", self.app).remapped
        return [
            (key.does, keys.shown(remapped.get(key.id, key.keys)), partial(self._run, key.action))
            for key in keys.KEYS
            if key.place in places and key.id != "palette" and not key.id.startswith("running_")
        ]

    async def _run(self, action: str) -> None:
        await self.screen.run_action(action)

    def _go(self, section: str) -> None:
        if isinstance(self.screen, Board):
            self.screen.sections.select(section)
