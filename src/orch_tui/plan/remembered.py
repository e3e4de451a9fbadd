"""Answers about words, kept while a plan is read: every level that might be its sections asks the same ones again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_MOST = 1_000_000
"""Answers of one function; a plan of 5 MB asks for 200,000 different ones."""
_KEPT = 32_768
"""So many may stay when the plan is read."""
_ALL: list[Callable[[], None]] = []


def remembered(function: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """`function` with its answers kept, which must depend on its hashable arguments alone."""
    kept = lru_cache(maxsize=_MOST)(function)

    def shrink() -> None:
        if kept.cache_info().currsize > _KEPT:
            kept.cache_clear()

    _ALL.append(shrink)
    return cast("Callable[_Asked, _Answer]", kept)


def forget() -> None:
    """Free what a large plan left behind."""
    for shrink in _ALL:
        shrink()
