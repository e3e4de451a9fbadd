"""What Claude Code is kept from, whatever its permissions say: writing in a read-only role, and denied commands.

A PreToolUse hook counts in every permission mode, for subagents too; one that fails blocks the tool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orch_tui.agents.base import SessionSpec
from orch_tui.agents.claude.setup import PermissionMode
from orch_tui.agents.denied import denied

if TYPE_CHECKING:
    from claude_agent_sdk import HookMatcher

WRITING = ("Edit", "MultiEdit", "NotebookEdit", "Write")
# fmt: off
READING = frozenset([
    "Agent", "AskUserQuestion", "Bash", "BashOutput", "EnterPlanMode", "ExitPlanMode", "Glob", "Grep", "KillBash",
    "KillShell", "LS", "LSP", "ListAgents", "ListMcpResourcesTool", "Monitor", "NotebookRead", "Read",
    "ReadMcpResourceTool", "ReportFindings", "mcp__orch__ask_human", "mcp__orch__note_decision",
    "mcp__orch__propose_section", "mcp__orch__read_upstream", "mcp__orch__report_result",
    "SendMessage", "Skill", "StructuredOutput", "Task", "TaskCreate", "TaskGet", "TaskList", "TaskOutput",
    "TaskStop", "TaskUpdate", "TodoRead", "TodoWrite", "ToolSearch", "WebFetch", "WebSearch",
])
# fmt: on
"""Tools that change no file of the tree by themselves. A shell can: what it changed is put back afterwards."""


def mode(spec: SessionSpec, asked: PermissionMode) -> PermissionMode:
    """The permission mode of a session: one that lets edits pass is for who may edit."""
    return "default" if spec.role == "read-only" and asked == "acceptEdits" else asked


def off(spec: SessionSpec) -> tuple[str, ...]:
    """Tools that are not even offered."""
    return WRITING if spec.role == "read-only" else ()


def hooks(spec: SessionSpec, refused: Callable[[str], None]) -> dict[Any, list[HookMatcher]] | None:
    """The hook that keeps a session to what it may do; None when it may do everything. `refused` is told of each no."""
    if spec.role == "write" and not spec.deny:
        return None
    from claude_agent_sdk import HookMatcher

    async def before(given: Any, _tool_use_id: str | None, _context: Any) -> Any:
        why = why_not(spec, str(given["tool_name"]), given["tool_input"])
        if not why:
            return {}
        refused(why)
        decision = {"permissionDecision": "deny", "permissionDecisionReason": why}
        return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}

    return {"PreToolUse": [HookMatcher(hooks=[before], on_failure="block")]}


def why_not(spec: SessionSpec, tool: str, given: dict[str, Any]) -> str:
    """Why a session may not use a tool with this input; "" when it may."""
    if spec.role == "read-only" and tool not in READING:
        return f"{tool} is not for this session: it may read and run commands, and change nothing"
    command = given.get("command")
    pattern = denied(command, spec.deny) if isinstance(command, str) else ""
    return f"{pattern!r} is denied by the settings" if pattern else ""
