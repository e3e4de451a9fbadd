"""A scripted service on 127.0.0.1: connections, requests, answers, faults. What it says is a subclass's."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, cast

from orch_tui.testing.playbook import Fault, Request, Turn


class Loopback(ABC):
    """A server as an async context manager. `requests` holds every request that was played, `side` all others."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.side: list[Request] = []
        self.numbers = itertools.count(1)
        self._shown: Counter[tuple[int, int]] = Counter()
        self._talks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None

    @abstractmethod
    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer one request; the connection is closed behind it."""

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        assert self._server is not None
        return self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=64 * 1024 * 1024)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request: the answer closes it."""
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self.answer(await _read(reader), writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._talks.discard(task)
            writer.close()

    def fault(self, turn: Turn, at: int) -> Fault:
        """The fault to show now, `at` this point of the talk; one that was shown often enough is over."""
        if turn.fault is None:
            return Fault()
        key = (id(turn), at)
        self._shown[key] += 1
        return Fault() if turn.fault.times and self._shown[key] > turn.fault.times else turn.fault


async def refuse(writer: asyncio.StreamWriter, fault: Fault) -> None:
    """Answer with the fault's status, as both services word it."""
    headers = dict(fault.headers)
    if fault.retry_after:
        headers["retry-after"] = str(fault.retry_after)
    error = {"type": "error", "error": {"type": fault.type, "message": fault.message}}
    await send(writer, fault.status, error, headers)


async def send(
    writer: asyncio.StreamWriter,
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    *,
    cut: bool = False,
) -> None:
    """A whole JSON answer; with `cut` the connection breaks in the middle of it."""
    data = json.dumps(body).encode()
    kind = {"content-type": "application/json", "content-length": str(len(data))}
    await head(writer, status, {**kind, **(headers or {})})
    writer.write(data[: len(data) // 2] if cut else data)
    await writer.drain()
    if cut:
        writer.transport.abort()


async def head(writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str]) -> None:
    """Status line and headers; the connection will be closed."""
    lines = [
        f"HTTP/1.1 {status} Scripted",
        "connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    await writer.drain()


async def event(writer: asyncio.StreamWriter, body: Mapping[str, Any]) -> None:
    """One server-sent event, named for its type."""
    writer.write(f"event: {body['type']}\ndata: {json.dumps(body)}\n\n".encode())
    await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:]) if name}
    if headers.get("expect", "").lower() == "100-continue":
        headers.pop("expect")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        raw = await _dechunk(reader)
    else:
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
    try:
        body: object = json.loads(raw) if raw else {}
    except ValueError:
        body = {}
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    return Request(method=method, path=path, headers=headers, body=fields)


async def _dechunk(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        whole += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return whole
