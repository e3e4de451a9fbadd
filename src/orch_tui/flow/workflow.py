"""A workflow: the phases a section goes through, and where each outcome leads.

A phase ends in an outcome, a word. `success` and `failure` are those every phase has; built-in steps and polls have
more. Where an outcome leads nowhere, it leads where `failure` does, and without that the section fails.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal, get_args

from orch_tui.tagged import Tagged

SUCCESS, FAILURE = "success", "failure"
NONE, CONFLICT, RED, EMPTY = "none", "conflict", "red", "empty"
UNPROVEN = "unproven"
"""An agent says that it is done, and gives no evidence for an acceptance criterion, asked once more too."""
Role = Literal["write", "read-only"]
Step = Literal["checks", "merge"]
"""What the runner itself can do for a section: `checks` runs its checks in a clean process in the worktree, `merge`
brings its branch into the integration branch."""
STEP_OUTCOMES: Mapping[Step, tuple[str, ...]] = {"checks": (NONE,), "merge": (CONFLICT, RED, EMPTY)}
"""What a step can come to beyond success and failure: there are no checks; both sides changed the same; the checks do
not pass on what came of merging; the section left nothing to merge."""
Ending = Literal["done", "failed", "attention", "skipped"]
ROLES: tuple[Role, ...] = get_args(Role)
STEPS: tuple[Step, ...] = get_args(Step)
ENDINGS: tuple[Ending, ...] = get_args(Ending)
ANSWERS: tuple[str, ...] = (SUCCESS, FAILURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """Seconds, 0 for none: until a warning, without a sign of life, until it is ended."""

    soft: float = 0.0
    idle: float = 0.0
    hard: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPhase:
    """A session of an agent. "" and None: as the section, the plan or the settings say. `backoff` is in seconds.

    `merge_first`: the integration branch is merged into its worktree before it begins, conflicts are left in the files.
    `anew`: it begins in a new worktree, on top of all that was merged; the section's earlier work is told in its brief.
    """

    type: Literal["agent"] = "agent"
    prompt: str = "brief.md"
    agent: str = ""
    model: str = ""
    effort: str = ""
    role: Role = "write"
    budget: float = 0.0
    """US dollars that an attempt at it may cost; 0 for no limit of its own."""
    output: str = ""
    """The file of the JSON Schema by which its result has an `output`; "" for none."""
    outcomes: tuple[str, ...] = ()
    """Words of which the agent says one at its end, instead of success; who says none has failed."""
    merge_first: bool = False
    anew: bool = False
    retries: int | None = None
    backoff: float = 2.0
    timeout: Timeout = Timeout()
    max_visits: int = 0
    to: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPhase:
    """A program in the worktree (`run`), or a step of the runner's own (`do`). `codes`: exit code -> outcome.

    `verify`: the section's checks have to pass on the merged result before the integration branch is moved.
    """

    type: Literal["script"] = "script"
    run: tuple[str, ...] = ()
    do: Step | Literal["", "setup"] = ""
    verify: bool = False
    codes: Mapping[int, str] = field(default_factory=dict[int, str])
    retries: int = 0
    backoff: float = 2.0
    timeout: Timeout = Timeout()
    max_visits: int = 0
    to: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPhase:
    """A program that is run every `interval` seconds until its exit code is one of `codes` (0: success)."""

    type: Literal["poll"] = "poll"
    run: tuple[str, ...] = ()
    interval: float = 60.0
    codes: Mapping[int, str] = field(default_factory=dict[int, str])
    timeout: Timeout = Timeout()
    max_visits: int = 0
    to: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPhase:
    """A person is asked and chooses the outcome."""

    type: Literal["approval"] = "approval"
    ask: str = ""
    choices: tuple[str, ...] = ANSWERS
    max_visits: int = 0
    to: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalPhase:
    """The section's end."""

    type: Literal["terminal"] = "terminal"
    outcome: Ending = "done"
    message: str = ""


