"""Worktrees, branches and merges, by the git program. Each module is imported when it is first named."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orch_tui.git import (
        after_merging,
        changes,
        command,
        conflicts,
        copying,
        difference,
        inventory,
        landing,
        leftovers,
        marks,
        merge,
        notable,
        repo,
        rule_files,
        three_way,
        undoing,
        unfinished,
        work,
        worktrees,
    )

__all__ = [
    "after_merging",
    "changes",
    "command",
    "conflicts",
    "copying",
    "difference",
    "inventory",
    "landing",
    "leftovers",
    "marks",
    "merge",
    "notable",
    "repo",
    "rule_files",
    "three_way",
    "undoing",
    "unfinished",
    "work",
    "worktrees",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
