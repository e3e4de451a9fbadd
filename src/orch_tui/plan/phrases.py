"""Statements of order in words: `Depends on: …` as a field, and "X depends on Y", "once Y has landed" in sentences.

Which words state what is data (`vocabulary`). Here they are found, and what stands before and behind them is cut out:
who waits, and for what. What the words mean is decided later (`references`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from orch_tui.plan.antecedents import is_both, is_rest, is_rest_of_it, it_before, two_before
from orch_tui.plan.fields import Relation, field, field_relation, plain, with_colons
from orch_tui.plan.filler import says_nothing
from orch_tui.plan.first_last import ALL_OTHERS, Utmost, may_tell, utmost
from orch_tui.plan.inline import unlinked
from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.order_words import (
    FIELD_WORDS,
    MARKER,
    NEVER,
    SOFT,
    WORTH_A_LOOK,
    any_phrase,
    markers,
    phrase_list,
    wished,
)
from orch_tui.plan.postfixed import DENIED, PARTICLES, named_before
from orch_tui.plan.preconditions import may_precede, precondition
from orch_tui.plan.remembered import remembered
from orch_tui.plan.required import Required, may_require, required
from orch_tui.plan.sentences import sentence, sentence_end
from orch_tui.plan.speakers import CLAUSE, EDGE, last_clause, listed_before, said_alone
from orch_tui.plan.value import value

_OTHERS = re.compile(r"\([^()]*\d[^()]*\)")
"""A bracket that speaks of others: "after Setup (ideally after US1)"."""
_NEED_NOT = any_phrase("needless")
_ANY_FIELD = "|".join(phrase_list(kind) for kind in ("needs_fields", "blocks_fields", "parallel_fields"))
_INLINE_FIELD = re.compile(
    r"(?:^|(?<=[.;:!?(\[{–—−,`|，。；、（【])\s*|(?<=\s-)\s|(?<=\s)(?=[A-ZÄÖÜÉ])|(?<=[^\x00-\x7f]))"
    rf"(?P<name>{_ANY_FIELD})"
    r"(?P<aside>\s*\([^()]{0,40}\))?\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_SAME_CLAUSE = re.compile(r"[.,;:()|·。，；：（）]")
_DENIED_FIELD = later(r"(?:^|\s)(?:not|no|nicht|kein\w*|pas|non)\s*$", re.IGNORECASE)
"""Before the name of a field: "recommended but not required: 4" names none."""
_FREE = any_phrase("free")
_JOINT = re.compile(r"[\s,;，；]+(?:and|und|y|et)?\s*$", re.IGNORECASE)
"""What is left of the clause that follows."""
_RESTRICTED = later(r"\s*(?:anything|everything|any\w*|all)\b[^,.;:]{1,60}\s(?:that|which|who)\s", re.IGNORECASE)
"""What is only a part of what is named: "before anything of Track A that draws"."""
_EACH_OF_THEM = later(
    r"^\s*(?:both|beide|jeweils|ambos|ambas)\s+(?=(?:the|den|die|das|dem|der|el|la|los|las)\s)", re.IGNORECASE
)
"""Said of who needs it: "3 und 4 brauchen beide den Dienst"."""
_JOINED = re.compile(r"(?:[,;，；]|\b(?:and|or|und|oder|y|o|et|ou))\s*$", re.IGNORECASE)
"""The end of a value to which more is added: "before 2 and before 3"."""
_NAMED = rf"(?:(?i:{LABEL}){GAP})?{ID}"
_SEVERAL = rf"{_NAMED}(?:(?:,\s*|\s*&\s*|\s+and\s+){_NAMED})*"
_PAIR = later(
    rf"(?P<who>{_SEVERAL})\s+on\s+(?P<what>{_SEVERAL}?)(?:[.\s]*$|(?:[,;]|\s+and\s)\s*(?:and\s+)?(?={_SEVERAL}\s+on\s))"
)
"""One that waits on another, up to the next such pair: "2 on 1, 3 and 4 on 2"."""
_LONGEST_PAIRS = 400
_MOST_IN_TEXT = 200
"""Statements read from one paragraph; one with more is no plan's."""
_LONGEST_TEXT = 100_000
"""Characters of one paragraph that are looked through."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")
_FRONTED = re.compile(
    r"(?P<when>[^,，]{1,200})[,，]\s*(?P<who>\S[^,，;]{0,160}?\b(?:can|could|may|must|should|will|starts?|begins?|runs?|proceeds?"
    r"|follows?|unblocks?|kann|können|beginn\w*|starte\w*|folg\w*|darf|puede\w*|empieza\w*|comienza\w*|peu\w+"
    r"|commence\w*|démarre\w*|pode|começa|può)\b.*|\S.*[\u3040-\u9fff].*)",
    re.IGNORECASE | re.DOTALL,
)
"""A clause that comes first: "Once Y is done, X can start"."""
_OPENS_A_CLAUSE = re.compile(r"\s*[:：][^:：,;，；。]*")
"""Behind a marker that is only the head of what follows: "PR7 dependencies: 7.1 depends on PR6"."""
_CONDITIONS = frozenset({"when", "wenn", "quand", "lorsque", "cuando", "quando", "until", "bis"})
_NEITHER = re.compile(r"\s*(?:neither|none of|no longer|weder|ni|aucun\w*|nessun\w*)\b", re.IGNORECASE)
_MODEL = later(
    r"\s*(?:[^\s,.;:]+\s+){1,4}(?:structure|patterns?|conventions?|formats?|style|template|layout|naming|guidelines?"
    r"|approach|shape|schema|rules?|example)\b"
    r"|\s*(?:the |its |their )?(?:structure|patterns?|conventions?|formats?|style|template|layout|naming|example)\b",
    re.IGNORECASE,
)
"""What is followed and does not come first: "follows the S4-S9 structure"."""
_NOBODY = later(
    r"\s*(?:nothing|none|nobody|no\s(?!later)\w+|nichts|kein\w*|nada|ning[uú]n\w*|rien|aucune?)\b", re.IGNORECASE
)
"""Who begins before: "nothing in Phase 2 starts before Phase 1"."""
_REFERENCE = re.compile(rf"\W*(?:{LABEL}{GAP})?{ID}")
_BOTH = frozenset({"both", "all", "beide", "ambos", "ambas", "tous", "toutes", "都", "均", "皆", "いずれも", "모두"})
"""Those before the bracket: "7 and 8 in parallel (both need 5)"."""
_MAY = later(
    r"^(?!.*\b(?:only|erst|nur|solo|sólo|seulement)\b)"
    r".*\b(?:may|can|could|might|kann|können|darf|dürfen|puede|pueden|peut|peuvent)\b(?:\s+\S+){0,4}\s*$",
    re.IGNORECASE | re.DOTALL,
)
"""What leaves it open: "may start (even) before Step 2"."""
_AFTER = frozenset({"after", "nach", "tras", "después de", "después del", "après", "once"})
_NOT_BEFORE = later(r"\b(?:not|nicht|no|pas)\s*$", re.IGNORECASE)
"""Right before "after" it denies: "after 1, not after 2"."""
_ONLY = re.compile(r"\b(?:only|erst|nur|solo|sólo|seulement|hold|wait)\b", re.IGNORECASE)


@value
class Phrase:
    """A statement of order: what it says about what, and whether it stands as a field or within a sentence.

    `text` is what is named, `subject` the words for who is meant ("" when the words do not say), `quote` all of it
    verbatim, `at` where the quote begins. `negated` says that the statement is denied ("does not depend on"); `loose`
    that other words stand where the subject would be, so that only the place tells who is meant. `aside`: it stands in
    brackets, and `subject` is all that stands before them. `weak`: a mere "when", which asks for a definite name.
    `utmost`: the subject is said to come before or after all others. `several` are words that may name more than
    `subject` does: "Schema and importer" where that is "importer".
    """

    relation: Relation
    text: str
    quote: str
    field: bool
    subject: str = ""
    at: int = 0
    negated: bool = False
    loose: bool = False
    aside: bool = False
    weak: bool = False
    utmost: bool = False
    several: str = ""


def in_line(line: str) -> list[Phrase]:
    """The statement a whole line makes as a field: `Depends on: A, B`."""
    named = field(line)
    relation = field_relation(named[0]) if named else None
    if not named or not relation or SOFT.search(plain(line).replace("：", ":").partition(":")[0]):
        return []
    whole = Phrase(relation=relation, text=sentence(named[1], field=True), quote=line.strip(), field=True)
    return _paired(whole) or [whole]


def _paired(whole: Phrase) -> list[Phrase]:
    """What a field says of others than its item: "Hard dependencies: 2 on 1, 4 on 2 and 3"."""
    told = whole.relation == "needs" and " on " in whole.text and len(whole.text) <= _LONGEST_PAIRS
    if not told or not _PAIR.match(whole.text):
        return []
    pairs = _PAIR.finditer(whole.text)
    return [replace(whole, subject=pair["who"], text=pair["what"], field=False) for pair in pairs]


def in_text(text: str) -> list[Phrase]:
    """Every statement within running text, in order: fields within it, clauses, and clauses in brackets."""
    return list(_in_text(text[:_LONGEST_TEXT]))


@remembered
def _in_text(text: str) -> tuple[Phrase, ...]:
    if not (WORTH_A_LOOK.may_be_in(text) or may_tell(text) or may_require(text) or may_precede(text)):
        return ()
    bare = unlinked(with_colons(text)).replace("**", "")[:_LONGEST_TEXT]
    found: list[Phrase] = []
    at = 0
    found += [
        Phrase(
            relation="needs",
            text="none",
            quote=free[0],
            field=True,
            subject=who or bare[: free.start()].rpartition("\n")[2].strip(EDGE + "("),
            aside=not who,
            at=free.start(),
        )
        for free in _FREE.finditer(bare)
        if (who := said_alone(bare, free.start(), free.end())) is not None
    ]
    fields = (":" in bare or "：" in bare) and FIELD_WORDS.may_be_in(bare)
    for opened in _INLINE_FIELD.finditer(bare) if fields else ():
        if opened.start("name") < at:
            continue
        name = " ".join(opened["name"].replace("-", " ").lower().split())
        relation = field_relation(name)
        before = _SAME_CLAUSE.split(bare[at : opened.start("name")])[-1]
        named = name == "gate" and bool(before.strip(EDGE))  # "Phase gate: …" tells when it is over
        if not relation or named or _DENIED_FIELD.search(before) or SOFT.search(before):
            continue
        found += _sentences(bare, at, opened.start("name"))
        value = sentence(bare[opened.end() :], field=True)
        quote = bare[opened.start("name") : opened.end() + len(value)].strip()
        if not SOFT.search(opened["aside"] or ""):
            whole = Phrase(relation=relation, text=value, quote=quote, field=True, at=opened.start("name"))
            found += _paired(whole) or [whole]
        at = opened.end() + len(value)
    found += _sentences(bare, at, len(bare))
    return tuple(_with_names(bare, one) for one in found[:_MOST_IN_TEXT])


def _with_names(text: str, one: Phrase) -> Phrase:
    """A phrase with the names that "both" and "it" stand for, which were said last before it."""
    if is_both(one.text) and (two := two_before(text, one.at)):
        return replace(one, text=two)
    who = one.subject.rpartition(":")[2]
    if is_both(who) and (two := two_before(text, one.at)):
        return replace(one, subject=two, loose=False, aside=False)
    if one.relation == "needs" and not one.field and is_rest(who):
        of_it = is_rest_of_it(who, one.text)
        if not of_it and says_nothing(one.text):
            return one  # "the rest needs work"
        first = it_before(text, one.at) if of_it else one.text
        return replace(one, relation="blocks", subject=first, text=ALL_OTHERS, utmost=True, loose=bool(first))
    return one


def first_at(text: str) -> int:
    """Where the first statement that punctuation sets off begins within running text, or the length of the text."""
    for opened in re.finditer(r"[–—−(\[,;.:：（【|·•，；。]\s*|\s-\s+", text):
        if MARKER.match(text, opened.end()) or _INLINE_FIELD.match(text, opened.end()):
            return opened.end()
    return 0 if MARKER.match(text) or _INLINE_FIELD.match(text) else len(text)


def _sentences(text: str, start: int, stop: int) -> Iterator[Phrase]:
    """Statements of the sentences between two places, brackets after the sentence they stand in."""
    while start < stop:
        end = sentence_end(text, start, stop)
        outer = list(_clauses(text, start, end))
        yield from outer
        for aside in _BRACKETS.finditer(text, start, end):
            before = text[start : aside.start()]
            if any(_belongs(phrase, aside) for phrase in outer):
                continue
            for phrase in _clauses(text, aside.start() + 1, aside.end() - 1):
                if phrase.subject.lower() in _BOTH and not phrase.loose:
                    yield _of(phrase, re.split(r"[,，;；]", before)[-1])
                else:
                    yield _of(phrase, before) if not phrase.subject and not phrase.loose else phrase
        start = end + 1


def _belongs(phrase: Phrase, aside: re.Match[str]) -> bool:
    """Whether a bracket is a note on what a phrase names: "depends on T1 (needs its file format)"."""
    inside = phrase.at <= aside.start() and phrase.text.rstrip().endswith(aside[0])
    return inside and bool(_REFERENCE.match(phrase.text))


def _of(phrase: Phrase, before: str) -> Phrase:
    """An aside speaks of what stands before it: "Deploy (after 3)"."""
    return replace(phrase, subject=before.strip(EDGE), aside=True, weak=False)


def _clauses(text: str, start: int, stop: int) -> Iterator[Phrase]:
    """The statements of one sentence; brackets within it are passed over."""
    if needed := precondition(text, start, stop) or required(text, start, stop):
        yield _required(needed, text[start:stop].strip(EDGE))
        return
    extremes = list(utmost(text, start, stop))
    told = [one.begins - start for one in extremes]
    yield from (_utmost(one, text[start : one.end].strip(EDGE)) for one in extremes)
    if extremes and not extremes[0].who:
        return
    masked = _BRACKETS.sub(lambda found: "(" + " " * (len(found[0]) - 2) + ")", text[start:stop])
    standing = markers(masked)
    ends = [*(found.start() for found in standing[1:]), len(masked)]
    standing = [
        found
        for found, end in zip(standing, ends, strict=False)
        if end == len(masked) or not _OPENS_A_CLAUSE.fullmatch(masked, found.end(), end)
    ]
    subject_from = 0
    before = named = ""
    for number, found in enumerate(standing):
        following = standing[number + 1] if number + 1 < len(standing) else None
        left = text[start + subject_from : start + found.start()]
        end = following.start() if following else len(masked)
        again = following is not None and _is_said_again(found, following)
        if following and (again or following.lastgroup in {"needs", "blocks", "parallel"}):
            cuts = list(CLAUSE.finditer(masked, found.end(), end))
            rest = masked[cuts[-1].end() : end].strip() if cuts else ""
            end = cuts[-1].start() if rest and not rest.endswith(":") else end  # "on 1, 2: builds on …" goes on
        end = min([end, *(begins for begins in told if begins > found.end())])
        wish = _wish_at_end(masked, found.end(), end) if following else end
        value = text[start + found.end() : start + wish]
        joined = bool(_JOINED.search(value))
        value = _JOINT.sub("", value) if end in told or wish < end or (again and joined) else value
        end = wish
        phrase = _phrase(found, left, value, named or before, start)
        subject_from = end if following else found.end()
        before = named or before
        named = ""
        if phrase:
            before = phrase.subject
            named = value.strip() if again and not joined else ""
            yield phrase


def _required(needed: Required, quote: str) -> Phrase:
    if needed.others:
        return _utmost(Utmost(who=needed.what, what=ALL_OTHERS, at=needed.at, end=0, begins=0, first=True), quote)
    who, weak = needed.who, not needed.sure
    text, at = needed.what, needed.at
    return Phrase(relation="needs", text=text, quote=quote, field=False, subject=who, at=at, weak=weak, loose=bool(who))


def _wish_at_end(masked: str, begin: int, end: int) -> int:
    """Where the word begins that makes a wish of what follows: "needs 1, ideally after 2"; `end` without one."""
    wishes = SOFT.finditer(masked[begin:end])
    return next((begin + one.start() for one in wishes if not masked[begin + one.end() : end].strip()), end)


def _is_said_again(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether the same word goes on, as in "1 before 2 before 3", where 2 is before 3."""
    return one.lastgroup in {"earlier", "later"} and one[0].lower() == other[0].lower()


