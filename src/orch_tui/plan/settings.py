"""The YAML front matter of a plan as plain, harmless data: no tags, no aliases, limited size and depth."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar, cast

import yaml

from orch_tui.plan.findings import finding
from orch_tui.plan.model import Finding

LARGEST = 64 * 1024
"""Characters of front matter."""
DEEPEST = 20

_Loaded = TypeVar("_Loaded")


class _Refused(ValueError):
    """Front matter that YAML would accept and a plan may not hold."""


def read_settings(text: str, first_line: int) -> tuple[dict[str, object], list[Finding]]:
    """The front matter as a mapping with string keys and JSON-like values; broken, it is empty with a finding.

    `first_line` is the line of the file that `text` begins on, for the place named in the message.
    """
    try:
        return _load(text), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        column = f", column {mark.column + 1}" if mark else ""
        why = error.problem or error.context or "not YAML"
        return {}, [_broken(line, f"line {line}{column}: {why}")]
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return {}, [_broken(first_line, f"line {first_line}: {error}")]


def _broken(line: int, why: str) -> Finding:
    return finding("invalid-front-matter", (), line, f"the front matter is not used; {' '.join(why.split())}")


def _load(text: str) -> dict[str, object]:
    if len(text) > LARGEST:
        raise _Refused(f"longer than {LARGEST} characters")
    loaded = loaded_by("SafeLoader", lambda loader: _harmless(text, loader))
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise _Refused("it is not a list of `name: value` lines")
    return {str(key): _plain(value) for key, value in cast("dict[object, object]", loaded).items()}


def _harmless(text: str, loader: type) -> object:
    check_harmless(text, loader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - a safe one


def loaded_by(name: str, load: Callable[[type], _Loaded]) -> _Loaded:
    """What `load` gives with the loader of this name: the one in C, which is ten times as fast, where there is one.

    What that one refuses is read by the other, which says better what is wrong and where.
    """
    if quick := getattr(yaml, f"C{name}", None):
        with suppress(yaml.YAMLError, ValueError, OverflowError):
            return load(quick)
    return load(getattr(yaml, name))


def check_harmless(text: str, loader: type) -> None:
    """Refuses what could blow up or construct objects, before anything is built. Raises yaml.YAMLError."""
    depth = 0
    for event in cast("Iterable[yaml.Event]", yaml.parse(text, Loader=loader)):  # pyright: ignore[reportUnknownMemberType]
        if isinstance(event, yaml.AliasEvent):
            raise _wrong("aliases (`*name`) are not allowed", event)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            raise _wrong("tags (`!name`) are not allowed", event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _wrong(f"nested deeper than {DEEPEST}", event)


def _wrong(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark = cast("yaml.Mark | None", event.start_mark)
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _plain(value: object) -> object:
    """The value with nothing in it that JSON does not know."""
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in cast("dict[object, object]", value).items()}
        case list():
            return [_plain(inner) for inner in cast("list[object]", value)]
        case datetime.date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            return str(value)
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)
