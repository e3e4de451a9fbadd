"""Where a section stands in its workflow, and where it goes from there: questions about the state, no answers to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from orch_tui.core import repositories, resuming
from orch_tui.core.asking import AskState
from orch_tui.core.counting import model_of
from orch_tui.core.run_events import Repository, RuleFile, Settings
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.flow.workflow import (
    MINIMAL,
    NONE,
    PREPARING,
    SETUP,
    SUCCESS,
    AgentPhase,
    ApprovalPhase,
    Phase,
    PollPhase,
    ScriptPhase,
    TerminalPhase,
    Workflow,
    merges,
    outcome_of,
    works,
)
from orch_tui.merge_settings import MERGE_STRATEGIES, MergeStrategy, one_of

NAMED = 12
"""Changed files that a person who is asked is told by name."""


class Flows(Protocol):
    """What says which workflows there are: a run, or a plan as it was read."""

    @property
    def workflows(self) -> tuple[Workflow, ...]: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def repositories(self) -> tuple[Repository, ...]: ...
    @property
    def rules(self) -> tuple[RuleFile, ...]: ...


def workflow(state: Flows, section: SectionState) -> Workflow:
    """The workflow that carries a section out: its own, else that of the run."""
    found = MINIMAL
    for one in state.workflows:
        if one.name == section.workflow:
            return one
        if one.name == state.settings.workflow:
            found = one
    return found


def checked_by(state: Flows, section: SectionState) -> tuple[str, ...] | None:
    """The commands that check a section's work, () where the project's files say; None where nothing is checked."""
    phases = workflow(state, section).phases.values()
    if not any(isinstance(phase, ScriptPhase) and phase.do == "checks" for phase in phases):
        return None
    return checks_stated(state, section)


def needs_checks(state: Flows, section: SectionState) -> bool:
    """Whether a section whose work nothing checks does not go on by itself."""
    flow = workflow(state, section)
    checking = [name for name, phase in flow.phases.items() if isinstance(phase, ScriptPhase) and phase.do == "checks"]
    after = [flow.phases.get(flow.next(name, NONE)) for name in checking]
    return any(isinstance(phase, ApprovalPhase | TerminalPhase | None) for phase in after)


def checks_stated(state: Flows, section: SectionState) -> tuple[str, ...]:
    """The commands that its own text, else the front matter or the settings, state for checking a section."""
    return section.hints.verify or repositories.checks(state, section)


def phase(state: State, section: SectionState, name: str) -> Phase | None:
    """The phase `name` of the section's workflow; None when an earlier plan or program had it."""
    return PREPARING if name == SETUP else workflow(state, section).phases.get(name)


def first(state: State, section: SectionState) -> str:
    """The phase an attempt begins or goes on with: the one it is in, else the first."""
    flow = workflow(state, section)
    at = section.sent or section.phase
    here = flow.phases.get(at)
    stays = here is not None and not isinstance(here, TerminalPhase)
    return _onward(flow, section, at if stays else flow.start)


def tree_for(state: State, section: SectionState, phase: Phase) -> int:
    """The attempt in whose worktree the section goes on with a phase; 0: it gets a new one."""
    stands = section.prepared if isinstance(phase, AgentPhase) and phase.anew else section.tree or section.prepared
    before = None if stands else gone_on_from(state, section, phase)
    return before.tree if before else stands


def gone_on_from(state: State, section: SectionState, phase: Phase) -> AttemptState | None:
    """The attempt at the same phase that failed, and from which the next one goes on; None when it begins afresh."""
    if not isinstance(phase, AgentPhase) or section.id in state.leaving:
        return None
    return resuming.gone_on_from(section, task_of(state, section, phase))


def task_of(state: State, section: SectionState, phase: AgentPhase) -> str:
    """The mark of what a session at a phase is asked."""
    return resuming.mark(section, phase.agent or section.agent, model_of(state, section, phase))


def unprepared(state: State, section: SectionState, phase: Phase) -> bool:
    """Whether `phase` gets a worktree in which something is to be run before anybody works there."""
    given = repositories.worktree(state, section)
    stands = tree_for(state, section, phase)
    return bool(given.setup) and state.settings.isolation == "worktree" and stands in {0, section.bare}


def visiting(section: SectionState, phase: str) -> int:
    """How often phase `phase` will have been gone through, when a section that leaves another one goes on with it."""
    known = section.visits.get(phase, 0)
    return known or 1 if section.prepared else known + 1


