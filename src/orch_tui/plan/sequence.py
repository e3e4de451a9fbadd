"""Order stated for all items at once: "in this order", "each phase waits for the one before", "der Reihe nach"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL, label
from orch_tui.plan.reading import Statement
from orch_tui.plan.remembered import remembered
from orch_tui.plan.sentences import sentence
from orch_tui.plan.speakers import begins_with_name, last_clause
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.statements import Paragraph
from orch_tui.plan.trie import Phrases, any_of

CHAIN = any_of("""
    sequentially, in sequence, in strict sequence, strictly sequential, strictly in order, strictly in sequence,
    in this order, in that order, in this exact order, in the given order, in the listed order, in the stated order,
    in document order, in numeric order, in numerical order, in strict order, in the following order, in listed order,
    in the order given, in the order listed, in the order shown, in the order below, in the order they appear,
    one after another, one after the other, one by one in order, task-by-task, task by task, from top to bottom,
    are sequential, is sequential, run sequential, must be sequential, fully sequential, purely sequential,
    each builds on the previous, each depends on the previous, each requires the previous, each follows the previous,
    each builds on the one before, each depends on the one before, each waits for the one before,
    each task builds on the previous, each step builds on the previous, each phase builds on the previous,
    each task depends on the previous, each step depends on the previous, each phase depends on the previous,
    each step requires the previous, each phase requires the previous, each builds on the last,
    every step builds on the previous, every task builds on the previous, every phase builds on the previous,
    aufgabe für aufgabe, eine nach der anderen, einer nach dem anderen, der reihe nach, nacheinander,
    in dieser reihenfolge, in der angegebenen reihenfolge, streng sequenziell,
    streng sequentiell, strikt sequenziell, strikt sequentiell, sequenziell, sequentiell, bauen aufeinander auf,
    in der reihenfolge der nummern, build on each other, build upon each other, build on one another,
    son secuenciales, sont séquentielles, sont séquentiels, se construyen una sobre otra,
    en este orden, en orden secuencial, en el orden indicado, secuencialmente, de forma secuencial, uno tras otro,
    una tras otra, una por una, uno por uno, tarea por tarea, tarea a tarea, fase por fase, de manera secuencial,
    en orden numérico, en orden estricto,
    dans cet ordre, dans l'ordre, séquentiellement, l'un après l'autre, l'une après l'autre, de façon séquentielle,
    une par une, un par un, tâche par tâche, dans l'ordre indiqué, les unes après les autres, les uns après les autres,
    逐个任务, 逐一执行, 逐一实施, 逐个执行, 逐个实施, 逐项执行, 按顺序, 按照顺序, 依次, 顺序执行, 按以下顺序, 串行,
    依序, 逐个按,
    一つずつ, 1つずつ, ひとつずつ, 順番に, 順次, 上から順, この順序で, この順番で, この順で, 順に実行, 順に実施, 逐次
""")
ADVICE = any_of("""
    recommended, recommendation, recommendations, suggested, preferred, priority order, proposed, optional,
    roughly, typically, usually, ideally,
    may be, can run, can be run, could run, in any order, any order, no particular order, no fixed order,
    no specific order, not sequential,
    conservative order, aggressive order, shipping order, parallel order, possible order, likely order,
    not in order, not necessarily, not strictly, do not have to, need not, sorted, ranked, by priority,
    recomendado, recomendada, sugerido, sugerida, recommandé, recommandée, conseillé, conseillée,
    empfohlen, empfohlene, empfohlener, vorgeschlagene, nicht der reihe, keine reihenfolge, nicht nacheinander,
    orden recomendado, orden sugerido, ordre recommandé, ordre conseillé, 推荐, 建议, 推奨, 不必
