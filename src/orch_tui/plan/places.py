"""Where a section is to be done: what the field `Repo: api` names, and what is no name of a repository."""

from __future__ import annotations

import re

from orch_tui.plan.fields import is_none

_ASIDE = re.compile(r"\s*[(（,;]|\s+[–—-]\s")
_AMBIGUOUS = frozenset(["repository", "repositorium", "repositorio", "dépôt", "リポジトリ", "仓库"])
"""Names of fields that also tell of a class which keeps objects."""
_CODE = re.compile(r"\w*(?:Repository|Repo|_repository|_repo)(?:\(.*\))?|[\w./-]+\.(?!git$)[A-Za-z]{1,4}")
_LONGEST = 200
_MOST_WORDS = 3


def repository_named(value: str) -> str:
    """The name or the path in the value of a field, "" where it says that there is none.

    What is more than a name stays: nobody may take it for the project's own repository.
    """
    shown = value.strip().strip("*_`\"'<>")
    first = _ASIDE.split(shown)[0].strip().strip("*_`\"'<>")
    named = first if first and " " not in first and "," not in shown else shown
    named = named if set(named) <= {"."} else named.rstrip(".")
    return "" if is_none(named) else named[:_LONGEST]


def only_word(text: str) -> str:
    """The first word of running text, "" when the sentence goes on behind it."""
    first, _, rest = text.partition(" ")
    return first if not rest.strip() or first.endswith((".", ";", "|", "·")) else ""


def may_be_repository(name: str, value: str) -> bool:
    """Whether a field of this name, in lower case, is about a place to work in: a "Repository" may be one in code."""
    if name not in _AMBIGUOUS:
        return True
    named = repository_named(value)
    return len(named.split()) <= _MOST_WORDS and not _CODE.fullmatch(named)
