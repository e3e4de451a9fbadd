"""What a Claude session needs from the machine: program, credentials, settings, an environment without extras."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, cast, get_args

from orch_tui.errors import ConfigError

PermissionMode = Literal["default", "acceptEdits", "plan", "bypassPermissions", "dontAsk", "auto"]
Source = Literal["user", "project", "local"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]

_KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
_CLOUDS = ("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY")
_SDK_OWN = frozenset(
    {"CLAUDE_CODE_ENTRYPOINT", "CLAUDE_AGENT_SDK_VERSION", "CLAUDE_CODE_SDK_READS_SESSION_STATE", "PWD"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The provider's settings. `cli` is the program ("" finds one); the rest is passed to Claude Code as it is."""

    cli: str = ""
    model: str = ""
    fallback_model: str = ""
    permission_mode: PermissionMode = "acceptEdits"
    setting_sources: tuple[Source, ...] = ()
    allowed_tools: tuple[str, ...] = ()
    disallowed_tools: tuple[str, ...] = ()
    max_turns: int = 0
    max_budget_usd: float = 0.0
    instructions: str = ""
    """Appended to Claude Code's own system prompt."""

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Options:
        """Checked options. Raises ConfigError for an unknown name or a wrong value."""
        known = {field.name: field.default for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                raise ConfigError(f"agent 'claude' has no option {name!r}", hint=f"known: {', '.join(known)}")
            values[name] = _as(name, value, known[name])
        _one_of("permission_mode", (values.get("permission_mode", "default"),), get_args(PermissionMode))
        _one_of("setting_sources", values.get("setting_sources", ()), get_args(Source))
        return cls(**values)


def effort(value: str) -> Effort | None:
    """`value` as an effort level, None for "". Raises ConfigError for anything else unknown."""
    if not value:
        return None
    _one_of("effort", (value,), get_args(Effort))
    return cast("Effort", value)


def program(options: Options, env: Mapping[str, str]) -> str:
    """The Claude Code program: the one asked for, else the SDK's own, else the one on PATH; "" when there is none."""
    if options.cli:
        return shutil.which(options.cli, path=env.get("PATH")) or ""
    sdk = find_spec("claude_agent_sdk")
    if sdk and sdk.origin:
        bundled = Path(sdk.origin).parent / "_bundled" / "claude"
        if bundled.is_file():
            return str(bundled)
    return shutil.which("claude", path=env.get("PATH")) or ""


def missing(options: Options, env: Mapping[str, str]) -> str:
    """ "" when a session can be opened, else one line: what is missing and how to set it up."""
    if find_spec("claude_agent_sdk") is None:
        return "agent 'claude' needs the package claude-agent-sdk: install it with `pip install claude-agent-sdk`"
    if not program(options, env):
        asked = f" {options.cli!r}" if options.cli else ""
        return (
            f"Claude Code{asked} is not installed: `npm install -g @anthropic-ai/claude-code`, or set the option 'cli'"
        )
    if not has_credentials(options, env):
        return "Claude Code is not logged in: run `claude` once and log in, or set ANTHROPIC_API_KEY"
    return ""


def has_credentials(options: Options, env: Mapping[str, str]) -> bool:
    """Whether the program will find credentials. Looks at names only: no key, token or credentials file is read."""
    if any(env.get(name) for name in (*_KEYS, *_CLOUDS)):
        return True
    home = Path(env.get("HOME", "/nonexistent"))
    config = Path(env.get("CLAUDE_CONFIG_DIR") or home / ".claude")
    if (config / ".credentials.json").exists():
        return True
    # On macOS they are in the keychain, which must not be opened just to look.
    return sys.platform == "darwin" or ("user" in options.setting_sources and _has_key_helper(config / "settings.json"))


def write_wrapper(scratch: Path, cli: str, env: Mapping[str, str], inherited: Mapping[str, str]) -> Path:
    """A private script that starts `cli` with `env` and nothing of `inherited`, ended when its parent dies.

    The SDK lays its `env` over os.environ; the script takes the rest away again, by name, so that no value of a secret
    is in a file or on a command line. `setpriv` (util-linux) is used where it exists; PDEATHSIG follows the thread that
    forked, therefore sessions are opened from the main thread.
    """
    extra = sorted(name for name in inherited if name not in env and name not in _SDK_OWN and name.isidentifier())
    argv = ["env", *(part for name in extra for part in ("-u", name))]
    if shutil.which("setpriv", path=env.get("PATH")):
        argv += ["setpriv", "--pdeathsig", "TERM", "--"]
    file = scratch / "claude"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o700)
    with os.fdopen(descriptor, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\nexec {shlex.join([*argv, cli])} "$@"\n')
    return file


def _has_key_helper(settings: Path) -> bool:
    try:
        found: object = json.loads(settings.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and "apiKeyHelper" in found


def _as(name: str, value: object, default: object) -> object:
    """`value` in the type of `default`: YAML lists become tuples, whole numbers floats."""
    kind: type[object] = type(default)
    if kind is tuple and isinstance(value, (list, tuple)):
        items = cast("list[object]", value)
        return tuple(str(item) for item in items)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ConfigError(f"option {name!r} of agent 'claude' is {value!r}; it must be a {kind.__name__}")
    return cast("object", value)


def _one_of(name: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for value in values:
        if value not in allowed:
            raise ConfigError(f"{name} of agent 'claude' cannot be {value!r}", hint=f"known: {', '.join(allowed)}")
