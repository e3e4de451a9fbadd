"""Words that leave open which item is meant: "it can only", "this", "is finished"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import GENERIC, LABEL, words
from orch_tui.plan.vocabulary import phrases

EMPTY = frozenset(
    word for kind in ("finished", "fillers", "before") for phrase in phrases(kind) for word in words(phrase)
) | frozenset(
    [
        "with",
        "against",
        "for",
        "from",
        "of",
        "to",
        "on",
        "in",
        "at",
        "by",
        "as",
        "into",
        "there",
        "than",
        "a",
        "an",
        "the",
        "new",
        "its",
        "their",
        "our",
        "my",
        "your",
        "his",
        "her",
        "week",
        "weeks",
        "after",
        "twice",
        "two",
        "three",
        "four",
        "five",
        "day",
        "days",
        "month",
        "months",
        "hour",
        "hours",
        "times",
        "row",
        "clean",
        "mit",
        "für",
        "aus",
        "auf",
        "bei",
        "zu",
        "der",
        "die",
        "das",
        "con",
        "para",
        "por",
        "en",
        "avec",
        "pour",
        "dans",
        "sur",
        "parallel",
        "sequential",
        "sequentially",
    ]
)
"""Words that say nothing about which item is meant."""
PRONOUNS = frozenset(
    [
        "it",
        "this",
        "that",
        "these",
        "they",
        "them",
        "here",
        "dies",
        "diese",
        "dieser",
        "dieses",
        "esto",
        "esta",
        "este",
        "ceci",
        "cela",
        "cette",
        "ce",
        "celle-ci",
        "celui-ci",
        "hierauf",
        "本任务",
        "此任务",
        "本步骤",
        "此步骤",
        "该步骤",
        "これ",
    ]
)
"""Words that stand for the item that speaks."""


THIS_ONE = later(
    rf"\s*(?:(?:this|diese[rs]?|esta|este|cette|ce) |本|此|该|この)(?:{LABEL})(?![\w-]*\s*\d)", re.IGNORECASE
)
"""The one in which it is said: "Phase 3 cannot start until this phase is done"."""
_THIS = re.compile(rf"(?:本|此|该|当前|這個?|这个?|この|当該?)(?:{LABEL})")
"""This one, in scripts without blanks."""


_ITSELF = re.compile(r"\W*se \w+\W*", re.IGNORECASE)
"""A verb without a subject: "Se firma cuando …"."""


def says_nothing(text: str) -> bool:
    """Whether words before a phrase leave open who is meant: "it can only", "", "Start this", "These tasks"."""
    if _ITSELF.fullmatch(text):
        return True
    if not text.isascii() and _THIS.fullmatch(text.strip()):
        return True
    spoken = words(text)
    pointing = any(word in PRONOUNS for word in spoken)
    empty = all(word in EMPTY or word in PRONOUNS or (pointing and word in GENERIC) for word in spoken)
    return empty and not re.search(r"\d", text)
