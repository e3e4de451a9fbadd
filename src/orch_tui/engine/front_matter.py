"""What a plan's front matter says, each value of the kind it has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from orch_tui.errors import ConfigError
from orch_tui.merge_settings import one_of
from orch_tui.plan.assigning import DEAREST

_Word = TypeVar("_Word", bound=str)


def word_in(stated: Mapping[str, object], key: str) -> str:
    """What stands behind `key`, "" when nothing does. Raises ConfigError where it is no word."""
    value = stated.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"{key!r} in the plan's front matter is a word, not {value!r}")
    return value.strip()


def one_of_in(stated: Mapping[str, object], key: str, known: Sequence[_Word]) -> _Word | None:
    """The word behind `key`, which has to be a `known` one; None when there is none. Raises ConfigError."""
    word = word_in(stated, key)
    found = one_of(known, word)
    if word and found is None:
        raise ConfigError(f"{key!r} in the plan's front matter is {' or '.join(map(repr, known))}, not {word!r}")
    return found


def words_in(stated: Mapping[str, object], key: str) -> tuple[str, ...]:
    """The words behind `key`, one or a list of them. Raises ConfigError."""
    value = stated.get(key)
    listed = cast("list[object]", value) if isinstance(value, list) else [value] if value else []
    words = tuple(word.strip() for word in listed if isinstance(word, str) and word.strip())
    if len(words) != len(listed):
        raise ConfigError(f"{key!r} in the plan's front matter is a list of commands, not {value!r}")
    return words


def dollars_in(stated: Mapping[str, object], key: str) -> float:
    """The US dollars behind `key`, 0 when there are none. Raises ConfigError."""
    value = stated.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= DEAREST:
        raise ConfigError(f"{key!r} in the plan's front matter is a number of US dollars such as 2.50, not {value!r}")
    return float(value)


def count_in(stated: Mapping[str, object], key: str) -> int:
    """The whole number behind `key`, 0 when there is none. Raises ConfigError."""
    value = stated.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(f"{key!r} in the plan's front matter is a whole number, not {value!r}")
    return value
