"""The brief of a fresh session: its section, and what its upstreams left, from the state and the plan's stored text.

The runner that sends it and the front end that shows it beforehand make it here, from the same state.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from orch_tui.clean import clean, one_line
from orch_tui.core import flowing, left_off, repositories
from orch_tui.core.bearing import Rule, rules_for
from orch_tui.core.choosing import needed
from orch_tui.core.decided import DecisionState
from orch_tui.core.deciding import standing
from orch_tui.core.left_off import Left
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.core.trimming import Piece, fit
from orch_tui.flow.prompts import is_template, render
from orch_tui.flow.workflow import SETUP, AgentPhase
from orch_tui.tokens import UNIT

SUMMARY_LIMIT = 4000  # characters of an upstream's summary
FILES_LIMIT = 60
_OUTPUT_LIMIT = 3000  # characters of what a check that failed printed, from its end
_WHY_LIMIT = 2000
_SIDES = 6  # sections that are told of as the other side of a conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A prompt file that was read; `name` is for messages."""

    text: str
    name: str
    outcomes: tuple[str, ...] = ()
    """The words of which the agent is to say one at its end."""


class Said(str):
    """What a phase said last; where it had to hand over an output, with that as an attribute."""

    output: Any

    def shortened(self, text: str) -> Said:
        """The same with fewer words."""
        other = Said(text)
        vars(other).update(vars(self))
        return other


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Work of the section that is begun anew: the attempt that left it, and its difference as text ("": too long)."""

    attempt: AttemptState
    diff: str


def write_brief(
    state: State,
    section: SectionState,
    text: PlanText,
    template: Template,
    *,
    attempt: int,
    budget: int,
    rate: float = UNIT,
    earlier: Earlier | None = None,
    left: Left | None = None,
    resumes: bool = False,
) -> str:
    """The text the agent of `section` is given in its attempt of this number, within `budget` tokens where it can be.

    `rate` is that of its agent (`counting.py`), `earlier` is work that the attempt begins anew, `left` what the session
    before left in the worktree that it goes on in; when it `resumes` that session, it is told this alone. Raises
    ConfigError of the template.
    """
    before = _last_ended(section, attempt)
    if resumes and left is not None and before is not None:
        return left_off.next_turn(section, before, left) + "\n" + _ask_for(template.outcomes)
    values = values_of(state, section, text, attempt, earlier)
    preamble, upstreams = values["plan"]["preamble"], values["upstreams"]
    why, output = _previous(section, attempt)
    if left is not None and before is not None:
        why = left_off.briefing(section, before, left)
        values["previous"] = "\n\n".join(filter(None, (why, output)))

    counts = standing(state)
    pinned = [_decision(one) for one in counts if one.pinned]

    def decisions_again(lines: Sequence[str]) -> None:
        values["decisions"] = [*pinned, *lines]

    def output_again(lines: Sequence[str]) -> None:
        values["previous"] = "\n\n".join(filter(None, (why, "\n".join(lines))))

    def preamble_again(lines: Sequence[str]) -> None:
        values["plan"]["preamble"] = "\n".join(lines)

    def diff_again(lines: Sequence[str]) -> None:
        if values["earlier"]:
            values["earlier"]["diff"] = "\n".join(lines)

    others = [_decision(one) for one in counts if not one.pinned]
    decided = Piece(name="decisions that nobody pinned", lines=others, put=decisions_again, from_start=True)
    decisions_again(others)
    kinds = (
        [_files_of(up) for up in upstreams],
        [_summary_of(up) for up in upstreams],
        [_interfaces_of(up) for up in upstreams],
        [_said_in(values["phases"], phase) for phase in values["phases"]],
        [Piece(name="the earlier work", lines=_lines(values["earlier"]["diff"] if earlier else ""), put=diff_again)],
        [Piece(name="what the attempt before printed", lines=_lines(output), put=output_again, from_start=True)],
        [decided],
        [_rule(rule) for rule in values["rules"]],
        [Piece(name="the words before the plan's sections", lines=_lines(preamble), put=preamble_again)],
    )
    ask = _ask_for(template.outcomes)
    return fit(lambda: render(template.text, values, name=template.name) + ask, kinds, budget, rate)


def begun_anew(
    section: SectionState, phase: AgentPhase, number: int, patch: Callable[[str, str], str]
) -> Earlier | None:
    """What attempt `number` at a phase begins anew, if it does; `patch` gives the difference of two commits as text."""
    before = flowing.superseded(section, number) if phase.anew else None
    return Earlier(attempt=before, diff=patch(before.base, before.commit)) if before else None


def values_of(
    state: State, section: SectionState, text: PlanText, attempt: int, earlier: Earlier | None = None
) -> dict[str, Any]:
    """What a template can use in the section's attempt of this number: `flow.prompts.VALUES`."""
    return {
        "run": state.run,
        "plan": {"title": one_line(state.title), "preamble": clean(state.preamble, tab_size=0).strip()},
        "section": {
            "id": section.id,
            "title": one_line(section.title),
            "repository": repositories.title(state, section.repository),
            "body": clean(text.told(section), tab_size=0).strip(),
            "notes": [clean(note.text, tab_size=0).strip() for note in section.notes],
        },
        "upstreams": [_upstream(state, section, name) for name in needed(state, section)],
        "isolated": state.settings.isolation == "worktree",
        "previous": "\n\n".join(filter(None, _previous(section, attempt))),
        "told": clean(section.told, tab_size=0).strip(),
        "phases": phases_of(section, attempt),
        "decisions": [],
        "rules": rules_for(state, section, text),
        "conflict": _conflict(state, section, text),
        "earlier": _earlier(earlier) if earlier else None,
    }


