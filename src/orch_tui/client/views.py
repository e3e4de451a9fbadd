"""What front ends show, as plain rows made from the state: words, glyphs and figures, all foreign text cleaned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orch_tui.clean import clean, one_line
from orch_tui.client import phases, progress, repositories
from orch_tui.client.proposals import proposed_sections
from orch_tui.clock import duration
from orch_tui.core import budgets, choosing, flowing, forecast, rules
from orch_tui.core.asking import AskState
from orch_tui.core.state import AttemptState, Phase, SectionState, State, Status
from orch_tui.flow.workflow import AgentPhase

GLYPHS: dict[Status, str] = {
    Status.WAITING: "·",
    Status.READY: "◇",
    Status.RUNNING: "▶",
    Status.PAUSED: "=",
    Status.PARKED: "~",
    Status.ATTENTION: "▲",
    Status.DONE: "✓",
    Status.FAILED: "×",
    Status.SKIPPED: "»",
    Status.BLOCKED: "■",
}
"""One sign a status, all in the fonts people have; a status is never told by colour alone."""
PLANNED = {"": "", "done": "done", "excluded": "left out"}
"""What the graph itself says of a section, in words."""
ASKING = "?"
"""The sign of a section whose agent waits for an answer."""

_COUNT_ORDER = (
    Status.DONE,
    Status.RUNNING,
    Status.ATTENTION,
    Status.FAILED,
    Status.PAUSED,
    Status.PARKED,
    Status.BLOCKED,
    Status.SKIPPED,
    Status.READY,
    Status.WAITING,
)
_PHASE_WORDS: dict[Phase, str] = {
    Phase.NEW: "new",
    Phase.REVIEW: "waits for your approval",
    Phase.RUNNING: "running",
    Phase.PAUSED: "paused",
    Phase.STOPPING: "stopping",
    Phase.STOPPED: "stopped",
    Phase.CANCELLING: "cancelling",
    Phase.CANCELLED: "cancelled",
    Phase.DONE: "done",
    Phase.FAILED: "finished with failures",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A section in one line. `word` says the status (and more: "merging"), `waits` what it waits for."""

    id: str
    title: str
    status: Status
    glyph: str
    word: str
    agent: str
    attempt: int
    cost: str
    elapsed: str
    waits: str
    asking: bool
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The run in one line. `counts` leaves out what is 0; `finished` counts done and skipped."""

    title: str
    run: str
    phase: Phase
    word: str
    counts: tuple[tuple[Status, int], ...]
    finished: int
    total: int
    cost: str
    clock: str
    asks: int
    attention: int
    proposed: int = 0
    """Sections that agents propose, and nobody decided about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A labelled value of the details."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """Something an agent waits for; `age` as text. Answer it by `request_id`, never by its place in a list."""

    request_id: str
    section: str
    section_title: str
    kind: str
    title: str
    detail: str
    options: tuple[str, ...]
    age: str
    look: tuple[str, ...] = ()
    """What there is to look at before an answer: the command that shows it, then the worktree it is in."""


def section_row(state: State, section: str, now: float) -> SectionRow:
    """One section at wall time `now` (seconds)."""
    found = state.sections[section]
    last = found.last
    asking = section in asking_sections(state) and not found.held
    return SectionRow(
        id=one_line(found.id),
        title=one_line(found.title),
        status=found.status,
        glyph=ASKING if asking else GLYPHS[found.status],
        word=_word(state, found, asking=asking),
        agent=one_line(found.agent),
        attempt=last.number if last else 0,
        cost=section_cost(found),
        elapsed=_elapsed(last, now),
        waits=waits(state, section, now),
        asking=asking,
        live=section in state.running,
    )


def planned_row(section: SectionState, state: State) -> SectionRow:
    """A section of an edition that does not run: what the edition says of it, else what the run does."""
    under_way = state.sections.get(section.id)
    status = Status.DONE if section.planned == "done" else Status.SKIPPED if section.planned else Status.WAITING
    if not section.planned and under_way is not None and not under_way.planned:
        status = under_way.status
    return SectionRow(
        id=one_line(section.id),
        title=one_line(section.title),
        status=status,
        glyph=GLYPHS[status],
        word=PLANNED[section.planned] or status.value,
        agent=one_line(section.agent),
        attempt=0,
        cost="",
        elapsed="",
        waits="",
        asking=False,
        live=False,
    )


def section_rows(state: State, now: float) -> list[SectionRow]:
    """All sections in the plan's order."""
    return [section_row(state, name, now) for name in state.sections]


