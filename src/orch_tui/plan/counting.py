"""Numbers that plans spell out: "the first step", "Schritt zwei"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import AFTER, BEFORE, LABEL
from orch_tui.plan.spotting import Spotter

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
