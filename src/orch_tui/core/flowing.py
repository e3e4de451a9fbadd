"""Where a section stands in its workflow, and where it goes from there: questions about the state, no answers to it."""

from __future__ import annotations

from orch_tui.core.state import AskState, AttemptState, SectionState, State
from orch_tui.flow.workflow import (
    MINIMAL,
    SUCCESS,
    AgentPhase,
    ApprovalPhase,
    Phase,
    ScriptPhase,
    Workflow,
    merges,
    outcome_of,
    works,
)


def workflow(state: State, section: SectionState) -> Workflow:
    """The workflow that carries a section out: its own, else that of the run."""
    found = MINIMAL
    for one in state.workflows:
        if one.name == section.workflow:
            return one
        if one.name == state.settings.workflow:
            found = one
    return found


def phase(state: State, section: SectionState, name: str) -> Phase | None:
    """The phase `name` of the section's workflow; None when an earlier plan or program had it."""
    return workflow(state, section).phases.get(name)


def first(state: State, section: SectionState) -> str:
    """The phase an attempt begins or goes on with: the one it is in, else the first."""
    flow = workflow(state, section)
    return section.phase if section.phase in flow.phases else flow.start


def after(state: State, section: SectionState) -> str:
    """Where a section that leaves a phase goes; "" when its workflow does not say.

    Where no branch was made, in place, there is nothing to merge, and merging is passed.
    """
    flow, at, outcome = workflow(state, section), section.phase, state.leaving[section.id]
    passed: set[str] = set()
    while at not in passed:
        passed.add(at)
        at = flow.next(at, outcome)
        if not merges(flow.phases.get(at)) or (section.last is not None and section.last.branch):
            return at
        outcome = SUCCESS
    return ""


def leads(state: State, section: SectionState, outcome: str) -> bool:
    """Whether the section's workflow says what follows an outcome of the phase it is in."""
    return bool(workflow(state, section).next(section.phase, outcome))


def commits(state: State, section: SectionState, attempt: AttemptState) -> bool:
    """Whether what an attempt leaves is work: that of an agent or a program; checks and readers leave none."""
    match phase(state, section, attempt.phase):
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


def failed_as(state: State, section: SectionState, attempt: AttemptState) -> str:
    """The outcome of a phase whose attempt failed for good."""
    return outcome_of(phase(state, section, attempt.phase), attempt.exit_code)


def asked(state: State, section: SectionState) -> AskState:
    """What the approval phase that a section is in asks; `at` is left to whoever knows the time."""
    here = phase(state, section, section.phase)
    assert isinstance(here, ApprovalPhase), "only an approval asks"
    return AskState(
        request_id=f"{state.run}/{section.slug}/{section.phase}/{section.visits[section.phase]}",
        section=section.id,
        attempt=len(section.attempts),
        kind="approval",
        title=here.ask,
        detail=section.detail,
        options=here.choices,
        at=0.0,
        phase=section.phase,
    )


def agent(section: SectionState) -> str:
    """Who is at work on a section, or would be: a phase may have an agent of its own."""
    return section.last.agent if section.last is not None else section.agent


def entered(state: State, section: SectionState) -> str:
    """The phase a section is in, or comes to next; "" before the first, and where its workflow has one to speak of."""
    attempts = sum(works(phase) for phase in workflow(state, section).phases.values())
    if attempts < 2 or not section.phase:
        return ""
    return after(state, section) if section.id in state.leaving else section.phase


def cannot(state: State, section: SectionState) -> tuple[str, ...]:
    """Commands that the agent at work on a section cannot follow."""
    at_work = agent(section)
    if at_work == section.agent or state.edition is None:
        return section.cannot
    return tuple(state.edition.read.agents.get(at_work, ()))


def waits(state: State, name: str) -> bool:
    """Whether it is a person that a section waits for just now."""
    return state.sections[name].held or any(ask.section == name for ask in state.asks.values())


def slots(state: State) -> int:
    """How many more attempts may run. Polls take no slot, and neither do the checks of the one merge there is at a
    time: it would wait for sections that wait for it."""
    return state.settings.concurrency - len(state.live) + len(state.polling) + (state.merging in state.live)


def begin_again(section: SectionState) -> None:
    """Back before the first phase."""
    section.phase, section.tree, section.told = "", 0, ""
    section.visits.clear()


def summary(state: State, section: SectionState) -> str:
    """What the last agent, or program, that did the section's work said of it."""
    for attempt in reversed(section.attempts):
        if attempt.outcome == "succeeded" and commits(state, section, attempt):
            return attempt.summary
    return ""