def asking_sections(state: State) -> frozenset[str]:
    """Sections of which something waits for an answer, those that a person paused too."""
    return frozenset(ask.section for ask in state.asks.values())


def waits(state: State, section: str, now: float) -> str:
    """Why the section is not running, in words; "" when nothing holds it or it is over."""
    if state.sections[section].verdict or section in state.running:
        return ""
    found = dict(rules.why(state, section, now))
    if "blocked" in found:
        found.pop("dependencies", None)  # says the same with other words
    return "; ".join(map(one_line, found.values()))


def summary(state: State, now: float) -> Summary:
    """The run at wall time `now` (seconds)."""
    counts = tuple((status, state.counts.get(status, 0)) for status in _COUNT_ORDER if state.counts.get(status, 0))
    ended = state.finished_at or now
    return Summary(
        title=one_line(state.title) or one_line(state.run),
        run=one_line(state.run),
        phase=state.phase,
        word=_phase_word(state),
        counts=counts,
        finished=state.counts.get(Status.DONE, 0) + state.counts.get(Status.SKIPPED, 0),
        total=len(state.sections),
        cost=run_cost(state),
        clock=duration(ended - state.started_at) if state.started_at else "",
        asks=len(state.asks),
        attention=state.counts.get(Status.ATTENTION, 0),
        proposed=proposed_sections(state),
    )


def details(state: State, section: str, now: float, *, room: int = 100) -> tuple[Field, ...]:
    """Everything about one section worth a line; what is unknown is said to be unknown.

    `room` is for how many signs a line has room: what can be said in fewer is.
    """
    found = state.sections[section]
    row = section_row(state, section, now)
    last = found.last
    fields = [("status", f"{row.glyph} {row.word}" + (f" · {one_line(found.detail)}" if found.detail else ""))]
    if row.waits and not found.attention:  # that is in its status
        fields.append(("waits", row.waits.removeprefix("waiting ")))
    fields += [
        ("merge", progress.merge(state, found)),
        ("phases", phases.line(state, found, room)),
        ("went", progress.went(state, found, room)),
    ]
    fields.append(("repository", repositories.place(state, found)))
    fields += [("one of", words) for words in _choices(state, found)]
    if section in state.running:
        fields += [("forecast", one_line(words)) for words in forecast.told(state, found)]
    if last is None:
        fields.append(("agent", " · ".join(filter(None, (_agent(state, found), one_line(found.hints.model))))))
    else:
        fields += _attempt_fields(state, found, last, now)
    fields += [("checks", progress.checks(state, found)), ("limits", progress.limits(state, found))]
    if last is not None:
        home = found.attempts[(last.tree or last.number) - 1]
        where = [
            ("branch", flowing.branch(state, found)),
            ("worktree", home.path),
            ("session", last.agent_session_id or last.session_id),
        ]
        fields += [(label, one_line(value, 600)) for label, value in where]
    below = len(found.downstream)
    if below:
        fields.append(("then", f"{', '.join(map(one_line, found.downstream[:8]))}{' …' if below > 8 else ''}"))
    return tuple(Field(label=label, value=value) for label, value in fields if value)


def asks(state: State, now: float) -> tuple[AskRow, ...]:
    """What waits for a person, the oldest first."""
    return tuple(_ask_row(state, ask, now) for ask in sorted(state.asks.values(), key=lambda ask: ask.at))


def money(cost: float | None) -> str:
    """US dollars; "$?" when nobody knows."""
    return "$?" if cost is None else budgets.dollars(cost)


def run_cost(state: State) -> str:
    """What the run cost so far; "+?" when some agents did not tell (yet), "$?" when none did."""
    live = [state.attempt(name, number) for name, number in state.live.items()]
    silent = any(attempt.seen and attempt.cost_usd is None for attempt in live)
    if state.cost_unknown or silent:
        return f"{money(state.cost_usd)}+?" if state.cost_usd else "$?"
    return money(state.cost_usd)


def section_cost(section: SectionState) -> str:
    """What all attempts of the section cost; "" before the first, "+?" and "$?" as for the run."""
    if not section.attempts:
        return ""
    known = [attempt.cost_usd for attempt in section.attempts if attempt.cost_usd is not None]
    unknown = any(attempt.cost_usd is None and attempt.ended_at for attempt in section.attempts)
    if not known:
        return "$?" if unknown else ""
    return money(sum(known)) + ("+?" if unknown else "")


def _phase_word(state: State) -> str:
    tangled = state.phase is Phase.REVIEW and any(finding.type == "cycle" for finding in state.findings)
    return "cannot start: a cycle" if tangled else _PHASE_WORDS[state.phase]


