"""A plan that says of itself that it is out of use: in its front matter, its title or its first lines.

The whole plan must be what is out of use: its status, its title, or a sentence whose subject it is. A plan that
removes deprecated things, replaces an older plan, or gave up one part says nothing of the kind.
"""

from __future__ import annotations

import re

from orch_tui.clean import one_line
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.fields import plain
from orch_tui.plan.findings import finding
from orch_tui.plan.later import later
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import alternatives_in

_GONE = alternatives_in("""
    deprecated, retired, superseded, obsolete, obsoleted, abandoned, archived, outdated, replaced, withdrawn, cancelled,
    canceled, discontinued, shelved, defunct, dead, kept for the record, out of date,
    no longer valid, no longer current, no longer maintained,
    no longer used, no longer in use, no longer relevant, no longer followed, no longer applicable, no longer active,
    no longer pursued, no longer being pursued, historical, kept for historical reference, kept for reference only,
    kept for history, veraltet, überholt, abgelöst, ersetzt, verworfen, zurückgezogen, archiviert, hinfällig,
    nicht mehr gültig, nicht mehr aktuell, obsoleto, obsoleta, reemplazado, reemplazada, sustituido, sustituida,
    descartado, archivado, cancelado, obsolète, remplacé, remplacée, abandonné, abandonnée, archivé, archivée, périmé
""")
_SELF = alternatives_in("""
    this plan, this document, this doc, this roadmap, this file, this spec, this initiative, this task list, the plan,
    this implementation plan, this project plan, the plan below, the following plan, everything below, dieser plan,
    dieses dokument, diese planung, diese roadmap,
    este plan, este documento, esta hoja de ruta, ce plan, ce document, cette feuille de route
""")
_IS = alternatives_in("""
    is, was, has been, is now, was since, has since been, has now been, is hereby, is officially, is fully,
    has been fully, is largely, ist, ist inzwischen, ist jetzt, wurde, wurde inzwischen, gilt als, está, ha sido,
    ha quedado, fue, est, a été, est désormais
""")
_STATUS = alternatives_in(
    "status, state, doc status, document status, plan status, estado, statut, état, stand, 状态, 状態, ステータス"
)
_GONE_GLUED = "废弃|作废|过时|弃用|停用|废止|廃止|廃版|無効"


_THAT_IS_ALL = (
    r"(?=\s*(?:$|[^\w\s`'\"&+/-]|[-–—]+\s|by\b|since\b|on\s\d|in favou?r\b|as of\b|see\b|and\b|\d"
    r"|durch\b|por\b|par\b|-by\b))"
)
"""What follows such a word where it is no attribute of something else: "Deprecated endpoints" are not the plan."""
_OPENING = later(
    rf"\W*(?:\[?!?(?:warning|note|important|caution|danger|attention|hinweis|achtung)\]?\s*:?\W*)?(?P<status>(?:{_STATUS})\s*[:：|*]+)?\W*"
    rf"(?:(?:{_GONE})(?:\s(?:draft|document|plan|record))?(?:\sonly)?\b{_THAT_IS_ALL}|(?:已经?"
    rf"|现已)?(?:{_GONE_GLUED}))",
    re.IGNORECASE,
)
_ITSELF = later(
    rf"(?:.{{0,40}}[:!\]*]\s*)?\W*(?:(?:{_SELF})\s(?:(?:[\w']+\s){{1,4}}(?:and|und|y|et)\s)?(?:{_IS})\s(?:durch\s.{{1,80}}?\s)?(?:{_GONE})\b"
    rf"|(?:本|此|该|この|当)(?:计划|文档|方案|路线图|計画書?|ドキュメント|文書|プラン|ロードマップ)(?:已经?|目前|现已|は|が|すでに)*"
    rf"(?:(?:{_GONE_GLUED})(?!された[^。、]{{1,12}}を)|被.{{1,80}}(?:取代|替代)|.{{1,80}}に?置き換えられ|古くなっ))",
    re.IGNORECASE,
)
_FORBIDDEN = later(
    r"(?:.{0,40}[:!\]*]\s*)?\W*(?:(?:do not|don't|never) (?:use|execute|follow|implement|run|work from)"
    r" this (?:plan|document|roadmap)"
    r"(?:\s(?:any ?more|any longer|for \w+))?|we (?:no longer|do not any longer) (?:follow|use|pursue)"
    r" this (?:plan|document|roadmap)"
    r"|(?:diesen plan|dieses dokument) nicht (?:mehr )?(?:verwenden|umsetzen|ausführen))\s*(?:$|[.:;,!(—–-])",
    re.IGNORECASE,
)
_TITLED = later(
    rf"\W*(?:已经?|现已)?(?:{_GONE_GLUED})\W|.*[（(\[【](?:已经?|现已)?(?:{_GONE_GLUED})[）)\]】]\W*$|~~.*~~\W*$"
    rf"|\W*[\[(]?(?:{_GONE})[\])]?\s*(?:[:\])—–-]|$)|.*(?:[\[(]|\s[—–:-]+\s)(?:{_GONE})\b[^\w]*$",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_CELLS = 2
_WITHIN = 40
"""Lines from the top in which a plan says such things of itself."""
_LONGEST = 1_000


def retired(subject: Subject) -> list[Finding]:
    """One finding on the whole document, or none."""
    document = subject.document
    title = document.headings[0] if document.headings else None
    if title and subject.owner[title.line] < 0 and _TITLED.match(title.text):
        return [_finding(title.line, title.text)]
    first = subject.sections[0].lines[0]
    for paragraph in subject.paragraphs:
        if paragraph.line > max(1, min(_WITHIN, first)):
            break
        if subject.owner[paragraph.line] >= 0 or paragraph.line in document.heading_lines:
            continue
        if _says_so(paragraph.text[:_LONGEST]):
            return [_finding(paragraph.line, paragraph.text)]
    front = document.front_matter
    for number in range(front[0], front[1] + 1) if front else ():
        opening = _OPENING.match(document.line(number).replace("_", " "))
        if opening and opening["status"]:
            return [_finding(number, document.line(number))]
    return []


def _says_so(text: str) -> bool:
    """`This plan is deprecated`, `Superseded by …`, `Status: retired`; an entry of a list only as a status."""
    if text.count("|") > _CELLS + 1:
        return False
    entry = text.lstrip("> ")[:2] in {"- ", "* ", "+ "}
    for at, sentence in enumerate(_SENTENCES.split(plain(text))):
        opening = _OPENING.match(sentence)
        if opening and (opening["status"] or not (entry or at)):
            return True
        if _ITSELF.match(sentence) or _FORBIDDEN.match(sentence):
            return True
    return False


def _finding(line: int, words: str) -> Finding:
    why = f"the plan says that it is no longer in use: {one_line(words, 160)!r}; look for its successor before it runs"
    return finding("retired", (), line, why)
