"""The texts there are to read about a section, each as a dialog: its brief, its result, what it changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from orch_tui.clean import one_line
from orch_tui.cockpit.door import Following
from orch_tui.cockpit.screens.reading import Page, Reading

if TYPE_CHECKING:
    from orch_tui.cockpit.app import Cockpit

Find = Callable[[Following, int], Page]
"""The page of a number, looked up in a thread. What that needs is imported there, not before the first paint."""


def brief(cockpit: Cockpit, section: str) -> Reading:
    """What its agent was told, attempt by attempt, or would be told now."""

    def find(follower: Following, number: int) -> Page:
        from orch_tui.cockpit import pages

        return pages.brief(follower, section, number)

    return _reading(cockpit, f"Brief of {one_line(section)}", find, several=True)


def result(cockpit: Cockpit, section: str) -> Reading:
    """What its attempts came to."""
    now = cockpit.clock.wall()

    def find(follower: Following, _number: int) -> Page:
        from orch_tui.cockpit import pages

        return pages.result(follower, section, now)

    return _reading(cockpit, f"Result of {one_line(section)}", find)


def work(cockpit: Cockpit, section: str) -> Reading:
    """What it changed, line by line."""

    def find(follower: Following, _number: int) -> Page:
        from orch_tui.cockpit import pages

        return pages.work(follower, section)

    return _reading(cockpit, f"Diff of {one_line(section)}", find, still=False)


def _reading(cockpit: Cockpit, title: str, find: Find, *, several: bool = False, still: bool = True) -> Reading:
    async def turn(number: int) -> Page:
        return await cockpit.looking.up(lambda follower: find(follower, number), still=still)

    return Reading(title, turn, several=several)
