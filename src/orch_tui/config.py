"""Settings: the user's file and the project's, read, checked and put together; the project's wins.

agent: claude            # which agent runs sections that name none
model: claude-sonnet-4-5
concurrency: 4           # sections at once
isolation: worktree      # or none: work in place
max_attempts: 3
workflow: local          # the phases a section goes through
checks: [make test]      # commands that check a section's work
worktree: {copy: [.env]} # what a new worktree is given (worktree_settings.py)
forge: {command: gh}     # who makes pull requests (forge_settings.py)
merge_strategy: squash   # what a section becomes on the integration branch: merge, squash, rebase
land_strategy: rebase    # how a run lands: merge, squash, rebase, ff, pull-request
branches: plan           # one branch for the plan; or section: the branch of each stays
merge_batch: 1           # sections that wait for their merge and are proven together; halved when that is red
deny: [git push, rm -rf] # commands that agents never run
rules: [AGENTS.md, CLAUDE.md]  # files with the project's words to agents, of each directory the first; [] for none
section_budget: 5        # US dollars that a section may cost, all its attempts together; none when nothing is said
brief_tokens: 50000      # how much a session is told, at most; what matters least is left out first
theme: orch-dark
keys: {approve: A}       # other keys for the cockpit's actions
resources: {database: 1} # what there are only so many of (counted.py)
repositories: {api: ../api} # others than the project's own that sections can be in (repository_settings.py)
port_base: 20000         # the first port of those that sections have for themselves (ORCH_PORT_BASE)
disk: {start: 2 GiB}     # how much of the disk is left alone (disk_settings.py)
idle_exit: 30            # seconds a runner without work waits before it ends
env_pass: [ANTHROPIC_*]  # environment variables agents get beyond the harmless ones
agents:
  claude: {permission_mode: acceptEdits}
second_reader:           # who is asked to look over a graph before it is approved
  provider: auto         # or anthropic, claude, codex, off
  cost_limit_usd: 0.25   # per question, or off
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from orch_tui.counted import Resource, counted
from orch_tui.directories import config_dir
from orch_tui.disk_settings import DiskSettings, disk_of
from orch_tui.errors import ConfigError
from orch_tui.forge_settings import ForgeSettings, forge_of
from orch_tui.merge_settings import BRANCHES, LAND_STRATEGIES, MERGE_STRATEGIES, Branches, LandStrategy, MergeStrategy
from orch_tui.repository_settings import places
from orch_tui.worktree_settings import WorktreeSettings, completed
from orch_tui.yaml_reader import YamlReader

if TYPE_CHECKING:
    import yaml

Isolation = Literal["worktree", "none"]
OVERRIDE = "ORCH_TUI_CONFIG"
"""Environment variable: a file to read in place of the user's settings."""
LARGEST = 1024 * 1024
"""Bytes a settings file may have."""
_FILE = re.compile(r"(?!\.{1,2}$)[\w.@+ -]+")
_MOST_CONCURRENT = 1000
_LARGEST_BATCH = 64


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
    workflow: str = ""
    checks: tuple[str, ...] = ()
    worktree: WorktreeSettings = field(default_factory=WorktreeSettings)
    deny: tuple[str, ...] = ()
    forge: ForgeSettings = field(default_factory=ForgeSettings)
    rules: tuple[str, ...] = ("AGENTS.md", "CLAUDE.md")
    merge_strategy: MergeStrategy = "merge"
    land_strategy: LandStrategy = "merge"
    branches: Branches = "section"
    brief_tokens: int = 50_000
    section_budget: float = 0.0
    merge_batch: int = 1
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    resources: Mapping[str, Resource] = field(default_factory=dict[str, Resource])
    repositories: Mapping[str, str] = field(default_factory=dict[str, str])
    port_base: int = 20_000
    disk: DiskSettings = field(default_factory=DiskSettings)
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
    if "worktree" in settings:
        settings["worktree"] = completed(config.worktree, settings["worktree"])
    if "resources" in settings:
        settings["resources"] = counted(config.resources, settings["resources"])
    if "repositories" in settings:
        settings["repositories"] = places(config.repositories, settings["repositories"])
    if "disk" in settings:
        settings["disk"] = disk_of(config.disk, settings["disk"])
    if "forge" in settings:
        settings["forge"] = forge_of(config.forge, settings["forge"])
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
    """What each setting may say."""

    def __init__(self, path: Path) -> None:
        self._yaml = YamlReader(os.fspath(path))

    def read(self, content: bytes) -> dict[str, Any]:
        """The checked settings of a file."""
        checks = {name: getattr(self, f"_{name}") for name in (field.name for field in fields(Config))}
        node = self._yaml.root(content)
        return {} if node is None else self._yaml.fields(node, checks)

    def _agent(self, node: yaml.Node) -> str:
        return self._yaml.text(node)

    _model = _theme = _workflow = _agent

    def _concurrency(self, node: yaml.Node) -> int:
        return self._yaml.whole(node, 1, _MOST_CONCURRENT)

    def _checks(self, node: yaml.Node) -> tuple[str, ...]:
        return self._yaml.texts(node, "a list of commands", hint="in brackets: [make test]")

    def _worktree(self, node: yaml.Node) -> object:
        return self._plain(node, lambda said: completed(WorktreeSettings(), said))

    def _forge(self, node: yaml.Node) -> object:
        return self._plain(node, lambda said: forge_of(ForgeSettings(), said))

    def _disk(self, node: yaml.Node) -> object:
        return self._plain(node, lambda said: disk_of(DiskSettings(), said))

    def _deny(self, node: yaml.Node) -> tuple[str, ...]:
        patterns = self._yaml.texts(node, "a list of commands", hint="in brackets: [git push, 'rm -rf *']")
        if not all(pattern.strip() for pattern in patterns):
            raise self._yaml.wrong("a pattern is empty", node.start_mark.line, hint="write '*' to deny every command")
        return patterns

    def _rules(self, node: yaml.Node) -> tuple[str, ...]:
        names = self._yaml.texts(node, "a list of file names", hint="in brackets: [AGENTS.md]")
        if wrong := next((name for name in names if not _FILE.fullmatch(name)), None):
            raise self._yaml.wrong(f"{wrong!r} is no name of a file", node.start_mark.line, hint="without directories")
        return names

    def _max_attempts(self, node: yaml.Node) -> int:
        return self._yaml.whole(node, 1, 100)

    def _brief_tokens(self, node: yaml.Node) -> int:
        return self._yaml.whole(node, 1000, 10_000_000)

    def _merge_batch(self, node: yaml.Node) -> int:
        return self._yaml.whole(node, 1, _LARGEST_BATCH)

    def _section_budget(self, node: yaml.Node) -> float:
        return self._yaml.dollars(node)

    def _resources(self, node: yaml.Node) -> object:
        return self._plain(node, lambda said: counted({}, said))

    def _repositories(self, node: yaml.Node) -> object:
        return self._plain(node, lambda said: places({}, said))

    def _plain(self, node: yaml.Node, check: Callable[[object], object]) -> object:
        """A plain value that is right by a check that knows no lines: it is the same for a plan's front matter."""
        said = self._yaml.value(node)
        try:
            check(said)
        except ConfigError as error:
            raise self._yaml.wrong(str(error), node.start_mark.line, hint=error.hint) from error
        return said

    def _port_base(self, node: yaml.Node) -> int:
        return self._yaml.whole(node, 1024, 65_000)

    def _idle_exit(self, node: yaml.Node) -> float:
        return float(self._yaml.number(node, 0, 30 * 86_400))

    def _isolation(self, node: yaml.Node) -> Isolation:
        if self._yaml.value(node) is None:  # YAML reads `null` and nothing at all so
            return "none"
        return cast("Isolation", self._yaml.one_of(node, ("worktree", "none"), "isolation"))

    def _merge_strategy(self, node: yaml.Node) -> MergeStrategy:
        return cast("MergeStrategy", self._yaml.one_of(node, MERGE_STRATEGIES, "merge_strategy"))

    def _land_strategy(self, node: yaml.Node) -> LandStrategy:
        return cast("LandStrategy", self._yaml.one_of(node, LAND_STRATEGIES, "land_strategy"))

    def _branches(self, node: yaml.Node) -> Branches:
        return cast("Branches", self._yaml.one_of(node, BRANCHES, "branches"))

    def _keys(self, node: yaml.Node) -> dict[str, str]:
        pairs = self._yaml.pairs(node, "actions and their keys")
        return {str(key.value): self._yaml.text(value) for key, value in pairs}

    def _agents(self, node: yaml.Node) -> dict[str, dict[str, object]]:
        return {
            str(name.value): {
                str(key.value): self._yaml.value(value) for key, value in self._yaml.pairs(options, "options")
            }
            for name, options in self._yaml.pairs(node, "agents and their options")
        }

    def _second_reader(self, node: yaml.Node) -> dict[str, Any]:
        return self._yaml.fields(
            node,
            {
                "provider": self._provider,
                "model": self._yaml.text,
                "cost_limit_usd": self._cost_limit,
                "timeout": lambda value: float(self._yaml.number(value, 1, 3600)),
                "codex": self._yaml.text,
                "codex_config": self._yaml.texts,
            },
        )

    def _provider(self, node: yaml.Node) -> str:
        return "off" if self._yaml.value(node) is False else self._yaml.text(node)  # YAML reads `off` as false

    def _cost_limit(self, node: yaml.Node) -> float | None:
        value = self._yaml.value(node)
        return None if value is False or value == "off" else float(self._yaml.number(node, 0, 1_000_000))

    def _env_pass(self, node: yaml.Node) -> tuple[str, ...]:
        names = self._yaml.texts(node, "a list of names", hint="in brackets: [ANTHROPIC_*]")
        if "*" in names:
            raise self._yaml.wrong(
                "'*' would pass every secret to agents", node.start_mark.line, hint="name what they need"
            )
        return names
