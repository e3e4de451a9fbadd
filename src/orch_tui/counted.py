"""Resources of which there are only so many: `resources:` of the settings, or of a plan's front matter.

resources:
  database: 1                            # claimed by sections that say "Resources: database"
  gpu: {count: 2, sections: ["Train *"]} # and by those whose id or title is like this
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import cast

from orch_tui.errors import ConfigError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
CLAIM = re.compile(rf"(?P<name>{NAME.pattern})(?:\s*[x×*:=]\s*(?P<count>\d{{1,4}})|\s+\((?P<counted>\d{{1,4}})\))?")
_MOST = 1000
_HINT = "a number, or {count: 2, sections: ['Train *']}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """How many there are, and the sections that claim one each, by patterns of their id or title."""

    count: int = 1
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a section claims of each resource, and what is wrong with what it says, in words."""

    amounts: Mapping[str, int] = field(default_factory=dict[str, int])
    unknown: tuple[str, ...] = ()
    too_many: tuple[str, ...] = ()


def counted(known: Mapping[str, Resource], said: object) -> dict[str, Resource]:
    """`known` with what a mapping says instead. Raises ConfigError with what is wrong."""
    if not isinstance(said, Mapping):
        raise ConfigError(f"'resources' has names and numbers, not {said!r}", hint="such as {database: 1}")
    found = dict(known)
    for name, value in cast("Mapping[str, object]", said).items():
        if not NAME.fullmatch(name):
            raise ConfigError(f"{name!r} is no name of a resource", hint="letters, digits, - and _, a letter first")
        found[name] = _resource(name, value)
    if len(found) > _MOST:
        raise ConfigError(f"{len(found)} resources are too many")
    return found


def claims(resources: Mapping[str, Resource], stated: Iterable[str], names: Iterable[str]) -> Claims:
    """What a section claims that says `stated` ("gpu x2") and is called by `names`: at most all there are."""
    amounts: dict[str, int] = {}
    unknown: list[str] = []
    too_many: list[str] = []
    known = {name.lower(): name for name in resources}
    called = [name.lower() for name in names]
    for name, one in resources.items():
        if any(fnmatchcase(what, pattern.lower()) for pattern in one.sections for what in called):
            amounts[name] = 1
    for words in stated:
        found = CLAIM.fullmatch(words)
        name = known.get(found["name"].lower(), "") if found else ""
        if not found or not name:
            unknown.append(found["name"] if found else words)
            continue
        amount, there = max(1, int(found["count"] or found["counted"] or 1)), resources[name].count
        if amount > there:
            too_many.append(f"{amount} of {there} {name}")
        amounts[name] = max(amounts.get(name, 0), min(amount, there))
    return Claims(amounts=amounts, unknown=tuple(unknown), too_many=tuple(too_many))


def _resource(name: str, value: object) -> Resource:
    said = cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {"count": value}
    count, sections = said.get("count", 1), said.get("sections", [])
    listed = cast("list[object]", sections) if isinstance(sections, list) else [sections]
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _MOST:
        raise ConfigError(f"of {name!r} there are 1 to {_MOST}, not {count!r}", hint=_HINT)
    patterns = tuple(one for one in listed if isinstance(one, str) and one)
    if said.keys() - {"count", "sections"} or len(patterns) != len(listed):
        raise ConfigError(f"the resource {name!r} cannot be {value!r}", hint=_HINT)
    return Resource(count=count, sections=patterns)
