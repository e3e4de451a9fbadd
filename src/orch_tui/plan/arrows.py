"""Arrows between items in plain text: `A → B → C` in a line, drawings in code blocks, a stated critical path."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from orch_tui.plan.branches import of_names
from orch_tui.plan.canvas import drawing
from orch_tui.plan.chain import ARROW, read_chain, spoken, within_sentence
from orch_tui.plan.document import Document
from orch_tui.plan.names import label
from orch_tui.plan.order_words import SOFT
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Arrow, Diagram
from orch_tui.plan.sequence import ADVICE
from orch_tui.plan.trie import Phrases

_SUMMARY = re.compile(
    r"critical[ -]path|kritischer pfad|ruta crítica|camino crítico|chemin critique|关键路径|關鍵路徑|クリティカルパス",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(r"\bin (?:numeric|numerical) order\b", re.IGNORECASE)
"""Said of all items, whose own fields say otherwise: "Phases execute in numeric order: 1 → 2 → 3"."""
_DEPENDENCIES = re.compile(
    r"\b(?:dependenc(?:y|ies)|abhängigkeit(?:en)?|dependencias?|dépendances?|dependências?)\b|依赖|依存|의존",
    re.IGNORECASE,
)
_LONGEST_LISTING = 60
"""Lines under such a heading that list dependencies."""
_CODE_LIKE = re.compile(
    r"\(\w*\)\s*(?:->|=>)|\b(?:fn|def|func|function|return|const|let|var|match|case)\b|;\s*$|=>\s*\{|::"
)
_SAID = re.compile(
    r"(?<!\s)\s*(?:←|◀|◄|<-+)[-─━═]*\s*(?:(?:also|only|and) )*"
    r"(?:depends|needs|requires|waits|blocked|after|benötigt|braucht)\b.*$",
    re.IGNORECASE,
)
"""Words behind an arrow that say who is waited for; they are read as words."""
_SIGN = re.compile("[→▶►➔➜⟶⇒←◀◄⟵⇐<>]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BRACKETS = "[](){}（）【】`*\"' "
_LANGUAGES = frozenset({"", "text", "txt", "ascii", "plain", "plaintext", "diagram", "none", "console"})
_CORNERS = frozenset("├└┌┐┘┤┬┴┼╭╮╰╯")
"""Characters of drawings, which are read as a whole."""
_FALLS = re.compile(r"[\s│|▼↓]*[▼↓][\s│|▼↓]*")
"""A row of arrows that point down: the whole drawing then points at what follows."""
_APART = re.compile(r"\S {3,}\S")
"""Blanks between two names of a row that belong to different strands of a drawing."""
_GOES_ON = re.compile(r"(?:(?<=\S)[,;]?\s+(?:and )?then:?|→|->|=>)\s*$", re.IGNORECASE)
"""The end of a line whose chain goes on in the next one."""
_BEGINS_ON = re.compile(r"(?:→|->|=>)\s*\S")
"""The beginning of such a next one."""
_THEN = re.compile(r"(?<=\S)[,;]?\s+(?:and )?then:?\s+(?=[A-Z#\d])")
_ASIDE = re.compile(r"(?<=\w)\s+\([^()]*\)|(?<=\w)\s+\([^()]*$")
"""A bracket behind a name, which tells about it: "002 (the surface needs the session)"."""
_CLAUSES = re.compile(r"(?:;\s+|；\s*)(?![^()]{0,200}\))")
_CLAUSE_ENDS = frozenset(";；")
_TIGHT_CHAINS = re.compile(r"(?<=\w)[,，]\s+(?=[^\s,，()]{1,40}?(?:→|->)\S)")
_LAST_NUMBER = re.compile(r".*\s(\d{1,3})")
_UNNUMBERED = re.compile(r"[^\W\d_]{3,}(?!\s?#?\d)")
_STOP = re.compile(r"[;.]\s")
_COMMA = re.compile(r"[,，]\s+(?:and\s+)?(?![^()]{0,200}\))")
_LOOSE = re.compile(r"\s(?:→|->|=>)|(?:→|->|=>)\s")
_NEAR = 15
"""Lines under the heading "Critical path" that are taken for it."""
_LONGEST_NODE = 120
_MOST_NODES = 40
_SHORTEST_BROKEN = 3
"""Names of a chain that is broken; a shorter one is rather drawn with a branch."""
_ONE_ARROW = 4
"""Pieces into which one arrow cuts a row: before it, the arrow right or left, behind it."""
_LONGEST_CHAIN = 10
"""Lines that one chain of arrows may take."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A chain in running text: the line it begins in, its text, and the same with what stands before it."""

    line: int
    text: str
    said: str


