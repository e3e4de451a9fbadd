"""A run without a world: commands and events go in, and what follows comes out. Tests read as sentences with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from orch_tui.core import rules
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptEnded, AttemptStarted, WorktreeReady
from orch_tui.core.commands import Approve, Command, RevisePlan
from orch_tui.core.decide import decide
from orch_tui.core.effects import Effect
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandRefused, PlanRead, RunCreated, SectionEntry, Settings
from orch_tui.core.state import State
from orch_tui.core.work_events import MergeComputed, MergeConflicted, WorkCommitted, WorkMerged
from orch_tui.flow.workflow import Workflow
from orch_tui.invariants import Violation, of_state
from orch_tui.invariants.guard import broken
from orch_tui.plan.model import Dependency, Evidence, Exclusion


def plan(
    *sections: str,
    done: Iterable[str] = (),
    apart: Iterable[str] = (),
    titles: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    sha: str = "p",
    workflows: Iterable[Workflow] = (),
    claims: Mapping[str, Mapping[str, int]] | None = None,
) -> PlanRead:
    """A plan from words like "A", "B<-A", "E<-C,D", "E<-A,B+C|D" (A, and either B and C or D).

    `apart` names pairs like "CD" that never run side by side.
    """
    names = [word.partition("<-")[0] for word in sections]
    titles, texts = titles or {}, texts or {}
    return PlanRead(
        plan_sha=sha * 64,
        title="A plan",
        reader="headed",
        sections=tuple(
            SectionEntry(
                id=name,
                slug=name,
                title=titles.get(name, f"Title {name}"),
                lines=(i, i),
                agent="simulated",
                done=name in done,
                text_sha=texts.get(name, f"text {name}"),
                claims=(claims or {}).get(name, {}),
            )
            for i, name in enumerate(names, 1)
        ),
        dependencies=tuple(edge for word in sections for edge in _edges(word)),
        findings=(),
        exclusions=tuple(
            Exclusion(one=pair[0], other=pair[-1], evidence=Evidence(line=1, quote=f"never {pair}")) for pair in apart
        ),
        agents={"simulated": (), "script": ("steer",)},
        workflows=tuple(workflows),
    )


def _edges(word: str) -> Iterator[Dependency]:
    down, _, needs = word.partition("<-")
    for choice, need in enumerate(filter(None, needs.split(",")), 1):
        options = need.split("|")
        for option, ups in enumerate(options, 1):
            for up in ups.split("+"):
                edge = Dependency(
                    upstream=up, downstream=down, kind="stated", evidence=Evidence(line=1, quote=f"{down} after {up}")
                )
                yield replace(edge, choice=choice, option=option) if len(options) > 1 else edge


def holds(*found: Violation | None) -> None:
    """No invariant is broken."""
    words = "; ".join(one.line() for one in found if one)
    assert not words, words


class Scene:
    """A run in memory: `state`, everything that `happened`, and the effects that would be carried out."""

    def __init__(self, read: PlanRead, **settings: object) -> None:
        self.state = State()
        self.happened: list[Event] = []
        self.causes: list[str] = []
        self.effects: list[Effect] = []
        self.now = 1000.0
        self._ids = count(1)
        created = RunCreated(run="run", plan_path="plan.md")
        own = Settings(agent="simulated", **settings)  # type: ignore[arg-type]
        read = replace(read, settings=own)
        self.record([created, read], "setup")

    def record(self, events: Iterable[Event], cause: str) -> None:
        """Fold events and what follows from them; every invariant holds before and after."""
        self._fold(events, cause)
        ids = rules.Ids(session_id=lambda section, attempt: f"{section}-{attempt}")
        while True:
            name, more = rules.follow_up(self.state, self.now, ids)
            if not more:
                holds(*of_state(self.state))
                return
            self._fold(more, f"rule:{name}")

    def _fold(self, events: Iterable[Event], cause: str) -> None:
        events = list(events)
        holds(broken(self.state, events))
        for event in events:
            holds(broken(self.state, [event]))
            apply(self.state, event, seq=self.state.seq + 1, at=self.now, cause=cause)
            self.happened.append(event)
            self.causes.append(cause)
            self.effects += rules.reactions(self.state, event, cause)

    def when(self, command: Command, *, by: str = "me", command_id: str = "") -> list[Event]:
        """Send a command; returns the events it led to directly."""
        command_id = command_id or f"c{next(self._ids)}"
        events = decide(self.state, command, command_id=command_id, actor=by)
        self.record(events, command_id)
        return events

    def refused(self, command: Command, *, by: str = "me") -> str:
        """Send a command that must be refused; returns the reason."""
        events = self.when(command, by=by)
        assert len(events) == 1
        assert isinstance(events[0], CommandRefused), events
        return events[0].reason

    def approve(self) -> Scene:
        """Approve what was read."""
        self.when(Approve(plan_sha=self.state.plan_sha, graph_sha=self.state.graph_sha))
        return self

    def start(self, *names: str) -> None:
        """The hosts of these sections come up."""
        for name in names:
            number = len(self.state.sections[name].attempts)
            branch = f"b/{name}/{number}" if self.state.settings.isolation == "worktree" else ""
            owner = self.state.sections[name].attempts[number - 1].tree
            branch = f"b/{name}/{owner}" if branch else ""
            ready = WorktreeReady(section=name, attempt=number, path=f"/{name}", branch=branch, base="0" * 40)
            self.record([ready, AttemptStarted(section=name, attempt=number, pid=1, brief_sha="")], "start")

    def end(self, name: str, outcome: str = "succeeded", failure: str = "", **more: object) -> None:
        """The agent of a section ends."""
        fields: dict[str, object] = {"message": failure, "summary": f"{name} is done", "cost_usd": 0.5, "exit_code": 0}
        self.record(
            [
                AttemptEnded(
                    section=name,
                    attempt=len(self.state.sections[name].attempts),
                    outcome=outcome,  # type: ignore[arg-type]
                    failure=failure,
                    **{**fields, **more},  # type: ignore[arg-type]
                )
            ],
            "host gone",
        )

    def commit(self, name: str, **more: object) -> None:
        """The section's work is committed."""
        number = len(self.state.sections[name].attempts)
        fields: dict[str, object] = {"commit": "c", "files": ("f",), "file_count": 1, "insertions": 1, "deletions": 0}
        work = WorkCommitted(section=name, attempt=number, **{**fields, **more})  # type: ignore[arg-type]
        self.record([work], "commit")

    def compute(self, name: str, commit: str = "m") -> None:
        """Merging the section's branch comes to this commit, on which its checks are to run."""
        number = len(self.state.sections[name].attempts)
        self.record([MergeComputed(section=name, attempt=number, commit=commit, onto="o")], "merge")

    def conflict(self, name: str) -> None:
        """Both sides changed the same."""
        number = len(self.state.sections[name].attempts)
        self.record([MergeConflicted(section=name, attempt=number, files=("f",))], "merge")

    def merge(self, name: str) -> None:
        """The section's branch is merged."""
        self.record([WorkMerged(section=name, attempt=len(self.state.sections[name].attempts), commit="m")], "merge")

    def finish(self, *names: str) -> None:
        """Sections run to their end, worktree, commit and merge included."""
        for name in names:
            last = self.state.sections[name].attempts[-1]
            if last.step != "working":
                self.start(name)
            self.end(name)
            if last.step == "committing":  # else it works in place, or nobody wants its work any more
                self.commit(name)
                self.merge(name)

    def revise(self, read: PlanRead, *, by: str = "me") -> list[Event]:
        """The plan file says this now, and somebody has it read."""
        command_id = f"c{next(self._ids)}"
        read = replace(read, settings=self.state.settings)
        both = (RunCreated(run="run", plan_path="plan.md"), read)
        events = decide(self.state, RevisePlan(plan_sha=read.plan_sha), command_id=command_id, actor=by, read=both)
        self.record(events, command_id)
        return events

    def seen(self, **more: object) -> Approve:
        """The approval of what is to be approved now."""
        edition = self.state.candidate or self.state.edition
        assert edition is not None
        return Approve(plan_sha=edition.read.plan_sha, graph_sha=edition.graph_sha, **more)  # type: ignore[arg-type]

    def statuses(self) -> dict[str, str]:
        """Section id -> status word."""
        return {name: section.status.value for name, section in self.state.sections.items()}

    def of(self, kind: type) -> list[Event]:
        """The events of one kind that happened."""
        return [event for event in self.happened if isinstance(event, kind)]
