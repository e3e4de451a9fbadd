"""Settings: the user's file and the project's, read, checked and put together; the project's wins.

agent: claude            # which agent runs sections that name none
model: claude-sonnet-4-5
concurrency: 4           # sections at once
isolation: worktree      # or none: work in place
max_attempts: 3
theme: orch-dark
keys: {approve: A}       # other keys for the cockpit's actions
idle_exit: 30            # seconds a runner without work waits before it ends
env_pass: [ANTHROPIC_*]  # environment variables agents get beyond the harmless ones
agents:
  claude: {permission_mode: acceptEdits}
second_reader:           # who is asked to look over a graph before it is approved
  provider: auto         # or anthropic, claude, codex, off
  cost_limit_usd: 0.25   # per question, or off
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from orch_tui.directories import config_dir
from orch_tui.errors import ConfigError

if TYPE_CHECKING:
    import yaml

Isolation = Literal["worktree", "none"]
OVERRIDE = "ORCH_TUI_CONFIG"
"""Environment variable: a file to read in place of the user's settings."""
LARGEST = 1024 * 1024
"""Bytes a settings file may have."""
_MOST_CONCURRENT = 1000
_DEEPEST = 20
_MOST_VALUES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReader:
    """Who looks over a graph, and at what cost. `model` "" is a cheap one; `timeout` is in seconds.

    `cost_limit_usd` is per question, None for no limit. `codex` is the program, `codex_config` are settings for it as
    `key=value`, because its own settings file is not read.
    """

    provider: str = "auto"
    model: str = ""
    cost_limit_usd: float | None = 0.25
    timeout: float = 120.0
    codex: str = "codex"
    codex_config: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Checked settings. "" means that nothing is said, and the next place to ask decides."""

    agent: str = ""
    model: str = ""
    concurrency: int = 4
    isolation: Isolation = "worktree"
    max_attempts: int = 3
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    idle_exit: float = 30.0
    agents: Mapping[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])
    env_pass: tuple[str, ...] = ()
    second_reader: SecondReader = SecondReader()


def load(root: Path, env: Mapping[str, str] = os.environ) -> Config:
    """The settings for the project at `root`; `env` is the environment. A file that does not exist says nothing.

    Raises ConfigError with file and line.
    """
    config = Config()
    for path in (user_file(env), root / ".orch" / "config.yaml"):
        config = _merge(config, _read(path))
    return config


def user_file(env: Mapping[str, str]) -> Path:
    """The user's settings file, whether it exists or not. Raises ConfigError when the one named in `env` does not."""
    named = env.get(OVERRIDE, "")
    if named and not Path(named).is_file():
        raise ConfigError(f"{OVERRIDE} names {named!r}, which is not a file", hint=f"correct it, or unset {OVERRIDE}")
    return Path(named) if named else config_dir(env) / "config.yaml"


def _merge(config: Config, settings: dict[str, Any]) -> Config:
    for key in ("keys", "agents"):
        if key in settings:
            settings[key] = {**getattr(config, key), **settings[key]}
    if "second_reader" in settings:
        settings["second_reader"] = replace(config.second_reader, **settings["second_reader"])
    return replace(config, **settings)


