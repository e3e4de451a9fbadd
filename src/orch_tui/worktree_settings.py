"""What a worktree is given before anybody works in it: `worktree:` of the settings, or of a plan's front matter.

worktree:
  copy: [".env*"]                      # files that git ignores, by patterns as in .gitignore, beside .worktreeinclude
  link: [data/models]                  # what git ignores and is too large to copy: a link to the user's own
  setup: [npm ci]                      # commands run in it once, before the first phase
  cache: [node_modules]                # what setup makes, taken over where the files of the key say the same
  cache_key: [package-lock.json]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

from orch_tui.errors import ConfigError

_MOST = 100
LONGEST = 1000
"""Characters of a pattern, a path or a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorktreeSettings:
    """Patterns of files to copy, commands, and paths relative to the top of the repository."""

    copy: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    cache: tuple[str, ...] = ()
    cache_key: tuple[str, ...] = ()


_PATHS = frozenset({"link", "cache", "cache_key"})


def completed(known: WorktreeSettings, said: object) -> WorktreeSettings:
    """`known` with what a mapping says instead. Raises ConfigError with what is wrong."""
    names = [field.name for field in fields(WorktreeSettings)]
    if not isinstance(said, Mapping):
        raise ConfigError(f"'worktree' has names and lists, not {said!r}", hint=f"there are {', '.join(names)}")
    found: dict[str, tuple[str, ...]] = {}
    for key, value in cast("Mapping[str, object]", said).items():
        if key not in names:
            raise ConfigError(f"unknown setting 'worktree.{key}'", hint=f"there are {', '.join(names)}")
        found[key] = _words(key, value)
    return replace(known, **found)


def _words(key: str, value: object) -> tuple[str, ...]:
    listed = cast("list[object]", value) if isinstance(value, list) else [value]
    words = tuple(one.strip() for one in listed if isinstance(one, str) and one.strip())
    if len(words) != len(listed) or len(words) > _MOST or any(not _fits(word) for word in words):
        raise ConfigError(
            f"'worktree.{key}' is a list of words, not {value!r}", hint=f"at most {_MOST}, each on a line of its own"
        )
    if key in _PATHS:
        for word in words:
            parts = word.split("/")
            if word.startswith("/") or ".." in parts or ".git" in parts or word == ".":
                raise ConfigError(
                    f"'worktree.{key}' names {word!r}, which is not inside the repository",
                    hint="give a path from the top of the repository",
                )
    return words


def _fits(word: str) -> bool:
    return len(word) <= LONGEST and word.isprintable()
