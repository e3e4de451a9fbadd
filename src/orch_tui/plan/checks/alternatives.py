"""Sections that are options ("Option A", "Approach 2"), of which one is to be chosen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from orch_tui.clean import one_line
from orch_tui.plan.checks.naming import SIGN, Told, patterns, told
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding, listed
from orch_tui.plan.later import later
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_NOT_BOTH = r"(?:but )?not both(?! at once)|nicht beides?|pas les deux|no (?:ambas|ambos|las dos|los dos)"
_CHOOSE = (
    r"(?:choose|pick|select|decide|settle on|go (?:for|with)|do only|only|exactly|wähle|choisir|choisissez"
    r"|elegir|elige|escoger)"
    r"(?: (?:exactly|only|either|between|for|on|from|one|of|one of|the|two|these|the two|l'une?|des deux"
    r"|une?|una|uno|entre|de))*"
)
_AMONG = patterns(
    rf"(?<!\w){_CHOOSE}\s*:?\s*{SIGN}",
    rf"(?:^|[,:(]\s*|\b(?:do|build|implement|use|take|then|will)\s+)(?:either|entweder|soit|o bien)\s+{SIGN}",
    rf"{SIGN}.{{0,80}}(?:{_NOT_BOTH}|(?:choose|pick|select|decide for) (?:exactly |only )?(?:one|whichever)\b)",
    (
        rf"{SIGN}\s+(?:are|is|sind|sont|son)\s+(?:(?:mutually exclusive )?(?:alternatives|alternative|options"
        r"|Alternativen|alternativas)\b(?! to)|mutually exclusive approaches)"
    ),
    (
        rf"(?:only |exactly )?one of {SIGN} (?:will|is|gets|should|shall|must"
        rf"|may)\s+(?:to )?(?:be )?(?:built|done|implemented|chosen|picked|executed|carried out|kept|needed)"
    ),
    rf"nur eine[sr]?(?: davon| von beiden| der beiden)?\s*:?\s*{SIGN}",
    rf"\bvon {SIGN} (?:wird|soll|darf|ist) (?:nur|genau) eine[rs]?\b",
    rf"\bone of {SIGN} (?:is|will be|would be) (?:enough|sufficient)\b",
    rf"(?:implement|build|do|use|keep|ship)\s+{SIGN},?\s+(?:whichever\b(?! is (?:free|open|nearer))"
    r"|depending on)",
    rf"{SIGN} (?:replaces|supersedes|is (?:the|a) fallback for|is plan B for) {SIGN},? (?:if|when|should|in case)\b",
    rf"{SIGN}\s*(?:中)?(?:二选一|任选其?一|选择其一)|(?:二选一|任选其?一)\s*[:：]?\s*{SIGN}",
    rf"{SIGN}\s*(?:の|は|のうち|は、)?(?:どちらか|いずれか)(?:一方|一つ|ひとつ)?(?:だけ|のみ|を選|を採用|を実施)",
)
"""Several in one list, of which one is to be chosen."""
_TO_ANOTHER = patterns(
    rf"(?<!no )(?<!keine )(?<!sin )(?<!d')\balternativ[ea]?\s+(?:to|zu|für|de|à|a)\s+{SIGN}",
    (
        rf"only (?:needed |required |done |built )?if (?:we |you )?(?:do not|don't|did not) (?:go with|choose"
        rf"|pick|take|do|build) {SIGN}"
    ),
    rf"^alternativ(?:[ea]s?)?\s*:\s*{SIGN}",
    rf"\bthis(?: \w+)? or {SIGN}.{{0,10}}(?:{_NOT_BOTH})",
    rf"only if {SIGN} (?:is|was|has) not (?:been )?(?:chosen|taken|picked|done|selected)\b",
    rf"^(?:instead of|anstelle von|statt|en lugar de|au lieu de):?\s+{SIGN}\s*$",
    rf"(?:skip|drop|omit)(?: this(?: \w+)?)? (?:if|when) {SIGN} (?:is|was) (?:chosen|done|taken|picked|selected)",
)
"""One that is named, and the section in whose text or before which it is."""
_OF_TITLES = later(
    r"(?<!\w)(?:choose|pick|select) (?:exactly |only )?one(?: of)?\s*:?\s|\beither\s|\bdecide between\s", re.I
)
_ORDER = later(
    r"\b(?:first|order|ready|begin|start|starts|started|after|once|before|output|input|risks?|at a time|next"
    r"|zuerst|reihenfolge|d'abord"
    r"|primero)\b|先",
    re.IGNORECASE,
)
"""What a sentence about the order speaks of: "start with either B or C"."""
_BEFORE_WORK = later(
    r"\bbefore (?:work|starting|you start|implementation|implementing|anything|any work|beginning)\b.*", re.I
)
_XOR = later(r"\bxor\b", re.IGNORECASE)
_HINT = any_of("""
    xor, whichever, depending on, replaces, supersedes, fallback, enough, sufficient, only needed, only required,
    von,
    choose, pick, select, decide, settle on, go for, go with, do only, only one, exactly one, one of, either, not both,
    alternative, alternatives, options, alternativa, alternativas, alternativ, alternativen,
    mutually exclusive, instead of,
    statt,
    only if, skip, drop, omit, wähle, nur eine, nur einer, nur eines, entweder, nicht beide, nicht beides, anstelle von,
    choisir, choisissez, soit, pas les deux, au lieu de, elegir, elige, escoger, o bien, no ambas, no ambos,
    no las dos, no los dos, en lugar de, 二选一, 任选, 选择其一, どちらか, いずれか