def diagrams(document: Document) -> list[Diagram]:
    """Every drawing and every chain of arrows of a document, in code blocks and in running text."""
    out: list[Diagram] = []
    advised = Spans.of(document, ADVICE, len(document.lines))
    critical = Spans.of(document, _SUMMARY, _NEAR)
    listing = Spans.of(document, _DEPENDENCIES, _LONGEST_LISTING)
    for fence in document.fences:
        if fence.language not in _LANGUAGES:
            continue
        if tree := of_names(document, fence):
            out.append(tree)
        numbers = range(fence.line + 1, fence.end)
        rows = [_SAID.sub("", document.line(number)) for number in numbers]
        if any(_CODE_LIKE.search(row) for row in rows) or _is_advice(document, advised, fence.line):
            continue
        drawn = _block(rows, fence.line + 1, summary=_is_summary(document, critical, fence.line))
        out += [replace(one, listing=listing.holds(fence.line)) for one in drawn]
    for run in _runs(document):
        if SOFT.search(run.said) or _is_advice(document, advised, run.line, run.said):
            continue
        summary = bool(_SUMMARY.search(run.said)) or _is_summary(document, critical, run.line)
        words = run.text.partition(": ")[2] if _SUMMARY.search(run.text) and ": " in run.text else run.text
        implied = bool(_BY_NUMBER.search(run.said))
        needs = listing.holds(run.line) or bool(_DEPENDENCIES.search(run.said))
        for part in _parted(words):
            chains = _chains([part], run.line, summary=summary)
            out += [replace(one, implied=implied, told=True, listing=needs) for one in chains]
    return out


def _parted(words: str) -> list[str]:
    """The chains of a line; where no arrow has blanks around it, a comma with one parts them: "A→B, C→D→E".

    Where a name would come twice in one chain, it parts them in any case: "A → B, A → C".
    """
    out: list[str] = []
    for part in _clauses(words):
        pairs = _COMMA.split(part)
        if not _LOOSE.search(part):
            out += _TIGHT_CHAINS.split(part)
        elif 1 < len(pairs) <= _MOST_NODES and all(map(ARROW.search, pairs)) and _names_twice(part):
            out += pairs
        else:
            out.append(part)
    return out


def _clauses(words: str) -> list[str]:
    """The chains that semicolons part: "A → B; C → D"."""
    return [words] if _CLAUSE_ENDS.isdisjoint(words) else _CLAUSES.split(words)


def _names_twice(chain: str) -> bool:
    """Whether a name comes twice in a chain."""
    names = [name.strip(_BRACKETS) for part in ARROW.split(chain.rpartition(": ")[2])[::3] for name in part.split(",")]
    return len(set(names)) < len(names)


def _runs(document: Document) -> Iterator[_Run]:
    """Lines with arrows, each with those in which its chain goes on ("A → B, then / C → D")."""
    end = 0
    for number in document.visible(1, len(document.lines)):
        line = document.line(number)
        if number <= end or not _SIGN.search(line) or line.lstrip().startswith("|") or number in document.heading_lines:
            continue
        first, line = _begun(document, number, line, after=end)
        end, line = number, line.replace("\n", " ")
        while end - first < _LONGEST_CHAIN and _follows(document, end + 1) and _goes_on(line, document.line(end + 1)):
            end += 1
            line = f"{line} {document.line(end).strip()}"
        if ARROW.search(line):
            line = _THEN.sub(" → ", line)
            yield _Run(line=first, text=line, said=f"{_sentence_before(document, first)} {line}")