def _word(state: State, section: SectionState, *, asking: bool) -> str:
    if asking:
        return "asks you"
    match section.status:
        case Status.ATTENTION:
            return one_line(section.attention) or "needs you"
        case Status.SKIPPED if section.planned:
            return PLANNED[section.planned]
        case Status.RUNNING:
            return progress.at_work(state, section)
        case Status.PAUSED if section.id in asking_sections(state):
            return "paused, asks"
        case _:
            return section.status.value


def _elapsed(attempt: AttemptState | None, now: float) -> str:
    if attempt is None:
        return ""
    return duration((attempt.ended_at or now) - attempt.intended_at)


def _choices(state: State, section: SectionState) -> Iterator[str]:
    """Each choice of the section, and what of it is done."""
    for choice, met in choosing.satisfied(state.sections, section):
        if all(choice):
            named = [" and ".join(option) for option in choice[: choosing.MOST_NAMED]]
            more = " …" if len(choice) > choosing.MOST_NAMED else ""
            yield one_line(" or ".join(named) + more + (f": satisfied by {' and '.join(met)}" if met else ""))


def _attempt_fields(state: State, section: SectionState, last: AttemptState, now: float) -> list[tuple[str, str]]:
    tries = section.tries + (section.id in state.live)
    most = flowing.most_tries(state, section, section.phase)
    number = f"{last.number}" + (f" · try {tries} of at most {most}" if 1 < tries <= most else "")
    fields = [
        ("attempt", f"{number} · {_elapsed(last, now)}{_after(section, last)}"),
        ("agent", " · ".join(filter(None, (_agent(state, section), one_line(last.model))))),
        ("cost", f"{section_cost(section) or 'not known yet'}{_allowed(state, section, last)}{_tokens(last)}"),
        ("files", _files(last)),
        ("notice", one_line(last.notice)),
        ("said", one_line(section.summary or last.summary or last.message, 400)),
    ]
    return [(label, value) for label, value in fields if value]


def _after(section: SectionState, last: AttemptState) -> str:
    """What an attempt goes on from, and how it ended."""
    whence = ""
    if last.resumes:
        whence = f" · goes on with the session of attempt {last.resumes}"
    elif last.session and last.tree not in {0, last.number} and section.attempts[last.tree - 1].phase == last.phase:
        whence = f" · goes on in the worktree of attempt {last.tree}"
    return whence + (f" · ended {last.failure}" if last.failure else "")


def _allowed(state: State, section: SectionState, last: AttemptState) -> str:
    """What the section may cost, and an attempt at the phase it is in."""
    phase, whole = flowing.phase(state, section, last.phase), budgets.of_section(state, section)
    own = phase.budget if isinstance(phase, AgentPhase) else 0.0
    return (f" of {money(whole)}" if whole else "") + (f" · {money(own)} at most for this phase" if own else "")


def _agent(state: State, section: SectionState) -> str:
    """Who is at work, or would be, and who decided that."""
    level = flowing.agent_level(state, section)
    return one_line(flowing.agent(section)) + (f" ({one_line(level)})" if level else "")


def _tokens(attempt: AttemptState) -> str:
    if not attempt.input_tokens and not attempt.output_tokens:
        return ""
    return f" · {attempt.input_tokens:,} tokens in, {attempt.output_tokens:,} out"


def _files(attempt: AttemptState) -> str:
    if not attempt.file_count:
        return ""
    named = ", ".join(map(one_line, attempt.files[:4])) + (" …" if attempt.file_count > 4 else "")
    plural = "file" if attempt.file_count == 1 else "files"
    return f"{attempt.file_count} {plural} +{attempt.insertions} -{attempt.deletions}: {named}"


def _ask_row(state: State, ask: AskState, now: float) -> AskRow:
    return AskRow(
        request_id=ask.request_id,
        section=ask.section,
        section_title=one_line(state.sections[ask.section].title),
        kind=ask.kind,
        title=one_line(ask.title, 1000),
        detail=clean(ask.detail[:100_000]),
        options=ask.choices,
        age=duration(now - ask.at),
        look=work_of(state, state.sections[ask.section]) if ask.kind == "approval" else (),
    )


def work_of(state: State, section: SectionState) -> tuple[str, ...]:
    """Where the work of a section lies that is to be reviewed, and what shows it; () where there is none."""
    home = next((one for one in reversed(section.attempts) if one.branch and not one.proves), None)
    if home is None or state.settings.isolation != "worktree":
        return ()
    home = section.attempts[(home.tree or home.number) - 1]
    said = (f"git diff orch/{state.run}...{home.branch}", f"worktree {home.path}")
    return tuple(one_line(words, 600) for words in said)
