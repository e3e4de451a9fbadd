"""The options of the simulated agent, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from orch_tui.agents.base import FailureClass
from orch_tui.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the simulated agent behaves.

    `duration` is in seconds (0: as fast as possible), multiplied by `time_scale`; `lines_per_second` counts while it
    lasts, `lines` is used instead when there is no duration. `fail` names a failure class for every attempt, or for the
    first `fail_attempts` ones; `failure_rate` fails by chance. `question_rate` and `permission_rate` are chances to ask
    once per session, `question` and `permission` ask for certain. A usage limit names `until` (seconds since the epoch)
    or now + `until_in`. `file` (relative to the working directory) is written at the end, unless `writes` is false or
    the permission was denied. `flood` is the size of one huge line in characters; `hostile` says escapes and markup.
    `reports` is the result it reports, as JSON; it need not be a good one. A `resumable` one is gone on with after a
    failure, in its worktree and under its session id, though it begins its steps anew.
    """

    duration: float = 0.0
    lines_per_second: float = 5.0
    lines: int = 6
    steps: int = 3
    cost_usd: float = 0.01
    failure_rate: float = 0.0
    fail: str = ""
    fail_attempts: int = 0
    until: float = 0.0
    until_in: float = 60.0
    question: bool = False
    question_rate: float = 0.0
    permission: bool = False
    permission_rate: float = 0.0
    writes: bool = True
    file: str = ""
    flood: int = 0
    hostile: bool = False
    reports: str = ""
    resumable: bool = False
    time_scale: float = 1.0

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Behaviour:
        """The behaviour that `options` describe. Raises ConfigError for an unknown name or a wrong kind of value."""
        known = {field.name: field.default for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in options.items():
            if name not in known:
                raise ConfigError(f"the simulated agent has no option {name!r}", hint=f"known: {', '.join(known)}")
            values[name] = _as(name, value, known[name])
        found = cls(**values)
        if found.fail not in get_args(FailureClass):
            classes = ", ".join(filter(None, get_args(FailureClass)))
            raise ConfigError(f"there is no failure class {found.fail!r}", hint=f"known: {classes}")
        try:
            json.loads(found.reports or "null")
        except ValueError as error:
            raise ConfigError(f"the result a simulated session reports is no JSON: {error}") from error
        if found.steps < 1:
            raise ConfigError(f"a simulated session has at least 1 step, not {found.steps!r}")
        return found

    @property
    def seconds_a_step(self) -> float:
        """Seconds one step lasts, before scaling."""
        return self.duration / self.steps

    def lines_in_step(self, number: int) -> int:
        """Lines said in step `number` (from 1)."""
        total = round(self.duration * self.lines_per_second) if self.duration else self.lines
        return total * number // self.steps - total * (number - 1) // self.steps

    def question_at_start(self, chance: float) -> bool:
        """Whether a session that drew `chance` (0..1) asks a question."""
        return self.question or chance < self.question_rate

    def permission_at_start(self, chance: float) -> bool:
        """Whether a session that drew `chance` (0..1) asks a permission."""
        return self.permission or chance < self.permission_rate


def _as(name: str, value: object, default: object) -> object:
    """`value` in the type of `default`; a whole number is a fine float, nothing else is bent."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise ConfigError(f"option {name!r} of the simulated agent is {value!r}; it must be a {type(default).__name__}")
    return value
