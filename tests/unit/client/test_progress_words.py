"""How far a section's work is, in words for front ends: merging, phases gone through, limits, checks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui.client import outline, progress, views
from orch_tui.core.attempt_events import AskRaised, AttemptEnded
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import PhaseEntered, PhaseFailed, SectionPaused
from orch_tui.core.work_events import MergeComputed, MergeConflicted, MergeIntended
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Timeout, Workflow
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil water
Dependencies: none

## Section B: Warm the pot
Dependencies: none
"""
FLOW = Workflow(
    name="checked",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "verify"}, max_visits=3, timeout=Timeout(hard=1800, idle=300)),
        "verify": ScriptPhase(do="checks", to={"success": "merge", "failure": "implement", "none": "review"}),
        "review": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", verify=True, to={"success": "done", "conflict": "resolve", "red": "resolve"}),
        "resolve": AgentPhase(merge_first=True, max_visits=2, to={"success": "merge"}),
        "done": TerminalPhase(),
    },
)
HERE = {"attempt": 1}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="claude", workflow="checked"), workflows=(FLOW,))
    made.approve()
    made.start("A").close()
    return made


def red(stage: Stage) -> None:
    """The checks of A fail, and it goes back to its agent."""
    number = len(stage.state.sections["A"].attempts)
    said = {"failure": "script", "message": "exit 1", "summary": "", "cost_usd": 0.0, "exit_code": 1}
    stage.happens(AttemptEnded(section="A", attempt=number, outcome="failed", **said))
    stage.happens(PhaseFailed(section="A", phase="verify", outcome="failure", detail="exit 1"))


def to_merge(stage: Stage) -> None:
    """A is implemented and checked."""
    stage.pass_on("A", files=("kettle.py",))
    stage.start("A", phase="verify", agent="script").close()
    stage.pass_on("A")


def word(stage: Stage, section: str = "A") -> str:
    return views.section_row(stage.state, section, stage.clock.wall()).word


def merge(stage: Stage, section: str = "A") -> str:
    return progress.merge(stage.state, stage.state.sections[section])


def told(stage: Stage, section: str = "A") -> dict[str, str]:
    fields = views.details(stage.state, section, stage.clock.wall())
    return {field.label: field.value for field in fields}


def test_what_a_section_went_through_says_what_each_phase_came_to(stage):
    stage.pass_on("A", files=("kettle.py",))
    stage.start("A", phase="verify", agent="script").close()
    red(stage)
    stage.start("A").close()
    section = stage.state.sections["A"]
    assert progress.went(stage.state, section, 100) == "implement ok · verify red · implement …"
    assert progress.went(stage.state, section, 30) == "… · verify red · implement …"


def test_a_section_that_was_tried_once_went_through_nothing(stage):
    assert progress.went(stage.state, stage.state.sections["A"], 100) == ""


def test_a_section_waits_to_merge_then_is_proven_and_merged(stage):
    assert (word(stage), merge(stage)) == ("implement", "")
    to_merge(stage)
    assert (word(stage), merge(stage)) == ("to merge", "waits to merge")
    stage.happens(MergeIntended(section="A", attempt=2, phase="merge"))
    assert (word(stage), merge(stage)) == ("merging", "is being merged into orch/staged-run")
    stage.happens(MergeComputed(section="A", attempt=2, commit="f" * 40, onto="0" * 40))
    assert word(stage) == "proving"
    assert "its checks run on what merging comes to (ffffffffff)" in merge(stage)


def test_who_waits_to_merge_is_told_who_is_merged_first(stage):
    stage.start("B").close()
    to_merge(stage)
    stage.happens(MergeIntended(section="A", attempt=2, phase="merge"))
    stage.pass_on("B", files=("pot.py",))
    stage.start("B", phase="verify", agent="script").close()
    stage.pass_on("B")
    assert merge(stage, "B") == "waits to merge, after A (merging)"


def test_a_conflict_names_the_files_and_who_brings_them_together(stage):
    to_merge(stage)
    stage.happens(MergeIntended(section="A", attempt=2, phase="merge"))
    stage.happens(MergeConflicted(section="A", attempt=2, files=("kettle.py",)))
    assert merge(stage) == "conflict: both sides changed kettle.py"
    stage.start("A", phase="resolve").close()
    assert word(stage) == "resolving"
    assert merge(stage) == "conflict in kettle.py: an agent brings both sides together"


def test_details_tell_limits_checks_branch_and_worktree(stage):
    said = told(stage)
    assert said["limits"] == "visit 1 of 3 · at most 30 min · silent for 5 min at most"
    assert said["checks"].startswith("as the project's own files say")
    assert (said["branch"], said["worktree"]) == ("orch-work/staged-run/A/1", "/tmp/A")
    stage.state.settings = replace(stage.state.settings, checks=("make lint", "make test"))
    assert told(stage)["checks"] == "make lint; make test"


def test_a_section_that_was_paused_while_it_asks_is_shown_as_paused(stage):
    asks = {"request_id": "r", "kind": "question", "title": "?", "detail": "", "options": ()}
    stage.happens(AskRaised(section="A", n=3, **HERE, **asks))
    assert word(stage) == "asks you"
    stage.happens(SectionPaused(section="A", by="you"))
    row = views.section_row(stage.state, "A", stage.clock.wall())
    assert (row.glyph, row.word, row.asking) == ("=", "paused, asks", False)
    headings = [row.words for row in outline.by_status(stage.state) if row.kind == "heading"]
    assert "Paused · 1" in headings
    assert not any(words.startswith("Asks you") for words in headings)
    assert views.summary(stage.state, stage.clock.wall()).asks == 1, "it can be answered all the same"


def test_a_question_of_a_phase_that_was_paused_is_shown_as_paused(stage):
    stage.pass_on("A", files=("kettle.py",))
    stage.start("A", phase="verify", agent="script").close()
    stage.pass_on("A", named="none")
    stage.happens(PhaseEntered(section="A", phase="review", visit=1), SectionPaused(section="A", by="you"))
    row = views.section_row(stage.state, "A", stage.clock.wall())
    assert (row.glyph, row.word) == ("=", "paused, asks")
    assert "review =" in told(stage)["phases"]
    assert "Paused · 1" in [row.words for row in outline.by_status(stage.state)]


def test_who_is_asked_to_review_is_told_where_the_work_lies(stage):
    stage.pass_on("A", files=("kettle.py",))
    stage.start("A", phase="verify", agent="script").close()
    stage.pass_on("A", named="none")
    stage.happens(PhaseEntered(section="A", phase="review", visit=1))
    (ask,) = views.asks(stage.state, stage.clock.wall())
    branch = "orch-work/staged-run/A/1"
    assert ask.look == (f"git diff orch/staged-run...{branch}", "worktree /tmp/A")