WorkPhase = AgentPhase | ScriptPhase | PollPhase | ApprovalPhase
Phase = Annotated[WorkPhase | TerminalPhase, Tagged("type")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A checked graph of phases; `start` is one of them."""

    name: str
    start: str
    phases: Mapping[str, Phase]
    description: str = ""

    @property
    def sha256(self) -> str:
        """The same phases give the same hash, whatever their file looks like."""
        phases = {name: _said(phase) for name, phase in self.phases.items()}
        return hashlib.sha256(repr((self.name, self.start, _plain(phases))).encode()).hexdigest()

    def next(self, phase: str, outcome: str) -> str:
        """Where `outcome` of a phase leads; "" when nothing is said, which fails the section."""
        here = self.phases[phase]
        if isinstance(here, TerminalPhase):
            return ""
        return here.to.get(outcome) or ("" if outcome == SUCCESS else here.to.get(FAILURE, ""))


def outcomes(phase: WorkPhase) -> tuple[str, ...]:
    """Every outcome that a phase can come to."""
    match phase:
        case ScriptPhase(do="") | PollPhase():
            more = tuple(phase.codes.values())
        case ScriptPhase():
            more = next((said for step, said in STEP_OUTCOMES.items() if step == phase.do), ())
        case ApprovalPhase():
            return phase.choices
        case AgentPhase(outcomes=words, role=role):
            unproven = (UNPROVEN,) if role == "write" else ()
            return (*(words or (SUCCESS,)), FAILURE, *unproven)
    return tuple(dict.fromkeys((SUCCESS, FAILURE, *more)))


def outcome_of(phase: Phase | None, exit_code: int | None) -> str:
    """The outcome of a phase that did not succeed, whose program ended with `exit_code` (None: not by itself)."""
    if merges(phase):
        return RED
    if isinstance(phase, ScriptPhase | PollPhase) and exit_code is not None:
        return phase.codes.get(exit_code, FAILURE)
    return FAILURE


def said_outcome(words: tuple[str, ...], text: str) -> str:
    """Which of `words` the last line of an agent's text names ("Outcome: ready"), or ""; emphasis is no matter."""
    lines = [line.strip(" \t*_`#>-.") for line in text.splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    head, _, word = last.rpartition(":")
    word = word.strip(" \t*_`.")
    return word if head.strip(" *_`").lower() == "outcome" and word in words else ""


MINIMAL = Workflow(
    name="minimal",
    description="One agent session; what it leaves is merged.",
    start="implement",
    phases={
        "implement": AgentPhase(to={SUCCESS: "merge"}),
        "merge": ScriptPhase(do="merge", to={SUCCESS: "done"}),
        "done": TerminalPhase(),
    },
)
"""What is done in runs that are older than workflows, or of which the workflow chosen is gone."""
USUAL = "local"
"""The workflow of a new run that chooses none."""


FORGE = "orch-forge"
"""A program that `run` can name: our own, which makes pull requests."""
SETUP = "worktree setup"
"""The phase of an attempt that prepares a worktree; a workflow's own phases have no space in their names."""
PREPARING = ScriptPhase(do="setup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a graph of phases. `field` is the outcome whose arrow it is about, "" for the phase itself,
    `phase` "" for the workflow."""

    phase: str
    message: str
    hint: str = ""
    field: str = ""


def faults(workflow: Workflow) -> Iterator[Fault]:
    """Everything that would let a section hang, end nowhere or go round for ever, in the order of the phases."""
    phases = workflow.phases
    if workflow.start not in phases:
        yield Fault(
            phase="", field="start", message=f"there is no phase {workflow.start!r}", hint=_near(workflow.start, phases)
        )
        return
    start = phases[workflow.start]
    if merges(start) or isinstance(start, TerminalPhase):
        yield Fault(
            phase="",
            field="start",
            message=f"it starts with phase {workflow.start!r}, before there is any work",
            hint="start with an agent, a program, checks or a question to a person",
        )
    for name, phase in phases.items():
        if isinstance(phase, TerminalPhase):
            continue
        for outcome, target in phase.to.items():
            if target not in phases:
                yield Fault(
                    phase=name, field=outcome, message=f"there is no phase {target!r}", hint=_near(target, phases)
                )
            if outcome not in outcomes(phase):
                known = ", ".join(outcomes(phase))
                yield Fault(
                    phase=name,
                    field=outcome,
                    message=f"phase {name!r} never ends in {outcome!r}",
                    hint=f"it ends in {known}",
                )
        for outcome in _unsaid(phase):
            yield Fault(
                phase=name,
                message=f"phase {name!r} does not say where {outcome!r} leads",
                hint="name a phase; a terminal one ends the section",
            )
    reached = _reached(workflow)
    for name in phases:
        if name not in reached:
            yield Fault(
                phase=name, message=f"nothing leads to phase {name!r}", hint="name it in another phase, or remove it"
            )
    if ring := _endless(workflow, reached):
        yield Fault(
            phase=ring[0], message=f"goes round for ever: {' -> '.join(ring)}", hint="give one of them max_visits"
        )


def merges(phase: Phase | None) -> bool:
    """Whether a phase brings the section's branch into the integration branch."""
    return isinstance(phase, ScriptPhase) and phase.do == "merge"


def works(phase: Phase) -> bool:
    """Whether attempts are made at a phase: an agent's session, or a program's run."""
    return isinstance(phase, AgentPhase | PollPhase) or (isinstance(phase, ScriptPhase) and not merges(phase))


def phase_agents(workflow: Workflow) -> frozenset[str]:
    """The agents that phases name themselves."""
    phases = workflow.phases.values()
    return frozenset(phase.agent for phase in phases if isinstance(phase, AgentPhase) and phase.agent)


def asks_forge(workflow: Workflow) -> bool:
    """Whether a phase makes, watches or merges a pull request."""
    phases = workflow.phases.values()
    return any(isinstance(phase, ScriptPhase | PollPhase) and phase.run[:1] == (FORGE,) for phase in phases)


def _unsaid(phase: WorkPhase) -> Iterator[str]:
    if isinstance(phase, ApprovalPhase):
        yield from (choice for choice in phase.choices if choice not in phase.to and choice != FAILURE)
    elif isinstance(phase, AgentPhase) and phase.outcomes:
        yield from (word for word in phase.outcomes if word not in phase.to)
    elif SUCCESS not in phase.to:
        yield SUCCESS


def _reached(workflow: Workflow) -> set[str]:
    found: set[str] = set()
    work = [workflow.start]
    while work:
        name = work.pop()
        if name in found or name not in workflow.phases:
            continue
        found.add(name)
        work += _after(workflow, name)
    return found


def _after(workflow: Workflow, name: str) -> list[str]:
    phase = workflow.phases[name]
    return [] if isinstance(phase, TerminalPhase) else list(phase.to.values())


def _endless(workflow: Workflow, reached: set[str]) -> list[str]:
    """A ring of phases of which none says how often it may be visited, or []."""
    boundless = [
        name for name in workflow.phases if name in reached and not getattr(workflow.phases[name], "max_visits", 1)
    ]
    leads = {name: [other for other in _after(workflow, name) if other in boundless] for name in boundless}
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return ring[::-1]
    return []


def _near(name: str, phases: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, phases, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(phases)}"


def _said(phase: Phase) -> dict[str, Any]:
    """The fields of a phase that are not as by default: one that is thought of later changes no hash."""
    usual = asdict(type(phase)())
    return {"type": phase.type} | {key: one for key, one in asdict(phase).items() if one != usual[key]}


def _plain(value: Any) -> Any:
    """Mappings as sorted pairs."""
    if isinstance(value, Mapping):
        pairs: list[tuple[str, Any]] = [(str(key), _plain(one)) for key, one in value.items()]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return tuple(sorted(pairs, key=lambda pair: pair[0]))
    return value