""")
"""One of these stands in every such sentence."""
_OPTION = re.compile(
    r"[\s#>*+\d.)\[\]xX-]*(?:option|approach|alternative|variant|variante|ansatz|opción|方案|案)\s*"
    r"(?:[A-Z]|\d{1,2}|[IVX]{1,4})\b(?!\.\d)",
    re.IGNORECASE,
)
_MOST = 50


def alternatives(subject: Subject) -> list[Finding]:
    """One finding for each choice: sections headed as options in one place, or named in a sentence that says so."""
    out: list[Finding] = []
    for held, line, why in (*_headed(subject), *_said(subject)):
        ids = {subject.sections[one].id for one in held}
        known = any(ids == set(one.ids) for one in out)
        if len(ids) > 1 and len(out) < _MOST and not known and not _ordered(subject, held):
            out.append(_finding(subject, sorted(held), line, why))
    return out


def _headed(subject: Subject) -> Iterator[tuple[list[int], int, str]]:
    headed: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for at, item in enumerate(subject.reading.items):
        if _OPTION.match(subject.document.line(item.line)):
            headed[item.containers].append(at)
    for held in headed.values():
        yield held, subject.sections[held[0]].lines[0], "they are headed as options"


def _said(subject: Subject) -> Iterator[tuple[list[int], int, str]]:
    for sentence in told(subject, _HINT):
        yield _choice(subject, sentence), sentence.line, repr(one_line(sentence.quote, 160))


def _choice(subject: Subject, sentence: Told) -> list[int]:
    """The sections of which the sentence says that one is to be chosen."""
    text = sentence.text
    for pattern in _TO_ANOTHER:
        if found := pattern.search(text):
            other = sentence.named(found.start(), found.end())[0]
            before = sentence.named(0, found.start())
            return [*(before[-1] if before else (sentence.owner,) if sentence.owner >= 0 else ()), *other]
    if _ORDER.search(_BEFORE_WORK.sub("", text)):
        return []
    for pattern in _AMONG:
        if found := pattern.search(text):
            held = [at for group in sentence.named(found.start(), found.end()) for at in group]
            if len(held) > 1:
                return held
    if len(sentence.groups) == 1 and _XOR.search(sentence.quote):
        return list(sentence.groups[0])
    titles = _OF_TITLES.search(text)
    return (
        subject.meant(_BEFORE_WORK.sub("", text[titles.end() :]), item=sentence.owner)
        if titles and not sentence.groups
        else []
    )


def _ordered(subject: Subject, held: list[int]) -> bool:
    """Whether one of them waits for another: then it is no choice."""
    ids = {subject.sections[at].id for at in held}
    return any(ids & set(subject.graph.upstreams(name)) for name in ids)


def _finding(subject: Subject, held: list[int], line: int, why: str) -> Finding:
    ids = [subject.sections[at].id for at in held]
    message = f"of {listed(ids)} one is to be chosen ({why}); exclude the others, or all of them run"
    return finding("alternatives", ids, line, message)
