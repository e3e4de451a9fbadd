"""What is said of the first and the last item: "Step 1 must come first", "Phase 4 runs last", "Deploy (last)"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from orch_tui.plan.first_words import comes_first, says_first
from orch_tui.plan.later import later
from orch_tui.plan.names import BEFORE, GAP, ID, LABEL
from orch_tui.plan.speakers import EDGE, last_clause
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.trie import any_of
from orch_tui.plan.value import value

ALL_OTHERS = "all others"
_WORDS = """
    last zuletzt schluss letzte letzten letzter letztes allerletztes final último ultimo última dernier 最
    end ende fin fine first zuerst zuallererst erste erster erstes allererstes primer primero primera primeros primeras
    primeiro premier primo prima prime primi abord 先 nothing no before
"""
_TELLING = Spotter(_WORDS.split())
_GOES = later(
    r"(?:\b(?:runs?|comes?|goes|go|is|are|be|lands?|ships?|executes?|happens?|starts?|follows?|done|executed|built"
    r"|implemented|performed|scheduled|stays|remains|kommt|kommen|läuft|laufen|folgt|ist|va|van|viene|vienen|queda|quedan"
    r"|fica|ficam|es|son|se hace|se ejecuta|vient|viennent|passe|est)\b"
    r"(?:\s+(?:strictly|always|then|very|done|run|ganz|immer|erst))*"
    r"|は)\W*$",
    re.IGNORECASE,
)
"""What stands before "last" when it is said of the words before that."""
_LAST = later(
    rf"\b(?:the )?last(?: one| of all| {LABEL}| in (?:line|order|sequence))?"
    rf"(?:(?: one)? (?:of|in) its (?P<group>\w+))?(?![\w-])"
    r"|\b(?:zuletzt|zum schluss|als letzte[rns]?)\b"
    r"|\b(?:al final(?! del?\b)|por último|de último|en último lugar|la última|el último)\b|\ben dernier(?: lieu)?\b"
    r"|最后|最後",
    re.IGNORECASE,
)
_LAST_HOLDS = ("last", "letzt", "schluss", "final", "ltimo", "ltima", "dernier", "最后", "最後")
"""Parts of words of which all that it finds holds one."""
_ALONE = later(
    r"\W*(?:(?:do|run|leave|keep|save) (?:this|it|these) (?:for |until |till |at )?the (?:very )?end"
    r"|this(?: one| step| task)? (?:comes|goes|runs|happens|is done) at the (?:very )?end"
    r"|(?:right |only )?at the (?:very )?end(?: of (?:all|everything))?|(?:the )?(?:very )?last(?: of all)?"
    r"|(?:ganz )?(?:am ende|zum schluss|am schluss|zuletzt)|als (?:aller)?letztes"
    r"|al final(?: de todo)?|por último|en último lugar|(?:tout )?à la (?:toute )?fin|en (?:tout )?dernier(?: lieu)?"
    r"|no final(?: de tudo)?|alla fine(?: di tutto)?|per ultimo"
    r"|(?:放在)?最后(?:进行|执行|实施|做|一步|写|编写|完成|处理|更新|补充)?"
    r"|(?:一番)?最後に?(?:実施|行う|実行)?(?:する|します)?)"
    r"\W*(?:[,，、]\s*(?:when|once|wenn|sobald|nachdem|cuando|quando|quand|lorsque|其余|其他)\b.*)?",
    re.IGNORECASE,
)
"""A whole sentence, the first of its text, that says nothing else."""
_ALONE_HOLDS = ("end", "fin")
"""Of which it holds one where it holds no word for "last"."""
_NAME = rf"(?:{LABEL}{GAP})?{ID}"
_NAMES = later(rf"\W*{_NAME}(?:(?:\s*[,&+/]\s*|\s+and\s+){_NAME})*\W*", re.IGNORECASE)
_DO = later(
    r"\W*(?:do|run|land|ship|build|merge|leave|keep|save|start)\s+(?P<who>\S.*?)\s*(?:\b(?:for|until|till)\b)?\W*",
    re.IGNORECASE,
)
_STOPS = later(
    r"\W*$|\s*[.,;:)，。；：）—–]|\s+-\s"
    r"|\s+(?:because|since|so|as|once|when|after|against|weil|da|porque|ya que|car|parce)\b"
    r"|(?:执行|进行|做|完成|实施|处理|に実施|に実行|に行う|に着手)",
    re.IGNORECASE,
)
"""What stands behind "last" when nothing is counted by it, as in "last week"."""
_FIRST = later(
    rf"(?P<who>{BEFORE}(?:{LABEL}{GAP})?(?-i:{ID})(?:\s*\([^()]{{0,60}}\))?)\s+(?:(?:must|has to|needs to|should)\s+)?"
    r"(?:(?:comes?|goes|go|runs?|lands?|ships?|starts?|be (?:done|finished|completed?|merged|landed)|happens?)\s+first"
    r"|(?<=must |d to |s to )be\s+(?:the\s+)?first)"
    r"(?=\W*$|\s*[.;:)—–]|\s+(?:because|since|as|so that)\b|,\s+(?:because|since|as|so|before)\b)",
    re.IGNORECASE,
)
_FIRST_GLUED = later(
    rf"(?P<who>{_NAME}|第\s?\d[\d\s~～至到–-]{{0,8}}(?:步|阶段|階段))[^。；;]{{0,20}}?(?:必须|需要|需|应该|应|要)"
    r"(?:首先|最先|优先|先行)(?:完成|实施|执行|进行)",
    re.IGNORECASE,
)
_FIRST_GLUED_HOLDS = ("首先", "最先", "优先", "先行")
_NOTHING_BEFORE = later(
    rf"\b(?:nothing(?: else)?|no (?:other )?(?:{LABEL}|work|one))\s+"
    r"(?:(?:can|may|should|must|will|is allowed to)\s+)?(?:be\s+)?"
    r"(?:starts?|started|begins?|begun|lands?|ships?|proceeds?|runs?|moves?|merges?|merged"
    r"|(?<=be )\w+ed|(?<=be )(?:done|built|shipped|put|set))(?:\s+\w+){0,2}?\s+"
    r"(?:before|until|without)\s+",
    re.IGNORECASE,
)
"""Behind which the first item stands: "nothing else can start before Step 1 is merged"."""
_BEFORE = ("before", "until", "without")
_OPENS = later(rf"[\s`*_]*({_NAME})", re.IGNORECASE)
_THEREFORE = frozenset(["therefore", "thus", "hence", "so", "deshalb", "daher", "also", "darum"])
"""What stands where the subject would in "S05 closes the wave and therefore comes last"."""
_UNSURE = any_of("""
    not, never, was, were, can, could, may, might, cut, drop, dropped, defer, deferred, roll back, rolled back,
    optionally, ideally, perhaps, recommended, suggested, nicht, nie, nunca, no, pas, idealmente, idéalement
