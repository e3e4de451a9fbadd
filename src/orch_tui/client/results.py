"""What the attempts at a section came to: what was reported, with evidence for each criterion, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass

from orch_tui.agents.result import Result, answers
from orch_tui.clean import clean, one_line
from orch_tui.clock import duration
from orch_tui.core import flowing
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.flow.workflow import AgentPhase

_MOST_FILES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A criterion and how it is known to be met; `how` is "" where nobody said."""

    criterion: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision of the register: `who` decided it at wall time `at`, and `mark` says who pinned or struck it.

    `section` is where it comes from, "" for a person; `counts` says that later sessions are told it.
    """

    number: int
    text: str
    who: str
    section: str
    at: float
    mark: str
    pinned: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """An attempt and what it said. `head` names phase, number, agent and how it ended; `said` are whole texts, cleaned.

    The lists are empty for programs, and for agents that report nothing.
    """

    attempt: int
    head: str
    good: bool | None
    said: tuple[str, ...]
    blocked: str
    evidence: tuple[EvidenceRow, ...]
    decisions: tuple[str, ...]
    files: tuple[str, ...]
    interfaces: tuple[str, ...]
    follow_ups: tuple[str, ...]


def results(state: State, section: SectionState, now: float) -> tuple[ResultRow, ...]:
    """What each attempt at a section said, the latest first."""
    return tuple(_row(state, section, one, now) for one in reversed(section.attempts))


def decisions(state: State) -> tuple[DecisionRow, ...]:
    """The register, as it is numbered."""
    return tuple(
        DecisionRow(
            number=one.number,
            text=one_line(one.text, 600),
            who=one_line(f"section {one.section}" if one.section else one.by, 60),
            section=one.section,
            at=one.at,
            mark=_mark(one.struck, one.pinned, withdrawn=one.withdrawn),
            pinned=bool(one.pinned),
            counts=not one.struck and not one.withdrawn,
        )
        for one in state.decisions
    )


def _mark(struck: str, pinned: str, *, withdrawn: bool) -> str:
    if struck:
        return one_line(f"struck by {struck}", 80)
    if withdrawn:
        return "its work was undone"
    return one_line(f"pinned by {pinned}", 80) if pinned else ""


def _row(state: State, section: SectionState, attempt: AttemptState, now: float) -> ResultRow:
    found = attempt.result
    texts = (found.summary if found else attempt.summary, attempt.message, attempt.notice)
    said = tuple(dict.fromkeys(text for one in texts if (text := clean(one).strip())))
    return ResultRow(
        attempt=attempt.number,
        head=_head(attempt, now),
        good={"": None, "succeeded": True}.get(attempt.outcome, False),
        said=said,
        blocked=clean(found.blocked_reason).strip() if found else "",
        evidence=_evidence(state, section, attempt, found),
        decisions=tuple(one_line(one, 600) for one in found.decisions) if found else (),
        files=_files(attempt, found),
        interfaces=tuple(clean(one) for one in found.interfaces) if found else (),
        follow_ups=tuple(one_line(one, 600) for one in found.follow_ups) if found else (),
    )


def _head(attempt: AttemptState, now: float) -> str:
    outcome = attempt.named or attempt.outcome or ("lost" if attempt.step == "lost" else "at work")
    failure = f" ({attempt.failure})" if attempt.failure not in {"", outcome} else ""
    lasted = duration((attempt.ended_at or now) - attempt.intended_at)
    undone = ("taken back",) if attempt.undone else ()
    parts = (attempt.phase, f"attempt {attempt.number}", attempt.agent, f"{outcome}{failure}", lasted, *undone)
    return " · ".join(one_line(part) for part in parts if part)


def _evidence(
    state: State, section: SectionState, attempt: AttemptState, found: Result | None
) -> tuple[EvidenceRow, ...]:
    """Each criterion of the section with what was said of it, then what was said of others."""
    if found is None or not isinstance(flowing.phase(state, section, attempt.phase), AgentPhase | None):
        return ()
    criteria = section.hints.acceptance if attempt.leaves_work else ()
    by_criterion, others = answers(found, criteria)
    rows = [(words, how) for words, how in zip(criteria, by_criterion, strict=True)]
    rows += [(one.criterion, one.how) for one in others]
    return tuple(EvidenceRow(criterion=one_line(words, 600), how=clean(how).strip()) for words, how in rows)


def _files(attempt: AttemptState, found: Result | None) -> tuple[str, ...]:
    """What it changed as git has it, else what it says it changed."""
    named = attempt.files or (found.files if found else ())
    count = attempt.file_count or len(named)
    shown = [one_line(name, 300) for name in named[:_MOST_FILES]]
    return (*shown, *([f"and {count - len(shown)} more"] if count > len(shown) else ()))
