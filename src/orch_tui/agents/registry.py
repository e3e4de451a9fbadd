"""Finding providers by name: entry points of the group `orch_tui.agents`, imported only when one is loaded."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from orch_tui.agents.base import Provider
from orch_tui.errors import AgentUnavailable, ConfigError

GROUP = "orch_tui.agents"


def names() -> list[str]:
    """The names of all installed providers, sorted. Imports none of them."""
    return sorted(_points())


def load(name: str) -> Provider:
    """The provider called `name`, imported now.

    Raises ConfigError for an unknown name and AgentUnavailable when the provider's own module cannot be imported.
    """
    point = _points().get(name)
    if point is None:
        raise ConfigError(f"there is no agent called {name!r}", hint=f"known: {', '.join(names())}")
    try:
        provider: object = point.load()()
    except ImportError as error:
        raise AgentUnavailable(f"agent {name!r} cannot be loaded: {error}", hint="install what it needs") from error
    if not isinstance(provider, Provider):
        raise AgentUnavailable(f"agent {name!r} ({point.value}) is not a provider", hint="see orch_tui.agents.base")
    return provider


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
