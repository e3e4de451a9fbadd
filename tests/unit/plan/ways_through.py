"""Texts that go through each way of a regular expression, to hold a quick look for words against the whole pattern."""

import re
from collections.abc import Iterable, Iterator
from re import _constants as op
from re import _parser as parser

from orch_tui.plan.spotting import words_in

_UNFINISHED = re.compile(r"[a-zß-ɏ]*\Z", re.IGNORECASE)
"""The word at the end of a text, to which more letters may come."""
_WITNESSES = 4
"""Texts kept of those that go on alike; look-arounds may forbid some of them."""
_SIGNS = " q9A-.,，一の"
"""One of these stands for a class of many characters."""
_MOST_MEMBERS = 24
_MOST_WAYS = 15
"""The ways of the first alternatives of a pattern are walked apart to its end, when they are no more."""
_EDGE = "\0"
"""At the end of a text where a word has to begin or to end."""


class Gate:
    """A quick look for `words`, as spotters tell them, or `parts` of words; a text has to hold one of them.

    With `any_script` a text with letters beyond ASCII is always worth a look.
    """

    def __init__(self, words: Iterable[str] = (), parts: Iterable[str] = (), *, any_script: bool = False) -> None:
        self._words, self._parts, self._any_script = frozenset(words), tuple(parts), any_script
        self._word_opens = {word[:size] for word in self._words for size in range(len(word) + 1)}
        self._part_opens = {part[:size] for part in self._parts for size in range(1, len(part))}
        self._longest = max(map(len, self._part_opens), default=0)

    def holds(self, text: str) -> bool:
        """Whether the text holds one, whatever comes behind it."""
        lower = text.lower()
        return (
            not self._words.isdisjoint(words_in(text[: _UNFINISHED.search(text).start()]))
            or any(part in lower for part in self._parts)
            or (self._any_script and not text.isascii())
        )

    def begun(self, text: str) -> tuple[str, str]:
        """The ends of the text that may grow into one."""
        unfinished = _UNFINISHED.search(text)[0].lower()
        ends = (text[-size:].lower() for size in range(self._longest, 0, -1))
        return unfinished if unfinished in self._word_opens else "-", next(
            (end for end in ends if end in self._part_opens), ""
        )


def let_through(pattern: str, gate: Gate, flags: int = re.IGNORECASE) -> list[str]:
    """Texts in which the pattern is found although they hold nothing of the gate."""
    ends = _Walk(gate).ends(list(parser.parse(pattern, flags)), [""])
    texts = [text.removesuffix(_EDGE) for text in ends]
    compiled = re.compile(pattern, flags)
    return [text for text in texts if compiled.search(text) and not gate.holds(text + ".")]


class _Walk:
    """Texts grow from left to right, and one that holds something of the gate is dropped."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def ends(self, nodes: list[tuple[object, object]], texts: list[str]) -> Iterator[str]:
        """The texts through all nodes; those of one of the first alternatives keep none of another from the end."""
        for at, (node, value) in enumerate(nodes):
            if node is op.SUBPATTERN:
                yield from self.ends([*value[3], *nodes[at + 1 :]], texts)
                return
            if node is op.BRANCH and len(value[1]) <= _MOST_WAYS:
                for branch in value[1]:
                    yield from self.through([*branch, *nodes[at + 1 :]], texts)
                return
            texts = self.through([(node, value)], texts)
        yield from texts

    def through(self, nodes: Iterable[tuple[object, object]], texts: list[str]) -> list[str]:
        for node, value in nodes:
            texts = self._thinned(self._grown(node, value, texts))
        return texts

    def _thinned(self, texts: Iterable[str]) -> list[str]:
        kept: dict[tuple[tuple[str, str], str], list[str]] = {}
        for text in dict.fromkeys(texts):
            bare = text.removesuffix(_EDGE)
            alike = kept.setdefault((self._gate.begun(bare), _kind(bare[-1:]) + text[len(bare) :]), [])
            if len(alike) < _WITNESSES and not self._gate.holds(bare):
                alike.append(text)
        return [text for alike in kept.values() for text in alike]

    def _grown(self, node: object, value: object, texts: list[str]) -> Iterator[str]:
        if node is op.LITERAL:
            yield from _with_sign(texts, chr(value))
        elif node in (op.ANY, op.NOT_LITERAL, op.IN):
            for sign in _members(node, value):
                yield from _with_sign(texts, sign)
        elif node is op.BRANCH:
            for branch in value[1]:
                yield from self.through(branch, texts)
        elif node is op.SUBPATTERN:
            yield from self.through(value[3], texts)
        elif node in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, inner = value
            for times in range(min(most, least + 2) + 1):
                if times >= least:
                    yield from texts
                texts = self._thinned(self.through(inner, texts))
        elif node is op.ATOMIC_GROUP:
            yield from self.through(value, texts)
        elif node is op.ASSERT:
            yield from texts
            yield from self.through(value[1], texts)
        elif node is op.AT and value is op.AT_BOUNDARY:
            yield from (text if text.endswith(_EDGE) else text + _EDGE for text in texts)
        elif node in (op.AT, op.ASSERT_NOT):
            yield from texts
        else:
            raise NotImplementedError(f"no way through {node!r}")


def _with_sign(texts: Iterable[str], sign: str) -> Iterator[str]:
    """The texts with one more sign, without those in which no word begins or ends before it as it should."""
    for text in texts:
        bare = text.removesuffix(_EDGE)
        if bare == text or _is_word(bare[-1:]) != _is_word(sign):
            yield bare + sign


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _kind(sign: str) -> str:
    return "letter" if sign.isalpha() else "number" if sign.isdecimal() else "blank" if sign.isspace() else "sign"


def _members(node: object, value: object) -> list[str]:
    """All characters of a small class, and some of a large one."""
    if node is op.IN and value[0][0] is not op.NEGATE:
        listed: list[str] = []
        for kind, member in value:
            if kind is op.LITERAL:
                listed.append(chr(member))
            elif kind is op.RANGE and member[1] - member[0] < _MOST_MEMBERS:
                listed += map(chr, range(member[0], member[1] + 1))
            else:
                break
        else:
            if len(listed) <= _MOST_MEMBERS:
                return listed
    return [sign for sign in _SIGNS if _is_in(node, value, sign)]


def _is_in(node: object, value: object, sign: str) -> bool:
    if node is op.ANY:
        return True
    if node is op.NOT_LITERAL:
        return ord(sign) != value
    negated = value[0][0] is op.NEGATE
    return any(_is_member(kind, member, sign) for kind, member in value) != negated


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def _is_member(kind: object, member: object, sign: str) -> bool:
    if kind is op.LITERAL:
        return ord(sign) == member
    if kind is op.RANGE:
        return member[0] <= ord(sign) <= member[1]
    return kind is op.CATEGORY and bool(re.fullmatch(_CATEGORIES[member], sign))
