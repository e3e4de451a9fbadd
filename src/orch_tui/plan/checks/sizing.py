"""Sections that cannot fit one context window, by estimate, with a proposed split at their own sub-headings."""

from __future__ import annotations

from orch_tui.plan.checks.subject import Subject
from orch_tui.plan.findings import finding
from orch_tui.plan.later import later
from orch_tui.plan.model import Finding, Section

CHARACTERS_A_TOKEN = 4
"""Of Latin text; Chinese, Japanese and Korean characters are a token each."""
WINDOW_TOKENS = 200_000
"""Tokens of a context window that all supported models have."""
READING_SHARE = 0.5
"""Share of the window for what a session is given and reads; the rest is for its own work."""
FILE_TOKENS = 3_000
"""What a named file is taken for: some 300 lines. Sizes of files are not known where plans are read."""
BRIEF_TOKENS = 1_500
"""What a session is told about one upstream section: title, result, files."""
_MOST_FILES = 2_000
_WIDE = later(r"[\u2e80-\uffef]")
_PART = later(r"\s*(?:#{1,6}\s+\S|[-*+]\s+\S|\d{1,4}[.)]\s+\S|\*\*\S)")
_HEADING = later(r"\s*#{1,6}\s+(\S.*)")


def too_large(subject: Subject) -> list[Finding]:
    """A finding for each open section above the limit."""
    limit = int(WINDOW_TOKENS * READING_SHARE)
    out: list[Finding] = []
    for section in subject.sections:
        upstreams = len(subject.graph.upstreams(section.id))
        tokens = 0 if section.done else estimate(section, upstreams)
        if tokens > limit:
            read = f"its text, {_count(len(section.hints.files), 'file')}, {_count(upstreams, 'upstream section')}"
            why = (
                f"section {section.id!r} gives a session some {tokens:,} tokens to read ({read}); more than {limit:,}"
                f" leave no room to work; {_split(section, limit)}"
            )
            out.append(finding("too-large", (section.id,), section.lines[0], why))
    return out


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def estimate(section: Section, upstreams: int) -> int:
    """Tokens that a session reads before it works: the section's text, its files, the briefs of its upstreams."""
    files = min(len(section.hints.files), _MOST_FILES)
    return _tokens(section.body) + files * FILE_TOKENS + upstreams * BRIEF_TOKENS


def _tokens(text: str) -> int:
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return wide + (len(text) - wide) // CHARACTERS_A_TOKEN


def _split(section: Section, limit: int) -> str:
    """Where to cut: at sub-headings, else at list items, into parts that fit."""
    lines = section.body.split("\n")
    cuts = [at for at, line in enumerate(lines) if _HEADING.match(line)] or [
        at for at, line in enumerate(lines) if _PART.match(line) and not line.startswith((" ", "\t"))
    ]
    if len(cuts) < 2:
        return "split it into several sections"
    parts: list[int] = [cuts[0]]
    room = limit // 2
    size = 0
    for here, after in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        length = _tokens("\n".join(lines[here:after]))
        if size and size + length > room:
            parts.append(here)
            size = 0
        size += length
    if len(parts) < 2:
        parts = [cuts[0], cuts[len(cuts) // 2]]
    named = ", ".join(repr(lines[at].strip(" #*-")[:60]) for at in parts[:6])
    return f"split it into {len(parts)} sections, beginning at {named}"
