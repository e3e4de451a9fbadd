"""Mermaid flowcharts and Gantt charts as nodes and arrows; other kinds of diagrams are no plans.

Read line by line by hand: of Mermaid's grammar only what carries order matters, and a broken line must not cost the
rest of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from orch_tui.plan.document import Document, Fence
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding
from orch_tui.plan.reading import Arrow, Diagram

_FLOW = re.compile(r"\s*(?:flowchart|graph)\b\s*(?P<way>TB|TD|BT|RL|LR)?", re.IGNORECASE)
_GANTT = re.compile(r"\s*gantt\b", re.IGNORECASE)
_KEY = re.compile(r"[^\W_][\w./#]*(?:-(?![-.>])[\w./#]+)*")
_SHAPES = (
    ("([", "])"), ("[[", "]]"), ("[(", ")]"), ("(((", ")))"), ("((", "))"), ("{{", "}}"),
    ("[/", "/]"), ("[\\", "\\]"), ("[", "]"), ("(", ")"), ("{", "}"), (">", "]"),
)  # fmt: skip
_LINK = re.compile(
    r"\s*(?P<back><)?(?:(?P<dotted>-\.+-?)|(?P<thick>={2,})|(?P<plain>-{2,}))"
    r"(?:(?P<head>[>ox])(?=[\s\w|\"(\[{]|$)|\s*(?P<words>[^|>\n]{1,80}?)\s*(?:\.+-|={2,}|-{2,})(?P<head2>[>ox])?)?\s*(?:\|(?P<label>[^|\n]*)\|)?\s*"
)
_CLASS = re.compile(r"\s*class\s+(?P<nodes>[\w,\s]+?)\s+(?P<name>\w+)\s*;?\s*$")
_SUBGRAPH = re.compile(
    r"\s*subgraph\s+(?P<key>[^\[\s\"]+)?\s*(?:\[\"?(?P<title>[^\]\"]*)\"?\]|\"(?P<quoted>[^\"]*)\")?(?P<rest>.*)$"
)
_IGNORED = re.compile(r"\s*(?:classDef|style|linkStyle|click|direction|%%|accTitle|accDescr|title\b|---)")
_TASK = re.compile(r"\s*(?P<title>[^:\n]+?)\s*:\s*(?P<facts>.*)$")
_GANTT_WORDS = re.compile(
    r"\s*(?:title|dateFormat|axisFormat|excludes|includes|todayMarker|tickInterval|weekday|weekend|section|%%|click|vert)\b",
    re.IGNORECASE,
)
_MOST_PAIRS = 2_000


@dataclass(slots=True, kw_only=True)
class Chart:
    """What a block of Mermaid says: nodes by key with their text, arrows, keys by class, the members of subgraphs.

    `dotted` are arrows drawn with dots; `broken` are the lines that no rule of the grammar fits; `tasks` are the lines
    of the tasks of a Gantt chart by key, milestones too.
    """

    nodes: dict[str, str] = field(default_factory=dict[str, str])
    arrows: list[Arrow] = field(default_factory=list[Arrow])
    dotted: list[Arrow] = field(default_factory=list[Arrow])
    classes: dict[str, str] = field(default_factory=dict[str, str])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    broken: list[int] = field(default_factory=list[int])
    tasks: dict[str, int] = field(default_factory=dict[str, int])


def charts(document: Document, *, flows: bool = True) -> Iterator[tuple[Fence, Chart]]:
    """Every Gantt chart of a document and, with `flows`, every flowchart."""
    for fence in document.fences:
        if fence.language.split(" ")[0].strip("{}") != "mermaid":
            continue
        lines = [(number, document.line(number)) for number in range(fence.line + 1, fence.end + 1)]
        lines = [
            (number, line) for number, line in lines if line.strip() and not line.strip().startswith(("```", "~~~"))
        ]
        opened = next((at for at, (_, line) in enumerate(lines) if not _IGNORED.match(line)), len(lines))
        if opened == len(lines):
            continue
        if flow := _FLOW.match(lines[opened][1]):
            if not flows:
                continue
            rest = lines[opened][1][flow.end() :].lstrip(" ;")
            yield fence, _flow([(lines[opened][0], rest), *lines[opened + 1 :]])
        elif _GANTT.match(lines[opened][1]):
            yield fence, _gantt(lines[opened + 1 :])


def diagrams(document: Document, *, soft_dots: bool) -> tuple[list[Diagram], list[Finding]]:
    """The charts as diagrams; `soft_dots` says that the plan calls dotted arrows optional."""
    out: list[Diagram] = []
    problems: list[Finding] = []
    for fence, chart in charts(document):
        arrows = (*chart.arrows, *(() if soft_dots else chart.dotted))
        nodes = {key: text for key, text in chart.nodes.items() if key not in chart.groups}
        flat = tuple(_ungrouped(chart, arrows))
        out.append(
            Diagram(
                nodes=nodes | {key: chart.nodes[key] for key in chart.groups if key in chart.nodes},
                arrows=flat,
                line=fence.line,
                lone=frozenset(nodes) - {key for arrow in flat for key in (arrow.before, arrow.after)},
                around=_around(chart),
            )
        )
        if chart.broken:
            where = ", ".join(map(str, chart.broken[:5]))
            message = (
                f"the diagram from line {fence.line} on has lines that are no Mermaid (line {where}); the rest was read"
            )
            problems.append(finding("unreadable-diagram", (), chart.broken[0], message))
    return out, problems


def _around(chart: Chart) -> dict[str, tuple[str, ...]]:
    """The subgraphs that hold a node, the innermost first."""
    around: dict[str, tuple[str, ...]] = {}
    for group, keys in chart.groups.items():
        around |= {key: (group, *around.get(key, ())) for key in keys if key not in chart.groups}
    return around


def _ungrouped(chart: Chart, arrows: tuple[Arrow, ...]) -> Iterator[Arrow]:
    """Arrows from or to a subgraph hold for all nodes in it."""
    for arrow in arrows:
        before = chart.groups.get(arrow.before) or [arrow.before]
        after = chart.groups.get(arrow.after) or [arrow.after]
        for first in before[:_MOST_PAIRS]:
            for second in after[: max(1, _MOST_PAIRS // len(before))]:
                yield Arrow(before=first, after=second, line=arrow.line, quote=arrow.quote)


def _flow(lines: list[tuple[int, str]]) -> Chart:
    chart = Chart()
    open_groups: list[str] = []
    for number, line in lines:
        for part in _statements(line):
            if _IGNORED.match(part):
                continue
            if classed := _CLASS.match(part):
                chart.classes |= {key.strip(): classed["name"] for key in classed["nodes"].split(",")}
            elif part.strip().split(" ")[0] == "subgraph":
                open_groups.append(_open_group(chart, part))
            elif part.strip() == "end":
                del open_groups[-1:]
            elif part.strip():
                keys = _chain(chart, part, number)
                for group in open_groups:
                    chart.groups[group] += [key for key in keys if key not in chart.groups[group]]
    return chart


def _statements(line: str) -> list[str]:
    """The statements of one line; a semicolon within a text separates nothing."""
    bare = line.split("%%", 1)[0] if not line.lstrip().startswith("%%") else line
    return bare.split(";") if '"' not in bare else [bare.rstrip("; ")]


def _open_group(chart: Chart, part: str) -> str:
    named = _SUBGRAPH.match(part)
    key = (named["key"] or named["title"] or named["quoted"] or "") if named else ""
    text = (named["title"] or named["quoted"] or part.strip().removeprefix("subgraph")) if named else ""
    if named and named["rest"].strip() and not (named["title"] or named["quoted"]):
        key = re.split(r"\s*[:：]", text, maxsplit=1)[0].strip()  # "subgraph Phase 1: Store", a title without quotes
    key = key or f"subgraph {len(chart.groups)}"
    chart.groups.setdefault(key, [])
    chart.nodes.setdefault(key, text.strip().strip('"'))
    return key


def _chain(chart: Chart, part: str, number: int) -> list[str]:
    """`A & B --> C -->|words| D`: adds nodes and arrows; returns the keys."""
    keys: list[str] = []
    group, at = _nodes(chart, part, 0)
    if not group:
        chart.broken.append(number)
        return keys
    keys += group
    while at < len(part) and part[at:].strip():
        link = _LINK.match(part, at)
        following, end = _nodes(chart, part, link.end()) if link else ([], at)
        if not link or not following:
            chart.broken.append(number)
            break
        _join(chart, group, following, link, number, part)
        keys += following
        group, at = following, end
    return keys


def _join(chart: Chart, before: list[str], after: list[str], link: re.Match[str], number: int, part: str) -> None:
    head = link["head"] or link["head2"]
    if not (head or link["back"]):
        return
    if link["back"] and not head:
        before, after = after, before
    words = f"{link['label'] or ''} {link['words'] or ''}".lower()
    soft = link["dotted"] and any(word in words for word in ("optional", "soft", "nice", "ideal"))
    target = chart.dotted if link["dotted"] else chart.arrows
    if soft or "optional" in words:
        return
    for first in before:
        for second in after[: max(1, _MOST_PAIRS // len(before))]:
            target.append(Arrow(before=first, after=second, line=number, quote=part.strip()))


def _nodes(chart: Chart, part: str, at: int) -> tuple[list[str], int]:
    """`A[Text] & B(Text):::class` from `at` on: the keys and where they end."""
    keys: list[str] = []
    while True:
        at += len(part[at:]) - len(part[at:].lstrip())
        found = _KEY.match(part, at)
        if not found:
            return keys, at
        key, at = found[0], found.end()
        text, at = _text(part, at)
        if text or key not in chart.nodes:
            chart.nodes[key] = text or chart.nodes.get(key, key)
        if classed := re.match(r":::(\w+)", part[at:]):
            chart.classes[key] = classed[1]
            at += classed.end()
        keys.append(key)
        more = re.match(r"\s*&\s*", part[at:])
        if not more:
            return keys, at
        at += more.end()


def _text(part: str, at: int) -> tuple[str, int]:
    """The text of a node in its brackets, quoted or not."""
    for opening, closing in _SHAPES:
        if part.startswith(opening, at):
            start = at + len(opening)
            quoted = re.match(r'\s*"([^"]*)"\s*', part[start:])
            if quoted and part.startswith(closing, start + quoted.end()):
                return quoted[1], start + quoted.end() + len(closing)
            end = part.find(closing, start)
            if end >= 0:
                return part[start:end].strip().strip('"'), end + len(closing)
    return "", at


def _gantt(lines: list[tuple[int, str]]) -> Chart:
    """Gantt tasks: `Title :done, id, after other, 3d`."""
    chart = Chart()
    for number, line in lines:
        if _GANTT_WORDS.match(line):
            continue
        task = _TASK.match(line)
        if not task:
            chart.broken.append(number)
            continue
        facts = [fact.strip() for fact in task["facts"].split(",")]
        states = [fact for fact in facts if fact in {"done", "active", "crit", "milestone"}]
        rest = [fact for fact in facts if fact and fact not in states]
        key = (
            rest[0]
            if rest and re.fullmatch(r"[A-Za-z][\w-]*", rest[0]) and not rest[0].startswith("after")
            else task["title"]
        )
        chart.nodes[key] = task["title"]
        chart.tasks[key] = number
        if "done" in states:
            chart.classes[key] = "done"
        for fact in rest:
            if fact.startswith("after "):
                chart.arrows += [
                    Arrow(before=before, after=key, line=number, quote=line.strip()) for before in fact[6:].split()
                ]
    return chart
