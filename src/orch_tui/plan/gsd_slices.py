"""The family of GSD 2: `- [ ] **S04: Polish** `risk:low` `depends:[S01-S03]``, or tasks `T01` of a slice.

Format: gsd-build/gsd-2, `M001-ROADMAP.md` and `S01-PLAN.md`. What stands below an item up to the next belongs to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title
from orch_tui.plan.document import Document
from orch_tui.plan.hints import read_hints
from orch_tui.plan.marks import Mark, box
from orch_tui.plan.reading import Reading, Statement, WorkItem

_ITEM = re.compile(
    r"(?P<struck>~~)?\*\*(?P<id>[ST]\d{1,4}(?:\.\d{1,3})?[a-z]?)\s*[:.–—−-]\s*(?P<title>.*?)\*\*(?P<rest>.*)"
)
_PLAIN = re.compile(
    r"(?P<struck>~~)?\*\*(?P<id>[ST]\d{1,4}(?:\.\d{1,3})?[a-z]?)\s*[:.–—−-]\s*(?P<title>[^`*]*)(?P<rest>.*)"
)
_TAG = re.compile(r"`(?:risk|depends|est|effort|model|size)\s*:[^`]*`|^\s*>\s*\**(?:After this|Demo)", re.IGNORECASE)
_FIELD = re.compile(r"`(?P<name>[A-Za-z]+)\s*:\s*(?P<value>[^`]*)`")
_DEPENDS = re.compile(r"`depends(?:[_ -]?on)?\s*:\s*(?P<value>\[[^\]]*\]|[^`]*)`", re.IGNORECASE)
_AFTER = re.compile(r"[\s>*-]*(?:after this|demo)\b", re.IGNORECASE)
_DEFERRED = re.compile(r"\W*(?:\*\*)?(?:deferred|skipped|cancelled|dropped|superseded)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slice:
    """An item: lines, mark, id, title, and the words after the title."""

    line: int
    end: int
    mark: Mark
    id: str
    title: str
    rest: str


class GsdSlicesReader:
    """Reads slices of a roadmap and tasks of a slice."""

    name = "gsd-slices"

    def fits(self, document: Document) -> float:
        """Sure where two bold items with `S01` or `T01` carry tags in code, or say what is there after them."""
        found = _slices(document)
        tagged = sum(bool(_TAG.search(document.line(line))) for one in found for line in range(one.line, one.end + 1))
        return 0.975 if len(found) > 1 and tagged else 0.0

    def read(self, document: Document) -> Reading:
        """The items, what their tags and lines say, and the headings around them."""
        found = _slices(document)
        containers, number = all_containers(document, [False] * len(document.headings))
        starts = [heading.line for heading in document.headings]
        items: list[WorkItem] = []
        said: list[Statement] = []
        for one in found:
            chain = above(containers, number.get(bisect_right(starts, one.line) - 1, -1))
            items.append(_item(document, one, chain))
            said += _said(document, one, len(items) - 1)
        for at, container in number.items():
            heading = document.headings[at]
            if any(heading.line < one.line <= heading.end for one in found[:200]):
                aside = " ".join(f"({words})" for words in re.findall(r"\(([^()]+)\)", heading.text))
                said += statements.in_running_text(aside, heading.line, container=container)
        return Reading(items=tuple(items), containers=tuple(containers), statements=tuple(said))


def _slices(document: Document) -> list[_Slice]:
    """All ticked items that begin with a bold id; an item ends before the next one, a heading or a rule."""
    starts = sorted(
        {heading.line for heading in document.headings} | {item.line for item in document.items if item.indent < 2}
    )
    out: list[_Slice] = []
    for item in document.items:
        mark, words, rest = box(item.text)
        found = (_ITEM.match(rest) or _PLAIN.match(rest)) if words else None
        if not found or item.indent > 3:
            continue
        after = bisect_right(starts, item.line)
        stop = starts[after] - 1 if after < len(starts) else len(document.lines)
        end = document.trimmed(item.line, max(item.end, _block_end(document, item.end, stop)))
        put_off = mark != "done" and (
            bool(found["struck"])
            or any(_DEFERRED.match(document.line(line).lstrip("> ")) for line in range(item.line + 1, end + 1))
        )
        out.append(
            _Slice(
                line=item.line,
                end=end,
                mark="deferred" if put_off else mark,
                id=found["id"],
                title=bare_title(found["title"].replace("~~", "")),
                rest=found["rest"].replace("~~", ""),
            )
        )
    return out


def _block_end(document: Document, line: int, stop: int) -> int:
    """The last line of the quotes and indented lines that follow an item."""
    last = line
    for number in range(line + 1, stop + 1):
        text = document.line(number)
        if text and not text.startswith((" ", "\t", ">")):
            break
        if text:
            last = number
    return last


def _item(document: Document, one: _Slice, chain: tuple[int, ...]) -> WorkItem:
    rest = one.rest.strip(" —–-")
    fields = [f"{found['name']}: {found['value']}" for found in _FIELD.finditer(one.rest)]
    return WorkItem(
        id=one.id,
        label="slice" if one.id[0] == "S" else "task",
        title=one.title or one.id,
        line=one.line,
        body_line=one.line,
        end=one.end,
        body=document.body(one.line, rest, one.end),
        containers=chain,
        mark=one.mark,
        hints=read_hints([*fields, rest, *document.lines[one.line : one.end]]),
    )


def _said(document: Document, one: _Slice, at: int) -> list[Statement]:
    said: list[Statement] = []
    for found in _DEPENDS.finditer(one.rest):
        text = found["value"].strip() or "none"
        said.append(Statement(relation="needs", text=text, quote=found[0].strip("`"), line=one.line, item=at))
    said += statements.in_running_text(_DEPENDS.sub(" ", one.rest), one.line, item=at)
    lines = [n for n in document.visible(one.line + 1, one.end) if not _AFTER.match(document.line(n))]
    return said + statements.in_lines(document, lines, item=at)