def _utmost(one: Utmost, quote: str) -> Phrase:
    relation: Relation = "blocks" if one.first else "needs"
    last = one.what.startswith(ALL_OTHERS)
    return Phrase(
        relation=relation,
        text=one.what,
        quote=quote,
        field=False,
        subject=one.who,
        at=one.at,
        utmost=last,
        loose=bool(one.who),
    )


def _phrase(found: re.Match[str], left: str, value: str, inherited: str, start: int) -> Phrase | None:
    kind = found.lastgroup
    words = found[0]
    at = start + found.start()
    if kind in {"behind", "ahead"}:
        return _postfixed(found, left, value, start)
    denied = bool(NEVER.search(" ".join(left.split()[-6:])) or DENIED.search(left) or _NEITHER.match(value))
    if "follow" in words.lower() and _MODEL.match(value):
        return None
    if wished(left, after=kind == "later") or SOFT.search(
        _OTHERS.sub("", value[:120]).replace("，", ",").partition(",")[0]
    ):
        return None
    who = last_clause(left) or inherited
    if _RESTRICTED.match(value):
        return None
    who = inherited if inherited and who.lower() in _BOTH else who
    loose = weak = False
    relation: Relation = "needs"
    if kind in {"later", "earlier"}:
        free = bool(_NEED_NOT.search(left))
        none = kind == "earlier" and bool(_NOBODY.match(who))
        if kind == "earlier" and not (denied or none or free) and _MAY.search(left):
            return None
        relation = "needs" if kind == "later" or ((denied or none) and not free) else "blocks"
        denied = free or bool(kind == "later" and words.lower() in _AFTER and _NOT_BEFORE.search(left))
        if not left.strip(EDGE) and (front := _FRONTED.match(value)):
            value, who = front["when"], front["who"]
        weak = words.lower() in _CONDITIONS and not _ONLY.search(left)
        loose = kind == "earlier" or words.lower() in {"until", "when", "wenn", "bis", "quand", "cuando"}
    elif kind == "blocks":
        relation = "blocks"
    elif kind == "parallel":
        relation = "parallel"
    quote = f"{left.lstrip(EDGE)[-120:]}{words}{value}"
    return Phrase(
        relation=relation,
        several=listed_before(left) if who else "",
        text=_EACH_OF_THEM.sub("", value).strip(),
        quote=quote.strip(),
        field=False,
        subject=who,
        at=at,
        negated=denied,
        loose=loose,
        weak=weak,
    )


def _postfixed(found: re.Match[str], left: str, value: str, start: int) -> Phrase | None:
    later = found.lastgroup == "behind"
    around = named_before(left, value, later=later)
    if around is None or SOFT.search(left) or SOFT.match(value.lstrip(PARTICLES)):
        return None
    return Phrase(
        relation="needs" if later or around.forbidden else "blocks",
        text=around.named,
        quote=f"{left.lstrip(EDGE)}{found[0]}{around.more}",
        field=False,
        subject=around.who,
        at=start + found.start() - len(left),
        negated=around.negated,
    )
