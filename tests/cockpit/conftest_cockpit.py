"""A staged run on disk, and the cockpit on it with a runner that answers at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # before textual is imported
os.environ["TZ"] = "UTC"  # times are shown where the person is

import pytest
from textual.pilot import Pilot

from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.widgets.status_line import StatusLine
from orch_tui.core.attempt_events import AskRaised
from orch_tui.core.run_events import Settings
from orch_tui.store.layout import RunDir
from orch_tui.testing.stage import Stage

time.tzset()
LIMIT = 60.0  # seconds until a test gives up waiting
PLAN = """# Tea

## Section A: Boil water
Dependencies: none

```bash
echo boiling
```

## Section B: Warm the pot
Dependencies: Section A (hot water)

## Section C: Choose leaves
Dependencies: none

## Section D: Steep
Dependencies: Section B, Section C

## Section E: Pour
Dependencies: Section D
"""


@dataclass
class Table:
    """A stage, the commands that came from the cockpit, and how to look at what it shows."""

    stage: Stage
    sent: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    revived: int = 0
    answers: bool = True
    changed: str = ""

    def cockpit(self, **options: Any) -> Cockpit:
        return Cockpit(
            self.stage.run,
            clock=self.stage.clock,
            send=self.send,
            plan_changed=lambda _: self.changed,
            revive=self.revive,
            **{"who": "you@pts/1", **options},
        )

    def revive(self, run: RunDir) -> None:
        assert run == self.stage.run
        self.revived += 1

    def send(self, run: RunDir, op: str, args: Mapping[str, object]) -> str:
        assert run == self.stage.run
        self.sent.append((op, dict(args)))
        return self.stage.obey(op, args) if self.answers else f"lost-{len(self.sent)}"

    def ask(
        self,
        section: str,
        kind: str = "permission",
        options: tuple[str, ...] = ("allow", "deny"),
        detail: str = "all of it",
    ) -> str:
        request = f"{section}-{kind}-{self.stage.state.seq}"
        raised = AskRaised(
            section=section,
            attempt=1,
            n=9,
            request_id=request,
            kind=kind,
            title=f"may {section} do it?",
            detail=detail,
            options=options,
        )
        self.stage.happens(raised)
        return request


@pytest.fixture
def lay(tmp_path: Path) -> Callable[..., Table]:
    """Lay a table: a staged run that waits for approval."""

    def laid(text: str = PLAN, **settings: Any) -> Table:
        agents = settings.pop("agents", {})
        staged = {
            name: settings.pop(name) for name in ("findings", "proposals", "made", "workflows") if name in settings
        }
        chosen = Settings(**{"agent": "claude", "concurrency": 2, **settings})
        return Table(Stage(root=tmp_path, text=text, settings=chosen, agents=agents, **staged))

    return laid


@pytest.fixture
def running(lay: Callable[..., Table]) -> Table:
    """A and C at work."""
    table = lay()
    table.stage.approve()
    for section in ("A", "C"):
        writer = table.stage.start(section)
        for number in range(60):
            writer.append("text", text=f"{section} says {number}\n")
        writer.close()
    return table


async def until(pilot: Pilot[Any], true: Callable[[], object], what: str = "") -> None:
    """Wait for something; it need not take long."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        await pilot.pause()
        if true():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"never came: {what}; on screen:\n{screen(pilot)}")


async def opened(pilot: Pilot[Any]) -> None:
    """Wait for the board."""
    from orch_tui.cockpit.screens.board import Board

    await until(pilot, lambda: isinstance(pilot.app.screen, Board) and pilot.app.screen.query("#status"), "the board")
    await pilot.pause()


def screen(pilot: Pilot[Any]) -> str:
    """What is on the screen as text."""
    width = pilot.app.size.width
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in lines)


def said(pilot: Pilot[Any]) -> str:
    """The message in the bottom line of the board."""
    app = pilot.app
    assert isinstance(app, Cockpit)
    assert app._board is not None
    return app._board.query_one("#status", StatusLine).words
