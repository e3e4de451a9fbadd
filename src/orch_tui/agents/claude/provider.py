"""Opening Claude sessions."""

from __future__ import annotations

from collections.abc import Mapping

from orch_tui.agents.base import Capabilities, Session, SessionSpec
from orch_tui.agents.claude import setup
from orch_tui.errors import AgentUnavailable, ConfigError


class ClaudeProvider:
    """Claude Code, driven through its Agent SDK. Options: `orch_tui.agents.claude.setup.Options`."""

    name = "claude"
    capabilities = Capabilities(
        steer=True, interrupt=True, pause=True, resume=True, approvals=True, cost=True, structured=True
    )
    # Not all of CLAUDE_CODE_*: inside a Claude Code terminal some of it ties a program to that terminal. Credentials of
    # a cloud (AWS_*, GOOGLE_*) are for the user's `env_pass`.
    passes: tuple[str, ...] = (
        "ANTHROPIC_*",
        "API_TIMEOUT_MS",
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS",
        "CLAUDE_CODE_CLIENT_*",
        "CLAUDE_CODE_DISABLE_*",
        "CLAUDE_CODE_MAX_*",
        "CLAUDE_CODE_OAUTH_*",
        "CLAUDE_CODE_SKIP_*",
        "CLAUDE_CODE_SUBAGENT_MODEL",
        "CLAUDE_CODE_TMPDIR",
        "CLAUDE_CODE_USE_*",
        "CLAUDE_CONFIG_DIR",
        "DISABLE_*",
        "MAX_THINKING_TOKENS",
    )

    def check(self, env: Mapping[str, str], options: Mapping[str, object]) -> str:
        """See Provider.check."""
        try:
            return setup.missing(setup.Options.of(options), env)
        except ConfigError as error:
            return error.line()

    async def count_tokens(self, text: str, *, model: str, env: Mapping[str, str]) -> int | None:
        """See Counter.count_tokens."""
        from orch_tui.agents.claude.counting import count

        return await count(text, model=model.partition("[")[0], env=env)  # "[1m]" is the program's own

    async def open(self, spec: SessionSpec) -> Session:
        """Start Claude Code and connect to it. Raises AgentUnavailable and ConfigError before anything is started.

        A program that starts and then refuses is told by the session's events.
        """
        options = setup.Options.of(spec.options)
        if lacking := setup.missing(options, spec.env):
            raise AgentUnavailable(lacking)
        from orch_tui.agents.claude.session import ClaudeSession

        session = ClaudeSession(spec, options)
        await session.connect()
        return session
