"""An order told in a sentence: "Step 1 first, then Steps 2 and 3", "Order: A, C, then B", "zuerst A, danach B"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orch_tui.plan.chain import ARROW, read_chain, spoken
from orch_tui.plan.later import later
from orch_tui.plan.order_words import SOFT
from orch_tui.plan.reading import Arrow, Diagram
from orch_tui.plan.remembered import remembered
from orch_tui.plan.sentences import sentence_end
from orch_tui.plan.sequence import ADVICE
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.statements import Paragraph

_WORDS = Spotter(
    [
        *("then", "first", "afterwards", "thereafter", "order", "sequence", "danach", "dann", "anschließend"),
        *(
            "that",
            "reihenfolge",
            "luego",
            "después",
            "continuación",
            "orden",
            "ordre",
            "puis",
            "ensuite",
            "depois",
            "seguida",
        ),
        *("然后", "接着", "随后", "再", "次に", "その後", "続いて"),
    ]
)
_THEN_WORD = (
    r"(?<![\w-])(?:then|after that|afterwards|thereafter|danach|dann|anschließend|luego|después|a continuación|puis"
    r"|ensuite|depois|em seguida)(?![\w-])"
)
_THEN_GLUED = "(?:然后|接着|随后|再(?=[做完实执开进])|次に|その後|続いて)"
_TELLS = later(rf"{_THEN_WORD}|{_THEN_GLUED}|\bfirst\s*[,;.–—]", re.IGNORECASE)
_THEN = later(
    r"(?:\s+(?:first|zuerst|primero|d'abord|en premier)(?![\w-]))?\s*(?:[,;:.–—]|\s-(?=\s))?\s*"
    rf"(?<![\w-])(?:(?:and|und|y|et|e)\s+)?{_THEN_WORD}[:,]?\s*(?=\S)"
    rf"|[，,、；。]?\s?{_THEN_GLUED}、?\s?(?=\S)",
    re.IGNORECASE,
)
"""Between one name and the next."""
_FOLLOWS = later(
    r"(?P<before>\S.{0,120}?)\s+first\s*[,;.–—]\s*"
    r"(?P<after>[^,;.]{1,120}?)\s+(?:follows?|afterwards|after(?: that)?|next|later)\W*",
    re.IGNORECASE,
)
"""Two groups without "then": "1 and 2 first; 3 and 4 follow"."""
_ORDER = later(
    r"(?<![\w-])(?:order|sequence|reihenfolge|orden|ordre)"
    r"(?:\s+(?:of (?:work|execution|implementation)|is|ist|es))?(?:(?<=order)\))?\s*[:：]\s*(?P<listed>\S.*)",
    re.IGNORECASE,
)
"""Names behind a colon, where a comma parts one from the next."""
_LISTED = later(r"\s*(?:[,，、;]|(?<=\s)>(?=\s))\s*(?![^()]*\))")
_VERBS = """
    do|start with|starting with|begin with|beginning with|first|land|ship|build|finish|complete|implement|run|tackle
    |execute|proceed with|proceed to|continue with|move to|move on to|go to|merge|deliver|come|comes|zuerst|erst
    |zunächst|kommt|kommen|primero|primera|d'abord|en premier|we|you|the|el|la|los|las|die|der|das
"""
_LEAD = later(
    rf"\W*(?:(?:{''.join(line.strip() for line in _VERBS.splitlines())})\s+"
    r"|l'|先?(?:完成|做|实施|执行|开发)|先|まず、?)+",
    re.IGNORECASE,
)
"""What stands before a name and is none of it."""
_TAIL = later(
    r"(?:[\s,]+(?:first|zuerst|primero|follows?|afterwards|last|next|in either order|in any order|are done|is done|done"
    r"|is finished|are finished))+\W*$",
    re.IGNORECASE,
)
_LONGEST = 400
_LONGEST_NAME = 80
_MOST_NAMES = 30


def told_orders(paragraphs: Iterable[Paragraph]) -> Iterator[Diagram]:
    """Chains of names, for each sentence that tells an order."""
    for paragraph in paragraphs:
        told = _told(paragraph.text)
        bare = paragraph.bared(_bare(paragraph.text), _bare) if told else paragraph
        for at, names, quote in told:
            line = bare.line_at(at)
            chain = read_chain(" → ".join(names))
            arrows = tuple(Arrow(before=one, after=other, line=line, quote=quote) for one, other in chain.pairs)
            yield Diagram(nodes=spoken(chain), arrows=arrows, line=line, told=True)


@remembered
def _told(text: str) -> tuple[tuple[int, tuple[str, ...], str], ...]:
    """(where, the names in order, the words) of every sentence of a text that tells an order."""
    if not _WORDS.may_be_in(text):
        return ()
    bare = _bare(text)
    out: list[tuple[int, tuple[str, ...], str]] = []
    at = 0
    while at < len(bare):
        words = bare[at : sentence_end(bare, at, len(bare))]
        names = _names(words) or _names(_with_next(bare, at, words))
        if names:
            out.append((at + len(words) - len(words.lstrip()), names, words.strip()))
        at += len(words) + 1
    return tuple(out)


def _with_next(text: str, at: int, words: str) -> str:
    """A sentence that ends in "first" with the next one: "Land 1 and 2 first; 3 and 4 follow"."""
    if not words.rstrip().endswith("first"):
        return ""
    start = at + len(words) + 1
    return f"{words}; {text[start : sentence_end(text, start, len(text))]}"


def _bare(text: str) -> str:
    return text.replace("**", "").replace("`", "")


def _names(words: str) -> tuple[str, ...]:
    """The names that a sentence puts in order; empty when it is about something else."""
    if len(words) > _LONGEST:
        return ()
    listed = _ORDER.search(words)
    if not listed and not _TELLS.search(words):
        return ()
    if ARROW.search(words) or ADVICE.search(words) or SOFT.search(words):
        return ()
    told = listed["listed"] if listed else words
    if follows := _FOLLOWS.fullmatch(told.strip()):
        parts = [follows["before"], follows["after"]]
    else:
        parts = _THEN.split(told)
        if listed:
            parts = [one for part in parts for one in _LISTED.split(part)]
    names = [_TAIL.sub("", _LEAD.sub("", part, count=1)).strip(" *_`.,;:") if part else "" for part in parts]
    if not 1 < len(names) <= _MOST_NAMES or any(not name or len(name) > _LONGEST_NAME for name in names):
        return ()
    return tuple(names) if len(set(names)) == len(names) else ()
