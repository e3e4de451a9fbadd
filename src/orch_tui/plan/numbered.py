"""The family of numbered plans and checklists: `15. [x] **Title** — text … Dependencies: [Title]. Effort: 2/5`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace

from orch_tui.clean import one_line
from orch_tui.plan.containers import bare_title, beside_tail, name_of, title_heading
from orch_tui.plan.document import Document, ListItem
from orch_tui.plan.fields import plain
from orch_tui.plan.findings import Finding, status_conflict
from orch_tui.plan.marks import Mark, box, heading_mark, opening_mark, spoken_word
from orch_tui.plan.names import ID, LABEL, id_key
from orch_tui.plan.order_block import order_lines, ticked
from orch_tui.plan.phrases import first_at, in_text
from orch_tui.plan.reading import WorkItem
from orch_tui.plan.strata import Candidate, Stratum, is_no_work, is_work
from orch_tui.plan.value import value

_BOLD = re.compile(r"(?:~~)?\*\*(?P<inner>[^*]+?)\*\*\s*")
_OWN_ID = re.compile(r"\(#?(?P<id>[A-Za-z]{0,10}-?\d[\w.-]{0,15})\)\s+(?=\S)")
_LONE_NAME = re.compile(rf"(?:(?i:{LABEL})\s+)?{ID}[:.]?")
_OPENING_NAME = re.compile(rf"{ID}:?\s+(?=\S)|(?i:{LABEL})\s+(?=#?\w*\d){ID}:\s+(?=\S)")
_LIST_NUMBER = re.compile(
    r"(?P<id>\d{1,6}(?:\.\d{1,6})*)[.):]\s+|(?P<dotted>\d{1,6}(?:\.\d{1,6})+)\s+|\[(?P<bracketed>T?\d{1,4})\]\s+(?=\S)"
)
_CODED_ID = re.compile(rf"^`(?P<id>{ID})(?:[.-][\w.-]*)?(?:\.(?:md|ya?ml|txt|json))?`(?=\W)")
"""An id in code, or the file of a ticket that its name begins with: `T-4.story.md`."""
_CODED_NAME = re.compile(rf"^`(?P<name>(?i:{LABEL})\s+{ID})`[\s:–—-]+(?=\S)")
"""A generic word and an id in code: "`Task 3.1` Reader"."""
_SIGNS = "✅✔☑🚧🔄⏳🟡⏸🚫❌⬜🔲🔴🟢⚪🔵\ufe0f "
_TITLE_END = re.compile(r"\s+(?:[–—−-]+\s+|\(|`|[|·•]\s+)|[:.]\s+|$")
_STATUS_WORD = re.compile(r"(\w{1,12})\s+(?=\*\*)")
"""What a box is for, between it and the title: `[ ] 完了 **タスク1: …**`."""
_WORDS_BEFORE_CODE = 2
_CHAIN = re.compile(r"(?:→|->|=>)\s*\*{0,2}\d{1,4}[.)]\s")
"""An order in a line, no item: `1. Store → 2. Reader → 3. Pages`."""
_NAME = rf"(?:(?i:{LABEL})\s+#?(?=\w*\d|[A-Z]\b){ID}|#\d{{1,6}}|(?=[A-Z]+[-_]?\d){ID})"
_NAMED_CHAIN = re.compile(
    rf"\W*{_NAME}(?:\s*(?:[,&+]|and)\s*{ID})*+(?:\s*+\([^()]*\))?\s*+(?:→|->|=>)\s*{_NAME}(?:\s*+\([^()]*\))?"
    r"\s*+(?:\*\*)?\s*(?:[:.,;–—]|→|->|=>|\*\*|$)"
)
"""The same with names: `**Task 4 → Task 6**: the reader needs the store`."""
_DASH = " –—−:-.,：、，"
_STATUS = re.compile(
    r"(?:^|[.;(\s])\**(?:Status|State|Estado|Statut|状态|ステータス|状態)\**\s*[:：]\**\s*(?P<word>[^.;,()|\n]{1,40})"
)


@value
class _Parsed:
    """A list item taken apart: box mark, own or list id, generic word, title, the running text after the title."""

    item: ListItem
    mark: Mark
    boxed: bool
    bold: bool
    own_id: bool
    id: str
    label: str
    title: str
    text: str


def strata(document: Document) -> list[Stratum]:
    """One stratum for each shape of list item at each depth."""
    shapes: dict[tuple[int, int], list[_Parsed]] = defaultdict(list)
    seen: set[tuple[int, int, str, str]] = set()
    named: set[tuple[str, str]] = set()
    starts = [heading.line for heading in document.headings]
    done = ticked(document)
    ordered = order_lines(document)
    for item in document.items:
        if item.indent > _DEEPEST or _is_order(item):
            continue
        parsed = _parse(document, item)
        known = (parsed.label, id_key(parsed.id))
        if parsed.label and known in named and spoken_word(parsed.title):
            continue  # a log says how far it is: "Phase 0 — done, with a change"
        named.add(known)
        if parsed.title and not _no_work(document, starts, item.line):
            shape = _ORDERED if item.line in ordered else _shape(parsed)
            depth = min(2, item.indent // 2)
            name = (depth, shape, parsed.id, parsed.title)
            if not parsed.id or name not in seen:  # said again: "## Priorities" goes through the same list
                shapes[depth, shape].append(parsed)
            seen.add(name)
    for depth in {depth for depth, _ in shapes}:
        _go_on(shapes[depth, _BOLD_SHAPE], shapes[depth, _PLAIN])
    return [
        _stratum(document, starts, kind, depth, shape, done)
        for (depth, shape), found in sorted(shapes.items())
        for kind in map(_outermost, (found, *_kinds(found, starts)))
        if len(kind) > 1
    ] + [
        replace(_stratum(document, starts, kind, depth, shape, done), rank=_SINGLE + shape, unstated=0.0)
        for (depth, shape), found in sorted(shapes.items())
        for kind in _lists(found, shape)
        if len(kind) > 1
    ]


def _is_order(item: ListItem) -> bool:
    """Whether an item says which others follow each other, and is none itself."""
    text = item.text
    if "→" not in text and ">" not in text:
        return False
    if item.number and _CHAIN.search(text):
        return True
    return not text.startswith("[") and bool(_NAMED_CHAIN.match(text))


def _go_on(bold: list[_Parsed], plain: list[_Parsed]) -> None:
    """Adds to bold items the plain ones that go on with their numbers: `5. **Pages** …`, then `6. Tell everybody.`."""
    for one in plain if len(bold) > 1 else ():
        last = bold[-1]
        counts = last.item.number.isdigit() and one.id.isdigit() and not one.own_id
        if counts and one.item.line > last.item.line and int(one.id) == int(last.item.number) + 1:
            bold.append(one)


def _outermost(found: list[_Parsed]) -> list[_Parsed]:
    """Items that stand in none of the others."""
    out: list[_Parsed] = []
    for one in found:
        if not out or one.item.line > out[-1].item.end:
            out.append(one)
    return out


def _kinds(found: list[_Parsed], starts: list[int]) -> list[list[_Parsed]]:
    """Items of one shape apart by what they are called (issues, `T1`, plain numbers), unless they stand in one list."""
    kinds: dict[str, list[_Parsed]] = defaultdict(list)
    for one in found:
        letters = _series(one.id)
        kinds[one.label or letters or ("own" if one.own_id or not one.item.number else "number")].append(one)
    places = [{bisect_right(starts, one.item.line) for one in kind} for kind in kinds.values()]
    apart = sum(map(len, places)) == len({place for taken in places for place in taken})
    return list(kinds.values()) if len(kinds) > 1 and apart else []


def _lists(found: list[_Parsed], shape: int) -> list[list[_Parsed]]:
    """The lists one by one where each counts from 1 again: the work may be one of them, and the others its notes."""
    if shape == _ORDERED or any(one.boxed or one.own_id or not one.id.isdigit() for one in found):
        return []
    out: list[list[_Parsed]] = []
    for one in found:
        if not out or int(one.id) <= int(out[-1][-1].id):
            out.append([])
        out[-1].append(one)
    return out[:_MOST_LISTS] if len(out) > 1 else []


def _series(written: str) -> str:
    """The letters that open an id and the others of its kind: `TASK-` of `TASK-7` and `TASK-INIT`, `T` of `T1`."""
    named = re.match(r"[A-Z]{2,}[-_]", written)
    return named[0] if named else re.sub(r"[\d.]+.*", "", written)


def _stratum(
    document: Document, starts: list[int], found: list[_Parsed], depth: int, shape: int, done: set[str]
) -> Stratum:
    unstated = 0.0
    labelled = sum(bool(parsed.label) for parsed in found) * 2 > len(found)
    if shape == 0 or labelled:
        unstated = 0.7 - 0.1 * depth
    elif shape in {1, 2, _PLAIN}:
        kept = [
            parsed
            for parsed in found
            if _under_work(document, starts, parsed.item.line)
            or (parsed.boxed and _under_title(document, starts, parsed.item.line))
        ]
        unstated = (0.55 - 0.05 * shape - 0.1 * depth) if len(kept) > 1 else 0.0
    repeated = 1 - len({id_key(parsed.id or parsed.title) for parsed in found}) / len(found)
    findings: list[Finding] = []
    found = _with_tails(document, starts, found) if depth == 0 and shape in {0, _BOLD_SHAPE} else found
    return Stratum(
        members=tuple(_candidate(document, parsed, done, findings) for parsed in found),
        findings=tuple(findings),
        unstated=max(0.0, unstated - 0.5 * repeated),
        rank=2 + shape + 5 * depth,
        plain=shape == _PLAIN + 1,
        ordered=shape == _ORDERED,
        counted=not any(parsed.own_id or parsed.boxed for parsed in found),
    )


def _with_tails(document: Document, starts: list[int], found: list[_Parsed]) -> list[_Parsed]:
    """Items with the paragraphs up to the next one, where these hold fields: "**Status:** done · **Depends on:** 3"."""
    out: list[_Parsed] = []
    tailed = False
    for one, following in zip(found, [*found[1:], None], strict=True):
        at = bisect_right(starts, one.item.line)
        last = starts[at] - 1 if at < len(starts) else len(document.lines)
        last = min(last, following.item.line - 1) if following else last if tailed else one.item.end
        tail = document.visible(one.item.end + 1, last)
        if any(_STATUS.search(document.line(line)) or _is_order_field(document.line(line)) for line in tail):
            tailed = True
            out.append(replace(one, item=replace(one.item, end=document.trimmed(one.item.end, last))))
        else:
            out.append(one)
    return out


def _is_order_field(line: str) -> bool:
    return any(phrase.field for phrase in in_text(plain(line)))


def _no_work(document: Document, starts: list[int], line: int) -> bool:
    """Whether an item stands under a heading of what is no work: risks, open questions, an order of other items."""
    at = bisect_right(starts, line) - 1
    while at >= 0:
        name = name_of(document.headings[at].text)
        if name.label:
            return False
        if is_no_work(name.title):
            return True
        if is_work(name.title):
            return False
        at = document.headings[at].parent
    return False


_DEEPEST = 12
"""Columns of indent beyond which an item is a part of others, never work of its own; keeps nested lists linear."""
_SINGLE = 25
_MOST_LISTS = 5
_ORDERED = 30
"""Entries of an order of other items, which are the work only where nothing else is."""
_BOLD_SHAPE = 1
_PLAIN = 3
"""Shapes: 0 box with number or id, 1 bold with one, 2 box alone, 3 number or id alone, 4 bullet.

