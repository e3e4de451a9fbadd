"""Done marks: boxes, ticks and words that say how far an item is; and titles without them."""

from __future__ import annotations

import re
from typing import Literal

from orch_tui.plan.names import LABEL
from orch_tui.plan.remembered import remembered

Mark = Literal["", "done", "open", "deferred"]
"""What an item says about itself; "" when it says nothing. "deferred" also covers superseded, cancelled, optional."""

_BRACKET = re.compile(r"\[([^\[\]]{0,80})\](?![(\[])\s*")
_BOXES: dict[str, Mark] = {
    "": "open",
    " ": "open",
    "~": "open",
    "-": "open",
    "/": "open",
    "x": "done",
    "✓": "done",
    "✔": "done",
    "✔️": "done",
    "✅": "done",
}
_DONE = (
    r"done|completed?|closed|shipped|finished|signed off|delivered|merged|implemented|landed|released|fertig|erledigt"
    r"|abgeschlossen|umgesetzt|implementiert|ausgeliefert|implementad[oa]s?|implémentée?s?|implementato|réalisée?s?|complétée?s?"
    r"|completad[oa]s?|hecho|terminad[oa]s?|cumplid[oa]|finalizad[oa]|terminée?s?|achevée?s?|fait|livrée?s?|concluíd[oa]"
    r"|fatto|готово|завершено|выполнено|완료"
)
_OPEN_GLUED = r"未完|未着手|未开始|进行中|進行中|対応中|保留|待办|待开始|部分完成|一部完了"
_DONE_GLUED = r"完了|済み?(?![a-z])|已?完成|已上线|已合并|已实现|已实施|已交付|実装済み?|已于[^。，,;；]{1,20}完成"
_MOST_STATUS_WORDS = 5
"""Words of a status; what has more is a sentence."""
_OPEN = (
    r"offen|in arbeit|in bearbeitung|geplant|teilweise|pendiente|en curso|en progreso|en cours|à faire|pas commencé|"
    r"in[ _-]progress|started|wip|todo|to do|pending|not[ _-]started|open|blocked|partial(?:ly)?(?: \w+)?|draft|planned"
)
_DEFERRED = (
    r"deferred|superseded|cancell?ed|archived|dropped|skipped|optional|obsolete|postponed|won't do|future[ _]work"
)
_WORDS: tuple[tuple[Mark, re.Pattern[str]], ...] = (
    ("deferred", re.compile(rf"(?:{_DEFERRED})\b", re.IGNORECASE)),
    ("open", re.compile(rf"(?:{_OPEN}|substantially|mostly|partly|not )\b|{_OPEN_GLUED}", re.IGNORECASE)),
    ("done", re.compile(rf"(?:effectively |now )?(?:{_DONE})\b|{_DONE_GLUED}", re.IGNORECASE)),
)
STATUS_FIELDS = frozenset(
    ["status", "state", "estado", "statut", "stato", "zustand", "状态", "状態", "ステータス", "상태"]
)
"""Names of the field that says how far an item is."""
_ARROW = re.compile(r"(?:→|->|=>)")
_OPENING = re.compile(r"\s*[(（]\s*(\w+(?:[ -]\w+)?)\s*[)）]")
_TICK = re.compile(r"[✅✔☑✓]\ufe0f?")
_UNDER_WAY = re.compile(r"[🚧🔄⏳🟡]\ufe0f?")
_PUT_OFF = re.compile(r"[⏸🚫❌]\ufe0f?")
_SIGN_MARKS: tuple[tuple[re.Pattern[str], Mark], ...] = ((_PUT_OFF, "deferred"), (_UNDER_WAY, "open"), (_TICK, "done"))
_LEAST_FINISHED_FIRST: tuple[Mark, ...] = ("deferred", "open", "done", "")
_ASIDE = re.compile(r"(?:[(（]|\[(?=\w{2}))([^()（）\[\]]{1,60})[)）\]]\s*$|(?:^|\s)[-–—−]\s+([\w '-]{1,30})$")
_ALL_DONE = re.compile(
    rf"\b(?:all|alle|tod[oa]s(?: l[oa]s)?|tou(?:te)?s(?: les)?) (?:\d{{1,4}} )?(?:{LABEL}|briefs|work|prs)"
    rf" (?:(?:are|is|were|have been|now|sind|wurden|están|sont) ){{0,2}}(?:{_DONE})\b(?! (?:when|once|if|by|before))",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[✅✔☑✓🚧🔄⏳🟡⏸🚫❌]\ufe0f?|^[⬜◻◽☐🔲⚪⭕🟢🔵🔴🟠]\ufe0f?")


def box(text: str) -> tuple[Mark, str, str]:
    """The bracket that opens an item: (its mark, the words in it, the rest of the text).

    `[x]`, `[ ]`, `[DEFERRED]`, `[→ 12-14]`; a bracket that is none of these, or no bracket, gives ("", "", text).
    """
    found = _BRACKET.match(text) if text[:1] == "[" else None
    if not found:
        return "", "", text
    inside = found[1].strip().lower()
    mark = _BOXES.get(inside) or ("deferred" if _ARROW.match(inside) else spoken_word(inside))
    return (mark, found[0].strip(), text[found.end() :]) if mark else ("", "", text)


def spoken_word(text: str) -> Mark:
    """The mark that a status word means ("Done", "in_progress", "deferred until spring"); "" for other words."""
    words = _unsigned(text).strip(" *_`.")
    for mark, pattern in _WORDS:
        if pattern.match(words):
            return mark
    return "done" if not text.isascii() and _TICK.search(text) else ""


@remembered
def heading_mark(text: str) -> Mark:
    """The mark of a heading or title: its signs and the words in brackets at its end; of two, the less finished."""
    return min(heading_marks(text), key=_LEAST_FINISHED_FIRST.index)


def heading_marks(text: str) -> set[Mark]:
    """All marks of a heading or title."""
    said: set[Mark] = {spoken_word(words) for words in _asides(text)}
    boxed, _, rest = box(text)
    said.add(boxed)
    if text.startswith("~~") and text.endswith("~~"):
        said.add("deferred")
    if not rest.isascii():
        said |= {mark for pattern, mark in _SIGN_MARKS if pattern.search(rest)}
    return said


@remembered
def without_marks(text: str) -> str:
    """A title without box, signs and a status in brackets at its end."""
    rest = _unsigned(box(text)[2]).strip()
    if rest.startswith("~~") and rest.endswith("~~") and len(rest) > 4:
        rest = rest[2:-2].strip()
    aside = _last_aside(rest)
    if aside and spoken_word(aside[1] or aside[2] or ""):
        rest = rest[: aside.start()]
    return rest.rstrip(" -–—−:").strip() if aside or rest != text.strip() else rest


def _asides(text: str) -> list[str]:
    """What stands in brackets, or after a last dash, at the end of a heading (signs aside)."""
    aside = _last_aside(_unsigned(text).strip(" *_"))
    return [aside[1] or aside[2] or ""] if aside else []


def _unsigned(text: str) -> str:
    return text if text.isascii() else _SIGNS.sub("", text)


def _last_aside(text: str) -> re.Match[str] | None:
    """The brackets or the dash at the end of a text; most have neither."""
    return _ASIDE.search(text) if "(" in text or "-" in text or "[" in text or not text.isascii() else None


def opening_mark(text: str) -> Mark:
    """The mark in the brackets that a text begins with, where they hold nothing else: "(done)"."""
    found = _OPENING.match(text)
    return spoken_word(found[1]) if found else ""


def status_word(cell: str) -> Mark:
    """The mark of a table cell that holds a status and nothing else ("✅ done", "In progress"); else ""."""
    words = _unsigned(cell).strip(" *_`.")
    if words and not spoken_word(words):
        return ""
    mark = heading_mark(cell) if not cell.isascii() and _SIGNS.search(cell) else spoken_word(cell)
    return mark if len(words.split()) <= _MOST_STATUS_WORDS else ""


def done_class(name: str) -> bool:
    """Whether a class of a Mermaid chart is named for finished nodes."""
    return bool(re.fullmatch(_DONE, name, re.IGNORECASE))


def all_done(line: str) -> bool:
    """Whether a line says of all the work that it is done: "ALL 8 TASKS IMPLEMENTED AND MERGED"."""
    return bool(_ALL_DONE.search(line))
