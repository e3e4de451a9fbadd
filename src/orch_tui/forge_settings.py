"""Where pull requests are made, and by which commands: `forge:` of the settings.

forge:
  command: gh              # the program; another that takes the same arguments will do
  remote: origin           # where branches are pushed to
  base: main               # the branch that pull requests go into; else the remote's own
  merge: ["{{ command }}", pr, merge, "{{ number }}", --squash, "--match-head-commit={{ head }}"]

Each command is a list of templates, and what it prints is read as gh's JSON; for another forge, give commands that
print the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

from orch_tui.errors import ConfigError

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeSettings:
    """Commands as lists of templates over `command`, `branch`, `base`, `title`, `body`, `number` and `head`.

    `auth` () asks nobody whether someone is logged in. `view` prints the fields it names (gh pr view); `reviews` and
    `comments` print what GitHub's REST interface gives for the reviews of a pull request and for their comments.
    """

    command: str = "gh"
    remote: str = "origin"
    base: str = ""
    auth: tuple[str, ...] = ("{{ command }}", "auth", "status")
    create: tuple[str, ...] = (
        *("{{ command }}", "pr", "create", "--head={{ branch }}", "--base={{ base }}"),
        *("--title={{ title }}", "--body={{ body }}"),
    )
    view: tuple[str, ...] = (
        *("{{ command }}", "pr", "view", "{{ branch }}"),
        "--json=number,url,state,headRefOid,mergeable,statusCheckRollup",
    )
    reviews: tuple[str, ...] = (
        *("{{ command }}", "api", "--paginate"),
        "repos/{owner}/{repo}/pulls/{{ number }}/reviews?per_page=100",
    )
    comments: tuple[str, ...] = (
        *("{{ command }}", "api", "--paginate"),
        "repos/{owner}/{repo}/pulls/{{ number }}/comments?per_page=100",
    )
    merge: tuple[str, ...] = (
        *("{{ command }}", "pr", "merge", "{{ number }}", "--merge", "--match-head-commit={{ head }}"),
    )


_WORDS = ("command", "remote", "base")


def forge_of(known: ForgeSettings, said: object) -> ForgeSettings:
    """`known` with what a mapping says instead. Raises ConfigError with what is wrong."""
    names = [field.name for field in fields(ForgeSettings)]
    if not isinstance(said, Mapping):
        raise ConfigError(f"'forge' has names and values, not {said!r}", hint=f"there are {', '.join(names)}")
    found: dict[str, object] = {}
    for key, value in cast("Mapping[str, object]", said).items():
        if key not in names:
            raise ConfigError(f"unknown setting 'forge.{key}'", hint=f"there are {', '.join(names)}")
        found[key] = _word(key, value) if key in _WORDS else _argv(key, value)
    return replace(known, **found)  # pyright: ignore[reportArgumentType]


def _word(key: str, value: object) -> str:
    if not isinstance(value, str) or value.startswith("-") or not value.isprintable() or (not value and key != "base"):
        raise ConfigError(f"'forge.{key}' is a name, not {value!r}")
    return value


def _argv(key: str, value: object) -> tuple[str, ...]:
    listed = cast("list[object]", value) if isinstance(value, list) else None
    if listed is None or len(listed) > _MOST or not all(isinstance(one, str) for one in listed):
        raise ConfigError(f"'forge.{key}' is a list of words, not {value!r}", hint="in brackets: [glab, auth, status]")
    if not listed and key != "auth":
        raise ConfigError(f"'forge.{key}' names no program", hint="in brackets: [glab, mr, merge, '{{ number }}']")
    return tuple(cast("list[str]", listed))
