"""Words that stand for names said before them in the same text: "both", "it", "everything else"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL

_NAMED = rf"(?:(?i:{LABEL}){GAP})?{ID}"
_JOINTS = r"[`*_]*\s*(?:[,&+/]|,?\s+(?:and|und|y|et)\b)\s*[`*_]*"
_TWO = later(rf"{_NAMED}{_JOINTS}{_NAMED}")
_LIST = later(rf"{_NAMED}(?:{_JOINTS}{_NAMED})+")
_BOTH = re.compile(
    r"\W*(?:both(?: of (?:them|these|those))?|(?:the|these|those) two|beiden?|ambos|ambas|les deux)\W*", re.IGNORECASE
)
_IT = re.compile(r"\W*(?:it|this|that one|ihm|davon|darauf|ello|ella|celle-ci|celui-ci)\W*", re.IGNORECASE)
_REST = re.compile(
    r"\W*(?:everything|all) else\W*|\W*(?:all (?:the )?(?:others?|rest)|alles (?:andere|übrige|weitere)|todo lo demás"
    r"|tout le reste|the rest|der rest|el resto|le reste|o resto|il resto)\W*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]\s")
_LABELLED = later(rf"(?<!\w)(?i:{LABEL}){GAP}{ID}|(?<!\w)#?[A-Z][A-Za-z]{{0,9}}-?\d[\w.-]*")
_LONGEST = 24
"""Characters of such words."""
_LOOKED_BACK = 300
"""Characters before them in which the names are looked for."""


def is_both(words: str) -> bool:
    """Whether words stand for two: "both of them"."""
    return len(words) <= _LONGEST and bool(_BOTH.fullmatch(words))


def two_before(text: str, at: int) -> str:
    """The two names that were said last before a place, as they are written; "" where other than two were."""
    lists = list(_LIST.finditer(text, max(0, at - _LOOKED_BACK), at))
    named = lists[-1] if lists else None
    return named[0] if named and _TWO.fullmatch(named[0]) and text[named.end() : at].strip() else ""


def is_rest_of_it(subject: str, words: str) -> bool:
    """Whether all others are said to wait for "it"."""
    return len(words) <= _LONGEST and bool(_IT.fullmatch(words) and _REST.fullmatch(subject))


def is_rest(subject: str) -> bool:
    """Whether words stand for all others: "everything else"."""
    return len(subject) <= _LONGEST and bool(_REST.fullmatch(subject))


def it_before(text: str, at: int) -> str:
    """The one name in the sentence up to a place, which "it" stands for; "" where there are several or none."""
    start = max((found.end() for found in _SENTENCE.finditer(text, 0, at)), default=0)
    names = list(dict.fromkeys(found[0] for found in _LABELLED.finditer(text, max(start, at - _LOOKED_BACK), at)))
    return names[0] if len(names) == 1 else ""
