"""Sections that the plan wants done as one piece: "must land together", "do not run one worker per task"."""

from __future__ import annotations

import re

from orch_tui.clean import one_line
from orch_tui.plan.checks.naming import SIGN, Told, patterns, told
from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding, listed
from orch_tui.plan.model import Finding
from orch_tui.plan.trie import any_of

_PIECE = (
    r"(?:pr|mr|pull request|merge request|commit|change ?set|change|release|deploy|deployment|migration|patch|branch)"
)
_ONE = r"(?:one|a single|the same|one single|one and the same)"
_LAND = (
    r"(?:land|landed|merge|merged|ship|shipped|deploy|deployed|release|released|commit|committed|go out"
    r"|go in|go live|delivered"
    r"|rolled out|bundle|bundled|squash|squashed|combine|combined)"
)
_MUST = (
    r"(?:must|should|have|has|need|needs|to|be|all|both|only|always|are|is|get|go|can|may|will|do|müssen"
    r"|sollen|sind|werden|gehören"
    r"|doivent|être|deben|ser)"
)
_AS_ONE = (
    rf"(?:together|atomically|as one(?: unit| piece| change)?|as a (?:single )?unit|at the same time|in one go"
    rf"|(?:in|into|as) {_ONE} (?:atomic )?{_PIECE})"
)
_DONE = r"(?:done|implemented|executed|handled|built|carried out|worked on|run|given)"
_BY_ONE = (
    r"(?:(?:by|to|in) (?:one and the same|one|a single|the same) (?:agent|worker|session|sitting|person|developer))"
)
_PATTERNS = patterns(
    rf"{SIGN}(?:\s+{_MUST})*\s+{_LAND}\s+{_AS_ONE}(?!\w)",
    rf"{SIGN}(?:\s+{_MUST})*\s+(?:go|goes|belong|belongs|be)\s+(?:in|into) {_ONE} (?:atomic )?{_PIECE}(?!\w)",
    rf"{SIGN}(?:\s+{_MUST})*\s+{_DONE}\s+(?:in one go\s+)?{_BY_ONE}",
    rf"(?:give|assign|hand|leave)\s+{SIGN}\s+(?:both )?{_BY_ONE}",
    rf"\b{_ONE} (?:agent|worker|session) (?:must |should )?(?:do|does|take|takes|handle|handles"
    rf"|implement|implements) {SIGN}",
    rf"{SIGN} (?:only make sense together|makes? sense only together|make no sense (?:apart|alone|separately))",
    rf"{SIGN} together,? or not at all",
    (
        r"(?:do not|don't|never) (?:run|start|use|dispatch|spawn|assign) (?:one|a|an|a separate) (?:worker|agent"
        rf"|session) (?:per|for each|for every) \w+ (?:for|in|of) {SIGN}"
    ),
    rf"{_LAND}\s+{SIGN}\s+{_AS_ONE}(?!\w)",
    rf"(?:{_LAND} )?together with\s+{SIGN}",
    rf"{_LAND} with\s+{SIGN}\s+{_AS_ONE}",
    rf"\bsame {_PIECE} (?:as|with)\s+{SIGN}|^atomic with:?\s+{SIGN}",
    (
        rf"(?:^|[,:;(]\s*|\band ){SIGN}\s+(?:are|is|form|forms|make up)\s+(?:one |an? "
        rf"|a single )?(?:indivisible|atomic)(?: (?:change|unit|group|slice|piece|set))?\s*(?:$|[,:(—–])"
    ),
    rf"(?:treat|handle|consider)\s+{SIGN}\s+as (?:one|a single|an atomic) ",
    (
        rf"{SIGN}\s*[:—–(,-]?\s*(?:\w+ ){{0,3}}(?:all[- ]or[- ]nothing|do not split|do not run one (?:worker"
        rf"|agent|session) per|one commit|one pr)\b"
    ),
    rf"(?:do not|don't|never|cannot|can't|must not) {_LAND} {SIGN} (?:without|separately from) {SIGN}",
    rf"(?:do not|don't|never|cannot|can't|must not)(?: be)? {_LAND} (?:without|separately from) {SIGN}",
    rf"neither {SIGN}.{{0,20}}{_LAND} (?:alone|on its own|separately)",
    rf"{SIGN}\s+(?:sind|ist)\s+(?:unteilbar|nicht trennbar)",
    (
        rf"{SIGN}\s+(?:{_MUST}\s+)*(?:gemeinsam|zusammen|in einem zug|in einem commit|in einen commit"
        rf"|in einen pr|in einem pr)"
    ),
    rf"zusammen mit {SIGN} (?:mergen|ausliefern|deployen|releasen|committen|gemergt"
    r"|gemerged|ausgeliefert|deployt|released|committet)",
    rf"{SIGN}\s+(?:doivent|deben)\b.{{0,40}}\b(?:ensemble|juntas|juntos)\b",
    rf"{SIGN}\s*(?:必须|需要?|要)(?:一起|同时)(?:合并|提交|发布|上线|部署)|{SIGN}\s*不可拆分",
    rf"{SIGN}\s*(?:は|を)(?:必ず)?(?:同時に|まとめて|一緒に|一括で)(?:マージ|リリース|デプロイ|コミット)",
)
_ALL_HERE = re.compile(
    rf"\b(?:these|all|the|those) (?:\w+ ){{0,2}}(?:tasks|sections|items|stories|steps|changes|phases"
    rf"|slices)(?:\s+{_MUST})*\s+"
    rf"(?:{_LAND}\s+)?{_AS_ONE}(?!\w)"
    r"|\bthis (?:phase|wave|batch|group|slice|plan|stage|milestone|section|track) (?:is|must be|lands|ships"
    r"|merges)(?: \w+)?"
    r" (?:atomic|atomically|all[- ]or[- ]nothing|indivisible|as one \w+|in one \w+|in a single \w+)(?!\w)"
    r"|(?:do not|don't|never) (?:run|start|use|dispatch|spawn|assign) (?:one|a|an|a separate) (?:worker|agent|session)"
    r" (?:per|for each|for every) (?:task|section|item|step|story)"
    r"|^(?:do not|don't|never) split (?:this|these|the) (?:phase|wave|batch|group|tasks|plan|section|stage)",
    re.IGNORECASE,
)
"""Said of all that stands under the same heading."""
_EACH = re.compile(
    r"\b(?:each|every|per (?:section|commit|pr)|so does|separate|not in one|not (?:be )?(?:land|landed|merge"
    r"|merged|ship|shipped) together|jede[rs]?|chaque|cada)\b",
    re.I,
)
_HINT = any_of("""
    together, atomic, atomically, as one, as a unit, as a single, one pr, single pr, same pr, one mr, single mr,
    same mr,
    one commit, single commit, same commit, pull request, merge request, one release, single release, same release,
    one change, single change, same change, one go, one branch, same branch, single branch, one migration,
    single migration, same migration, one deploy, same deploy, one deployment, same deployment, one patch, single patch,
    one worker, single worker, same worker, one agent, single agent, same agent, one session, single session,
    same session, an agent, a worker, a session, separate agent, all or nothing, all-or-nothing, split, indivisible,
    at the same time, without, alone, apart, on its own, separately, unteilbar, trennbar, gemeinsam, zusammen,
    in einem, in einen,
    ensemble, juntas, juntos, 一起, 同时, 拆分, 同時, まとめて, 一緒に, 一括
""")
"""One of these stands in every such sentence."""
_MOST = 50


