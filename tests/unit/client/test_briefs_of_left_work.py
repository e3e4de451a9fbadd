"""What the next session of a section will be told, shown before it is sent, once the last one left its work."""

from __future__ import annotations

from pathlib import Path

from orch_tui.client.briefs import brief_of
from orch_tui.client.follow import Follower
from orch_tui.core.attempt_events import AgentStarted, AttemptEnded, AttemptIntended, AttemptStarted, WorktreeReady
from orch_tui.core.section_events import SectionParked
from orch_tui.testing.stage import Stage

PLAN = "# Tea\n\n## Section A: Boil\n\nBoil the water.\n\n## Section B: Pour\n"


def ended(root: Path, failure: str) -> Stage:
    """A section whose session was up, used a tool and failed."""
    stage = Stage(root=root, text=PLAN)
    stage.approve()
    at = {"section": "A", "attempt": 1}
    stage.happens(
        AttemptIntended(**at, agent="claude", session_id="s", marker="m"),
        WorktreeReady(**at, path=str(root / "gone"), branch="b", base="0" * 40),
        AttemptStarted(**at, pid=1, brief_sha=""),
        AgentStarted(**at, n=1, session_id="s", model="m", resumable=True),
    )
    writer = stage.transcript("A", 1)
    writer.append("tool", name="Bash", input="make kettle", id="1")
    writer.close()
    over = {"summary": "", "cost_usd": None, "exit_code": None, "left": "c" * 40}
    stage.happens(
        AttemptEnded(**at, outcome="failed", failure=failure, message="it broke off", **over),
        SectionParked(section="A", until=2e9, why="tries again"),
    )
    return stage


def shown(stage: Stage) -> str:
    follower = Follower(stage.run)
    follower.poll()
    brief = brief_of(follower, "A")
    assert not brief.sent
    return brief.text.decode()


def test_of_a_session_that_is_gone_on_with_it_is_its_next_turn(tmp_path: Path):
    lines = shown(ended(tmp_path, "overload")).strip().split("\n")
    assert lines[0].startswith("This session was interrupted: overload: it broke off.")
    assert len(lines) == 5


def test_of_one_that_begins_anew_it_is_its_brief_with_what_was_left(tmp_path: Path):
    text = shown(ended(tmp_path, "context"))
    assert "Boil the water." in text
    assert "# An earlier attempt at this section did not succeed" in text
    assert "The working tree is the truth" in text
    assert "Its last tool calls:\n- Bash make kettle" in text
