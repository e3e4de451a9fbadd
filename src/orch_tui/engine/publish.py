"""Derived files: status.json for `query`, progress.md for people. Both disposable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from orch_tui.clean import one_line
from orch_tui.clock import moment
from orch_tui.core import breakers, choosing, flowing, forecast, repositories, rules
from orch_tui.core.deciding import standing
from orch_tui.core.state import SectionState, State, Status
from orch_tui.flow.workflow import SETUP
from orch_tui.plan.edit_words import words
from orch_tui.plan.edits import Proposal
from orch_tui.store import files
from orch_tui.store.layout import RunDir

MARKS = {Status.DONE: "x", Status.SKIPPED: "-", Status.FAILED: "!", Status.ATTENTION: "?", Status.RUNNING: ">"}


class Publisher:
    """Writes the derived files of one run. What did not change is not encoded again, so a big plan stays cheap."""

    def __init__(self, run: RunDir) -> None:
        self._run = run
        self._rows: dict[str, tuple[tuple[object, ...], str]] = {}
        self._of = ("", "")

    def write_status(self, state: State, now: float) -> None:
        """Replace status.json."""
        head = json.dumps(_head(state, self._run, now), ensure_ascii=True)
        if self._of != (state.plan_sha, state.graph_sha):  # other sections, maybe with the same ids
            self._of, self._rows = (state.plan_sha, state.graph_sha), {}
        rows = ", ".join(self._row(state, section) for section in state.sections.values())
        files.replace(self._run.status, f'{head[:-1]}, "sections": [{rows}]}}'.encode(), durable=False)

    def write_progress(self, state: State) -> None:
        """Replace progress.md."""
        files.replace(self._run.progress, progress(state).encode("utf-8", "replace"), durable=False)

    def _row(self, state: State, section: SectionState) -> str:
        last = section.last
        mark = (section.status, section.detail, section.attention, section.until, len(section.attempts), section.phase)
        one_of = _one_of(state, section) if section.choices else []
        few = len(state.running) <= forecast.MOST_UNDER_WAY
        foreseen = list(forecast.told(state, section)) if few and section.id in state.running else []
        mark = (*mark, *(choice["satisfied_by"] for choice in one_of), *foreseen)
        if last is not None:
            mark = (*mark, last.cost_usd, last.started_at, last.ended_at, last.branch, last.agent_session_id)
        known = self._rows.get(section.id)
        if known is None or known[0] != mark:
            row = _section(state, section, one_of) | ({"forecast": foreseen} if foreseen else {})
            known = self._rows[section.id] = (mark, json.dumps(row, ensure_ascii=True))
        return known[1]


def _head(state: State, run: RunDir, now: float) -> dict[str, Any]:
    """What `query` prints, but for the sections. Times are wall seconds since the epoch; an unknown cost is null."""
    return {
        "run": state.run,
        "plan": state.plan_path,
        "plan_sha": state.plan_sha,
        "graph_sha": state.graph_sha,
        "title": state.title,
        "phase": state.phase.value,
        "needs_human": rules.needs_human(state),
        "approved_by": state.approval.by if state.approval else None,
        "halted": state.halted or None,
        **({"disk": {"level": state.room, "why": state.room_why}} if state.room else {}),
        **_held(state),
        "candidate": _candidate(state),
        "proposed_sections": [one.id for one in _open_proposals(state)],
        "counts": {name.value: count for name, count in state.counts.items() if count},
        "sections_total": len(state.sections),
        "cost_usd": round(state.cost_usd, 6),
        "cost_unknown_attempts": state.cost_unknown,
        "created_at": state.created_at,
        "started_at": state.started_at or None,
        "finished_at": state.finished_at or None,
        "updated_at": now,
        "seq": state.seq,
        "epoch": state.epoch,
        "runner_pid": state.runner_pid or None,
        "branch": f"orch/{state.run}" if state.settings.isolation == "worktree" else None,
        **_repositories(state),
        "settings": {
            "agent": state.settings.agent,
            "model": state.settings.model or None,
            "concurrency": state.settings.concurrency,
            "isolation": state.settings.isolation,
            "workflow": state.settings.workflow,
        },
        "asks": [
            {
                "request_id": ask.request_id,
                "section": ask.section,
                "kind": ask.kind,
                "title": ask.title,
                "options": list(ask.options),
            }
            for ask in state.asks.values()
        ],
        "directory": str(run.path),
    }


def _held(state: State) -> dict[str, Any]:
    """Agents of which nothing is started for now, when there are such."""
    found = [
        {"agent": one.agent, "model": one.model or None, "why": one.why, "until": None if one.person else one.until}
        for one in breakers.open_ones(state)
    ]
    return {"held": found} if found else {}


def _repositories(state: State) -> dict[str, Any]:
    """Where sections can be done beside the project's own repository, when there are such places."""
    found = [{"name": one.name, "path": one.path, "base": one.base} for one in repositories.elsewhere(state)]
    return {"repositories": found} if found else {}


