"""What `status` and a headless run say of where a run stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui.cli.text import advice_lines, event_line, plan_lines, runner_lines, status_lines
from orch_tui.client.follow import Follower, Seen
from orch_tui.client.proposals import proposals
from orch_tui.core.attempt_events import AskRaised, AttemptEnded, NoticeRaised, SectionProposed
from orch_tui.core.mend_events import ProposalDismissed
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import (
    PhaseEntered,
    SectionCancelled,
    SectionNeedsAttention,
    SectionPaused,
    SectionSkipped,
)
from orch_tui.core.work_events import CommitIntended, MergeConflicted, MergeIntended, WorkCommitted
from orch_tui.engine.publish import progress
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.parsing import parse
from orch_tui.store.lock import Lock
from orch_tui.testing.stage import Stage

PLAN = "# Tea\n\n## Section A: Boil\nDependencies: none\n\n## Section B: Pour\nDependencies: Section A\n"

CHECKED = Workflow(
    name="checked",
    start="implement",
    phases={
        "implement": AgentPhase(agent="codex", to={"success": "verify"}, max_visits=3),
        "verify": ScriptPhase(do="checks", to={"success": "merge", "failure": "implement", "none": "review"}),
        "review": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(root=tmp_path, text=PLAN)


def ended(outcome: str) -> AttemptEnded:
    return AttemptEnded(
        section="A",
        attempt=1,
        outcome=outcome,  # type: ignore[arg-type]
        failure="interrupted" if outcome == "interrupted" else "",
        message=outcome,
        summary="",
        cost_usd=None,
        exit_code=None,
    )


def said(stage: Stage) -> list[str]:
    """The lines of `status`, their blanks taken together."""
    follower = Follower(stage.run)
    follower.poll()
    lines = [*status_lines(follower), *runner_lines(follower), *advice_lines(follower.state, "--run staged-run")]
    return [" ".join(line.split()) for line in lines]


def test_the_end_of_a_section_is_said_once(stage: Stage):
    stage.approve()
    stage.happens(SectionCancelled(section="A", by="kim"), SectionSkipped(section="B", by="kim"))
    assert "× A Boil failed cancelled by kim" in said(stage)
    assert "» B Pour skipped by kim" in said(stage)
    line = event_line(Seen(seq=9, at=0.0, cause="agent", event=ended("interrupted")), stage.state)
    assert line.endswith("A Boil: attempt 1 interrupted")


def test_what_blocks_a_section_is_said_behind_its_status(stage: Stage):
    stage.approve()
    stage.happens(SectionCancelled(section="A", by="kim"))
    assert "■ B Pour blocked A failed" in said(stage)


def test_what_a_person_said_is_told_once(stage: Stage):
    stage.approve()
    stage.start("A")

    def told(kind: str) -> str:
        notice = NoticeRaised(section="A", attempt=1, n=1, kind=kind, text="kim: allow")
        return event_line(Seen(seq=9, at=0.0, cause="agent", event=notice), stage.state)

    assert [told("answer"), told("steer")] == ["", ""]
    assert told("denied").endswith("A Boil: kim: allow")


def test_a_reading_says_of_which_alternative_nobody_waits():
    lines = list(
        plan_lines(parse("# P\n## Task 1: Redis ✅\n## Task 2: Memory\n## Task 3: API\nAfter: Task 1 or Task 2\n"))
    )
    assert [line.endswith("(satisfied by 1)") for line in lines if "after" in line] == [False, True]


@pytest.mark.parametrize(("options", "shown"), [((), "allow|deny"), (("allow", "never"), "allow|never")])
def test_a_permission_names_every_answer_it_takes(stage: Stage, options: tuple[str, ...], shown: str):
    stage.approve()
    stage.start("A")
    asked = AskRaised(
        section="A", attempt=1, n=1, request_id="r1", kind="permission", title="Boil?", detail="", options=options
    )
    stage.happens(asked)
    assert any(shown in line for line in said(stage))


def test_a_conflict_names_both_sides_and_both_ways_out(stage: Stage):
    stage.approve()
    stage.start("A")
    stage.happens(
        ended("succeeded"),
        CommitIntended(section="A", attempt=1),
        WorkCommitted(section="A", attempt=1, commit="1" * 40, files=("tea",), file_count=1, insertions=1, deletions=0),
        MergeIntended(section="A", attempt=1),
        MergeConflicted(section="A", attempt=1, files=("tea",)),
    )
    lines = said(stage)
    both = "conflicts in tea between orch-work/staged-run/A/1 and orch/staged-run"
    assert f"▲ A Boil attention needs you: merge conflict: {both}" in lines
    assert any(line.endswith("orch-tui retry A --run staged-run") for line in lines)
    assert any(line.endswith("orch-tui skip A --run staged-run") for line in lines)


def test_a_run_that_lost_its_runner_says_so_and_what_starts_one(stage: Stage):
    assert not any("no runner" in line for line in said(stage)), "nothing is under way before the approval"
    stage.approve()
    stage.start("A")
    assert any(line.startswith("no runner: agents work on") for line in said(stage))
    lock = Lock(stage.run.lock)
    assert lock.acquire({"pid": 1})
    assert not any("no runner" in line for line in said(stage))
    lock.release()


def test_a_plan_edited_after_its_approval_is_noted(stage: Stage):
    stage.approve()
    stage.plan.write_text(PLAN + "\nMore words.\n")
    assert any(line.startswith("note: plan.md was edited since it was approved") for line in said(stage))


def test_a_run_whose_first_records_are_damaged_is_named_and_nothing_is_said_of_its_plan(stage: Stage):
    segment = stage.run.journal / "000001.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b'"v":2', b'"v":3', 1))
    first, damage, *rest = said(stage)
    assert first == "[staged-run] new"
    assert "record 1 (byte 0) does not check out" in damage
    assert f"move '{stage.run.path}' aside" in damage
    assert rest == []


def test_a_section_under_way_names_who_is_at_it_and_which_level_chose_them(tmp_path: Path):
    settings = Settings(agent="claude", workflow=CHECKED.name)
    stage = Stage(root=tmp_path, text=PLAN, settings=settings, workflows=(CHECKED,))
    stage.approve()
    stage.start("A", agent="codex")
    assert "▶ A Boil running implement: attempt 1 by codex, chosen by phase implement" in said(stage)
    stage.pass_on("A", files=("tea",))
    stage.start("A", phase="verify", agent="script")
    assert "▶ A Boil running verify: attempt 2 by script" in said(stage), "nobody chooses who runs checks"
    stage.pass_on("A")
    assert "▶ A Boil running waits to merge" in said(stage)


def test_a_section_that_nothing_checks_says_what_to_look_at_and_how_to_answer(tmp_path: Path):
    settings = Settings(agent="claude", workflow=CHECKED.name)
    stage = Stage(root=tmp_path, text=PLAN, settings=settings, workflows=(CHECKED,))
    stage.approve()
    stage.start("A", agent="codex")
    stage.pass_on("A", files=("tea",))
    stage.start("A", phase="verify", agent="script")
    stage.pass_on("A", named="none")
    stage.happens(PhaseEntered(section="A", phase="review", visit=1), SectionPaused(section="A", by="kim"))
    lines = said(stage)
    assert "A asks: Merge it? (it is paused)" in lines
    assert any(line.startswith("= A Boil paused") for line in lines)
    assert "look at it: git diff orch/staged-run...orch-work/staged-run/A/1" in lines
    assert "look at it: worktree /tmp/A" in lines
    assert "answer with: orch-tui answer --run staged-run staged-run/A/review/1 success|failure" in lines


def test_what_an_agent_proposes_is_told_when_it_does_and_until_somebody_decides(stage: Stage):
    stage.approve()
    stage.start("A")
    proposed = SectionProposed(section="A", attempt=1, n=2, title="Cool", text="Let it cool.", why="it is hot")
    stage.happens(proposed)
    line = event_line(Seen(seq=9, at=0.0, cause="agent", event=proposed), stage.state)
    assert line.endswith("? A Boil proposes a section: Cool (`orch-tui proposals`)")
    assert "1 proposal to decide: `orch-tui proposals --run staged-run`" in said(stage)
    (row,) = proposals(stage.state)
    assert (row.words, row.source) == ("section A proposes a new one: Cool", "claude, section A, attempt 1")
    assert (row.does, row.text, row.now) == (("new section 'N1': Cool",), "Let it cool.", ())
    assert "- N1: new section 'N1': Cool: it is hot (claude, section A, attempt 1)" in progress(stage.state)
    stage.happens(ProposalDismissed(proposal="N1", by="kim"))
    assert not any("to decide" in words for words in said(stage))


def test_what_needs_review_says_how_it_is_taken_as_it_is(stage: Stage):
    stage.approve()
    stage.start("A")
    stage.happens(
        replace(ended("succeeded"), named="unproven", message="no evidence for: it boils"),
        CommitIntended(section="A", attempt=1),
        WorkCommitted(section="A", attempt=1, commit="c", files=(), file_count=0, insertions=0, deletions=0),
        SectionNeedsAttention(section="A", what="needs review", detail="no evidence for: it boils"),
    )
    told = said(stage)
    assert "A needs review; take it as it is: orch-tui skip A implement --run staged-run" in told
    assert "or have it done again: orch-tui retry A --run staged-run" in told
