"""What has to be finished, in a text about somebody else: "Step 2 must be complete", "其余步骤必须全部完成"."""

from __future__ import annotations

import re

from orch_tui.plan.filler import says_nothing
from orch_tui.plan.later import later
from orch_tui.plan.order_words import any_phrase
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.value import value

_MODALS = """
    must has have need needs should muss müssen sollte sollten debe deben tiene tienen ha han debería deberían
    doit doivent deve devem devono 必须 须 应 需
"""
_WORDS = Spotter(_MODALS.split())
_WHAT = r"(?:^|[;:；：—–]\s*)(?P<{}>[^\s;:；：—–][^;:；：—–]{{0,120}}?)"
_REQUIRED = later(
    rf"(?:{_WHAT.format('en')}\s+(?:must|has to|have to|needs? to|should)\s+(?:(?:all|both|first|already)\s+)*"
    r"(?:be|have been|have)\s+(?:(?:all|both|fully|first)\s+)*(?:done|completed?|finished|closed|merged|landed|ready"
    r"|green|over|available|in place|there|approved|accepted|signed off|live|shipped|delivered|deployed|through)"
    r"(?:\s+(?:first|beforehand|by then|before that|before this))?"
    rf"|{_WHAT.format('de')}\s+(?:muss|müssen|sollten?)\s+"
    r"(?:(?:alle|beide|zuerst|vorher|davor|zuvor|dafür|bereits|schon)\s+)*"
    r"(?:fertig|abgeschlossen|erledigt|beendet|umgesetzt|freigegeben|abgenommen|vorhanden|bereit)(?:\s+worden)?\s+sein"
    rf"|{_WHAT.format('es')}\s+(?:deben?|tienen? que|han? de|deberían?)\s+(?:(?:antes|ya|primero)\s+)?"
    r"(?:estar|haber sido|ser|quedar)\s+(?:(?:antes|ya)\s+)?"
    r"(?:terminad|list|complet|completad|hech|finalizad|aprobad|cerrad)[oa]s?"
    rf"|{_WHAT.format('fr')}\s+doi(?:t|vent)\s+(?:(?:d'abord|déjà|tou(?:te)?s)\s+)?(?:être|avoir été)\s+"
    r"(?:terminé|achevé|fini|prêt|livré|validé|clos|approuvé)e?s?"
    rf"|{_WHAT.format('pt')}\s+dev(?:e|em|ono)\s+(?:estar|ser|ter sido|essere)\s+"
    r"(?:concluíd|terminad|pront|finalizad|completat|terminat|finit)[oaie]s?"
    r"|(?:^|[，；：])(?P<zh>[^，。；：]{1,60}?)(?:必须|须|应该?|需要?)(?:全部|都)?先?(?:完成|结束|就绪|通过|上线)"
    r")(?:,\s*(?P<but>(?:except|but not|ausgenommen|außer|bis auf|excepto|salvo|sauf|exceto)\b[^.;]*))?\W*$",
    re.IGNORECASE,
)
_HERE = later(r"\s+(?:in|of) (?:this|the) (?:document|plan|list|file)$", re.IGNORECASE)
_ALL_ALONE = later(
    r"\W*(?:all|every(?:thing)?|alles?|tod[oa]s?|tou(?:te)?s?)(?: (?:of )?(?:the|las|los|les|die)?)? ?"
    r"(?:\w+)?\W*",
    re.IGNORECASE,
)
""" "All tasks": said of what is looked at when the work is over rather than of who comes first."""
_BY_THEN = later(r"\b(?:by then|beforehand|before (?:that|this)|vorher|davor|zuvor|dafür)\b", re.IGNORECASE)
"""It is about something that comes after it."""
_OF_OTHERS = any_phrase("others", "before")


@value
class Required:
    """The words for `what` has to be finished, and where they begin.

    `who` waits for it ("": whoever speaks), or with `others` all others do. `sure`: they say that something waits.
    """

    what: str
    at: int
    who: str = ""
    others: bool = False
    sure: bool = False


def may_require(text: str) -> bool:
    """Whether a text may say so."""
    return _WORDS.may_be_in(text)


def required(text: str, start: int, stop: int) -> Required | None:
    """What the sentence between two places says must be finished, and nothing about before what."""
    sentence = text[start:stop].strip()
    found = _REQUIRED.search(sentence) if _WORDS.may_be_in(sentence) else None
    if not found:
        return None
    said = found.groupdict()
    but = said.pop("but")
    what = _HERE.sub("", next(filter(None, said.values())).strip()) + (f" {but}" if but else "")
    nobody = says_nothing(what) or (_ALL_ALONE.fullmatch(what) and not _BY_THEN.search(sentence))
    if nobody and not _OF_OTHERS.search(what):
        return None
    return Required(what=what, at=start)
