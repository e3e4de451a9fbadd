"""The journal of a long run, made without its work: the core decides, and what hosts and git would say is made up.

Every record goes the way of a real one (rules, `encode_event`, the line of a record), so that sizes and mix of types
are those of a run whose agents are watched: of ten records six are consumption and two are notices.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

from throughput import layered

from orch_tui.agents.result import Result
from orch_tui.clock import boot_id
from orch_tui.config import Config
from orch_tui.core import attempt_events as told
from orch_tui.core import rules
from orch_tui.core.apply import apply
from orch_tui.core.codec import VERSION, encode_event
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted, RunApproved, RunCreated, RunnerStarted, RunnerStopped
from orch_tui.core.state import State
from orch_tui.core.work_events import WorkCommitted, WorkMerged
from orch_tui.engine.planning import read_event
from orch_tui.plan.parsing import parse
from orch_tui.store import journal
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.store.record import Position, Record
from orch_tui.store.writer import SEGMENT_BYTES

SHA = "0123456789abcdef" * 4


@dataclass(slots=True)
class LongRun:
    """A run whose records are written to `run` as they come."""

    run: RunDir
    state: State = field(default_factory=State)
    position: Position = field(default_factory=Position)
    now: float = 1_795_247_555.81
    lines: list[bytes] = field(default_factory=list[bytes])

    def record(self, events: Iterable[Event], cause: str) -> None:
        """Journal and fold."""
        at = self.position
        seq, crc, size = at.seq, at.crc, 0
        for event in events:
            seq, self.now = seq + 1, self.now + 0.013
            type_, data = encode_event(event)
            mono = round(self.now % 1e6, 6)
            made = Record(seq, VERSION, 1, round(self.now, 6), mono, boot_id(), type_, cause, data)
            line, crc = journal.encode(made, crc)
            self.lines.append(line)
            size += len(line)
            apply(self.state, event, seq=seq, at=made.t, cause=cause)
        self.position = Position(segment=at.segment, offset=at.offset + size, seq=seq, crc=crc, epoch=1)
        if self.position.offset >= SEGMENT_BYTES or len(self.lines) > 50_000:
            self.write()

    def write(self) -> None:
        """Put what was recorded on disk; go on in a new segment where this one is full."""
        at = self.position
        with journal.segment(self.run.journal, at.segment).open("ab") as file:
            file.writelines(self.lines)
        self.lines.clear()
        if at.offset >= SEGMENT_BYTES:
            self.position = Position(segment=at.segment + 1, offset=0, seq=at.seq, crc=at.crc, epoch=1)

    def advance(self) -> None:
        """What follows by itself."""
        ids = rules.Ids(
            session_id=lambda section, attempt: f"6f1c8f5e-4f8d-4f7c-9b0a-{hash((section, attempt)):012x}"[:36]
        )
        while (found := rules.follow_up(self.state, self.now, ids))[1]:
            self.record(found[1], f"rule:{found[0]}")


def begin(directory: Path, sections: int) -> LongRun:
    """A run of a plan of `sections`, approved."""
    run = RunDir(directory)
    private_dir(run.journal)
    made = LongRun(run)
    created = RunCreated(run=run.path.name, plan_path="plan.md", usual_workflow="minimal")
    plan = parse(layered(sections, isolation="none", body="make test"))
    read = read_event(run, plan, SHA, created, Config(workflow="minimal"))
    read = replace(read, settings=replace(read.settings, isolation="worktree"))
    made.record([RunnerStarted(pid=4711, epoch=1, version="0.1.0", host="here", torn_bytes=0), created, read], "start")
    at = made.state
    made.record(
        [RunApproved(plan_sha=at.plan_sha, graph_sha=at.graph_sha, by="me@pts/3")], "01M7YHFGSGAAW14ER729JSCFK7"
    )
    made.advance()
    return made


def carry_out(made: LongRun, each: int) -> None:
    """Carry out every section, with about `each` records of it."""
    kinds = cycle(range(20))
    while made.state.live:
        for name in list(made.state.live):
            attempt(made, name, next(kinds), max(0, each - 8))
    made.record([RunnerStopped(reason="nothing left to do")], "stop")
    made.write()


def attempt(made: LongRun, name: str, kind: int, watched: int) -> None:
    """One attempt, from its worktree to its merge. One in twenty is lost, one in ten asks, all report."""
    number, host = len(made.state.sections[name].attempts), "agent"
    branch = f"orch-work/{made.state.run}/{name}/{number}"
    where = told.WorktreeReady(section=name, attempt=number, path=f"/w/{branch}", branch=branch, base=SHA[:40])
    made.record([where], "prepare")
    made.record([told.AttemptStarted(section=name, attempt=number, pid=4712, brief_sha=SHA)], "start")
    session = made.state.attempt(name, number).session_id
    made.record([told.AgentStarted(section=name, attempt=number, n=1, session_id=session, model="opus")], host)
    for n in range(2, watched):
        if n % 4:
            spent = {"cost_usd": round(n * 0.0137, 6), "input_tokens": n * 1200, "output_tokens": n * 340}
            made.record([told.UsageReported(section=name, attempt=number, n=n, **spent)], host)  # type: ignore[arg-type]
        else:
            text = f"the service was busy, trying again in {n % 60} s"
            made.record([told.NoticeRaised(section=name, attempt=number, n=n, kind="retry", text=text)], host)
    if kind % 10 == 1:
        ask(made, name, number, watched)
    if kind == 2 and number == 1:
        lost = told.AttemptLost(section=name, attempt=number, why="its host is gone", swept=3, counted=True)
        made.record([lost], "host gone")
        made.now += 60.0
        made.advance()
        return
    end(made, name, number)


def ask(made: LongRun, name: str, number: int, n: int) -> None:
    """A person is asked, and answers."""
    what = {"section": name, "attempt": number, "request_id": f"ask-{name}-{number}"}
    question = told.AskRaised(**what, n=n, kind="permission", title="Bash", detail="rm -rf build")  # type: ignore[arg-type]
    made.record([question], "agent")
    command = f"01M7YHFGSG{name}{number:011d}"[:26]
    answer = told.AskAnswered(**what, choice="allow", text="", by="me@pts/3")  # type: ignore[arg-type]
    made.record([CommandAccepted(id=command, op="answer", actor="me@pts/3", section=name, events=1), answer], command)


def end(made: LongRun, name: str, number: int) -> None:
    """The agent reports and ends; its work is committed and merged."""
    summary = f"Step {name} is done as the plan says; the tests pass."
    of = {"section": name, "attempt": number}
    result = Result(status="done", summary=summary, files=(f"src/{name}.py", f"tests/test_{name}.py"))
    made.record([told.ResultReported(**of, result=result)], "host gone")  # type: ignore[arg-type]
    ended = told.AttemptEnded(
        **of,  # type: ignore[arg-type]
        outcome="succeeded",
        failure="",
        message="",
        summary=summary,
        cost_usd=1.37,
        exit_code=0,
    )
    made.record([ended], "host gone")
    made.advance()
    if name in made.state.running and made.state.attempt(name, number).step == "committing":
        files = (f"src/{name}.py", f"tests/test_{name}.py")
        work = {"commit": SHA[:40], "files": files, "file_count": 2, "insertions": 120, "deletions": 7}
        made.record([WorkCommitted(**of, **work)], "commit")  # type: ignore[arg-type]
        made.advance()
    while made.state.merging:
        merging = made.state.merging
        count = len(made.state.sections[merging].attempts)
        made.record([WorkMerged(section=merging, attempt=count, commit=SHA[:40])], "merge")
        made.advance()


def main() -> None:
    directory, sections, each = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    begun = time.process_time()
    made = begin(directory, sections)
    print(f"read: {time.process_time() - begun:.1f} s")
    carry_out(made, each)
    print(f"{made.position}: {made.state.phase}, {time.process_time() - begun:.1f} s")


if __name__ == "__main__":
    main()