""")
"""Words that make an order a recommendation."""
_IN_ORDER = Phrases(
    r"\b(?:in|en|em) (?:order|orden|ordem)\b"
    r"(?=\s*(?:$|[.:;)]|,(?! (?:to|for|that)\b)|\**\s*(?:unless|except|and do not|from)\b))",
    Spotter(["order", "orden", "ordem"]),
)
"""The bare words, not "in order to"."""
_NO_WORK = later(
    r"\b(?:cut|drop(?:ped)?|descoped?|defer(?:red)?|shed|sacrificed?|roll(?:ed)? back|revert(?:ed)?|gestrichen"
    r"|zurückgerollt|recorta\w*|descarta\w*|abandonn\w*)\b|砍掉|裁剪|回滚|切り捨て",
    re.IGNORECASE,
)
"""What is done in an order and is no work of the plan: "WP04 and WP05 are cut in that order"."""
_READING = later(
    r"\b(?:read (?:the|this|it)|(?:chart|diagram|picture|graph|drawing) (?:is|goes|runs|reads))\b", re.IGNORECASE
)
"""How a picture is looked at: "read the chart from top to bottom"."""
_GATE = Phrases(
    rf"(?s)\bno (?:{LABEL}|item|work) (?:of|in|from) (?:a|any|the next|the following|one) (?P<level>{LABEL})\b.{{0,60}}"
    r"\b(?:before|until)\b.{0,40}\b(?:every|all)\b"
    rf"|\b(?:every|each|all) (?:{LABEL}|item) (?:of|in) (?:a|each|every|one) (?P<level2>{LABEL})\b.{{0,60}}"
    r"\b(?:after|until|once|when)\b.{0,40}\b(?:every|all|previous)\b",
    Spotter(["every", "all", "each"]),
)
_LEVEL_BEFORE = Phrases(
    rf"\b(?P<level>{LABEL})\b[^.;]{{0,60}}\b(?:cannot|can not|can't|may not|must not|starts?|begins?|only)\b"
    r"[^.;]{0,40}\b(?:until|before|after|when|once)\b[^.;]{0,40}\b(?:previous|prior|preceding|one before)\b"
    rf"|\b(?:start|begin|open|enter) (?:a|any|the next|another) (?P<level9>{LABEL})\b[^.;]{{0,40}}\b(?:until|before)\b"
    r"[^.;]{0,40}\b(?:previous|prior|preceding|one before)\b"
    rf"|\b(?:complete|finish|close|end) (?:each|every|a|one) (?P<level10>{LABEL}) before (?:\w+ ){{0,3}}(?:the )?next\b"
    rf"|\b(?:each|every) (?P<level16>{LABEL})(?:['’]s)?(?: exit)?(?: gates?)? (?:must|has to|needs to|should)"
    r" (?:\w+ ){0,2}(?:pass|passed|complete|completed|done|finished|green|hold|met) before"
    r" (?:(?:starting|beginning|entering|opening|you|the|a) ){0,3}next\b"
    rf"|\b(?:a|the) gate (?:after|between|at the end of) (?:each|every)(?: (?P<gated>{LABEL}))?"
    rf"|\b(?:each|every) (?P<level3>{LABEL})"
    r" (?:depends on|requires|needs|waits for|builds(?: \w+ly)? (?:up)?on|blocks|gates|assumes)"
    r" (?:\w+ ){0,4}(?:previous|prior|preceding|one before|next)\b"
    rf"|\bcada (?P<level4>{LABEL}) (?:depende|requiere|necesita|se basa|se apoya|parte)\b[^.;]{{0,40}}\banterior\b"
    rf"|\bjede[rs]? (?P<level5>{LABEL}) (?:baut|hängt|setzt|benötigt|braucht|folgt)\b[^.;]{{0,40}}"
    r"\bvor(?:ige|herige|angehende|angegangene)\w*"
    rf"|\bchaque (?P<level6>{LABEL}) (?:dépend|requiert|nécessite|s'appuie|repose|suit)\b[^.;]{{0,40}}"
    r"\bprécédente?\b"
    rf"|\b(?:jede[rs]?|keine?) (?P<level11>{LABEL}) (?:beginn\w*|starte\w*|darf|kann)\b[^.;]{{0,60}}"
    r"\bvor(?:ige|herige|angehende|angegangene)\w*"
    rf"|\b(?:cada|ningun[ao]?|ningún) (?P<level12>{LABEL}) (?:no )?(?:empieza|comienza|inicia|arranca|puede)\b"
    r"[^.;]{0,60}\banterior\b"
    rf"|\b(?:chaque|aucune?) (?P<level13>{LABEL}) (?:ne )?(?:commence|démarre|débute|peut)\b[^.;]{{0,60}}"
    r"\bprécédente?\b"
    rf"|每(?:个|一个?)?\s?(?P<level14>{LABEL})[^。；]{{0,8}}(?:前|上)一个?(?:{LABEL})?[^。；]{{0,6}}(?:完成|结束|通过)"
    rf"|(?:上|前)一个?(?P<level15>{LABEL})[^。；]{{0,10}}(?:完成|结束|通过)[^。；]{{0,10}}下一个?(?:{LABEL})?"
    rf"|每(?:个|一个?)?\s?(?P<level7>{LABEL})[^。；]{{0,8}}(?:依赖|基于)[^。；]{{0,4}}(?:前|上)一"
    rf"|各\s?(?P<level8>{LABEL})[^。；]{{0,8}}(?:前|直前)の[^。；]{{0,8}}(?:依存|完了|前提)",
    Spotter(
        [
            *("previous", "prior", "preceding", "before", "gate", "next", "cada", "jede", "jeder", "jedes", "keine"),
            *("kein", "ninguna", "ninguno", "ningun", "ningún", "chaque", "aucun", "aucune", "每", "各", "上", "前"),
        ]
    ),
)
"""Each item or container of a kind after the one before it, language by language."""
_PLUS_ONE = re.compile(r"[NX]\s?\+\s?1")
_COUNTED = later(
    r"\b(?P<level>[^\W\d_]{2,14}) [NX]\b[^.;]{0,60}\b(?:before|until)\b[^.;]{0,40}[NX]\s?\+\s?1"
    r"|\b(?P<level2>[^\W\d_]{2,14}) [NX]\s?\+\s?1\b[^.;]{0,60}\b(?:after|until|once|when)\b[^.;]{0,40}\b[NX]\b"
)
"""The same by letters: "Phase N must pass before N+1 begins"."""
_NAMES_FOLLOW = later(rf"\**\s*[:：]\**\s*(?:{LABEL}{GAP})?{ID}\s*(?:,|→|->|>|;|、|，|\bthen\b)", re.IGNORECASE)
"""Names in the order that is meant: "in this order: 1, 3, 2"."""
_WITHIN = later(
    r"\b(?:within|inside|dentro de|innerhalb|in|dans|en) (?:each|every|a|cada|jede[rnms]?|eine[rs]|chaque)"
    rf" (?P<level>{LABEL})\b",
    re.IGNORECASE,
)
"""What the order holds in: "within each phase, tasks run in order"."""
_WHAT = later(LABEL, re.IGNORECASE)
_LONGEST = 400
"""Characters of a sentence; what is longer says more than that."""


def sequences(
    paragraphs: Iterable[Paragraph], *, container: int, item_labels: frozenset[str], container_labels: frozenset[str]
) -> list[Statement]:
    """Statements of order for all items or all containers of a kind; `container` is where they stand, or -1."""
    out: list[Statement] = []
    for paragraph in paragraphs:
        for at, words in _ordering(paragraph.text):
            said = _said(words, container_labels, item_labels, anywhere=container < 0)
            if said is not None:
                told = CHAIN.search(words) or _IN_ORDER.search(words)
                line = paragraph.line_at(at + (told.start() if told else 0))
                out.append(_statement(said, words, line, container))
    return out


@remembered
def _ordering(text: str) -> tuple[tuple[int, str], ...]:
    """The sentences of a text that may state an order for all, each with where it begins."""
    told = any(pattern.search(text) for pattern in (CHAIN, _IN_ORDER, _GATE, _LEVEL_BEFORE))
    if not told and not (_PLUS_ONE.search(text) and _COUNTED.search(text)):
        return ()
    out: list[tuple[int, str]] = []
    text = text.replace("**", "  ")  # a full stop within emphasis ends a sentence as well
    at = 0
    while at < len(text):
        words = sentence(text[at:])
        out.append((at, words))
        at += len(words) + 1
    return tuple(out)


def _statement(said: tuple[str, bool], words: str, line: int, container: int) -> Statement:
    level, each = said
    inner = _WITHIN.search(words)
    return Statement(
        relation="sequence",
        text=level,
        quote=words.strip(),
        line=line,
        container=container,
        kind="container" if level else "order",
        field=False,
        each=each,
        subject="" if inner else _who(words),
        within=label(inner["level"]) if inner and not level else "",
    )


def _who(words: str) -> str:
    """The names of those that the words put in order, "" when it is everybody: "Steps 1-3 are sequential"."""
    found = CHAIN.search(words) or _IN_ORDER.search(words)
    who = last_clause(words[: found.start()]) if found else ""
    return who if begins_with_name(who) else ""


def _said(
    words: str, container_labels: frozenset[str], item_labels: frozenset[str], *, anywhere: bool
) -> tuple[str, bool] | None:
    """(the containers' generic word, or "" for items; whether it holds for every item) or None.

    Outside of any container the sentence must name what it is about; inside, the items of the container are meant.
    """
    if len(words) > _LONGEST or ADVICE.search(words) or _NO_WORK.search(words) or _READING.search(words):
        return None
    if gate := _GATE.search(words):
        level = label(gate["level"] or gate["level2"] or "")
        return (level, True) if level in container_labels else None
    if before := _LEVEL_BEFORE.search(words) or (_COUNTED.search(words) if _PLUS_ONE.search(words) else None):
        level = label(next(filter(None, before.groups()), ""))
        return ("", False) if level in item_labels else (level, False) if level in container_labels else None
    chained = CHAIN.search(words)
    if not chained and not _IN_ORDER.search(words.strip(" *_")):
        return None
    if chained and _NAMES_FOLLOW.match(words, chained.end()):
        return None
    named = [label(found[0]) for found in _WHAT.finditer(words)]
    inner = _WITHIN.search(words)
    if inner and label(inner["level"]) in item_labels:
        return None  # it is about their parts
    if any(level in item_labels for level in named) or (inner and label(inner["level"]) in container_labels):
        return "", False
    for level in named:
        if level in container_labels:
            return level, False
    if named:
        return ("", False) if not item_labels and set(named) & {"task", "step", "item", "section", "todo"} else None
    return ("", False) if not anywhere or len(words.split()) <= 14 else None