""")
_LONGEST = 160
"""Characters before "last" in which who is meant must stand."""


@value
class Utmost:
    """`who` comes after `what` (words for items), or with `first` before it; `at`, `end`: where that is said.

    `begins` is where the clause begins in which it is said.
    """

    who: str
    what: str
    at: int
    end: int
    begins: int
    first: bool = False


def may_tell(text: str) -> bool:
    """Whether a text may say that something comes first or last."""
    return _TELLING.may_be_in(text)


def utmost(text: str, start: int, stop: int) -> Iterator[Utmost]:
    """What the sentence between two places says of a first or a last item."""
    said = text[start:stop].lower()
    last = any(part in said for part in _LAST_HOLDS)
    alone = last or any(part in said for part in _ALONE_HOLDS)
    if alone and not text[:start].strip(EDGE) and _ALONE.fullmatch(text, start, stop):
        yield Utmost(who="", what=ALL_OTHERS, at=start, end=stop, begins=start)
        return
    if last:
        yield from _last(text, start, stop)
    if says_first(said) and (who := comes_first(text, start, stop)) is not None:
        yield Utmost(who=who, what=ALL_OTHERS, at=start, end=stop, begins=start, first=True)
        return
    for one in _firsts(text, start, stop, said):
        if not _UNSURE.search(text[max(start, one.start() - _LONGEST) : one.start()]):
            who = one["who"] if one.re.groups else text[one.end() : min(stop, one.end() + _LONGEST)]
            yield Utmost(who=who, what=ALL_OTHERS, at=one.start(), end=one.end(), begins=one.start(), first=True)


def _firsts(text: str, start: int, stop: int, said: str) -> Iterator[re.Match[str]]:
    """What says that something comes first; `said` is the same part of `text` in small letters."""
    patterns = (
        _FIRST if "first" in said else None,
        _FIRST_GLUED if any(part in said for part in _FIRST_GLUED_HOLDS) else None,
        _NOTHING_BEFORE if "no" in said and any(part in said for part in _BEFORE) else None,
    )
    return (one for pattern in patterns if pattern and (one := pattern.search(text, start, stop)))


def _last(text: str, start: int, stop: int) -> Iterator[Utmost]:
    for last in _LAST.finditer(text, start, stop):
        left = text[max(start, last.start() - _LONGEST) : last.start()]
        if not _STOPS.match(text, last.end(), stop) or _UNSURE.search(left):
            continue
        who = _who(left, bracket=start > 0 and text[start - 1] in "(（")
        if who is not None:
            begins = last.start() - len(left) + max(0, left.rfind(who))
            what = f"{ALL_OTHERS} of its {last['group']}" if last["group"] else ALL_OTHERS
            yield Utmost(who=who, what=what, at=last.start(), end=last.end(), begins=begins)
            return


def _who(left: str, *, bracket: bool) -> str | None:
    """The words for what comes last; None when those before "last" say something else."""
    if goes := _GOES.search(left):
        who = last_clause(left[: goes.start()])
        opening = _OPENS.match(left) if who.lower() in _THEREFORE else None
        return opening[1] if opening else who
    if do := _DO.fullmatch(left):
        return do["who"]
    if not left.strip(EDGE):
        return "" if bracket else None
    return left.strip(EDGE) if _NAMES.fullmatch(left) else None


def beyond(edges: Iterable[tuple[int, int]], items: Iterable[int], *, back: bool) -> set[int]:
    """All that waits for some items, directly or not, or with `back` all they wait for; and the items themselves."""
    next_to: dict[int, list[int]] = defaultdict(list)
    for upstream, downstream in edges:
        one, other = (downstream, upstream) if back else (upstream, downstream)
        next_to[one].append(other)
    found = set(items)
    work = list(found)
    while work:
        new = [one for one in next_to[work.pop()] if one not in found]
        found.update(new)
        work += new
    return found
