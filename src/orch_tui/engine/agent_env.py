"""What agents are given of our environment and of the settings, and what tells those of one section from others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from orch_tui import process
from orch_tui.agents import registry
from orch_tui.config import Config
from orch_tui.core.state import AttemptState
from orch_tui.engine import ports
from orch_tui.environment import allowed_env
from orch_tui.store.layout import RunDir

SLOT, PORT_BASE = "ORCH_SLOT", "ORCH_PORT_BASE"
PORTS_EACH = 20
"""How many ports from ORCH_PORT_BASE on are a section's own."""
WRITTEN = frozenset({process.MARKER, process.RUN_MARKER, SLOT, PORT_BASE})
"""What the runner sets itself; all else is written down by name only."""
_HIGHEST_PORT = 65_535


class AgentEnv:
    """What the attempts of one run are given."""

    def __init__(self, run: RunDir, config: Config, env: Mapping[str, str]) -> None:
        self._run = run
        self._config = config
        self._env = env
        self._allowed: dict[str, dict[str, str]] = {}
        """What the agents of each name may have of our environment, which does not change while we live."""

    def options(self, agent: str) -> dict[str, Any]:
        """The agent's options in the settings."""
        return dict(self._config.agents.get(agent, {}))

    def of(self, attempt: AttemptState) -> dict[str, str]:
        """The environment of every process of an attempt."""
        env = self._allowed.get(attempt.agent)
        if env is None:
            passes = (*registry.load(attempt.agent).passes, *self._config.env_pass)
            env = self._allowed[attempt.agent] = allowed_env(self._env, passes)
        own = {process.MARKER: attempt.marker, process.RUN_MARKER: str(self._run.path)}
        return {**env, **own, **(numbers(attempt.slot, self._config.port_base, self._block) if attempt.slot else {})}

    @cached_property
    def _block(self) -> int | None:
        return ports.block(self._run, self._env)


def numbers(slot: int, port_base: int, block: int | None) -> dict[str, str]:
    """The variables of a slot: its number, and the first of the ports that are its own, where there are as many."""
    first = (slot - 1) * PORTS_EACH
    if block is None or first + PORTS_EACH > ports.EACH:
        return {SLOT: str(slot)}
    first += port_base + block * ports.EACH
    return {SLOT: str(slot), **({PORT_BASE: str(first)} if first + PORTS_EACH - 1 <= _HIGHEST_PORT else {})}