def _begun(document: Document, number: int, line: str, *, after: int) -> tuple[int, str]:
    """The line in which a chain begins, and the lines from there to this one, which opens with an arrow or within (.

    It begins `after` the line in which the chain before it ends.
    """
    first = number
    while first - 1 > after and number - first < _LONGEST_CHAIN and _follows(document, first):
        if not _BEGINS_ON.match(line.lstrip()) and line.count("(") >= line.count(")"):
            break
        first -= 1
        line = f"{document.line(first)}\n{line.strip()}"
    return first, line


def _follows(document: Document, number: int) -> bool:
    """Whether a line is in one paragraph with the line before it."""
    if not 1 < number <= len(document.lines) or document.hidden[number] or document.hidden[number - 1]:
        return False
    apart = number in document.item_lines or not document.heading_lines.keys().isdisjoint((number, number - 1))
    return bool(document.line(number) and not apart)


def _goes_on(chain: str, following: str) -> bool:
    """Whether a chain goes on in the next line."""
    within = chain.count("(") > chain.count(")")
    return bool(within or _GOES_ON.search(chain) or _BEGINS_ON.match(following)) and bool(ARROW.search(chain))


def _sentence_before(document: Document, number: int) -> str:
    """The words in the lines before one that belong to its sentence."""
    first = number
    while number - first < _LONGEST_CHAIN and _follows(document, first):
        before = document.line(first - 1)
        if before.rstrip().endswith((".", "!", "?", "。")) or _SIGN.search(before):
            break
        first -= 1
    return " ".join(document.line(at).strip() for at in range(first, number))


def _is_advice(document: Document, advised: Spans, line: int, said: str = "") -> bool:
    """Whether the line, the text line before it or a heading above gives an order as a mere recommendation.

    Of what is `said` in a line with a chain, sentences behind that are about something else.
    """
    chains = list(ARROW.finditer(said)) if said else []
    stop = _STOP.search(said, chains[-1].end()) if chains else None
    own = said[: stop.start()] if stop else document.line(line)
    before = next((text for text in reversed(document.lines[max(0, line - 3) : line - 1]) if text.strip()), "")
    return advised.holds(line) or any(ADVICE.search(words) for words in (own, before))


def _is_summary(document: Document, critical: Spans, line: int) -> bool:
    """Whether the heading or one of the lines just before calls it the critical path."""
    return critical.holds(line) or any(
        _SUMMARY.search(document.line(number)) for number in range(max(1, line - 3), line)
    )


@dataclass(frozen=True, slots=True)
class Spans:
    """Ranges of lines in order, none within another."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, words: re.Pattern[str] | Phrases, longest: int) -> Spans:
        """What stands under headings with such words, `longest` lines at most."""
        found: list[tuple[int, int]] = []
        for heading in document.headings:
            if words.search(heading.text) and not (found and heading.line <= found[-1][1]):
                found.append((heading.line, min(heading.end, heading.line + longest)))
        return cls(tuple(start for start, _ in found), tuple(end for _, end in found))

    def holds(self, line: int) -> bool:
        """Whether a line lies in one of the ranges."""
        at = bisect_right(self.starts, line) - 1
        return at >= 0 and line <= self.ends[at]


def _block(rows: Sequence[str], first: int, *, summary: bool) -> list[Diagram]:
    flows = any(_FALLS.fullmatch(row) for row in rows)
    rows = _continued(rows)
    texts, strokes = drawing(["" if not flows and _points_back(row) else _apart(row) for row in rows])
    nodes = {_key(number): text for number, text in enumerate(texts)}
    arrows = tuple(
        Arrow(before=_key(source), after=_key(target), line=first + stroke.row, quote=rows[stroke.row].strip())
        for stroke in strokes
        for source in stroke.sources
        for target in stroke.targets
        if not _says_itself(texts[target])
    )
    chained = _chains(["" if flows and _points_back(row) else row for row in rows], first, summary=summary)
    drawn = [Diagram(nodes=nodes, arrows=arrows, line=first, summary=summary)] if arrows else []
    return drawn + chained


def _apart(row: str) -> str:
    """A row of several chains, wide apart as strands of a drawing are."""
    return "     ".join(_clauses(row)) if len(ARROW.split(row)) > _ONE_ARROW else row


def _continued(rows: Sequence[str]) -> list[str]:
    """The rows with a chain that goes on in the next row in one, where the numbers grow on: "1 → 2 → 3 / → 4 → 5"."""
    out: list[str] = []
    for row in rows:
        before = next((at for at in range(len(out) - 1, -1, -1) if out[at]), -1)
        chain = f"{out[before].rstrip()} {row.strip()}" if before >= 0 and _BEGINS_ON.match(row.lstrip()) else ""
        names = ARROW.split(chain)[::3] if chain and ARROW.search(out[before]) else []
        if len(names) > _SHORTEST_BROKEN and _ascending(names) and not any(char in _CORNERS for char in chain):
            out[before] = chain
            out.append("")
        else:
            out.append(row)
    return out


def _says_itself(text: str) -> bool:
    """Whether the words in a node tell what it waits for, so that its strokes need not: "T3 (needs T1)"."""
    return any(one.relation == "needs" and one.text for one in in_text(text))


def _key(number: int) -> str:
    """A key that is nobody's id."""
    return f"drawn {number}"


