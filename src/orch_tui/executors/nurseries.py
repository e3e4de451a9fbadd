"""The runner's end of a nursery, the process that forks session hosts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from orch_tui import process
from orch_tui.executors.base import Job

_LEAVING = 2.0  # seconds a nursery without hosts has to end


class Nurseries:
    """The one that is asked, and another one where it has died."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)
        self._now: _Nursery | None = None
        self._asking = asyncio.Lock()

    async def host(self, job: Job) -> int:
        """Have a host forked for the job; returns its pid. Raises ConnectionError, MachineError."""
        request = {"attempt": str(job.directory), "artifacts": str(job.artifacts), "marker": job.marker}
        line = json.dumps(request).encode() + b"\n"
        async with self._asking:
            try:
                return await self._ask(line)
            except ConnectionError:  # the attempt's lock keeps a twin from beginning
                return await self._ask(line)

    async def _ask(self, line: bytes) -> int:
        if self._now is None:
            self._now = await _Nursery.start(self._env)
        try:
            return await self._now.ask(line)
        except ConnectionError:
            self._now.close()
            self._now = None
            raise

    async def close(self) -> None:
        """Ask no more: the nursery ends, at once or when its hosts have, which go on."""
        if self._now is not None:
            await self._now.leave()
            self._now = None


class _Nursery:
    def __init__(self, pid: int, asking: FileIO, answers: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        self._pid = pid
        self._asking = asking
        self._answers = answers
        self._pipe = pipe

    @classmethod
    async def start(cls, env: Mapping[str, str]) -> _Nursery:
        """A new one; raises MachineError when it cannot be started."""
        argv = [sys.executable, "-m", "orch_tui.host", "--nursery"]
        pid, asking, answers = process.spawn_served(argv, cwd=Path("/"), env=env)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), answers)
        return cls(pid, asking, reader, pipe)

    async def ask(self, line: bytes) -> int:
        """Its answer; raises ConnectionError when it is gone."""
        self._asking.write(line)  # shorter than any pipe holds
        answer = await self._answers.readline()
        if not answer:
            raise ConnectionError("the process that starts session hosts ended; runner.log may say why")
        return int(answer)

    async def leave(self) -> None:
        """End its input, and wait for it where it has nothing left to look after."""
        self._asking.close()
        start = process.start_time(self._pid)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING):
                stays = await self._answers.read()
                while start is not None and not stays and process.alive(self._pid, start):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        self.close()

    def close(self) -> None:
        """Let go of its pipes."""
        self._asking.close()
        self._pipe.close()