All but the first are work only where they state order, bold ones also under a heading that calls them the work.
"""


def _shape(parsed: _Parsed) -> int:
    numbered = bool(parsed.item.number)
    if parsed.boxed:
        return 0 if numbered or parsed.id else 2
    if parsed.bold and (numbered or parsed.id):
        return 1
    return _PLAIN if numbered or parsed.own_id else _PLAIN + 1


def _under_work(document: Document, starts: list[int], line: int) -> bool:
    at = bisect_right(starts, line) - 1
    title = name_of(document.headings[at].text).title if at >= 0 else ""
    return is_work(title)


def _under_title(document: Document, starts: list[int], line: int) -> bool:
    """Whether nothing but the title of the document stands above an item, as in a bare list of things to do."""
    at = bisect_right(starts, line) - 1
    return at < 0 or at == title_heading(document)


def _parse(document: Document, item: ListItem) -> _Parsed:
    mark, words, rest = box(item.text)
    struck = rest.startswith("~~")
    bare = rest.lstrip("~ ").lstrip(_SIGNS)
    signed = heading_mark(rest[: len(rest) - len(bare)])
    bare = _CODED_NAME.sub(r"\g<name>: ", bare) if bare.startswith("`") else bare
    coded = _CODED_ID.match(bare)
    rest = bare[coded.end() :].lstrip(_DASH) if coded else bare
    listed = _LIST_NUMBER.match(rest) if not item.number and not coded else None
    written = coded["id"] if coded else item.number
    if listed:
        written, rest = listed[listed.lastgroup or 0], rest[listed.end() :]
        later, later_words, rest = box(rest)
        mark, words = mark or later, words or later_words
    said_done = _STATUS_WORD.match(rest) if words else None
    if said_done and spoken_word(said_done[1]):
        rest = rest[said_done.end() :]
    title, text, bold = _title(rest.replace("~~", "") if struck else rest, numbered=bool(written))
    own = _OWN_ID.match(title)
    if own:
        title = title[own.end() :]
    name = name_of(title)
    dotted = bold and "." in name.id and not written
    telling = name.label or dotted or re.search("[A-Za-z]", name.id) or (name.id and title.startswith("#"))
    named = not own and telling and not (written and name.loose)
    own_id = own["id"] if own else name.id if named else ""
    shown = name.title if named else bare_title(title)
    said = (
        mark
        or heading_mark(title)
        or signed
        or opening_mark(text)
        or (box(text.strip())[0] if text.strip().startswith("[") else "")
    )
    return _Parsed(
        item=item,
        mark="deferred" if struck else said,
        boxed=bool(words),
        bold=bold,
        own_id=bool(own_id or coded or (listed and listed["bracketed"])),
        id=own_id or written,
        label=name.label if named else "",
        title=one_line(shown.strip(_DASH)),
        text=text,
    )


def _title(rest: str, *, numbered: bool) -> tuple[str, str, bool]:
    """(title, text after it, whether it was bold); a bold id before a plain title belongs to the title."""
    found = _BOLD.match(rest)
    if found:
        inner, text = found["inner"].strip(), rest[found.end() :]
        lone_id = _LONE_NAME.fullmatch(inner) and (not numbered or re.search(r"\d", inner))
        if lone_id and first_at(text.lstrip(_DASH)) > 0 and text.strip(_DASH):
            title, text, _ = _title(text.lstrip(_DASH), numbered=True)
            return f"{inner.rstrip(':.')}: {title}", text, True
        return inner.rstrip(":"), text.lstrip("~"), True
    end = next((found for found in _TITLE_END.finditer(rest) if _is_end(found, rest)), None)
    first = _OPENING_NAME.match(rest)
    if first and end and end.start() <= first.end():
        end = _TITLE_END.search(rest, first.end())
    stop = min(end.start() if end else len(rest), first_at(rest) or len(rest))
    return rest[:stop], rest[stop:], False


def _is_end(found: re.Match[str], rest: str) -> bool:
    """Whether a title ends here; code ends one only behind some words: "Add `filters` to the reader" is a title."""
    return not found[0].endswith("`") or rest.count(" ", 0, found.start()) >= _WORDS_BEFORE_CODE


def _mark(parsed: _Parsed, done: set[str], status: Mark, findings: list[Finding]) -> Mark:
    """The item's own box or sign, else what its status says; where the two disagree the box wins, and it is said."""
    if parsed.mark and status and (parsed.mark == "done") != (status == "done"):
        why = f"item {parsed.id or parsed.title!r} is marked {parsed.mark} and its status says {status}"
        findings.append(status_conflict(parsed.id, parsed.item.line, why, done=parsed.mark == "done"))
    if status == "deferred" and parsed.mark == "open":
        return status
    return parsed.mark or status or ("done" if id_key(parsed.id) in done else "")


def _candidate(document: Document, parsed: _Parsed, done: set[str], findings: list[Finding]) -> Candidate:
    item = parsed.item
    end = document.trimmed(item.line, item.end)
    text = parsed.text.lstrip(_DASH)
    told = "\n".join([text, *document.lines[item.line : end]])
    status = _STATUS.search(told) if "Sta" in told or "Estado" in told or not told.isascii() else None
    mark: Mark = _mark(parsed, done, spoken_word(status["word"]) if status else "", findings)
    work = WorkItem(
        id=parsed.id,
        label=parsed.label,
        title=parsed.title,
        line=item.line,
        body_line=item.line,
        end=end,
        body=document.body(item.line, text, end),
        mark=mark,
    )
    return Candidate(item=work, head=" ".join((*(f"({tail})" for tail in beside_tail(parsed.title)), text)))