def _read(path: Path) -> dict[str, Any]:
    """The checked settings of one file by name; only those it holds."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}", hint="check its rights") from error
    if len(content) > LARGEST:
        raise ConfigError(f"{str(path)!r} is larger than {LARGEST} bytes", hint="it should hold settings only")
    return _Reader(path).read(content) if content.strip() else {}


class _Reader:
    """Reads one file by its YAML nodes, because they know their lines."""

    def __init__(self, path: Path) -> None:
        import yaml

        self._path = path
        self._values = 0
        self._loader = yaml.SafeLoader("")

    def read(self, content: bytes) -> dict[str, Any]:
        import yaml

        try:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            mark: yaml.Mark | None = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).splitlines()[0]
            raise self._wrong(problem, mark.line if mark else 0, hint="it has to be YAML") from error
        checks = {name: getattr(self, f"_{name}") for name in (field.name for field in fields(Config))}
        return {} if node is None or node.tag.endswith(":null") else self._mapping(node, checks)

    def _mapping(self, node: yaml.Node, checks: Mapping[str, Callable[[yaml.Node], Any]]) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        for key, value in self._pairs(node, "settings"):
            name = str(key.value)
            if name not in checks:
                near = difflib.get_close_matches(name, checks, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(checks)}"
                raise self._wrong(f"unknown setting {name!r}", key.start_mark.line, hint=hint)
            if name in settings:
                raise self._wrong(f"{name!r} is set twice", key.start_mark.line)
            settings[name] = checks[name](value)
        return settings

    def _text(self, node: yaml.Node) -> str:
        value = self._value(node)
        if not isinstance(value, str):
            raise self._wrong(f"expected a word, got {value!r}", node.start_mark.line, hint="put it in quotes")
        return value

    def _number(self, node: yaml.Node, least: float, most: float) -> float:
        value = self._value(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self._wrong(f"expected a number from {least:g} to {most:g}, got {value!r}", node.start_mark.line)
        return value

    def _whole(self, node: yaml.Node, least: int, most: int) -> int:
        value = self._number(node, least, most)
        if not isinstance(value, int):
            raise self._wrong(f"expected a whole number, got {value!r}", node.start_mark.line)
        return value

    def _agent(self, node: yaml.Node) -> str:
        return self._text(node)

    _model = _theme = _agent

    def _concurrency(self, node: yaml.Node) -> int:
        return self._whole(node, 1, _MOST_CONCURRENT)

    def _max_attempts(self, node: yaml.Node) -> int:
        return self._whole(node, 1, 100)

    def _idle_exit(self, node: yaml.Node) -> float:
        return float(self._number(node, 0, 30 * 86_400))

    def _isolation(self, node: yaml.Node) -> Isolation:
        value = self._value(node)
        if value is None:  # YAML reads `null` and nothing at all so
            value = "none"
        if value not in ("worktree", "none"):
            raise self._wrong(f"isolation cannot be {value!r}", node.start_mark.line, hint="use 'worktree' or 'none'")
        return value

    def _keys(self, node: yaml.Node) -> dict[str, str]:
        return {str(key.value): self._text(value) for key, value in self._pairs(node, "actions and their keys")}

    def _agents(self, node: yaml.Node) -> dict[str, dict[str, object]]:
        return {
            str(name.value): {str(key.value): self._value(value) for key, value in self._pairs(options, "options")}
            for name, options in self._pairs(node, "agents and their options")
        }

    def _second_reader(self, node: yaml.Node) -> dict[str, Any]:
        return self._mapping(
            node,
            {
                "provider": self._provider,
                "model": self._text,
                "cost_limit_usd": self._cost_limit,
                "timeout": lambda value: float(self._number(value, 1, 3600)),
                "codex": self._text,
                "codex_config": self._texts,
            },
        )

    def _provider(self, node: yaml.Node) -> str:
        return "off" if self._value(node) is False else self._text(node)  # YAML reads `off` as false

    def _cost_limit(self, node: yaml.Node) -> float | None:
        value = self._value(node)
        return None if value is False or value == "off" else float(self._number(node, 0, 1_000_000))

    def _env_pass(self, node: yaml.Node) -> tuple[str, ...]:
        names = self._texts(node, "a list of names")
        if "*" in names:
            raise self._wrong("'*' would pass every secret to agents", node.start_mark.line, hint="name what they need")
        return names

    def _texts(self, node: yaml.Node, what: str = "a list of words") -> tuple[str, ...]:
        import yaml

        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(f"expected {what}", node.start_mark.line, hint="in brackets: [ANTHROPIC_*]")
        return tuple(self._text(item) for item in node.value)

    def _pairs(self, node: yaml.Node, what: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        import yaml

        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(f"expected {what} as 'name: value'", node.start_mark.line)
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        for key, _ in pairs:
            if not isinstance(key, yaml.ScalarNode):
                raise self._wrong("a name has to be a word", key.start_mark.line)
        return cast("list[tuple[yaml.ScalarNode, yaml.Node]]", pairs)

    def _value(self, node: yaml.Node, depth: int = 0) -> object:
        """The plain value of a node. Aliases may multiply, or refer to what is above them: both is limited."""
        import yaml

        self._values += 1
        if depth > _DEEPEST or self._values > _MOST_VALUES:
            raise self._wrong("too many values, or nested too deeply", node.start_mark.line)
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): self._value(value, depth + 1) for key, value in self._pairs(node, "settings")}
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, depth + 1) for item in cast("list[yaml.Node]", node.value)]
        try:
            return self._loader.construct_object(node)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        except (yaml.YAMLError, ValueError) as error:
            raise self._wrong(f"cannot read {node.value!r}", node.start_mark.line) from error

    def _wrong(self, message: str, line: int, *, hint: str = "") -> ConfigError:
        return ConfigError(f"{os.fspath(self._path)}:{line + 1}: {message}", hint=hint)
