"""What is remembered of trouble that is not one section's own: with a service, or alike in several sections."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Keeps sessions of an agent from being started: open while it has a reason (`why`), then closing step by step.

    `until` is the wall time from which one session may try (`person`: only once somebody says so), `failures` are the
    wall times of the last ones while it is closed.
    """

    agent: str
    model: str = ""
    failures: list[float] = field(default_factory=list[float])
    why: str = ""
    until: float = 0.0
    stated: bool = False
    """Whether the service named that time itself."""
    person: bool = False
    near: bool = False
    """Nothing failed so far, but a limit is close: one session at a time, until one ends well."""
    opened: int = 0
    """How often in a row it opened."""
    late: int = 0
    """How often in a row a limit was met after its reset, or without one."""
    allowed: int = 1
    """How many sessions may be under way once its time has come."""


@dataclass(slots=True, kw_only=True)
class Alike:
    """A section that failed for good, and how: the words without their numbers."""

    section: str
    fingerprint: str
