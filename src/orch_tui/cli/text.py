"""Plans, states and events as lines of text. Everything foreign is cleaned here."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator

from orch_tui.clean import one_line
from orch_tui.client import progress
from orch_tui.client.follow import Follower, Seen
from orch_tui.client.held import held_words, paused_words
from orch_tui.client.proposals import ProposalRow
from orch_tui.client.repositories import branches
from orch_tui.client.reviving import under_way
from orch_tui.client.views import GLYPHS, money, run_cost, work_of
from orch_tui.clock import duration
from orch_tui.core import flowing
from orch_tui.core.asking import AskState
from orch_tui.core.attempt_events import (
    AskAnswered,
    AskRaised,
    AttemptEnded,
    AttemptLost,
    AttemptStarted,
    NoticeRaised,
    ResultReported,
    SectionProposed,
    Steered,
)
from orch_tui.core.decision_events import DecisionAdded, DecisionPinned, DecisionStruck
from orch_tui.core.events import Event
from orch_tui.core.mend_events import MendRedone, MendUndone, PlanMended, ProposalAccepted, ProposalDismissed
from orch_tui.core.rules import why
from orch_tui.core.run_events import (
    ClockJumped,
    CommandRefused,
    Recovered,
    RevisionApproved,
    RevisionDiscarded,
    RevisionRead,
    RoomChanged,
    RunApproved,
    RunCancelRequested,
    RunFinished,
    RunHalted,
    RunPaused,
    RunResumed,
    RunStopped,
    RunStopRequested,
)
from orch_tui.core.section_events import (
    PhaseEntered,
    PhaseFailed,
    PhaseSkipped,
    SectionCancelled,
    SectionDone,
    SectionFailed,
    SectionNeedsAttention,
    SectionParked,
    SectionPaused,
    SectionResumed,
    SectionRetried,
    SectionSent,
    SectionSkipped,
)
from orch_tui.core.state import Phase, State, Status
from orch_tui.core.validation_events import ValidationEnded, ValidationIntended
from orch_tui.core.work_events import MergeComputed, MergeConflicted, StepFailed, UndoFailed, WorkUndone
from orch_tui.plan.dag import Graph
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.either import satisfied
from orch_tui.plan.model import Finding, Plan
from orch_tui.store.layout import RunDir


def plan_lines(plan: Plan) -> Iterator[str]:
    """A plan as it was read, by wave, with the words of every edge."""
    if plan.title:
        yield one_line(plan.title)
    titles = {section.id: section for section in plan.sections}
    done = {section.id for section in plan.sections if section.done}
    incoming: dict[str, list[str]] = {}
    instead = satisfied(plan.dependencies, done)
    for edge in plan.dependencies:
        words = (
            f"      after {one_line(edge.upstream)}, line {edge.evidence.line}: “{one_line(edge.evidence.quote, 90)}”"
        )
        if other := instead.get((edge.upstream, edge.downstream, edge.choice)):
            words += f" (satisfied by {one_line(other)})"
        incoming.setdefault(edge.downstream, []).append(words)
    waves = Graph.of(plan).waves()
    placed = {name for wave in waves for name in wave}
    never = [section.id for section in plan.sections if section.id not in placed]
    rounds = [(f"wave {number}", wave) for number, wave in enumerate(waves, 1)]
    for heading, names in [*rounds, ("no wave: in a cycle or behind one", never)] if never else rounds:
        yield heading
        for name in names:
            section = titles[name]
            yield f"  {'✓' if section.done else '·'} {one_line(name)}  {one_line(section.title)}"
            yield from incoming.get(name, [])
    if plan.findings:
        yield "findings"
    for finding in plan.findings:
        yield f"  {finding_line(finding)}"


def finding_line(finding: Finding) -> str:
    """Something about a plan that a person should know."""
    where = f" (line {finding.line})" if finding.line else ""
    return f"{finding.type}{where}: {one_line(finding.message, 600)}"


def status_lines(follower: Follower) -> Iterator[str]:
    """Where a run stands."""
    from orch_tui.client.launch import plan_changed  # for `parse` this module has to be there at once

    state = follower.state
    yield "  ".join(filter(None, (one_line(state.title), f"[{follower.run.name}]", state.phase.value)))
    if state.sections:
        yield _totals(state)
    if follower.damage:
        yield f"read-only: {one_line(follower.damage, 500)}"
    elif changed := plan_changed(state):
        yield f"note: {one_line(changed, 500)}"
    now = time.time()  # noqa: TID251 - a front end's own clock
    names = max((len(one_line(section.id)) for section in state.sections.values()), default=0)
    titles = max((len(one_line(section.title, 60)) for section in state.sections.values()), default=0)
    for section in state.sections.values():
        glyph, status = GLYPHS[section.status], section.status.value
        line = f"  {glyph} {one_line(section.id):{names}}  {one_line(section.title, 60):{titles}}  {status}"
        detail = section.detail.removeprefix(status).strip()  # "skipped by …" behind "skipped"
        said = [detail] if detail and not section.planned else []
        reasons = said if section.verdict else [words for _, words in why(state, section.id, now)]
        if section.id in state.running and (doing := progress.under_way(state, section)):
            reasons = [doing]
        room = 300 if section.status is Status.ATTENTION else 100  # what a person has to do is said in full
        words = one_line(reasons[0].removeprefix(f"{status}: "), room) if reasons else ""
        yield f"{line}  {words}".rstrip()


def runner_lines(follower: Follower) -> Iterator[str]:
    """That a run under way has no runner, and what starts one."""
    if under_way(follower.state) and not follower.runner_alive():
        plan = shlex.quote(one_line(follower.state.plan_path, 2000))
        yield "no runner: agents work on, but nothing is started, merged or judged"
        yield f"  go on with: orch-tui run {plan} --headless, or open the cockpit: orch-tui {plan}"


def summary_lines(state: State, run: RunDir) -> Iterator[str]:
    """How it ended, what needs a person, where things are."""
    yield _totals(state)
    for section in state.sections.values():
        if section.status in {Status.FAILED, Status.ATTENTION, Status.BLOCKED}:
            words = ": ".join(part for part in (section.attention, section.detail) if part)
            if section.status is Status.BLOCKED:
                words = "something it depends on failed"
            yield f"  {GLYPHS[section.status]} {one_line(section.id)} {section.status.value}: {one_line(words, 300)}"
    if state.settings.isolation == "worktree":
        yield from (f"  branch  {words}" for words in branches(state))
    yield f"  state   {run.path}"


def advice_lines(state: State, which: str) -> Iterator[str]:
    """What a person can do to bring a run forward, as commands; `which` are the options that name the run."""
    plan = shlex.quote(one_line(state.plan_path, 2000))
    match state.phase:
        case Phase.REVIEW:
            yield from _to_decide(state, which)
            yield from _review_advice(state, plan)
        case Phase.PAUSED if state.halted:
            yield f"halted: {one_line(state.halted, 600)}"
        case Phase.PAUSED:
            yield f"{paused_words(state)}; go on with: orch-tui resume {which}"
        case Phase.STOPPED:
            yield f"stopped by {one_line(state.phase_by)}; go on with: orch-tui run {plan} --headless"
        case Phase.CANCELLED | Phase.CANCELLING:
            pass
        case _:
            yield from held_words(state)
            yield from _to_decide(state, which)
    yield from ask_lines(state, which)
    for section in state.sections.values():
        name = shlex.quote(one_line(section.id))
        if section.status is Status.ATTENTION and section.attention == "merge conflict":
            yield f"{one_line(section.id)} needs you; again on top of what is merged: orch-tui retry {name} {which}"
            yield f"  or merge its branch into the other one yourself, then: orch-tui skip {name} {which}"
        elif section.status is Status.ATTENTION and section.attention == "needs review":
            phase = shlex.quote(one_line(section.phase))
            yield f"{one_line(section.id)} needs review; take it as it is: orch-tui skip {name} {phase} {which}"
            yield f"  or have it done again: orch-tui retry {name} {which}"
        elif section.status is Status.ATTENTION:
            yield f"{one_line(section.id)} needs you; then: orch-tui retry {name} {which}  (or skip)"
        elif section.status is Status.PAUSED and state.phase is not Phase.PAUSED:
            yield f"{one_line(section.id)} is paused; go on with: orch-tui resume {name} {which}"


def ask_lines(state: State, which: str) -> Iterator[str]:
    """What agents ask, and how to answer it; `which` are the options that name the run."""
    for ask in state.asks.values():
        section = state.sections[ask.section]
        yield f"{one_line(ask.section)} asks: {one_line(ask.title)}" + (" (it is paused)" if section.held else "")
        if ask.kind == "approval":
            yield from (f"  {one_line(line, 300)}" for line in ask.detail.splitlines() if line.strip())
            yield from (f"  look at it: {words}" for words in work_of(state, section))
        yield f"  answer with: orch-tui answer {which} {shlex.quote(one_line(ask.request_id))} {_choices(ask)}"


def proposal_lines(row: ProposalRow) -> Iterator[str]:
    """What is proposed, the words it rests on, why, how it is today, and what accepting it does."""
    yield f"{row.kind}: {row.words}"
    if row.quote:
        yield f"{'' if row.document == 'plan' else 'PRD, '}line {row.line}: “{row.quote}”"
    yield row.reason
    yield from (f"now: {now}" for now in row.now)
    if row.text:
        yield from (f"does: {does}" for does in row.does)
        yield from (f"| {line}" for line in row.text.split("\n"))
    if not row.does:
        yield "accepting it changes nothing; only you can write what is missing"


def _to_decide(state: State, which: str) -> Iterator[str]:
    """What is proposed and nobody decided: in a run under way, what its agents propose."""
    edition = state.candidate or state.edition
    known = edition.proposals.values() if edition else ()
    under_way = state.phase is not Phase.REVIEW
    found = [one for one in known if one.fate == "open" and (one.proposal.kind == "new-section" or not under_way)]
    if found:
        yield f"{_count(len(found), 'proposal')} to decide: `orch-tui proposals{f' {which}' if under_way else ''}`"


def _review_advice(state: State, plan: str) -> Iterator[str]:
    cycles = [finding for finding in state.findings if finding.type == "cycle"]
    for finding in cycles:
        yield f"it cannot start: {one_line(finding.message, 500)}"
    if not cycles:
        look = f"look at it with `orch-tui {plan}` or `orch-tui graph`"
        yield f"waiting for approval: {look}, then `orch-tui approve`, or run again with --yes"


def _choices(ask: AskState) -> str:
    return "|".join(shlex.quote(one_line(option)) for option in ask.choices) or "TEXT"


def event_line(seen: Seen, state: State) -> str:
    """One event as a line; "" for what is not news to a person."""
    words = _words(seen.event, state)
    return f"{time.strftime('%H:%M:%S', time.localtime(seen.at))}  {words}" if words else ""


def _totals(state: State) -> str:
    counts = "  ".join(f"{count} {status.value}" for status, count in state.counts.items() if count)
    unknown = f" · {_count(state.cost_unknown, 'attempt')} of unknown cost" if state.cost_unknown else ""
    return f"  {counts}   {run_cost(state)}{unknown}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _words(event: Event, state: State) -> str:
    match event:
        case RunApproved():
            return f"approved by {one_line(event.by)}"
        case RunPaused():
            why = f": {one_line(event.why, 500)}" if event.why else ""
            return f"paused by {one_line(event.by)}{why}"
        case RunResumed():
            return f"resumed by {one_line(event.by)}"
        case RunStopRequested() | RunCancelRequested():
            return f"{'stop' if isinstance(event, RunStopRequested) else 'cancel'} asked for by {one_line(event.by)}"
        case RunStopped():
            return "stopped: no process of the run is left"
        case RunFinished():
            return f"run {event.outcome}"
        case ClockJumped():
            slept = f"the machine slept for {duration(event.asleep)}" if event.asleep else ""
            way = "forward" if event.step > 0 else "back"
            step = f"the clock was set {way} by {duration(abs(event.step))}" if event.step else ""
            return "; ".join(filter(None, (slept, step)))
        case RoomChanged():
            return f"▲ {one_line(event.why, 300)}" if event.level else "there is room on the disk again"
        case Recovered():
            return f"recovered: {state.recovered}"
        case CommandRefused():
            return f"refused: {event.op}: {one_line(event.reason)}"
        case RevisionApproved():
            return f"another edition of the plan approved by {one_line(event.by)}"
        case RunHalted():
            return f"▲ the run is halted: {one_line(event.why, 500)}"
        case RevisionRead() | RevisionDiscarded():
            verb = "read" if isinstance(event, RevisionRead) else "given up, the run goes on as approved,"
            return f"another edition of the plan {verb} by {one_line(event.by)}"
        case PlanMended():
            return f"mended by {one_line(event.by)}: {one_line(all_words(event.edits), 300)}"
        case MendUndone() | MendRedone():
            return f"the last mend {'un' if isinstance(event, MendUndone) else 're'}done by {one_line(event.by)}"
        case ProposalAccepted() | ProposalDismissed():
            verb = type(event).__name__.removeprefix("Proposal").lower()
            return f"proposal {one_line(event.proposal)} {verb} by {one_line(event.by)}"
        case DecisionAdded():
            return f"decided by {one_line(event.by)}: {one_line(event.text)}"
        case DecisionStruck() | DecisionPinned():
            verb = type(event).__name__.removeprefix("Decision").lower()
            return f"decision {event.number} {verb} by {one_line(event.by)}"
        case ValidationIntended():
            return f"a second reader asked for by {one_line(event.by)}"
        case ValidationEnded():
            words = one_line(event.message, 300) or _count(len(event.proposals), "proposal")
            return f"second reader: {event.outcome}: {words}"
        case _:
            return _section_words(event, state)


def _section_words(event: Event, state: State) -> str:
    section = getattr(event, "section", "")
    name = (
        f"{one_line(section)} {one_line(state.sections[section].title, 50)}" if section in state.sections else section
    )
    match event:
        case AttemptStarted():
            attempt = state.attempt(section, event.attempt)
            phase = f"{one_line(attempt.phase)}, " if flowing.entered(state, state.sections[section]) else ""
            level = flowing.agent_level(state, state.sections[section])
            agent = one_line(attempt.agent) + (f", {one_line(level)}" if level.startswith("phase") else "")
            return f"▶ {name}: {phase}attempt {event.attempt} started ({agent})"
        case PhaseEntered():
            return f"? {name}: phase {one_line(event.phase)} asks you"
        case PhaseSkipped():
            return f"  {name}: phase {one_line(event.phase)} counts as success, says {one_line(event.by)}"
        case SectionSent():
            return f"  {name}: sent to phase {one_line(event.phase)} by {one_line(event.by)}"
        case SectionRetried(phase=phase) if phase:
            return f"  {name}: retried from phase {one_line(phase)} by {one_line(event.by)}"
        case PhaseFailed():
            return f"  {name}: phase {one_line(event.phase)} came to {event.outcome!r}"
        case AskRaised():
            return f"? {name} asks: {one_line(event.title)}"
        case AskAnswered():
            return f"  {name}: answered {one_line(event.choice)} by {one_line(event.by)}"
        case Steered():
            return f"  {name}: steered by {one_line(event.by)}: {one_line(event.text, 80)}"
        case NoticeRaised() if event.kind not in {"steer", "answer"}:  # told already
            return f"  {name}: {one_line(event.text)}"
        case SectionProposed():
            return f"? {name} proposes a section: {one_line(event.title, 100)} (`orch-tui proposals`)"
        case ResultReported():
            return f"  {name}: reported {event.result.status}: {one_line(event.result.summary)}"
        case AttemptEnded() if event.outcome != "succeeded":
            said = one_line(event.message or event.failure)
            return f"  {name}: attempt {event.attempt} {event.outcome}" + (f": {said}" if said != event.outcome else "")
        case AttemptLost():
            return f"  {name}: attempt {event.attempt} lost: {one_line(event.why)}"
        case MergeComputed():
            return f"  {name}: its checks run on what merging comes to"
        case MergeConflicted():
            return f"▲ {name}: merge conflict in {one_line(', '.join(event.files))}"
        case WorkUndone():
            return f"  {name}: taken back"
        case UndoFailed():
            return f"▲ {name}: not taken back: {one_line(event.why)}"
        case StepFailed():
            return f"▲ {name}: {event.step} failed: {one_line(event.message)}"
        case SectionNeedsAttention():
            return f"▲ {name}: {event.what}: {one_line(event.detail)}"
        case SectionParked():
            return f"~ {name}: parked: {one_line(event.why)}"
        case SectionFailed():
            return f"× {name}: failed: {one_line(event.detail)}"
        case SectionDone():
            last = state.sections[section].last
            cost = f", {money(last.cost_usd)}" if last and last.cost_usd is not None else ""
            files = f", {_count(last.file_count, 'file')}" if last and last.file_count else ""
            return f"✓ {name}: done{files}{cost}"
        case SectionSkipped() | SectionCancelled() | SectionPaused() | SectionResumed() | SectionRetried():
            verb = type(event).__name__.removeprefix("Section").lower()
            return f"  {name}: {verb} by {one_line(event.by)}"
        case _:
            return ""
