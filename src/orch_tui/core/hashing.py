"""The hash of a graph: of everything that is carried out of a plan, whatever ran already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Protocol

from orch_tui.core.run_events import GRAPH_FORM, Repository, RuleFile, Settings
from orch_tui.core.state import SectionState, State
from orch_tui.flow.workflow import Workflow
from orch_tui.plan.either import members
from orch_tui.plan.model import Dependency, Exclusion, Hints
from orch_tui.worktree_settings import WorktreeSettings

_APART = frozenset(["resources", "changes_nothing", "repository", "merge"])
"""Hints that a row tells of by itself, where there is something to tell."""
_hints = attrgetter(*(field.name for field in fields(Hints) if field.name not in _APART))
_LATER = frozenset(["workflow", "checks"])
"""Settings that runs of form 1 did not have."""
_UNSAID: dict[str, object] = {
    "worktree": asdict(WorktreeSettings()),
    "resources": {},
    "section_budget": 0.0,
    "merge_strategy": "merge",
    "land_strategy": "merge",
    "branches": "section",
    "merge_batch": 1,
    "repository": "",
}
"""Settings that came later, and what they are where nobody says anything: left out then, as approvals before did."""


class Plan(Protocol):
    """What is carried out beside the sections."""

    @property
    def title(self) -> str: ...
    @property
    def preamble(self) -> str: ...
    @property
    def reader(self) -> str: ...
    @property
    def exclusions(self) -> tuple[Exclusion, ...]: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def rules(self) -> tuple[RuleFile, ...]: ...
    @property
    def workflows(self) -> tuple[Workflow, ...]: ...
    @property
    def repositories(self) -> tuple[Repository, ...]: ...


def graph_sha(rows: Iterable[str], plan: Plan, dependencies: Iterable[Dependency]) -> str:
    """The hash, in hex, of sections as `row` says them, in the plan's order, and of what stands around them."""
    needs = [
        [edge.upstream, edge.downstream, edge.needs_text or edge.needs]
        for edge in dependencies
        if edge.needs_text or edge.needs
    ]
    around = [plan.title, plan.preamble, plan.reader, _apart(plan.exclusions), _settings(plan), needs]
    around.append({one.name: one.sha256 for one in plan.workflows})
    if plan.rules:
        around.append([[one.path, one.below, one.text] for one in plan.rules])
    around += [["repositories", *map(_place, plan.repositories)]] if plan.repositories else []
    return _sha(f"[[{','.join(rows)}],{_json(around)}]")


def row(section: SectionState) -> str:
    """A section as it is hashed: its place in the text and its words, how it runs, and what it waits for."""
    return _json(
        [
            section.id,
            section.title,
            section.lines,
            section.text_sha,
            section.text,
            section.container,
            *_run(section),
            _hints(section.hints),
            section.upstream,
            section.choices,
            *([section.claims] if section.claims else []),
            *(["changes nothing"] if section.hints.changes_nothing else []),
            *([section.around] if section.around else []),
            *([["repository", section.repository]] if section.repository else []),
            *([["merge", section.merge]] if section.merge else []),
        ]
    )


def first_graph_sha(sections: Iterable[SectionState], plan: Plan) -> str:
    """The hash that approvals of form 1 name: without titles, lines, words, hints, and of alternatives only these.

    An upstream of which an alternative was done from the beginning was none.
    """
    every = {section.id: section for section in sections}
    done = {name for name, section in every.items() if section.planned == "done"}
    rows = ",".join(
        _json([section.id, *_run(section), sorted(set(section.upstream) - _idle(section, done)), *_made(section)])
        for section in every.values()
    )
    settings = {name: value for name, value in _settings(plan).items() if name not in _LATER}
    return _sha(f"[[{rows}],{_json(_apart(plan.exclusions))},{_json(settings)}]")


def executed_sha(state: State) -> str:
    """The hash of the graph that the dispatcher follows, in the form of its approval; today's without one."""
    sections = (section for section in state.sections.values() if not section.gone)
    if state.approval is None or state.approval.form == GRAPH_FORM:
        return graph_sha(map(row, sections), state, state.dependencies)
    return first_graph_sha(sections, state)


def _settings(plan: Plan) -> dict[str, object]:
    return {
        name: value for name, value in asdict(plan.settings).items() if name not in _UNSAID or value != _UNSAID[name]
    }


def _place(one: Repository) -> list[object]:
    """Which repository is meant, and what is run in it: its commits go on."""
    return [one.name, one.path, one.checks, asdict(one.worktree), [[rule.path, rule.text] for rule in one.rules]]


def _made(section: SectionState) -> list[str]:
    return [] if section.text is None else [hashlib.sha256(section.text.encode()).hexdigest()]


def _idle(section: SectionState, done: set[str]) -> set[str]:
    out = set[str]()
    for choice in section.choices:
        met = [option for option in choice if done.issuperset(option)]
        out |= members([tuple(option for option in choice if met and met != [option])])
    return out


def _run(section: SectionState) -> Sequence[object]:
    assigned = [section.agent, section.model, section.effort, section.budget_usd, section.workflow, section.priority]
    return section.planned, assigned, [note.text for note in section.notes]


def _apart(exclusions: Iterable[Exclusion]) -> list[list[str]]:
    return sorted(sorted((pair.one, pair.other)) for pair in exclusions)


def _sha(data: str) -> str:
    return hashlib.sha256(data.encode("ascii")).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