def argv_of(
    state: State, section: SectionState, text: PlanText, attempt: AttemptState, run: Sequence[str]
) -> tuple[str, ...]:
    """The program of a phase and its arguments, values filled in. Raises ConfigError for one that is not there."""
    if not any(map(is_template, run)):
        return tuple(run)
    own = {"branch": attempt.branch, "base": attempt.base}
    values = {**values_of(state, section, text, attempt.number), **own}
    return tuple(render(item, values, name=f"'run' of phase {attempt.phase!r}") for item in run)


def phases_of(section: SectionState, number: int) -> dict[str, Said]:
    """What each phase said last before attempt `number`: an agent its result, a program the end of its output.

    What `previous` tells already is "".
    """
    said: dict[str, Said] = {}
    told = _last_failed(section, number)
    for attempt in section.attempts[: number - 1]:
        if attempt is told and attempt.failure == "script":
            said[attempt.phase] = Said()
        elif attempt.phase in section.visits:
            text = attempt.summary if attempt.exit_code is None else attempt.summary[-_OUTPUT_LIMIT:]
            said[attempt.phase] = Said(clean(text)[:SUMMARY_LIMIT].strip())
            if attempt.result is not None and attempt.result.output is not None:
                said[attempt.phase].output = attempt.result.output
    return said


def _ask_for(outcomes: tuple[str, ...]) -> str:
    words = " or ".join(f"`Outcome: {word}`" for word in outcomes)
    return f"\nEnd your last message with a line of its own: {words}.\n" if words else ""


def _decision(one: DecisionState) -> str:
    return one_line(f"{one.text} ({f'section {one.section}' if one.section else one.by})", 600)


def _rule(rule: Rule) -> Piece:
    def put(lines: Sequence[str]) -> None:
        rule.text = "\n".join(lines)

    return Piece(name=f"what {one_line(rule.title, 60)!r} says", lines=_lines(rule.text), put=put)


def _said_in(phases: dict[str, Said], phase: str) -> Piece:
    whole = phases[phase]

    def put(lines: Sequence[str]) -> None:
        phases[phase] = whole.shortened("\n".join(lines))

    return Piece(name=f"what phase {phase} said", lines=_lines(phases[phase]), put=put)


def _files_of(up: dict[str, Any]) -> Piece:
    names, more = up["files"], up["more_files"]

    def put(lines: Sequence[str]) -> None:
        up["files"], up["more_files"] = lines, more + len(names) - len(lines)

    return Piece(name=f"the files that {one_line(up['id'], 40)} changed", lines=names, put=put)


def _summary_of(up: dict[str, Any]) -> Piece:
    def put(lines: Sequence[str]) -> None:
        up["summary"] = "\n".join(lines)

    return Piece(name=f"the result of {one_line(up['id'], 40)}", lines=_lines(up["summary"]), put=put)


def _interfaces_of(up: dict[str, Any]) -> Piece:
    def put(lines: Sequence[str]) -> None:
        up["interfaces"] = lines

    return Piece(name=f"the interfaces of {one_line(up['id'], 40)}", lines=up["interfaces"], put=put)


