"""What must be there first, in a clause of its own: "Without this, step 5 cannot begin", "With B and C in place, …"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.required import Required, may_require
from orch_tui.plan.spotting import words_in

_WITHOUT = frozenset(["without", "ohne", "sin", "sans", "sem", "senza"])
_WITH = frozenset(["given", "assuming", "provided", "now", "with", "mit", "con", "avec", "com", "sind", "ist"])
_STATES_LISTED = """
    place done finished complete completed landed merged ready live shipped behind fertig abgeschlossen erledigt bereit
    listo lista listos listas terminado terminada terminados terminadas sitio terminé terminée terminés terminées prêt
    prête prêts prêtes pronto pronta prontos prontas concluído concluída concluídos concluídas lugar pronti pronte
    completata completato completati completate posto
"""
_STATES = frozenset(_STATES_LISTED.split())
_BEFORE = frozenset(["before", "bevor", "antes", "avant", "prima"])
_UNTIL = frozenset(["until", "unless", "before", "wenn", "bevor", "bis", "hasta", "avant"])
_TELLING = _WITHOUT | _STATES | _BEFORE | _UNTIL
_LACKING = ("没有", "缺少", "がないと", "がなければ", "なしでは")
"""What stands before "cannot begin" in scripts without blanks."""
_THIS = re.compile(
    r"(?:this|that|it|dies(?:e[nrms]?)?|das|esto|este|esta|ello|ceci|cela|cette|ce|isto|isso|est[ea]|questo|questa|ciò"
    rf"|これ|それ|这|此|本|この)(?:\s*(?:{LABEL}|work|Arbeit|trabajo|travail|trabalho|lavoro|一步|个))?",
    re.IGNORECASE,
)
_SPEAKER = "this"
_NOTHING = re.compile(
    r"(?:nothing|no other \w+|none of (?:the )?(?:others?|rest)|nichts|nada|rien|niente|nulla)"
    r"(?: else| más| mais| anderes)?",
    re.IGNORECASE,
)
_BEGIN = (
    r"(?:begin|start|proceed|run|go (?:ahead|on|live|out)|ship|land|happen|work(?=\W*$)"
    r"|be (?:begun|started|done|run|built|finished|completed|tested|deployed|merged|shipped|implemented|verified))"
)
_WITHOUT_IT = later(
    r"(?:\W*without\s+(?P<en>[^,;]{1,80}?)(?:,\s*|\s+(?=(?:this|it|nothing|no other)\s))(?P<who_en>[^,;]{1,80}?)\s+"
    rf"(?:(?:can ?not|can['’]t|must not|may not|will not|won['’]t|(?<=nothing )(?:can|may|will)"
    rf"|(?<=else )(?:can|may|will)|(?:is|are) not able to)\s+{_BEGIN}|(?:is|are|stays?|remains?) (?:blocked|stuck)"
    r"|(?:has|have) to wait|must wait)\b"
    r"|\W*ohne\s+(?P<de>[^,;]{1,80}?),?\s+(?:kann|können|darf|dürfen)\s+(?P<who_de>[^,;]{1,80}?)\s+nicht\s+"
    r"(?:beginnen|starten|anfangen|losgehen|weitergehen|laufen|(?:begonnen|gestartet|umgesetzt|gebaut) werden)\b"
    r"|\W*sin\s+(?P<es>[^,;]{1,80}),\s*(?P<who_es>[^,;]{1,80}?)\s+no\s+(?:se\s+)?(?:puede|pueden|podrán?)\s+"
    r"(?:empezar|comenzar|iniciar(?:se)?|arrancar|hacer(?:se)?|ejecutar(?:se)?|avanzar)\b"
    r"|\W*sans\s+(?P<fr>[^,;]{1,80}),\s*(?P<who_fr>[^,;]{1,80}?)\s+ne\s+(?:peu(?:ven)?t|pourra|pourront)\s+(?:pas\s+)?"
    r"(?:commencer|démarrer|débuter|avancer|être (?:commencé|lancé|démarré|fait)e?s?)\b"
    rf"|\W*sem\s+(?P<pt>[^,;]{{1,80}}),\s*(?:[ao]s?\s+(?={LABEL}{GAP}))?(?P<who_pt>[^,;]{{1,80}}?)\s+não\s+(?:pode|podem|poderá|poderão)\s+"
    r"(?:começar|iniciar|arrancar|avançar|ser (?:feit|iniciad)[oa]s?)\b"
    rf"|\W*senza\s+(?P<it>[^,;]{{1,80}}),\s*(?:il\s+(?={LABEL}{GAP}))?(?P<who_it>[^,;]{{1,80}}?)\s+non\s+(?:può|possono|potrà|potranno)\s+"
    r"(?:iniziare|cominciare|partire|avanzare|essere (?:iniziat|fatt)[oaie])\b"
    r"|\W*(?:没有|缺少)(?P<zh>[^，,；;]{1,40})[，,]\s*(?P<who_zh>[^，,；;]{1,40}?)\s*就?(?:无法|不能|不可以?|不得)"
    r"(?:开始|启动|进行|执行|实施|开工)"
    r"|\W*(?P<ja>[^、，；]{1,40}?)(?:がないと|がなければ|なしでは)[、，]?\s*(?P<who_ja>[^、，；]{1,40}?)[はをが]?"
    r"(?:(?:開始|着手|実施|実行)できま?せ?な?[いん]|始められ(?:ない|ません)|進められ(?:ない|ません)))",
    re.IGNORECASE,
)
_MET = (
    r"\s*(?::\W*$|:?\s*(?:this|these|it|that|the (?:above|following)|all (?:of )?(?:this|these|the (?:above|following))"
    r"|(?:this|the|all)(?: of the)? (?:exit |phase |acceptance )?(?:gates?|criteria|criterion|checks?|conditions?)"
    r"|dies\w*|das|alle[sn]?|esto|ello|todo|ceci|cela|tout)\b)"
)
_EXIT_GATE = later(
    r"\W*(?:(?:do not|don['’]t|never|must not|cannot)\s+(?:start|begin|enter|open|proceed (?:to|with)"
    rf"|move (?:on )?(?:to|into)|continue (?:to|with)|advance to)\s+"
    rf"(?P<en>(?:the\s+)?{LABEL}{GAP}{ID})\s+(?:until|unless|before){_MET}"
    rf"|(?P<de>{LABEL}{GAP}{ID})\s+(?:erst|nicht)\s+(?:beginnen|starten|anfangen)\W*(?:wenn|bevor|bis){_MET}"
    rf"|no\s+(?:empezar|comenzar|iniciar)\s+(?:la\s+|el\s+)?(?P<es>{LABEL}{GAP}{ID})\s+hasta(?:\s+que)?{_MET}"
    rf"|ne pas\s+(?:commencer|démarrer)\s+(?:la\s+|l['’])?(?P<fr>{LABEL}{GAP}{ID})\s+avant(?:\s+que)?{_MET})",
    re.IGNORECASE,
)
"""What a section says at its end of the next one: "Do not start Phase 2 until:", "… until this holds"."""
_NAMED = rf"(?:(?i:{LABEL}){GAP})?{ID}"
_IN_PLACE = later(
    rf"\W*(?P<names>{_NAMED}(?:(?:\s*,\s*|\s*[&+]\s*|,?\s+(?i:and|und|y|et|e)\s+){_NAMED})+)\s+"
    r"(?i:(?:all|both|alle|beide)\s+)?(?i:in place|en place|en su sitio|al loro posto)\W*"
)
"""Names and a state without a verb, as a sentence of its own."""
_WITH_IT = later(
    r"\W*(?:with\s+(?P<en>[^,;:]{1,80}(?:,[^,;:]{1,60}){0,6}?)\s+(?:(?:all|both|now|safely|already|fully|firmly)\s+)*"
    r"(?:in place|done|finished|completed?|landed|merged|ready|live|shipped|behind (?:us|it))"
    r"|(?:given|assuming|provided|now)(?: that)?\s+(?P<given>[^;:]{1,160}?)\s+(?:is|are|has been|have been|have)\s+"
    r"(?:(?:all|both|now|safely|already|fully|firmly)\s+)*(?:in place|done|finished|completed?|landed|merged|ready|live"
    r"|shipped)|mit\s+(?P<de>[^;:]{1,160}?)\s+(?:fertig|abgeschlossen|erledigt|bereit)"
    r"|(?:sind|ist)\s+(?P<inv>[^;:]{1,160}?)\s+(?:fertig|abgeschlossen|erledigt|bereit)"
    r"|con\s+(?P<es>[^;:]{1,160}?)\s+(?:list[oa]s?|terminad[oa]s?|en su sitio|complet[oaie]|pront[oaie]|completat[oaie]"
    r"|al loro posto)"
    r"|avec\s+(?P<fr>[^;:]{1,160}?)\s+(?:en place|terminée?s?|prête?s?)"
    r"|com\s+(?P<pt>[^;:]{1,160}?)\s+(?:pront[oa]s?|concluíd[oa]s?|no lugar))"
    r"\s*(?:$|[,，:—–]\s*(?P<rest>.*))",
    re.IGNORECASE | re.DOTALL,
)
_WHO = later(
    rf"(?:(?:the|die|der|das|el|la|le|les|los|las|o|a|il)\s+)?(?P<who>{_NAMED}(?:(?:\s*[,&+]\s*|,?\s+(?i:and|und|y|et|e)\s+)"
    rf"{_NAMED})*)\s+(?i:can|may|could|will|is|are|begins?|starts?|follows?|puede|pueden|peut|peuvent|pode|podem|può)\b"
    rf"|(?i:kann|können|beginnt|beginnen|startet)\s+(?P<after>{_NAMED})"
)
"""Who goes on, behind the comma."""
_GO = r"(?:begins?|starts?|proceeds?|runs?|goes? (?:ahead|on)|ships?|lands?|happens?|be (?:begun|started|done|run))"
_FIRST = later(
    r"(?:(?:^|[;:；：—–]\s*)(?P<en>[^\s,;:—–][^,;:—–]{0,100}?)\s+(?:must|has to|have to|needs? to|should)\s+"
    r"(?:(?:all|both|first|already)\s+)*(?:be|have been)\s+(?:(?:all|both|fully|first)\s+)*"
    r"(?P<is_en>[a-z]+(?:\s(?:up|out|off|in))?)"
    r"\s+before\s+(?:(?:we|you|I) (?:can |may )?(?:begin|start|proceed)(?: (?:with )?(?:this|it))?|(?:this|it|that)"
    rf"(?:\s+{LABEL})?(?:\s+(?:(?:can|may|could|will|is able to|is allowed to)\s+)?{_GO})?)"
    r"|(?:^|[;:—–]\s*)(?P<de>[^\s,;:—–][^,;:—–]{0,100}?)\s+(?:muss|müssen|sollten?)\s+(?:(?:alle|beide|zuerst|bereits)\s+)*"
    rf"(?P<is_de>\w+)\s+(?:worden\s+)?sein,?\s+bevor\s+(?:dies|das|es|diese[rs]?(?:\s+{LABEL})?)\s+"
    r"(?:beginn\w*|start\w*|losgeh\w*|anf\w*)(?:\s+(?:kann|darf))?"
    r"|(?:^|[;:—–]\s*)(?P<es>[^\s,;:—–][^,;:—–]{0,100}?)\s+(?:deben?|tienen? que|dev(?:e|em|ono))\s+"
    r"(?:estar|ser|quedar|haber sido|ter sido|essere)\s+(?P<is_es>\w+)\s+(?:antes|prima)\s+(?:de\s+)?"
    rf"(?:(?:que|che)\s+)?(?:esto|est[ea](?:\s+{LABEL})?|isto|disto|questo(?:\s+{LABEL})?)"
    r"(?:\s+(?:pueda|empiece|comience|possa|comece|inizi)(?:\s+(?:empezar|comenzar|começar|iniciar|iniziare|partire))?)?"
    r"|(?:^|[;:—–]\s*)(?P<fr>[^\s,;:—–][^,;:—–]{0,100}?)\s+doi(?:t|vent)\s+(?:être|avoir été)\s+(?P<is_fr>\w+)"
    rf"\s+avant\s+(?:que\s+)?(?:ceci|cela|cette(?:\s+{LABEL})?)(?:\s+(?:ne\s+)?(?:puisse|commence|démarre)(?:\s+\w+)?)?)\W*$",
    re.IGNORECASE,
)


def may_precede(text: str) -> bool:
    """Whether a text may say so."""
    said = words_in(text)
    if not _WITHOUT.isdisjoint(said) or _lacks(text):
        return True
    if not _UNTIL.isdisjoint(said) and _EXIT_GATE.search(text):
        return True
    return not _STATES.isdisjoint(said) and ("place" in said or not _WITH.isdisjoint(said))


def _lacks(text: str) -> bool:
    return not text.isascii() and any(part in text for part in _LACKING)


def precondition(text: str, start: int, stop: int) -> Required | None:
    """What the sentence between two places says, when that is all it says."""
    sentence = text[start:stop].strip()
    said = words_in(sentence)
    if sentence.isascii() and _TELLING.isdisjoint(said):
        return None
    without = not _WITHOUT.isdisjoint(said) or _lacks(sentence)
    if without and (found := _WITHOUT_IT.match(sentence)):
        return _without(found.groupdict(), start)
    if not _UNTIL.isdisjoint(said) and (found := _EXIT_GATE.match(sentence)):
        return Required(what=_SPEAKER, at=start, who=_told(found.groupdict(), ""), sure=True)
    if not _STATES.isdisjoint(said):
        if found := _IN_PLACE.fullmatch(sentence):
            return Required(what=found["names"], at=start, sure=True)
        if not _WITH.isdisjoint(said) and (found := _WITH_IT.match(sentence)):
            return _with(found.groupdict(), start)
    if not _BEFORE.isdisjoint(said) and may_require(sentence) and (found := _FIRST.search(sentence)):
        told = found.groupdict()
        verb = "ist" if told["de"] else "has been"
        return Required(what=f"{_told(told, '')} {verb} {_told(told, 'is_')}", at=start, sure=True)
    return None


def _without(told: dict[str, str | None], at: int) -> Required:
    what, who = _pointed(_told(told, "")), _told(told, "who_")
    if _NOTHING.fullmatch(who):
        return Required(what=what, at=at, others=True, sure=True)
    return Required(what=what, at=at, who="" if _pointed(who) == _SPEAKER else who, sure=True)


def _with(told: dict[str, str | None], at: int) -> Required:
    who = _WHO.match(told.pop("rest") or "")
    return Required(what=_told(told, ""), at=at, who=(who["who"] or who["after"]) if who else "", sure=True)


def _told(told: dict[str, str | None], opening: str) -> str:
    """What the one group of a language holds; `opening` sets those for other parts of the sentence apart."""
    return next(
        (text.strip() for name, text in told.items() if text and name[: -len(name.rpartition("_")[2])] == opening), ""
    )


def _pointed(words: str) -> str:
    """Words for whoever speaks in one spelling."""
    return _SPEAKER if _THIS.fullmatch(words.strip()) else words
