"""Work that stands in a diagram only: nodes with an id and words of their own, `T4[T4: Serve]` or "T4 (serve)"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.clean import one_line
from orch_tui.plan.containers import Name, name_of
from orch_tui.plan.document import Document
from orch_tui.plan.marks import heading_mark
from orch_tui.plan.names import id_key
from orch_tui.plan.reading import Diagram, WorkItem
from orch_tui.plan.strata import Candidate, Stratum

_WORK = re.compile(
    r"\b(?:tasks?|plan|steps|roadmap|milestones?|phases?|backlog|tickets?|sprints?|aufgaben|meilensteine|arbeitspakete|tareas"
    r"|fases|tâches|étapes|hoja de ruta)\b|计划|任务|里程碑|阶段|タスク|計画|フェーズ",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{1,40}>|\\n|`")
_ASIDE = re.compile(r"([A-Za-z][\w.-]{0,30}\d[\w.]*)\s*\(([^()]+)\)$")
_PATTERN = re.compile(r"[NX]{1,2}")
"""The id of a picture that shows how plans are written: "Phase N"."""
_RANK = 40
_MOST_NODES = 2_000
_LONGEST = 120


def strata(document: Document, diagrams: Sequence[Diagram]) -> list[Stratum]:
    """The nodes with ids of all diagrams as one stratum, where the document says that it is about work."""
    if not any(_WORK.search(heading.text) for heading in document.headings):
        return []
    members = drawn_items(diagrams)
    if any(one.item.label and _PATTERN.fullmatch(one.item.id) for one in members):
        return []
    return [Stratum(members=tuple(members), rank=_RANK)] if len(members) > 1 else []


def drawn_items(diagrams: Sequence[Diagram]) -> list[Candidate]:
    """One candidate for each id that a node carries together with words that say what it is."""
    found: dict[str, Candidate] = {}
    for diagram in diagrams:
        if diagram.implied or diagram.summary:
            continue
        lines = {key: arrow.line for arrow in reversed(diagram.arrows) for key in (arrow.before, arrow.after)}
        for key, text in list(diagram.nodes.items())[:_MOST_NODES]:
            name = _named(" ".join(_MARKUP.sub(" ", text[:_LONGEST]).split()).strip("\"' "))
            if name and (key in lines or (lines and key in diagram.lone)):
                found.setdefault(
                    f"{name.label} {id_key(name.id)}", _candidate(name, text, lines.get(key, diagram.line))
                )
    return sorted(found.values(), key=lambda one: one.item.line)


def _named(text: str) -> Name | None:
    """The name in a node, or None when it is only a mention ("T4") or no id opens it."""
    aside = _ASIDE.fullmatch(text)
    name = name_of(f"{aside[1]}: {aside[2]}") if aside else name_of(text)
    telling = name.id and name.title and id_key(name.title) != id_key(name.id) and name.title != text
    issue = text.startswith("#") and name.id.isdigit()
    return name if telling and (name.label or issue or re.search(r"[A-Za-z].*\d", name.id)) else None


def _candidate(name: Name, text: str, line: int) -> Candidate:
    item = WorkItem(
        id=name.id,
        label=name.label,
        title=one_line(name.title),
        line=line,
        body_line=line + 1,
        end=line,
        body=one_line(text),
        mark=heading_mark(text),
    )
    return Candidate(item=item)