def _lines(text: str) -> list[str]:
    """Its lines; one that is as long as a page is broken, so that a part of it can stay."""
    return [line[at : at + 400] for line in text.split("\n") for at in range(0, len(line) or 1, 400)] if text else []


def _upstream(state: State, section: SectionState, name: str) -> dict[str, Any]:
    up = state.sections[name]
    words = [
        edge.needs_text or edge.needs
        for edge in state.dependencies
        if edge.upstream == name and edge.downstream == section.id and (edge.needs_text or edge.needs)
    ]
    worked = flowing.worked(up)
    done = worked[0] if worked else None
    files = done.files[:FILES_LIMIT] if done else ()
    return {
        "id": up.id,
        "title": one_line(up.title),
        "status": up.status.value,
        "needs": one_line("; ".join(dict.fromkeys(words))),
        "summary": clean(up.summary)[:SUMMARY_LIMIT].strip(),
        "interfaces": [one for attempt in reversed(worked) if attempt.result for one in attempt.result.interfaces],
        "files": [one_line(file) for file in files],
        "more_files": done.file_count - len(files) if done else 0,
        **_elsewhere(state, section, up),
    }


def _elsewhere(state: State, section: SectionState, up: SectionState) -> dict[str, str]:
    """Where the work of a section in another repository can be read."""
    last = next((attempt.repository for attempt in flowing.worked(up)), None)
    path = repositories.path_of(state, up.repository if last is None else repositories.named(state, last))
    here = repositories.path_of(state, section.repository)
    if path == here:
        return {"repository": "", "checkout": "", "branch": "", "quoted": ""}
    return {
        "repository": repositories.title(state, repositories.named(state, path)),
        "checkout": one_line(path, _WHY_LIMIT),
        "branch": f"orch/{state.run}",
        "quoted": one_line(shlex.quote(path), _WHY_LIMIT),
    }


def _says(attempt: AttemptState) -> bool:
    return attempt.phase != SETUP and bool(attempt.message or attempt.failure)


def _conflict(state: State, section: SectionState, text: PlanText) -> dict[str, Any]:
    """The files that stood in the way of merging, and the sections that had changed them too."""
    files = frozenset(section.conflict)
    beside = (other for other in state.sections.values() if other is not section)
    others = [one for one in beside if one.repository == section.repository and files & _merged_files(one)]
    return {
        "files": [one_line(name) for name in section.conflict[:FILES_LIMIT]],
        "more_files": max(0, len(section.conflict) - FILES_LIMIT),
        "others": [
            {
                "id": other.id,
                "title": one_line(other.title),
                "body": clean(text.told(other), tab_size=0).strip()[:SUMMARY_LIMIT],
                "summary": clean(other.summary)[:SUMMARY_LIMIT].strip(),
            }
            for other in others[:_SIDES]
        ],
    }


def _earlier(earlier: Earlier) -> dict[str, Any]:
    """What a section had done before it was begun anew."""
    work = earlier.attempt
    return {
        "branch": work.branch,
        "commit": work.commit,
        "base": work.base,
        "files": [one_line(name) for name in work.files[:FILES_LIMIT]],
        "more_files": work.file_count - len(work.files[:FILES_LIMIT]),
        "summary": clean(work.summary)[:SUMMARY_LIMIT].strip(),
        "diff": clean(earlier.diff, tab_size=0).strip(),
    }


def _merged_files(section: SectionState) -> set[str]:
    """What a section changed of the integration branch, as far as it is known."""
    if not any(attempt.merge_commit for attempt in section.attempts):
        return set()
    return {name for attempt in section.attempts for name in attempt.files}


def _previous(section: SectionState, number: int) -> tuple[str, str]:
    """Why the last attempt before this one ended, and the end of what its program printed."""
    last = _last_failed(section, number)
    if last is None:
        return "", ""
    why = clean(f"Attempt {last.number} ({last.phase}): {last.failure or last.named or 'failed'}: {last.message}")
    output = clean(last.summary[-_OUTPUT_LIMIT:]) if last.failure == "script" else ""
    return why[:_WHY_LIMIT].strip(), output.strip()


def _last_ended(section: SectionState, number: int) -> AttemptState | None:
    """The last session before this attempt that was up."""
    earlier = (one for one in reversed(section.attempts[: number - 1]) if one.session and one.ended_at)
    return next((one for one in earlier if one.started_at), None)


def _last_failed(section: SectionState, number: int) -> AttemptState | None:
    earlier = (attempt for attempt in reversed(section.attempts[: number - 1]) if _says(attempt))
    return next(earlier, None)
