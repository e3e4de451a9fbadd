"""Where session hosts run: one interface for this machine and for others. The engine never knows which.

An executor starts a host once, reports what the host wrote, passes controls on and ends it. It never starts a next
attempt by itself: only the runner does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

HostStatus = Literal["queued", "starting", "running", "exited", "suspect", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place hosts can run in. `free` is the number of free slots, None when it is not limited."""

    name: str
    free: int | None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One attempt to host. `directory` holds spec.json already; `marker` is in the environment of every process."""

    run: str
    section: str
    attempt: int
    directory: Path
    artifacts: Path
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A submitted job. `pid` is the host's, 0 when it is not of this machine."""

    job: Job
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A transcript record the runner must know of (kind started, usage, ask, ask_closed, notice); `n` is its number."""

    n: int
    kind: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """Everything was told that the host had said when it began to be listened to. Nothing depends on its coming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The host is gone. `exit` is its exit.json, or None when it left none: the attempt is lost."""

    exit: Mapping[str, object] | None


HostEvent = Said | CaughtUp | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A control for a host: steer, answer, pause, resume, end. `id` makes repeated delivery harmless."""

    id: str
    op: str
    args: Mapping[str, str]


class Executor(Protocol):
    """See the module's docstring. All methods raise StateError or MachineError with what would help."""

    def describe(self) -> Sequence[Node]:
        """The nodes, their free slots and labels."""
        ...

    async def submit(self, job: Job) -> Ref:
        """Start the host of `job`; a second call for the same job finds the first one's host."""
        ...

    def events(self, ref: Ref, after: int) -> AsyncIterator[HostEvent]:
        """What the host said after transcript record `after`, in order, ending with `Gone`. Can be read again."""
        ...

    async def send(self, ref: Ref, message: Message) -> None:
        """Pass a control on; delivered at least once."""
        ...

    async def end(self, ref: Ref, *, grace: float) -> int:
        """Ask the host to end, after `grace` seconds end it and whatever it started; returns how many were swept."""
        ...

    def status(self, ref: Ref) -> HostStatus:
        """Whether the host lives."""
        ...

    async def adopt(self, job: Job) -> Ref | None:
        """The live host of a job some earlier runner submitted, or None; after None no host of it can ever begin."""
        ...

    async def close(self) -> None:
        """Let go of everything; hosts go on."""
        ...
