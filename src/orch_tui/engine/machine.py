"""What a runner is given of the machine it runs on, so that a simulation can hand in another one."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from orch_tui import process
from orch_tui.clock import Clock, boot_id
from orch_tui.executors.base import Executor
from orch_tui.executors.local import LocalExecutor
from orch_tui.room import Look, look
from orch_tui.store.writer import Writer


def _who() -> dict[str, object]:
    pid = os.getpid()
    return {"pid": pid, "start_time": process.start_time(pid), "boot_id": boot_id(), "host": os.uname().nodename}


def _run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Time, chance, the event loop, the journal's writer, and where session hosts are."""

    clock: Clock = field(default_factory=Clock)
    run: Callable[[Coroutine[Any, Any, None]], None] = _run
    """An event loop of its own from the beginning of `main` to its end."""
    writer: type[Writer] = Writer
    executor: Callable[[Mapping[str, str]], Executor] = LocalExecutor
    who: Callable[[], dict[str, object]] = _who
    """What the lock says of this process: pid, start_time, boot_id, host."""
    at: Callable[[str], None] = lambda _step: None
    """Told the name of each step of the start before it is taken: a test dies there."""
    pause: Callable[[float], None] = time.sleep
    """Let so many seconds go by, when nothing else is to be done than to wait for room on the disk."""
    room: Look = look
    session_id: Callable[[], str] = lambda: str(uuid.uuid4())