def _chains(rows: Sequence[str], first: int, *, summary: bool) -> list[Diagram]:
    """Lines of the form `A, B → C`; each line is its own picture, since every line names its items anew."""
    parts = ((offset, row, part) for offset, row in enumerate(rows) for part in _clauses(row))
    found = (_one_chain(part, first + offset, row.strip(), summary=summary) for offset, row, part in parts)
    return [chain for chain in found if chain]


def _one_chain(part: str, line: int, quote: str, *, summary: bool) -> Diagram | None:
    names = [within_sentence(name, first=not at) for at, name in enumerate(ARROW.split(part)[::3])]
    if not 2 <= len(names) <= _MOST_NODES or any(char in _CORNERS for char in part):
        return None
    if any(_APART.search(name.strip()) for name in names):
        return None
    empty = not all(name.strip(_BRACKETS + "│|-·•*+") for name in names)
    if (
        empty
        or any(len(name) > _LONGEST_NODE for name in names)
        or any(in_text(_ASIDE.sub("", name)) for name in names[1:])
    ):
        return None
    head, colon, tail = names[0].rpartition(": ")
    bare = part[len(head) + len(colon) :] if colon and tail.strip() else part
    chain = read_chain(bare, backwards=_points_back(part))
    arrows = tuple(Arrow(before=one, after=other, line=line, quote=quote) for one, other in chain.pairs)
    return Diagram(nodes=_counted(part, spoken(chain)), arrows=arrows, line=line, summary=summary)


def _counted(row: str, nodes: dict[str, str]) -> dict[str, str]:
    """The nodes with the generic word that is said before their numbers: "Phases are strict. They run 1 → 2 → 3"."""
    texts = list(nodes.values())
    opening = _LAST_NUMBER.fullmatch(texts[0]) if texts else None
    if not opening or not all(text.isdecimal() for text in texts[1:]):
        return nodes
    kinds = [label(word) for word in _UNNUMBERED.findall(ARROW.split(row)[0])]
    kind = next((kind for kind in reversed(kinds) if kind), "")
    numbers = (opening[1], *texts[1:])
    return {key: f"{kind} {number}" for key, number in zip(nodes, numbers, strict=True)} if kind else nodes


def _points_back(row: str) -> bool:
    """Whether a row is a chain whose arrows point at what is needed."""
    parts = ARROW.split(row)
    return len(parts) > 1 and all(right is None for right in parts[1::3]) and _ascending(parts[::3])


def _ascending(names: Sequence[str]) -> bool:
    """Whether the numbers grow from left to right: `Epic 1 ← Epic 2` points at what is needed, not at what follows."""
    numbers = [float(found[0]) for name in names if (found := _NUMBER.search(name))]
    return len(numbers) == len(names) and all(one < other for one, other in pairwise(numbers))
