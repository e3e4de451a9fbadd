"""Sections that must not run at the same time, in whichever order: "do not run in parallel with B"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product

from orch_tui.plan.checks.before import Before
from orch_tui.plan.checks.naming import SIGN, Told, patterns, told_together
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.evidence import evidence
from orch_tui.plan.findings import finding
from orch_tui.plan.later import later
from orch_tui.plan.model import Exclusion, Finding
from orch_tui.plan.trie import alternatives_in, any_of

_NOT = alternatives_in("""
    do not, don't, never, must not, mustn't, should not, shouldn't, cannot, can't, can not, may not, must never, not,
    no,
    avoid, nicht, niemals, nie, ne pas, pas, jamais
""")
_DOING = alternatives_in("""
    ever, be, to, run, running, execute, executed, executing, start, started, starting, work, working, worked, work on,
    working on, worked on, do, done, doing, schedule, scheduled, launch, launched, dispatch, dispatched, implement,
    implemented, build, built, proceed, begin, merge, merged, edit, edited, overlap, this, it, them, these, both, two,
    section, task, the, in, bearbeiten, bearbeitet, ausführen, laufen, starten, exécuter, exécutés, exécutées, lancer,
    être, tourner, démarrer, lancé, lancée, lancés, lancées, exécuté, exécutée, s'exécuter,
    doivent, doit, peuvent, peut, let, agents, sessions, workers, people, beide, ambas, ambos,
    ejecutar, ejecutarse, debe, deben, puede, pueden, hacer, correr, any of, anything of, anything in, and, §
""")
_AT_ONCE = alternatives_in("""
    in parallel, parallel, concurrently, concurrent, simultaneously, at the same time, at once, alongside, side by side,
    running together, run together, in flight together, active together, open together, zugleich, parallel zu,
    gleichzeitig, zeitgleich, en paralelo, al mismo tiempo,
    simultáneamente, en parallèle, en même temps, simultanément
