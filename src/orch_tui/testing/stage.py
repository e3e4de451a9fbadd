"""A run set up on disk without a runner: journal, plan and transcripts exactly as the real ones are written.

For pictures, benchmarks and tests of front ends: `Stage` plays what happens, one event at a time, at the times it is
told.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orch_tui.clock import Clock
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import (
    AgentStarted,
    AttemptEnded,
    AttemptIntended,
    AttemptStarted,
    UsageReported,
    WorktreeReady,
)
from orch_tui.core.codec import VERSION, decode_command, encode_event
from orch_tui.core.decide import decide
from orch_tui.core.events import Event
from orch_tui.core.run_events import PlanRead, RunApproved, RunCreated, SectionEntry, Settings
from orch_tui.core.section_events import SectionDone, SectionFailed
from orch_tui.core.state import State
from orch_tui.core.work_events import CommitIntended, MergeIntended, WorkCommitted, WorkMerged
from orch_tui.flow.workflow import Workflow
from orch_tui.plan.difference import text_sha
from orch_tui.plan.edits import Proposal
from orch_tui.plan.model import Dependency, Evidence, Finding, Section
from orch_tui.store import journal, transcripts
from orch_tui.store.layout import AttemptDir, RunDir, run_dir

_HEADING = re.compile(r"^## Section (?P<id>\S+): (?P<title>.*)$")
_NEEDS = re.compile(r"^Dependencies: (?P<list>.*)$")
_REFERENCE = re.compile(r"Section (?P<id>[^\s,(]+)(?: \((?P<needs>[^)]*)\))?")


class StageClock(Clock):
    """Time that stands until it is moved, in seconds."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        object.__setattr__(self, "now", now)  # Clock is frozen, this one is not

    now: float

    def __setattr__(self, name: str, value: float) -> None:
        object.__setattr__(self, name, value)

    def wall(self) -> float:
        """See Clock."""
        return self.now

    def mono(self) -> float:
        """See Clock."""
        return self.now


