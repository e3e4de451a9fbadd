"""Headings as people mean them: generic word, id and title; and the headings above an item as its containers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.clean import one_line
from orch_tui.plan.document import Document
from orch_tui.plan.inline import unlinked
from orch_tui.plan.joint_ids import joint
from orch_tui.plan.marks import heading_mark, without_marks
from orch_tui.plan.names import ID, LABEL, label
from orch_tui.plan.once import once
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Container
from orch_tui.plan.remembered import remembered
from orch_tui.plan.value import value

_ID = rf"{ID}|[IVX]{{1,5}}(?!\w)"
_LABELLED = re.compile(
    rf"\W*(?P<label>(?i:{LABEL}))(?:\s+|(?<=[^\x00-\x7f])(?=\d))(?P<id>{_ID})(?P<gap>\+?\s*[:.)–—−：、．|-]+\s*|\s+|(?=[（【])|$)"
    r"(?P<title>.*)"
)
_WITH_ID = re.compile(rf"\[?(?P<id>{_ID})\]?(?P<gap>\s*(?:[:.)–—−|-]+\s+|[：、．]\s*)|\s+|(?=[（【]))(?P<title>.+)")
_LETTERED = re.compile(r"(?P<label>[^\W\d_]{2,14})[- ](?P<id>[a-z])\s*(?:[:)：—–]|\s-\s)\s*(?P<title>\S.*)")
"""A generic word and a small letter: "PR-a: move the types"."""
_ESTIMATE = re.compile(
    r"(?<!\s)(?:\s+~\s?|\s{2,}|\s+[(\[]~?)\d+(?:[.,–-]\d+)?\s*(?:h|hrs?|hours?|d|days?|w|weeks?|tage?|stunden|wochen|min|minutes?|días?|horas"
    r"|jours?|heures?|pts?|points?|PT|天|小时|日|時間)\s*+[)\]]?(?:\s*+\*\([^()]*\)\*)?+\s*+$",
    re.IGNORECASE,
)
"""An estimate at the end of a title: "Measure ~4 days"."""
_DIGIT = re.compile(r"\d")
_NUMERALS = "一二三四五六七八九十"
_COUNTED = re.compile(
    rf"\W*(?:第\s?)?(?P<id>\d{{1,3}}|[{_NUMERALS}])\s?(?P<label>阶段|階段|段階|フェーズ|단계)"
    r"(?:\s*[:.)：．、–—−-]+\s*|\s+|$)(?P<title>.*)"
)
"""The number stands before the word: "第1阶段：…", "2단계: …"."""
_LONE_ID = r"[A-Z]{2,10}-\d{1,6}|[A-Z]{1,3}\d{1,3}(?:\.\d{1,3})*"
"""A heading that is nothing but an id."""
_LAST_ASIDE = re.compile(r"(?<!\s)\s*+\(([^()]+)\)\s*$")


@value
class Name:
    """What a heading says: generic word ("" when none), id ("" when none), title without marks.

    `loose` says that nothing but a blank sets the id off, so that it may be the first word of the title (`M1 Polish`).
    """

    label: str
    id: str
    title: str
    loose: bool = False


@remembered
def name_of(text: str) -> Name:
    """Takes a heading or item title apart; a single letter or a bare number counts as an id only before punctuation."""
    bare = without_marks(unlinked(text).replace("**", "").strip())
    if several := joint(bare):
        return Name(label=several.label, id=several.id, title=bare_title(several.title) or bare)
    found = _LABELLED.match(bare)
    if found and (
        _separated(found["gap"])
        or found["title"][:1] in {"", "(", "（", "【"}
        or any(char.isdigit() for char in found["id"])
    ):
        title = bare_title(found["title"]) or bare
        return Name(label=label(found["label"]), id=found["id"].lstrip("#"), title=title)
    if counted := _COUNTED.match(bare):
        at = _NUMERALS.find(counted["id"])
        number = str(at + 1) if at >= 0 else counted["id"]
        return Name(label=label(counted["label"]), id=number, title=bare_title(counted["title"]) or bare)
    lettered = _LETTERED.match(bare)
    if lettered and label(lettered["label"]):
        return Name(label=label(lettered["label"]), id=lettered["id"], title=bare_title(lettered["title"]))
    found = _WITH_ID.match(bare)
    if found and (_separated(found["gap"]) or re.search(r"[A-Za-z]-?\d|\d\.\d|#", found["id"])):
        loose = not _separated(found["gap"]) and not found["id"].startswith("#")
        if found["id"].isdigit() and not loose and (own := _own_name(found["title"])):
            return own
        return Name(label="", id=found["id"].lstrip("#"), title=bare_title(found["title"]), loose=loose)
    if re.fullmatch(_LONE_ID, bare):
        return Name(label="", id=bare, title=bare)
    return Name(label="", id="", title=bare_title(bare))


def _own_name(title: str) -> Name | None:
    """The name after a number that only counts the headings: "1. P-001: Title", "4. Phase 2 – Title"."""
    own = _LABELLED.match(title) or _WITH_ID.match(title)
    return name_of(title) if own and _separated(own["gap"]) and re.search(r"\d", own["id"]) else None


def _separated(gap: str) -> bool:
    return bool(gap.strip())


def bare_title(text: str) -> str:
    """A title without a last bracket that states order: "Deploy (after 3)" -> "Deploy"."""
    text = _ESTIMATE.sub("", text) if _DIGIT.search(text) else text
    aside = _LAST_ASIDE.search(text) if text.rstrip().endswith(")") else None
    if aside and in_text(aside[1]):
        text = text[: aside.start()]
    return one_line(_uncovered(without_marks(text)))


def beside_tail(title: str) -> tuple[str, ...]:
    """The end of a title behind a comma that says beside whom its item runs: "The limits, parallel with Phase 2"."""
    tail = title.rpartition(", ")[2].strip("*_. ") if "paral" in title and ", " in title else ""
    said = in_text(tail) if tail else ()
    return (tail,) if said and said[0].relation == "parallel" and not said[0].subject else ()


def _uncovered(text: str) -> str:
    """A title without punctuation and emphasis around it; code stays whole: "Schema in `db.py`", but `db.py` alone."""
    bare = text.strip(" :–—−*_`")
    if bare.count("`") % 2 == 0:
        return bare
    bare = text.strip(" :–—−*_")
    return bare if bare.count("`") % 2 == 0 else bare.strip("`")


@once
def title_heading(document: Document) -> int:
    """The index of the heading that is the document's title, a first one above all others; or -1."""
    if not document.headings:
        return -1
    top = min(heading.level for heading in document.headings)
    highest = [at for at, heading in enumerate(document.headings) if heading.level == top]
    return highest[0] if len(highest) == 1 and highest[0] == 0 else -1


def all_containers(document: Document, leave_out: Sequence[bool]) -> tuple[list[Container], dict[int, int]]:
    """A container for each heading that `leave_out` does not name; and the container's number by heading index."""
    title = title_heading(document)
    out: list[Container] = []
    number: dict[int, int] = {}
    for at, heading in enumerate(document.headings):
        if leave_out[at] or at == title:
            continue
        name = name_of(heading.text)
        number[at] = len(out)
        out.append(
            Container(
                label=name.label,
                id=name.id,
                title=name.title,
                line=heading.line,
                parent=number.get(heading.parent, -1),
                mark=heading_mark(heading.text),
            )
        )
    return out, number


def above(containers: Sequence[Container], innermost: int) -> tuple[int, ...]:
    """The chain of containers from `innermost` (-1: none) outwards."""
    out: list[int] = []
    while innermost >= 0:
        out.append(innermost)
        innermost = containers[innermost].parent
    return tuple(out)
