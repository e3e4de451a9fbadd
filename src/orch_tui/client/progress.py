"""How far a section's work is, in words: what it is at, the phases it went through, limits, checks, and its merge."""

from __future__ import annotations

from collections.abc import Iterator

from orch_tui.clean import one_line
from orch_tui.client import phases
from orch_tui.clock import span
from orch_tui.core import flowing
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, PollPhase, ScriptPhase, Timeout, merges

_STEPS = {"intended": "starting", "prepared": "starting", "ended": "finishing", "committing": "committing"}

_LEVELS = {
    "section": "the section",
    "mend": "a mend",
    "plan": "the plan",
    "settings": "the settings",
    "command line": "the command line",
}


def at_work(state: State, section: SectionState) -> str:
    """What a section under way is at, in a word or two: how its merge stands, else its phase, else its step."""
    last = section.last
    if last is None:
        return "running"
    if merge := _merging(state, section, last):
        return merge
    if section.id in state.leaving:
        return one_line(flowing.after(state, section)) or "finishing"
    word = _STEPS.get(last.step, "")
    return word or one_line(flowing.entered(state, section)) or "running"


def _merging(state: State, section: SectionState, last: AttemptState) -> str:
    if section.id in state.leaving:
        return "to merge" if merges(flowing.phase(state, section, flowing.after(state, section))) else ""
    if section.id == state.merging:
        return "proving" if section.candidate and last.step != "merging" else "merging"
    here = flowing.phase(state, section, last.phase)
    resolves = isinstance(here, AgentPhase) and (here.merge_first or here.anew) and bool(section.conflict)
    return "resolving" if resolves and section.id in state.live else ""


def merge(state: State, section: SectionState) -> str:
    """How the merge of a section stands, told at length; "" when it has not come to that."""
    last = section.last
    if last is None:
        return ""
    files = ", ".join(map(one_line, section.conflict[:4])) + (" …" if len(section.conflict) > 4 else "")
    match _merging(state, section, last):
        case "to merge":
            first = one_line(state.merging)
            return "waits to merge" + (f", after {first} ({_stage(state)})" if first else "")
        case "proving":
            return f"proving: its checks run on what merging comes to ({section.candidate[:10]})"
        case "merging":
            return f"is being merged into orch/{one_line(state.run)}"
        case "resolving":
            return f"conflict in {files}: an agent brings both sides together"
        case _:
            pass
    if section.conflict and section.verdict != "done":
        return f"conflict: both sides changed {files}"
    if last.undone:
        return "taken back, to be done again"
    done = next((one for one in reversed(section.attempts) if one.merge_commit), None)
    return f"merged as {done.merge_commit[:10]}" if done is not None else ""


def is_merged(section: SectionState) -> bool:
    """Whether the integration branch has work of the section."""
    return any(attempt.merge_commit for attempt in section.attempts)


def _stage(state: State) -> str:
    first = state.sections[state.merging]
    return _merging(state, first, first.last) if first.last is not None else "merging"


def went(state: State, section: SectionState, room: int) -> str:
    """The phases a section went through and what each came to: "implement ok · verify red ×2 · implement …".

    "" where there is no more than one attempt and its merge; of many the last ones, in at most `room` signs.
    """
    told: list[tuple[str, int]] = []
    for attempt in section.attempts:
        words = f"{one_line(attempt.phase, 30)} {_came_to(state, section, attempt)}"
        if told and told[-1][0] == words:
            told[-1] = (words, told[-1][1] + 1)
        else:
            told.append((words, 1))
    if len(told) < 2 and not (told and told[0][1] > 1):
        return ""
    said = [words + (f" ×{times}" if times > 1 else "") for words, times in told]
    kept = len(said)
    while kept > 1 and len(_joined(said, kept)) > room:
        kept -= 1
    return _joined(said, kept)


def _joined(said: list[str], kept: int) -> str:
    return ("… · " if kept < len(said) else "") + " · ".join(said[-kept:])


def _came_to(state: State, section: SectionState, attempt: AttemptState) -> str:
    if attempt.step == "conflict":
        return "conflict"
    if not attempt.outcome:
        return "lost" if attempt.step == "lost" else "…"
    if attempt.outcome == "succeeded":
        return one_line(attempt.named) or "ok"
    here = flowing.phase(state, section, attempt.phase)
    checks = attempt.proves or (isinstance(here, ScriptPhase) and here.do == "checks")
    if checks and attempt.failure == "script":
        return "red"
    return one_line(attempt.failure if attempt.failure not in {"", "script"} else attempt.outcome)


def limits(state: State, section: SectionState) -> str:
    """What bounds the phase a section is in, or begins with: visits, time, money; "" for nothing."""
    name = section.phase or flowing.first(state, section)
    here = flowing.phase(state, section, name)
    parts: list[str] = []
    if isinstance(here, AgentPhase | ScriptPhase | PollPhase | ApprovalPhase) and here.max_visits:
        parts.append(f"visit {max(1, section.visits.get(name, 0))} of {here.max_visits}")
    if isinstance(here, AgentPhase | ScriptPhase | PollPhase):
        parts += _times(here.timeout)
    if section.budget_usd is not None:
        parts.append(f"budget ${section.budget_usd:g}")
    return " · ".join(parts)


def _times(limit: Timeout) -> Iterator[str]:
    if limit.hard:
        yield f"at most {span(limit.hard)}"
    if limit.idle:
        yield f"silent for {span(limit.idle)} at most"
    if limit.soft:
        yield f"a warning after {span(limit.soft)}"


def checks(state: State, section: SectionState) -> str:
    """What checks a section: its commands, or where they are looked for; "" for a workflow that is one attempt."""
    stated = flowing.checked_by(state, section)
    if stated is None:
        return "none: its workflow checks nothing" if phases.several(state, section) else ""
    if stated:
        return one_line("; ".join(stated), 600)
    return "as the project's own files say how it is tested; without any a person is asked"


def under_way(state: State, section: SectionState) -> str:
    """What a section under way is at: how its merge stands, or which attempt by whom, and who chose them; "" for
    what waits for a person, or goes on by itself.
    """
    last = section.last
    if last is None or flowing.asking(state, section):
        return ""
    if _merging(state, section, last):
        return merge(state, section)
    if section.id not in state.live:
        return ""
    level = flowing.agent_level(state, section)
    chosen = f", chosen by {_LEVELS.get(level, level)}" if level else ""
    phase = f"{one_line(entered)}: " if (entered := flowing.entered(state, section)) else ""
    return f"{phase}attempt {last.number} by {one_line(last.agent)}{one_line(chosen)}"
