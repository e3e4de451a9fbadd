"""The user's own directories for settings and for state: XDG where it is set, else what the system is used to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_NAME = "orch-tui"


def config_dir(env: Mapping[str, str]) -> Path:
    """Where the user's own settings, workflows, prompts and themes are; `env` is the environment."""
    import platformdirs

    return _below(env.get("XDG_CONFIG_HOME", "")) or Path(platformdirs.user_config_dir(_NAME))


def state_dir(env: Mapping[str, str]) -> Path:
    """Where worktrees and other state outside of repositories are; `env` is the environment."""
    import platformdirs

    return _below(env.get("XDG_STATE_HOME", "")) or Path(platformdirs.user_state_dir(_NAME))


def _below(base: str) -> Path | None:
    """The XDG specification: a path that is not absolute is to be ignored."""
    return Path(base) / _NAME if Path(base).is_absolute() else None
