"""A run in whose journal every type of event there is occurs, on disk as its runner would have left it.

What can be asked for by a command is decided and folded as the runner does it; what comes of the world is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from orch_tui.agents.result import Evidence, Result
from orch_tui.core.attempt_events import (
    SENT_ON,
    AskAnswered,
    AskRaised,
    AskWithdrawn,
    AttemptEnded,
    AttemptLost,
    EndRequested,
    NoticeRaised,
    ResultReported,
    SectionProposed,
    Steered,
    TokensCounted,
)
from orch_tui.core.decision_events import DecisionPinned, DecisionStruck
from orch_tui.core.events import Event
from orch_tui.core.mend_events import ProposalAccepted, ProposalDismissed
from orch_tui.core.run_events import (
    ClockJumped,
    CommandRefused,
    Recovered,
    RevisionDiscarded,
    RevisionRead,
    RoomChanged,
    RunCancelRequested,
    RunFinished,
    RunHalted,
    RunnerStarted,
    RunnerStopped,
    RunPaused,
    RunResumed,
    RunStopped,
    RunStopRequested,
    Settings,
)
from orch_tui.core.section_events import (
    PhaseEntered,
    PhaseFailed,
    PhaseSkipped,
    SectionCancelled,
    SectionNeedsAttention,
    SectionParked,
    SectionPaused,
    SectionResumed,
    SectionRetried,
    SectionSent,
    SectionSkipped,
    SectionUnparked,
)
from orch_tui.core.validation_events import ValidationEnded, ValidationIntended, ValidationNoticed
from orch_tui.core.work_events import (
    CommitIntended,
    ConflictForeseen,
    MergeComputed,
    MergeConflicted,
    MergeIntended,
    StepFailed,
    UndoFailed,
    UndoIntended,
    WorkUndone,
)
from orch_tui.flow.workflow import MINIMAL, AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.edits import MarkDone, Proposal
from orch_tui.store import watermark
from orch_tui.store.replay import Replay, write_snapshot
from orch_tui.testing.stage import Stage

NAMES = "ABCDEFGHI"
LOOKED_AT = Workflow(
    name="looked-at",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "look", "failure": "look"}),
        "look": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def _text(names: str) -> str:
    """A plan of these sections, each after the one before in the first three."""
    parts = [f"## Section {name}: Part {name}\nDependencies: none\n\nDo {name}.\n" for name in names]
    return "# Every event\n\n" + "\n".join(parts).replace("B\nDependencies: none", "B\nDependencies: Section A")


def eventful(root: Path) -> Stage:
    """The run: finished, without a runner, with a snapshot and a watermark."""
    offered = Proposal(
        id="p1",
        kind="recommended-order",
        ids=("I",),
        line=3,
        quote="x",
        reason="it is",
        source="reader",
        edits=(MarkDone(section="I"),),
    )
    own = Settings(workflow=LOOKED_AT.name)
    offers, flows = (offered, replace(offered, id="p2", edits=())), (LOOKED_AT, MINIMAL)
    stage = Stage(root, _text(NAMES), proposals=offers, workflows=flows, name="r", settings=own)
    for number, part in enumerate((_reviewed, _attempted, _trouble, _changed, _ended)):
        stage.happens(_started(stage, number + 1))
        part(stage)
        stage.happens(RunnerStopped(reason="nothing left to do"), after=1.0)
    for name, text in (("lock", '{"pid":1}'), ("status.json", '{"run":"r","phase":"cancelled"}')):
        (stage.run.path / name).write_text(text)
    replay = Replay(stage.run)
    replay.read_all()
    write_snapshot(stage.run, replay.state, replay.position)
    watermark.write(stage.run, replay.position)
    return stage


def _started(stage: Stage, epoch: int) -> RunnerStarted:
    return RunnerStarted(pid=1, epoch=epoch, version="0", host="here", home=str(stage.run.path), boot="b")


def _command(stage: Stage, op: str, args: Mapping[str, Any] | None = None) -> None:
    """Obeyed, and not refused."""
    done = stage.obey(op, args or {})
    assert stage.state.commands[done] == "", (op, stage.state.commands[done])


def _reviewed(stage: Stage) -> None:
    stage.happens(ProposalAccepted(proposal="p2", by="me"), ProposalDismissed(proposal="p1", by="me"))
    _command(stage, "mend", {"edits": [{"edit": "mark-done", "section": "I"}], "why": "it is done"})
    _command(stage, "unmend")
    _command(stage, "remend")
    asked = ValidationIntended(number=1, plan_sha=stage.sha, graph_sha=stage.state.graph_sha, by="me")
    stage.happens(asked, ValidationNoticed(number=1, text="asks"), ValidationEnded(number=1, outcome="ok"))
    stage.happens(CommandRefused(id="x", op="retry", actor="me", reason="no such section"))
    _command(stage, "approve", {"plan_sha": stage.sha, "graph_sha": stage.state.graph_sha})
    _command(stage, "decide", {"text": "tabs"})
    stage.happens(DecisionPinned(number=1, by="me"), DecisionStruck(number=1, by="me"))


def _attempted(stage: Stage) -> None:
    stage.start("A").close()
    stage.use("A", 0.5)
    report = Result(status="done", summary="s", decisions=("d",), evidence=(Evidence(criterion="c", how="h"),))
    proposed = SectionProposed(section="A", attempt=1, n=9, title="More", text="words", why="because", after=("A",))
    stage.happens(
        TokensCounted(section="A", attempt=1, n=2, model="m", size=10, tokens=3),
        NoticeRaised(section="A", attempt=1, n=3, kind="retry", text="again"),
        AskRaised(section="A", attempt=1, n=4, request_id="q", kind="question", title="which?", options=("a", "b")),
        AskAnswered(section="A", attempt=1, request_id="q", choice="a", text='"}', by="me"),
        AskRaised(section="A", attempt=1, n=6, request_id="w", kind="permission", title="rm"),
        AskWithdrawn(section="A", attempt=1, n=7, request_id="w"),
        Steered(section="A", attempt=1, text='say "crc",\n{"seq":9', by="ü"),
        proposed,
        ResultReported(section="A", attempt=1, result=report, unanswered=("b",)),
    )
    stage.finish("A", cost=0.5, files=("a.py",), summary="A is done")


def _trouble(stage: Stage) -> None:
    stage.start("B").close()
    stage.fail("B")
    stage.happens(SectionRetried(section="B", by="me"), SectionPaused(section="B", by="me"))
    stage.happens(SectionResumed(section="B", by="me"), SectionParked(section="B", until=2e9, why="limit"))
    stage.happens(SectionUnparked(section="B"))
    stage.start("B").close()
    stage.happens(AttemptLost(section="B", attempt=2, why="killed", swept=1, counted=True))
    stage.start("C").close()
    stage.pass_on("C", files=("c.py",))
    stage.happens(
        ConflictForeseen(section="C", attempt=1, others=("A",), files=("c.py",)),
        MergeIntended(section="C", attempt=1),
        MergeComputed(section="C", attempt=1, commit="e" * 40, onto="f" * 40),
        MergeConflicted(section="C", attempt=1, files=("c.py",)),
    )
    stage.start("D").close()
    stage.happens(StepFailed(section="D", attempt=1, step="worktree", message="no space left"))
    stage.happens(SectionNeedsAttention(section="E", what="login", detail="log in"))
    stage.happens(SectionSkipped(section="F", by="me"), SectionCancelled(section="G", by="me"))
    stage.start("H").close()
    stage.happens(
        EndRequested(section="H", attempt=1, why=SENT_ON),
        AttemptEnded(
            section="H",
            attempt=1,
            outcome="interrupted",
            failure="",
            message="",
            summary="",
            cost_usd=None,
            exit_code=1,
        ),
        CommitIntended(section="H", attempt=1),
        PhaseFailed(section="H", phase="implement", outcome="failure", detail="no"),
        PhaseEntered(section="H", phase="look", visit=1),
        SectionSent(section="H", phase="implement", by="me"),
        PhaseSkipped(section="H", phase="implement", by="me"),
    )


def _changed(stage: Stage) -> None:
    edition = stage.state.edition
    assert edition is not None
    stage.happens(RevisionRead(read=edition.read, by="me"), RevisionDiscarded(by="me"))
    stage.plan.write_text(_text(NAMES + "J"))
    _command(stage, "revise", {"plan_sha": ""})
    candidate = stage.state.candidate
    assert candidate is not None
    _command(stage, "approve", {"plan_sha": candidate.read.plan_sha, "graph_sha": candidate.graph_sha})
    undo = UndoIntended(section="A", attempt=1, sections=("A",), by="me")
    stage.happens(undo, UndoFailed(section="A", attempt=1, why="conflict"), undo)
    stage.happens(WorkUndone(section="A", attempt=1, commit="9" * 40))


def _ended(stage: Stage) -> None:
    last: list[Event] = [
        Recovered(lost=("B",), rescued=("refs/orch/rescue/r/B",), away=3.5),
        ClockJumped(asleep=60.0, step=-3.0),
        RoomChanged(level="low", why="4 GB are free"),
        RoomChanged(),
        RunHalted(why="its graph is another one"),
        RunResumed(by="me"),
        RunPaused(by="me"),
        RunStopRequested(by="me"),
        RunStopped(),
        RunCancelRequested(by="me"),
        RunFinished(outcome="cancelled"),
    ]
    stage.happens(*last)