""")
_JA_NOT = (
    r"(?:しない|不可|できない|禁止|してはいけない|進めない|進めては|行わない|行ってはいけない|走らせない"
    r"|着手しない|開始しない)"
)
_RUNS = r"(?:is|are)?\s*(?:still |being )?(?:in progress|running|active|in flight|underway|ongoing|executing|worked on)"
_IN_TURN = (
    r"(?:one after (?:the )?(?:other|another)|one by one|sequentially|serially|in turn|one at a time)\W+(?:but )?"
    r"(?:in )?(?:either|any|whichever|no particular|whatever) order"
)
_AGAIN = later(
    rf"\b(?:never|not|no)\b(?: (?:run|start|have|let|any))?(?: (?:two|both|any two|more than one))"
    r"(?: of (?:them|these|the two))?"
    rf"(?: be| run| running)?\s+(?:{_AT_ONCE})\b|\b(?:them|both|these)\s+{_IN_TURN}"
    r"|\bone at a time, (?:in )?(?:either|any) order",
    re.IGNORECASE,
)
"""Said of those that the clause before names: "B and C share a port; never two of them at once"."""
_GUARD = r"(?<!reason )(?<!reasons )(?<!whether or )(?<!why )"
_AT_ONCE_NOT = later(
    rf"{_GUARD}(?<![\w-])(?:{_NOT})(?:\s+(?:{_DOING})(?!\w))*\s+(?P<when>{_AT_ONCE})(?!\w)", re.IGNORECASE
)
"""Only words of doing between the "not" and the "in parallel": in "not blocked, can run in parallel" others stand."""
_WITH_EACH = patterns(
    (
        rf"(?<![\w-])(?:{_NOT})(?:\s+(?:{_DOING})(?!\w))*\s+(?P<when>while|during|während|solange|mientras)\s+{SIGN}"
        rf"(?:\s+(?:{_RUNS}|läuft|laufen|está en curso|is|are)?\s*)?(?:$|[\s]*[,(—–]|\Z)"
    ),
    rf"(?P<when>solange)\s+{SIGN}\s+(?:läuft|laufen|in arbeit ist|aktiv ist)[,\s]+nicht\b",
    (
        rf"(?<!not )(?P<when>(?:mutually )?exclusive with|cannot overlap with|(?:must|should"
        rf"|may) not overlap with|keep apart from"
        rf"|keep (?:this )?(?:separate|apart) from|seriali[sz]ed? with|conflicts? with:|^conflicts? with"
        rf"|parallel:? not with|(?:,|^|\brun) not together with):?\s+{SIGN}"
    ),
    rf"(?:not|cannot be|can't be|must not be|never) (?P<when>paralleli[sz](?:ed|able) with)\s+{SIGN}",
    rf"(?:不能|不可|不要|不得|勿|不应)(?:以)?(?P<when>与|和|跟)\s*{SIGN}\s*(?:并行|同时)",
    rf"(?P<when>){SIGN}\s*と(?:並行|同時)(?:に|して)?(?:実行|作業|進行|着手)?{_JA_NOT}",
    rf"(?P<when>if|while|when|whenever|as long as)\s+{SIGN}\s+{_RUNS}(?:,\s*|\s+)(?:wait|hold off|do not start"
    r"|don't start|stay out)\b",
    rf"{SIGN}\s+(?:must\s+|should\s+)?(?:waits?|holds off|stays out) (?P<when>while|whenever|as long as)"
    rf"\s+{SIGN}\s+{_RUNS}",
)
"""`when` ends before those with whom it must not run."""
_AMONG = patterns(
    (
        rf"only one of (?:this (?:section |task )?(?:and|or) )?{SIGN}.{{0,40}}\b(?:at a time|at once"
        r"|at any (?:one )?time|simultaneously|at the same time|in parallel)"
    ),
    rf"{SIGN}\s*[:—–-]?\s*(?:strictly )?(?:only )?one at a time\b",
    rf"{SIGN}\s+(?:{_NOT})\s+(?:be\s+)?(?:overlap|overlapping)\b",
    rf"{SIGN}\s+(?:must|should|have to|need to|are to|are)\s+(?:be\s+)?seriali[sz]ed\b(?!\s+(?:to|as|into|with))",
    rf"(?:run|do|take|execute|work on)\s+{SIGN}\s+{_IN_TURN}|{SIGN}\s+(?:must\s+|should\s+)?run\s+{_IN_TURN}",
    rf"{SIGN}\s+schließen sich zeitlich aus",
    rf"{SIGN}\s+(?:are|is)\s+mutually exclusive(?!\s+(?:options|alternatives|approaches))",
    rf"keep {SIGN} (?:apart|separate)\b(?! from)",
    rf"{SIGN}\s*(?:不能|不可|不要|不得|不应)(?:并行|同时)",
    rf"{SIGN}\s*は(?:並行|同時)(?:に|して)?(?:実行|作業|進行|着手)?{_JA_NOT}",
)
_HINT = any_of("""
    in parallel, parallel, concurrently, concurrent, simultaneously, at the same time, at once, alongside, side by side,
    running together, run together, not together, gleichzeitig, zeitgleich, en paralelo, al mismo tiempo,
    simultáneamente, en parallèle, en même temps, simultanément, while, whenever, during, während, solange,
    mientras, exclusive,
    overlap, overlapping, apart, separate, serialize, serialise, serialized, serialised, conflict with,
    conflicts with, not with,
    parallelizable, parallelisable, parallelized, parallelised, at a time, at any time, in flight together, zugleich,
    zeitlich, in any order, in either order, any order, either order, waits, wait, hold off,
    as long as, do not start, stay out, 并行, 同时, 並行, 同時