def atomic_groups(subject: Subject) -> list[Finding]:
    """The sections that the words name; else those of the container that the words stand in."""
    out: list[Finding] = []
    for sentence in told(subject, _HINT):
        ids = _as_one(subject, sentence)
        if len(ids) > 1 and not any(one.ids == tuple(ids) for one in out):
            out.append(_finding(ids, sentence.line, sentence.quote))
        if len(out) == _MOST:
            break
    return out


def _as_one(subject: Subject, sentence: Told) -> list[str]:
    """The ids of those that the sentence wants done as one piece."""
    if _EACH.search(sentence.text):
        return []
    for pattern in _PATTERNS:
        found = pattern.search(sentence.text)
        if not found:
            continue
        held = {at for group in sentence.named(found.start(), found.end()) for at in group}
        before = sentence.named(0, found.start())
        if len(held) == 1 and before:
            held |= set(before[-1])
        elif sentence.owner >= 0:
            held.add(sentence.owner)
        return [subject.sections[at].id for at in sorted(held)]
    if sentence.owner < 0 and _ALL_HERE.search(sentence.text):
        return subject.around(sentence.line)
    return []


def _finding(ids: list[str], line: int, words: str) -> Finding:
    why = (
        f"{one_line(words, 160)!r}: {listed(ids)} are meant as one piece of work; several sessions would tear it apart"
    )
    return finding("atomic-group", ids, line, why)