def after(state: State, section: SectionState) -> str:
    """Where a section that leaves a phase goes; "" when its workflow does not say.

    Where its workflow is another one by now, without the phase that it leaves, it begins that one with the work it has.
    """
    if section.prepared:
        return first(state, section)
    flow, at = workflow(state, section), section.phase
    if section.sent:
        return section.sent if section.sent in flow.phases else flow.start
    return _onward(flow, section, flow.next(at, state.leaving[section.id]) if at in flow.phases else flow.start)


def worktree(section: SectionState) -> int:
    """The attempt whose worktree holds what there is of the section's work; 0: none."""
    if section.tree or len(section.attempts) == section.begun:
        return section.tree
    last = section.attempts[-1]
    return last.tree if last.branch and not last.proves else 0


def _onward(flow: Workflow, section: SectionState, at: str) -> str:
    """The phase `at`, or where it leads when it is passed: a person skips it, or there is nothing to merge."""
    passed: set[str] = set()
    while at in section.skips or (not worktree(section) and merges(flow.phases.get(at))):
        passed.add(at)
        at = flow.next(at, SUCCESS) if at in flow.phases else ""
        if at in passed:
            return ""
    return at


def superseded(section: SectionState, number: int) -> AttemptState | None:
    """What there was of the section's work before attempt `number`, which begins anew: the attempt that left it."""
    before = reversed(section.attempts[: number - 1])
    return next((one for one in before if one.commit and one.outcome == "succeeded" and not one.undone), None)


def left_work(section: SectionState) -> AttemptState | None:
    """The attempt that left what the section's branch holds, merged or not; None while there is no such thing."""
    return superseded(section, len(section.attempts) + 1)


def leads(state: State, section: SectionState, outcome: str) -> bool:
    """Whether the section's workflow says what follows an outcome of the phase it is in."""
    flow = workflow(state, section)
    return section.phase in flow.phases and bool(flow.next(section.phase, outcome))


def leaves_work(state: State, section: SectionState, name: str) -> bool:
    """Whether what an attempt at a phase leaves is work, as of an agent or a program; checks and readers leave none."""
    match phase(state, section, name):
        case ScriptPhase(do=step):
            return not step
        case AgentPhase(role=role):
            return role == "write"
        case _:
            return True


def verified(state: State, section: SectionState) -> bool:
    """Whether the section's checks passed on what its branch holds now."""
    for attempt in reversed(section.attempts):
        here = phase(state, section, attempt.phase)
        if isinstance(here, ScriptPhase) and here.do == "checks":
            if attempt.outcome == "succeeded" and not attempt.named:
                return True
        elif attempt.commit:
            return False
    return False


def most_tries(state: State, section: SectionState, name: str) -> int:
    """How often a visit to the phase `name` is tried before it fails."""
    here = phase(state, section, name)
    own = here.retries if isinstance(here, AgentPhase) else None
    return state.settings.max_attempts if own is None else own + 1


def left_nothing(section: SectionState) -> bool:
    """Whether what the section's branch holds changes no file, though the section does not say that it will not."""
    last = next((attempt for attempt in reversed(section.attempts) if attempt.commit), None)
    return last is not None and not last.file_count and not section.hints.changes_nothing


def failed_as(state: State, section: SectionState, attempt: AttemptState) -> str:
    """The outcome of a phase whose attempt failed for good."""
    return outcome_of(phase(state, section, attempt.phase), attempt.exit_code)


def asked(state: State, section: SectionState) -> AskState:
    """What the approval phase that a section is in asks; `at` is left to whoever knows the time."""
    here = phase(state, section, section.phase)
    assert isinstance(here, ApprovalPhase), "only an approval asks"
    request = f"{state.run}/{section.slug}/{section.phase}/{section.visits[section.phase]}"
    return AskState(
        request_id=f"{request}/{state.seq}" if request in state.answered else request,
        section=section.id,
        attempt=len(section.attempts),
        kind="approval",
        title=here.ask,
        detail="\n".join(_at_hand(section)),
        options=here.choices,
        at=0.0,
        phase=section.phase,
    )


def _at_hand(section: SectionState) -> Iterator[str]:
    """What a person is told beside the question: what the phases before it came to."""
    last, words = section.last, summary(section)
    yield from filter(None, dict.fromkeys((section.detail, last.message if last else "", words)))
    work = next((one for one in reversed(section.attempts[section.begun :]) if one.file_count), None)
    if work is not None:
        named = ", ".join(work.files[:NAMED]) + (" …" if work.file_count > NAMED else "")
        yield f"on branch {work.branch}: {work.file_count} changed (+{work.insertions} -{work.deletions}): {named}"


def agent(section: SectionState) -> str:
    """Who is at work on a section, or would be: a phase may have an agent of its own."""
    return section.last.agent if section.last is not None else section.agent