""")
"""Something that every one of them contains, and that is quick to look for."""
_SPEAKER = later(
    rf"{SIGN}\s*(?:(?:must|should|can|may|do|does|are|is|dürfen|darf|sollen|doivent|ne|no|will)\s+)*$", re.I
)
_MODAL = later(r"\s+(?:must|should|can|may|do|does|are|is|dürfen|darf|sollen|doivent|ne|no)\s*$", re.IGNORECASE)
_HEADED = later(rf"{SIGN}(?:\s*[:—–-]|.*\sand)\s*$")
_PRONOUN = later(r"\b(?:them|these|both|it|beide|ambas|ambos)\b", re.IGNORECASE)
_THEY = later(r"\b(?:they|both|the two|these two|sie|ils|elles)\s*$", re.IGNORECASE)
_CONDITION = later(r"\s*(?:should|if|were|in case|falls|sollten?|wenn|si|unless)\b[^,;:]*$", re.IGNORECASE)
"""Opens a clause that asks what would be: "Should B and C not run in parallel, it takes two days longer"."""
_LEAD = later(r"^\s*(?:with|as|to|mit|zu|wie|con|que|avec)\s+")
_MOST = 1_000


def exclusions(subject: Subject) -> tuple[list[Exclusion], list[Finding]]:
    """The pairs that are kept apart, and a finding for each that nothing else keeps apart, which names both."""
    before = Before(subject.graph)
    kept: list[Exclusion] = []
    found: list[Finding] = []
    for (first, second), (line, words) in _pairs(subject).items():
        one, other = subject.sections[first].id, subject.sections[second].id
        kept.append(Exclusion(one=one, other=other, evidence=evidence(line, words)))
        if not before.side_by_side(one, other):
            continue
        why = f"{one!r} and {other!r} are never run at the same time; which comes first is open"
        found.append(finding("exclusive", (one, other), line, why))
    return kept, found


def _pairs(subject: Subject) -> dict[tuple[int, int], tuple[int, str]]:
    """Numbers of two sections, the smaller first, with the line and its words; each pair once."""
    out: dict[tuple[int, int], tuple[int, str]] = {}
    last: Told | None = None
    for sentence in told_together(subject, _HINT):
        again = last is not None and last.line == sentence.line and _AGAIN.search(sentence.text) is not None
        carried = combinations(last.groups[-1], 2) if last and again and last.groups and not sentence.groups else ()
        last = sentence
        for own, other in (*carried, *_named(subject, sentence)):
            if own != other and len(out) < _MOST and not _within(sentence, own, other):
                out.setdefault((min(own, other), max(own, other)), (sentence.line, sentence.quote))
    return out


def _within(sentence: Told, own: int, other: int) -> bool:
    """Whether two sections are of one phase that the sentence keeps apart from something else, not from itself."""
    named = {at for group in sentence.groups for at in group}
    return any(own in whole and other in whole and named - set(whole) for whole in sentence.wholes)


def _named(subject: Subject, sentence: Told) -> Iterator[tuple[int, int]]:
    text = sentence.text
    for pattern in _AMONG:
        if found := pattern.search(text):
            group = sentence.named(found.start(), found.end())[0]
            yield from _apart(group, sentence.owner)
            return
    for pattern in _WITH_EACH:
        if found := pattern.search(text):
            after = sentence.named(found.start("when"), found.end())
            inside = sentence.named(found.start(), found.start("when"))
            yield from product(inside[-1] if inside else _speakers(sentence, found.start()), after[0] if after else ())
            return
    found = _AT_ONCE_NOT.search(text)
    if not found or _CONDITION.match(text[: found.start()]):
        return
    after = sentence.named(found.end())
    others = list(after[0]) if after else subject.meant(_LEAD.sub("", text[found.end() :]), item=sentence.owner)
    inside = sentence.named(found.start(), found.end())
    if others:
        yield from product(inside[-1] if inside else _speakers(sentence, found.start()), others)
        return
    before = sentence.named(0, found.start())
    if inside:
        yield from _apart(inside[-1], sentence.owner)
    elif before and (
        _SPEAKER.search(text[: found.start()])
        or _PRONOUN.search(found[0])
        or _HEADED.search(text[: found.start()])
        or _THEY.search(text[: found.start()])
    ):
        yield from _apart(before[-1], sentence.owner)
    elif not before:
        yield from _apart(tuple(subject.meant(_MODAL.sub("", text[: found.start()].strip()))), -1)


def _speakers(sentence: Told, end: int) -> tuple[int, ...]:
    """Who must not: the sections right before the words, else the one in whose text they stand."""
    before = sentence.named(0, end)
    if before and (sentence.owner < 0 or _SPEAKER.search(sentence.text[:end])):
        return before[-1]
    return (sentence.owner,) if sentence.owner >= 0 else ()


def _apart(group: tuple[int, ...], owner: int) -> Iterator[tuple[int, int]]:
    """Each pair of several; one alone, and the section in whose text it is named."""
    if len(group) > 1:
        yield from combinations(group, 2)
    elif group and owner >= 0:
        yield owner, group[0]
