"""Environments for agent programs under test: a home of their own, a dummy key, the service on loopback."""

from __future__ import annotations

import os
from pathlib import Path


def agent_env(home: Path, *, base_url: str = "", marker: str = "", **more: str) -> dict[str, str]:
    """A complete environment with nothing of this machine's user but PATH and the language.

    `home` is made (0700) and holds configuration and temporary files; `base_url` is the scripted service; `marker`
    becomes ORCH_ATTEMPT; `more` is added as it is.
    """
    for directory in (home, home / "claude", home / "tmp"):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "CLAUDE_CONFIG_DIR": str(home / "claude"),
        "CLAUDE_CODE_TMPDIR": str(home / "tmp"),
        "DISABLE_TELEMETRY": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }
    if base_url:
        env |= {"ANTHROPIC_BASE_URL": base_url, "ANTHROPIC_API_KEY": "dummy", "NO_PROXY": "127.0.0.1"}
    if marker:
        env["ORCH_ATTEMPT"] = marker
    return env | more