@dataclass(slots=True)
class Stage:
    """A run directory below `root`, and the means to let things happen in it."""

    root: Path
    text: str
    settings: Settings = field(default_factory=Settings)
    name: str = "staged-run"
    clock: StageClock = field(default_factory=StageClock)
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    agents: dict[str, str] = field(default_factory=dict[str, str])
    """Sections that have another agent than the run's."""
    workflows: tuple[Workflow, ...] = ()
    made: dict[str, str] = field(default_factory=dict[str, str])
    """Texts of sections as if made of data."""
    state: State = field(init=False, default_factory=State)
    sha: str = field(init=False, default="")
    _crc: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        for folder in (self.run.journal, self.run.plans, self.run.inbox / "new", self.run.inbox / "tmp"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.plan.write_bytes(self.text.encode("utf-8", "surrogatepass"))
        self.happens(*self._created())

    @property
    def run(self) -> RunDir:
        """Where it all is."""
        return run_dir(self.root, self.name)

    @property
    def plan(self) -> Path:
        """The plan file, as its user keeps it."""
        return self.root / "plan.md"

    def happens(self, *events: Event, after: float = 0.0, cause: str = "") -> None:
        """Append events to the journal, `after` seconds later than the last."""
        self.clock.now += after
        lines: list[bytes] = []
        for event in events:
            kind, data = encode_event(event)
            seq = self.state.seq + 1
            record = journal.Record(
                seq=seq,
                v=VERSION,
                epoch=1,
                t=self.clock.now,
                mono=self.clock.now,
                boot="",
                type=kind,
                cause=cause,
                data=data,
            )
            line, self._crc = journal.encode(record, self._crc)
            apply(self.state, event, seq=seq, at=self.clock.now, cause=cause)
            lines.append(line)
        with journal.segment(self.run.journal, 1).open("ab") as file:
            file.write(b"".join(lines))

    def obey(self, op: str, args: Mapping[str, object], *, actor: str = "you@pts/1") -> str:
        """Take in a command as the runner would, by the same rules; returns its id."""
        command = f"command-{self.state.seq}"
        created = self._created() if op == "revise" else None
        events = decide(self.state, decode_command(op, dict(args)), command_id=command, actor=actor, read=created)
        self.happens(*events, cause=command)
        return command

    def approve(self, by: str = "you@pts/1") -> None:
        """Somebody approves."""
        self.happens(RunApproved(plan_sha=self.sha, graph_sha=self.state.graph_sha, by=by))

    def start(
        self, section: str, *, model: str = "claude-sonnet-4-5", phase: str = "implement", agent: str = ""
    ) -> transcripts.Writer:
        """An attempt at a phase of the section begins; its transcript, to write to."""
        found = self.state.sections[section]
        number = len(found.attempts) + 1
        branch = f"orch-work/{self.name}/{found.slug}/{number}"
        self.happens(
            AttemptIntended(
                section=section,
                attempt=number,
                agent=agent or found.agent,
                phase=phase,
                visit=found.visits.get(phase, 0) + 1,
                tree=found.tree,
                session_id=f"5e55-{found.slug}-{number}",
                marker=f"{self.name}/{found.slug}/{number}",
            ),
            WorktreeReady(section=section, attempt=number, path=f"/tmp/{found.slug}", branch=branch, base="0" * 40),
            AttemptStarted(section=section, attempt=number, pid=os.getpid(), brief_sha=""),
            AgentStarted(section=section, attempt=number, n=1, session_id=f"5e55-{found.slug}-{number}", model=model),
        )
        writer = self.transcript(section, number)
        writer.append("started", session_id=f"5e55-{found.slug}-{number}", model=model)
        return writer

    def attempt_dir(self, section: str, number: int) -> AttemptDir:
        """The directory of an attempt."""
        return self.run.attempt(self.state.sections[section].slug, number)

    def transcript(self, section: str, number: int) -> transcripts.Writer:
        """The transcript of an attempt, to write to."""
        attempt = self.attempt_dir(section, number)
        attempt.path.mkdir(parents=True, exist_ok=True)
        self.run.artifacts.mkdir(exist_ok=True)
        return transcripts.Writer(attempt, self.run.artifacts, self.clock)

    def use(self, section: str, cost: float | None, tokens: tuple[int, int] = (12_000, 900)) -> None:
        """The running attempt reports what it used."""
        number = self.state.running[section]
        self.happens(
            UsageReported(
                section=section,
                attempt=number,
                n=2,
                cost_usd=cost,
                input_tokens=tokens[0],
                output_tokens=tokens[1],
            )
        )

    def pass_on(
        self,
        section: str,
        *,
        cost: float | None = 0.0,
        files: tuple[str, ...] = (),
        named: str = "",
        summary: str = "",
    ) -> None:
        """The running attempt succeeds and what it left is committed; the section is between two phases."""
        number = self.state.running[section]
        self.happens(
            AttemptEnded(
                section=section,
                attempt=number,
                outcome="succeeded",
                failure="",
                message="",
                summary=summary,
                cost_usd=cost,
                exit_code=0,
                named=named,
            )
        )
        if section in self.state.to_commit:
            committed = WorkCommitted(
                section=section,
                attempt=number,
                commit="c" * 40,
                files=files,
                file_count=len(files),
                insertions=37 * len(files),
                deletions=4 * len(files),
            )
            self.happens(CommitIntended(section=section, attempt=number), committed)

    def finish(self, section: str, *, cost: float | None, files: tuple[str, ...] = (), summary: str = "") -> None:
        """The running attempt succeeds and is merged."""
        number = self.state.running[section]
        self.pass_on(section, cost=cost, files=files, summary=summary)
        self.happens(MergeIntended(section=section, attempt=number))
        self.happens(
            WorkMerged(section=section, attempt=number, commit="d" * 40), SectionDone(section=section, summary=summary)
        )

    def fail(
        self,
        section: str,
        *,
        failure: str = "script",
        detail: str = "block 1 ended with code 2",
        exit_code: int | None = 2,
    ) -> None:
        """The running attempt fails, and with it the section; its cost is not known."""
        ended = AttemptEnded(
            section=section,
            attempt=self.state.running[section],
            outcome="failed",
            failure=failure,
            message=detail,
            summary="",
            cost_usd=None,
            exit_code=exit_code,
        )
        self.happens(ended, SectionFailed(section=section, failure=failure, detail=detail))

    def _created(self) -> tuple[RunCreated, PlanRead]:
        data = self.plan.read_bytes()
        self.text, self.sha = data.decode("utf-8", "surrogatepass"), hashlib.sha256(data).hexdigest()
        self.run.plan(self.sha).write_bytes(data)
        created = RunCreated(run=self.name, plan_path=str(self.plan))
        return created, self._plan_read()

    def _plan_read(self) -> PlanRead:
        lines = self.text.split("\n")
        starts = [(at, found) for at, line in enumerate(lines, start=1) if (found := _HEADING.match(line))]
        ends = [at - 1 for at, _ in starts[1:]] + [len(lines)]
        edges = [
            Dependency(
                upstream=reference["id"],
                downstream=found["id"],
                kind="stated",
                evidence=Evidence(line=number, quote=needs[0]),
                needs="other" if reference["needs"] else "",
                needs_text=reference["needs"] or "",
                choice=int(" or " in needs["list"]),
                option=option if " or " in needs["list"] else 0,
            )
            for (at, found), end in zip(starts, ends, strict=True)
            for number in range(at, end + 1)
            if (needs := _NEEDS.match(lines[number - 1]))
            for option, reference in enumerate(_REFERENCE.finditer(needs["list"]), 1)
        ]
        return PlanRead(
            settings=self.settings,
            notices=self.notices,
            plan_sha=self.sha,
            title=lines[0].lstrip("# "),
            reader="headed",
            sections=tuple(
                SectionEntry(
                    id=found["id"],
                    slug=re.sub(r"\W", "-", found["id"]),
                    title=found["title"],
                    lines=(at, end),
                    agent=self.agents.get(found["id"], self.settings.agent),
                    text_sha=_text_sha("\n".join(lines[at:end])),
                    text=self.made.get(found["id"]),
                )
                for (at, found), end in zip(starts, ends, strict=True)
            ),
            dependencies=tuple(edges),
            findings=self.findings,
            proposals=self.proposals,
            preamble="\n".join(lines[1 : starts[0][0] - 1]) if starts else "",
            workflows=self.workflows,
            agents=dict.fromkeys((self.settings.agent, *self.agents.values(), "claude", "script", "simulated"), ()),
        )


def _text_sha(body: str) -> str:
    return text_sha(Section(id="", slug="", title="", body=body, lines=(1, 1)))
