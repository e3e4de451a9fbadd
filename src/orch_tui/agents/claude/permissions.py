"""What "always" and "never" mean for a permission of Claude Code: for the rest of its session, and stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claude_agent_sdk import PermissionUpdate


def lasting(suggested: Iterable[PermissionUpdate]) -> list[PermissionUpdate]:
    """What Claude Code suggests to allow from now on, for this session only.

    It would keep rules in the settings of the worktree; and what takes rules away, or lets more pass than edits, is
    nothing that a person says yes to in passing.
    """
    return [replace(one, destination="session") for one in suggested if _adds(one)]


def choices(updates: Sequence[PermissionUpdate]) -> tuple[str, ...]:
    """How a permission can be answered that comes with these updates."""
    return ("allow", "always", "deny", "never") if updates else ("allow", "deny", "never")


def words(updates: Sequence[PermissionUpdate]) -> str:
    """What "always" would allow: "Bash(npm test *), edits"; "" for nothing."""
    return ", ".join(word for one in updates for word in _words(one))


def _adds(one: PermissionUpdate) -> bool:
    match one.type:
        case "addRules":
            return one.behavior == "allow" and bool(one.rules)
        case "addDirectories":
            return bool(one.directories)
        case "setMode":
            return one.mode == "acceptEdits"
        case _:
            return False


def _words(one: PermissionUpdate) -> list[str]:
    rules = [
        f"{rule.tool_name}({rule.rule_content})" if rule.rule_content else rule.tool_name for rule in one.rules or ()
    ]
    directories = [f"work in {directory}" for directory in one.directories or ()]
    return [*rules, *directories, *(["edits"] if one.mode else [])]
