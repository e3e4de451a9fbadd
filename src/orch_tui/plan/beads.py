"""The family of issue trackers exported as JSON lines: one issue a line, links between issues with a type.

Format: gastownhall/beads, `.beads/issues.jsonl`: `{"id": "bd-a1", "title": …, "issue_type": "task", "dependencies":
[{"issue_id": "bd-a1", "depends_on_id": "bd-b2", "type": "blocks"}]}`. Types: blocks, conditional-blocks and waits-for
order two issues; parent-child puts an issue into an epic; the others say nothing about order.
"""

from __future__ import annotations

import re

from orch_tui.plan.data import BrokenDataError, Node, read_json_lines
from orch_tui.plan.data_items import ID, TITLE, Found, build, first
from orch_tui.plan.document import Document
from orch_tui.plan.findings import finding
from orch_tui.plan.reading import Reading

_OBJECT = re.compile(r"\{.*\}$")
_HIDDEN = frozenset(["tombstone", "deleted"])


class BeadsReader:
    """Reads JSON lines; sections are the issues but for epics with members, which are containers."""

    name = "beads"

    def fits(self, document: Document) -> float:
        """Sure when the first two lines with anything on them are one JSON object each."""
        lines = [line for line in document.lines if line][:2]
        return 0.995 if len(lines) == 2 and all(_OBJECT.match(line) for line in lines) else 0.0

    def read(self, document: Document) -> Reading:
        """The issues; a line that is no JSON is a finding with its place."""
        text = document.data()
        try:
            nodes = read_json_lines(text)
        except BrokenDataError as error:
            broken = finding("broken-data", (), error.line, f"the data is not read; {error}")
            return Reading(items=(), findings=(broken,))
        issues = [
            one for one in nodes if first(one, ID) and first(one, TITLE) and first(one, ("status",)) not in _HIDDEN
        ]
        return build(_sorted_out(issues), text, preamble="")


def _sorted_out(issues: list[Node]) -> Found:
    """Epics that have members are containers, everything else is a task in the epic it belongs to, if any."""
    names = {first(issue, ID) for issue in issues}
    parents = {first(issue, ID): _parent(issue, names) for issue in issues}
    held = set(parents.values()) - {""}
    out = Found()
    number: dict[str, int] = {}
    for issue in issues:
        if (name := first(issue, ID)) in held:
            number[name] = len(out.containers)
            out.containers.append((issue, name, -1))
    for name, at in number.items():
        node, called, _ = out.containers[at]
        above = number.get(parents[name], -1)
        out.containers[at] = (node, called, above if above != at and not _circle(parents, name) else -1)
    out.tasks = [(issue, number.get(parents[first(issue, ID)], -1)) for issue in issues if first(issue, ID) not in held]
    return out


def _parent(issue: Node, names: set[str]) -> str:
    """The epic of an issue: its parent-child link, else its `parent`, else its id (`bd-a1.2` is in `bd-a1`)."""
    links = issue.fields.get("dependencies")
    for link in links.items if links else []:
        if first(link, ("type", "dependencytype")) == "parent-child" and (on := first(link, ("dependsonid",))) in names:
            return on if on != first(issue, ID) else ""
    above = first(issue, ("parent", "parentid")) or first(issue, ID).rpartition(".")[0]
    return above if above in names else ""


def _circle(parents: dict[str, str], name: str) -> bool:
    """Whether the epics above `name` lead back to it."""
    seen: set[str] = set()
    at = name
    while at and at not in seen:
        seen.add(at)
        at = parents.get(at, "")
    return bool(at)