def agent_level(state: State, section: SectionState) -> str:
    """Which level chose the agent at work on a section, or that would be: its phase, the section, a mend, the plan …

    "" when it is no agent's work, or nobody chose.
    """
    name = section.last.phase if section.last is not None else first(state, section)
    here = phase(state, section, name)
    if isinstance(here, ScriptPhase | PollPhase):
        return ""
    if isinstance(here, AgentPhase) and here.agent:
        return f"phase {name}"
    if section.hints.agent and section.hints.agent == section.agent:
        return "section"
    if section.agent != state.settings.agent:
        return "mend"
    return state.edition.read.agent_from if state.edition is not None else ""


def entered(state: State, section: SectionState) -> str:
    """The phase a section is in, or comes to next; "" before the first, and where its workflow has one to speak of."""
    if section.id in state.live and section.last is not None and section.last.phase == SETUP:
        return SETUP
    attempts = sum(works(phase) for phase in workflow(state, section).phases.values())
    if attempts < 2 or not section.phase:
        return ""
    return after(state, section) if section.id in state.leaving else section.phase


def merge_strategy(state: State, section: SectionState) -> MergeStrategy:
    """What merging makes of the section on the integration branch: what is said of it, else of the run."""
    return one_of(MERGE_STRATEGIES, section.merge) or state.settings.merge_strategy


def branch(state: State, section: SectionState) -> str:
    """The branch that has the section's work; "" before it has any."""
    last = section.last
    if last is None or not last.branch:
        return ""
    home = section.attempts[(last.tree or last.number) - 1]
    return f"orch/{state.run}" if section.verdict == "done" and state.settings.branches == "plan" else home.branch


def cannot(state: State, section: SectionState) -> tuple[str, ...]:
    """Commands that the agent at work on a section cannot follow."""
    at_work = agent(section)
    if at_work == section.agent or state.edition is None:
        return section.cannot
    return tuple(state.edition.read.agents.get(at_work, ()))


def waits(state: State, name: str) -> bool:
    """Whether it is a person that a section waits for just now."""
    return state.sections[name].held or any(ask.section == name for ask in state.asks.values())


def in_git(state: State, name: str) -> bool:
    """Whether the work of a section is being committed or merged just now."""
    last = state.sections[name].last
    return name in state.running and last is not None and last.step in {"committing", "merging"}


def asking(state: State, section: SectionState) -> AskState | None:
    """The question of the approval phase that a section is in, while it is open."""
    return next((ask for ask in state.asks.values() if ask.phase and ask.section == section.id), None)


def slots(state: State) -> int:
    """How many more attempts may run. Polls take no slot, and neither do the checks of the one merge there is at a
    time: it would wait for sections that wait for it."""
    return state.settings.concurrency - len(state.live) + len(state.polling) + (state.merging in state.live)


def begin_again(section: SectionState) -> None:
    """Back before the first phase."""
    section.phase, section.tree, section.prepared, section.told = "", 0, 0, ""
    section.sent, section.conflict = "", ()
    section.foreseen = section.foreseen_in = ()
    section.begun = section.pardoned = len(section.attempts)
    section.skips.clear()
    section.visits.clear()


def go_on_at(section: SectionState, phase: str) -> None:
    """A person lets the section go on at a phase, with the work it has; how often it was where counts no more."""
    section.phase, section.sent, section.tree, section.prepared = phase, "", worktree(section), 0
    section.pardoned = len(section.attempts)
    section.skips = [name for name in section.skips if name != phase]
    section.visits.clear()


def worked(section: SectionState) -> list[AttemptState]:
    """The attempts that did the section's work, one after the other in the worktree of the last one, the last first."""
    stands = (one for one in reversed(section.attempts) if one.leaves_work and not one.undone)
    done = [one for one in stands if one.outcome == "succeeded"]
    return [one for one in done if one.tree == done[0].tree]


def summary(section: SectionState) -> str:
    """What the last agent, or program, that did the section's work said of it."""
    return next((attempt.summary for attempt in worked(section)), "")


def follow_ups(section: SectionState) -> list[str]:
    """What those who did the section's work saw and did not do."""
    return [one for attempt in reversed(worked(section)) if attempt.result for one in attempt.result.follow_ups]


def decisions(section: SectionState) -> list[str]:
    """What those who did the section's work decided."""
    return [one for attempt in reversed(worked(section)) if attempt.result for one in attempt.result.decisions]


def unanswered(section: SectionState) -> tuple[str, ...]:
    """Acceptance criteria for which the last agent that did the section's work gave no evidence."""
    return next((attempt.unanswered for attempt in worked(section)), ())