def _candidate(state: State) -> dict[str, Any] | None:
    """Another edition that waits for approval while this one runs."""
    if state.candidate is None:
        return None
    return {"plan_sha": state.candidate.read.plan_sha, "graph_sha": state.candidate.graph_sha}


def _section(state: State, section: SectionState, one_of: list[dict[str, Any]]) -> dict[str, Any]:
    last = section.last
    row: dict[str, Any] = {
        "id": section.id,
        "title": section.title,
        "status": section.status.value,
        "depends_on": section.upstream,
        "agent": flowing.agent(section),
        "agent_from": flowing.agent_level(state, section) or None,
        "attempt": len(section.attempts),
    }
    if one_of:
        row["one_of"] = one_of
    if section.repository:
        row["repository"] = section.repository
    if section.claims:
        row["claims"] = dict(section.claims)
    if phase := SETUP if last is not None and last.phase == SETUP and not last.ended_at else section.phase:
        row["phase"] = phase
    if section.detail or section.attention:
        row["detail"] = ": ".join(part for part in (section.attention, section.detail) if part)
    if section.until:
        row["until"] = section.until
    if last is not None:
        row |= {"cost_usd": last.cost_usd, "started_at": last.started_at or None, "ended_at": last.ended_at or None}
        row |= {
            "branch": flowing.branch(state, section) or None,
            "session_id": last.agent_session_id or last.session_id,
        }
    return row


def _one_of(state: State, section: SectionState) -> list[dict[str, Any]]:
    """Of what it does not wait for all: the options of each choice, and the one that is done."""
    return [
        {"options": choice, "satisfied_by": met}
        for choice, met in choosing.satisfied(state.sections, section)
        if all(choice)
    ]


def progress(state: State) -> str:
    """The run as a Markdown checklist."""
    done = state.counts.get(Status.DONE, 0) + state.counts.get(Status.SKIPPED, 0)
    lines = [
        f"# {one_line(state.title)}",
        "",
        f"Run `{state.run}`: {state.phase.value}, {done} of {len(state.sections)} sections, ${state.cost_usd:.2f}"
        + (f" and {state.cost_unknown} attempts of unknown cost" if state.cost_unknown else ""),
        "",
    ]
    for section in state.sections.values():
        mark = MARKS.get(section.status, " ")
        said = one_line(": ".join(part for part in (section.attention, section.detail) if part))
        where = f" [{one_line(section.repository)}]" if section.repository else ""
        note = f"{where} — {section.status.value}" + (f": {said}" if said else "")
        lines.append(f"- [{mark}] **{one_line(section.id)}** {one_line(section.title)}{note}")
        if section.summary:
            lines.append(f"  {one_line(section.summary, 400)}")
        lines += [f"  - left to do: {one_line(one, 400)}" for one in flowing.follow_ups(section)]
    return "\n".join([*lines, *_decided(state), *_proposed(state)]) + "\n"


def _open_proposals(state: State) -> list[Proposal]:
    edition = state.candidate or state.edition
    known = edition.proposals.values() if edition else ()
    return [one.proposal for one in known if one.fate == "open" and one.proposal.kind == "new-section"]


def _proposed(state: State) -> Iterator[str]:
    """The sections that agents propose and nobody decided about."""
    found = _open_proposals(state)
    if found:
        yield from ("", "## Proposed sections", "")
    for one in found:
        does = "; ".join(map(words, one.edits))
        yield f"- {one_line(one.id)}: {one_line(does, 600)}: {one_line(one.reason, 400)} ({one_line(one.source)})"


def _decided(state: State) -> Iterator[str]:
    """The decisions that count, with who made them and when."""
    counts = standing(state)
    if counts:
        yield from ("", "## Decided", "")
    for one in counts:
        who = f"section {one.section}" if one.section else one.by
        pinned = ", pinned" if one.pinned else ""
        yield f"- {one_line(one.text, 600)} ({one_line(who)}, {moment(one.at)}{pinned})"
