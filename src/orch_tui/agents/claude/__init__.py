"""The `claude` agent: Claude Code through claude-agent-sdk. The SDK is imported only when a session is opened."""

from orch_tui.agents.claude.provider import ClaudeProvider

__all__ = ["ClaudeProvider"]
