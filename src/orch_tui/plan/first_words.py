"""Words by which a sentence says of its own section, or of one that it tells by its title, that it comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.plan.later import later
from orch_tui.plan.speakers import EDGE

_KIND = r"(?: (?:one|step|task|section|phase|slice|item|part|ticket|story))?"
_MUST = r"(?:(?:must|has to|needs? to|should)\s+)?"
_GOES = (
    r"(?:comes?|goes?|runs?|lands?|ships?|starts?|happens?"
    r"|(?:is|are|be) (?:done|finished|completed?|merged|landed|built|run|started|implemented))"
)
_VERY = r"(?:the )?(?:very )?"
_OF_ALL = r"(?: of all)?"
_THIS = later(
    rf"\W*(?:(?:please|always) )?(?:do|run|build|start|begin|land|ship|finish|complete|merge|tackle) (?:with )?"
    rf"(?:this|it|these)(?:(?<=this){_KIND}|(?<=these)\w*) {_VERY}first{_OF_ALL}"
    rf"|\W*this{_KIND} {_MUST}(?:{_GOES}|be|is) {_VERY}first{_OF_ALL}{_KIND}"
    r"|\W*(?:do|run|build|land|ship|finish|complete|merge) (?:this|it|these) before (?:anything|everything|all) else"
    rf"|\W*this{_KIND} {_MUST}{_GOES} before (?:anything|everything|all) else"
    r"|\W*(?:dies|das|dieser schritt|diese aufgabe) (?:kommt|läuft|ist|wird|muss) (?:ganz )?(?:zuerst|zuallererst|als"
    r" (?:aller)?erstes)(?: (?:\w+))?|\W*(?:dies|das|diesen schritt) (?:ganz )?(?:zuerst|als erstes) \w+en"
    r"|\W*(?:esto|este paso|esta tarea) (?:va|viene|se hace) (?:lo )?primero|\W*hacer esto primero"
    r"|\W*(?:ceci|cela|cette étape) (?:vient|passe) (?:tout )?(?:en premier(?: lieu)?|d'abord)|\W*à faire en premier"
    r"|\W*(?:isto|este passo|esta tarefa) (?:vem|vai) (?:primeiro|em primeiro lugar)|\W*fazer isto primeiro"
    r"|\W*(?:questo|questo passo) (?:viene|va) per prim[oa]|\W*da fare per prim[oa]"
    r"|\W*(?:先做这(?:一步|个)|(?:这一?步|本步骤)(?:应|必须|要)?(?:首先|最先|优先)(?:完成|做|进行|执行|实施))"
    r"|\W*(?:これ|このステップ)を(?:まず)?最初に(?:実施|実行|行|着手|や)(?:する|します|う|います|る)",
    re.IGNORECASE,
)
"""Said of the section in which it stands."""
_ALONE = later(
    rf"\W*(?:{_MUST}{_GOES}|must be|has to be) {_VERY}first{_OF_ALL}{_KIND}|\W*first of all"
    r"|\W*(?:kommt (?:ganz )?)?(?:zuerst|zuallererst|als (?:aller)?erstes)"
    r"|\W*(?:(?:va|viene) (?:lo )?primero|en primer lugar)|\W*(?:vient |passe )?en premier(?: lieu)?"
    r"|\W*(?:(?:vem|vai) primeiro|em primeiro lugar)|\W*(?:viene |va )?per prim[oa]"
    r"|\W*(?:首先|最先|优先)(?:完成|做|进行|执行|实施)"
    r"|\W*(?:まず)?(?:一番)?最初に(?:実施|実行|行|着手)(?:する|します|う|います)?",
    re.IGNORECASE,
)
"""The same where it is the first that is said there, and in brackets behind a title."""
_BRACKET = later(
    r"(?:do |the )?(?:very )?first(?: of all| (?:step|task|one))?|zuerst|primero|en premier|primeiro"
    r"|per prim[oa]|首先|最初",
    re.IGNORECASE,
)
_TITLE = later(
    rf"\W*(?P<en>(?:the|our) [^\W\d_][^,;:.]{{1,60}}?) {_MUST}(?:{_GOES}|be) {_VERY}first{_OF_ALL}"
    r"|\W*(?P<de>(?:der|die|das) [^\W\d_][^,;:.]{1,60}?) (?:kommt|kommen|läuft|laufen|ist dran) (?:ganz )?"
    r"(?:zuerst|als erste[rs]?)"
    r"|\W*(?P<es>(?:el|la|los|las) [^\W\d_][^,;:.]{1,60}?) (?:va|van|viene|vienen) (?:lo )?primer[oa]s?"
    r"|\W*(?P<fr>(?:(?:le|la|les) |l['’])[^\W\d_][^,;:.]{1,60}?) (?:vient|viennent|passe|passent)"
    r" (?:en premier|d'abord)|\W*(?P<pt>[oa]s? [^\W\d_][^,;:.]{1,60}?) (?:vem|vêm|vai|vão) primeiro"
    r"|\W*(?P<it>(?:(?:il|lo|la|i|gli|le) |l['’])[^\W\d_][^,;:.]{1,60}?) (?:viene|va|vengono|vanno) per prim[oaie]",
    re.IGNORECASE,
)
"""Said of a section by its title."""
_ENDS = later(r"[^\w:：]*$|,? (?:because|since|as|weil|denn|porque|ya que|car|parce|perché)\b", re.IGNORECASE)
_HOLDS = re.compile(r"first|(?:any|every)thing else|all else|erst|prim|prem|d'abord|首先|最先|优先|先做|最初")


def says_first(said: str) -> bool:
    """Whether a text in small letters may say that something comes first."""
    return _HOLDS.search(said) is not None


def comes_first(text: str, start: int, stop: int) -> str | None:
    """Who comes first as the sentence between two places says: "" for the section that speaks, None for nobody."""
    patterns: Iterator[re.Pattern[str]] = iter((_THIS, _TITLE) if text[:start].strip(EDGE) else (_THIS, _ALONE, _TITLE))
    if start and text[start - 1] in "(（" and _BRACKET.fullmatch(text, start, stop):
        return ""
    found = next((one for pattern in patterns if (one := pattern.match(text, start, stop))), None)
    if not found or not _ENDS.match(text, found.end(), stop):
        return None
    return next((who for who in found.groups() if who), "")
