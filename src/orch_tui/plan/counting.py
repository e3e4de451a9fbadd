"""Numbers that plans spell out: "the first step", "Schritt zwei"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import AFTER, BEFORE, LABEL, label
from orch_tui.plan.remembered import remembered
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.trie import told_by

_NUMBER_WORDS = {
    word: str(number)
    for number, more in enumerate(
        (
            "first one erste ersten erster erstes primer primera premier première",
            "second two zweite zweiten zweiter zweites segundo segunda deuxième seconde",
            "third three dritte dritten dritter drittes tercer tercera troisième",
            "fourth four vierte vierten vierter viertes cuarto cuarta quatrième",
            "fifth five fünfte fünften fünfter fünftes quinto quinta cinquième",
            "sixth six sechste sechsten",
            "seventh seven",
            "eighth eight",
            "ninth nine",
            "tenth ten",
        ),
        1,
    )
    for word in more.split()
}
_COUNTED = "|".join(_NUMBER_WORDS)
_SPOTTER = Spotter(_NUMBER_WORDS)
_ANY_COUNTED = later(rf"{BEFORE}(?:{_COUNTED}){AFTER}", re.IGNORECASE)
_ORDINAL = later(rf"{BEFORE}({_COUNTED})\s+({LABEL}){AFTER}", re.IGNORECASE)
_SPELLED = later(rf"{BEFORE}({LABEL})\s+({_COUNTED}){AFTER}", re.IGNORECASE)


_MANY = {
    word: number
    for number, more in enumerate(
        (
            "two zwei dos deux dois due 两 二",
            "three drei tres trois três tre 三",
            "four vier cuatro quatre quatro quattro 四",
            "five fünf cinco cinq 五",
            "six sechs seis 六",
            "seven sieben siete sept 七",
            "eight acht ocho huit 八",
        ),
        2,
    )
    for word in more.split()
}
_HOW_MANY = f"(?P<{{}}>{'|'.join(_MANY)}|\\d{{{{1,2}}}})"
_FEW = told_by(
    "first ersten primeros primeras premiers premières primeiros primeiras previous preceding prior last vorigen"
    " vorherigen before 前",
    r"(?:the |die |den |los |las |les )?(?:"
    rf"(?:first|ersten|primer[oa]s|premi(?:er|ère)s|primeir[oa]s) {_HOW_MANY.format('first')}"
    rf"|(?:previous|preceding|prior|last|vorigen|vorherigen) {_HOW_MANY.format('last')}"
    rf"|{_HOW_MANY.format('before')}(?: previous| preceding|(?= {LABEL} before)))"
    rf"(?: (?P<label>{LABEL}))?(?: before (?:it|this|that))?"
    rf"|(?:the )?(?P<one>{LABEL}|one) (?:just |right )?before (?:it|this|that)"
    rf"|前{_HOW_MANY.format('zh')}(?:个|项)?(?P<zh_label>步|{LABEL})",
)
_TIMES = frozenset({"week", "day", "sprint", "session", "iteration"})
"""Generic words that are counted as time goes by."""


@remembered
def few(text: str) -> tuple[bool, int]:
    """How many are meant by "the first three steps" (True) or "the previous two", "two steps before it" (False)."""
    found = _FEW.fullmatch(text.strip(" .。"))
    if not found or label(found["label"] or "") in _TIMES:
        return True, 0
    if found["one"]:
        return False, 1
    written = next(filter(None, (found["first"], found["last"], found["before"], found["zh"])))
    number = int(written) if written.isdecimal() else _MANY[written.lower()]
    return bool(found["first"] or found["zh"]), number


_BEFORE_WORD = re.compile(
    r"第\s?(?P<id>\d{1,3}(?:\s?[-–~～至到]\s?\d{1,3})?)\s?(?P<word>阶段|階段|段階|フェーズ|步骤|步|ステップ)"
    r"|(?<![\d.])(?P<counted>\d{1,3})(?P<korean>단계)"
)
"""Where the number stands before the word."""


def in_digits(text: str) -> str:
    """ "the first step", "step one" -> "step 1"; "第2阶段" -> "阶段 2"."""
    if "第" in text or "단계" in text:
        text = _BEFORE_WORD.sub(_turned, text)
    if not _SPOTTER.may_be_in(text) or not _ANY_COUNTED.search(text):
        return text
    text = _ORDINAL.sub(lambda found: f"{found[2]} {_NUMBER_WORDS[found[1].lower()]}", text)
    return _SPELLED.sub(lambda found: f"{found[1]} {_NUMBER_WORDS[found[2].lower()]}", text)


def _turned(found: re.Match[str]) -> str:
    word = found["word"] or found["korean"]
    return f"{'步骤' if word == '步' else word} {found['id'] or found['counted']}"
