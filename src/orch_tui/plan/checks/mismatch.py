"""Two lists of one plan whose ids do not match: the same titles as 201-212 here and as 181-192 there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.later import later
from orch_tui.plan.marks import without_marks
from orch_tui.plan.model import Finding
from orch_tui.plan.names import ID, id_key, words

_PIECES = later(r"→|[-=]+>|[|\[\](){}\"]")
"""What stands between the nodes of a chain, a chart or a row."""
_ENTRY = later(rf"[\s>*+-]*(?:\*\*)?(?P<id>{ID})(?:\*\*)?[.):]?\s+(?:[—–-]\s+)?(?P<rest>\S.*)")
_LONE = later(rf"\s*(?:\*\*)?(?P<id>{ID})(?:\*\*)?\s*")
_END = later(r"\s{2,}|\s+\(|\s+[—–-]\s+|[✅✔⏸]|\*\*")
_DIGIT = re.compile(r"\d")
_MOST_NAMED = 4
_LONGEST = 2_000
_MOST_PIECES = 60


def mismatched(subject: Subject) -> list[Finding]:
    """One finding when at least two places carry the title of a section beside an id that is not its own.

    Numbers that only count the entries of a list (1, 2, 3 …) are no ids.
    """
    titles = {words(one.title): one.id for one in subject.sections if id_key(one.title) != id_key(one.id)}
    pairs: dict[tuple[str, str], int] = {}
    for number, line in enumerate(subject.document.lines, 1):
        if subject.owner[number] < 0 and _DIGIT.search(line[:_LONGEST]):
            for written, title in _named(line[:_LONGEST]):
                own = titles.get(words(title))
                if own and id_key(written) != id_key(own):
                    pairs.setdefault((written, own), number)
    counted = [written for written, _ in pairs] == [str(at) for at in range(1, len(pairs) + 1)]
    if len(pairs) < 2 or counted:
        return []
    first = next(iter(pairs.values()))
    shown = ", ".join(f"{written!r} for {own!r}" for written, own in list(pairs)[:_MOST_NAMED])
    why = f"a list from line {first} on names the same work under other ids ({shown}, …); what it says is not used"
    return [finding("id-mismatch", dict.fromkeys(own for _, own in pairs), first, why)]


def _named(line: str) -> Iterator[tuple[str, str]]:
    """Each id of a line with the words beside it that may be a title: in one piece, or in the next cell of a row."""
    pieces = _PIECES.split(line)[:_MOST_PIECES]
    for at, piece in enumerate(pieces):
        if entry := _ENTRY.fullmatch(piece):
            yield entry["id"], without_marks(_END.split(entry["rest"])[0])
        elif (lone := _LONE.fullmatch(piece)) and at + 1 < len(pieces):
            yield lone["id"], without_marks(_END.split(pieces[at + 1].strip())[0])
