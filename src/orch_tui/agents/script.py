"""The `script` agent: runs the section's own fenced shell blocks, in order, in the section's directory. No account."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path

from orch_tui import process
from orch_tui.agents.base import (
    Block,
    Capabilities,
    Decision,
    Ended,
    Notice,
    Session,
    SessionEvent,
    SessionSpec,
    Started,
    Text,
    Tool,
    ToolResult,
    Usage,
)
from orch_tui.agents.channel import Channel, to_the_end
from orch_tui.agents.denied import denied
from orch_tui.agents.output import Tail, pieces
from orch_tui.errors import MachineError

_FEW = 120  # signs of a command that names itself
_DRAIN = 0.3
"""Seconds left to what a block started in the background, once the block itself has ended and its pipes stay open."""
_SILENCE = 2.0
"""Seconds after which a pipe is given up that is still held open by something that shed the marker."""
_FLAGS: Mapping[str, tuple[str, ...]] = {"bash": ("-euo", "pipefail"), "sh": ("-eu",)}


class ScriptProvider:
    """Runs shell blocks; their exit code decides."""

    name = "script"
    capabilities = Capabilities(interrupt=True, pause=True, cost=True)
    passes: tuple[str, ...] = ()

    def check(self, env: Mapping[str, str], options: Mapping[str, object]) -> str:
        """Whether a shell is there."""
        del options
        if shutil.which("bash", path=env.get("PATH")):
            return ""
        return "agent 'script' needs bash, which is not on PATH: install it with your system's package manager"

    async def open(self, spec: SessionSpec) -> Session:
        """A session that starts its first block when its events are read."""
        return ScriptSession(spec)


class ScriptSession:
    """One run through the blocks of a section."""

    def __init__(self, spec: SessionSpec) -> None:
        self._spec = spec
        self._marker = spec.env.get(process.MARKER) or spec.session_id
        self._env = {**spec.env, process.MARKER: self._marker}
        self._spare = frozenset({os.getpid()})
        self._channel = Channel()
        self._tails = {"out": Tail(), "err": Tail()}
        self._free = asyncio.Event()
        self._free.set()
        self._stopping = False
        self._pieces = 0

    async def events(self) -> AsyncIterator[SessionEvent]:
        """See Session.events."""
        async with aclosing(self._channel.during(self._work())) as events:
            async for event in events:
                yield event

    async def send(self, text: str) -> None:
        """A script cannot be steered."""
        raise NotImplementedError

    async def answer(self, request_id: str, decision: Decision) -> bool:
        """A script never asks."""
        del request_id, decision
        return False

    async def interrupt(self) -> None:
        """End the running block and its whole process tree."""
        self._stopping = True
        self._free.set()
        await self._end_tree()

    async def pause(self) -> None:
        """Stop every process of the block (SIGSTOP); no further block starts."""
        if self._free.is_set() and not self._stopping:
            self._free.clear()
            self._stop_all()
            self._channel.post(Notice(kind="paused", text="paused"))

    async def resume(self) -> None:
        """Let the stopped processes go on (SIGCONT)."""
        if not self._free.is_set():
            self._free.set()
            process.signal_marked(self._marker, signal.SIGCONT, spare=self._spare)
            self._channel.post(Notice(kind="resumed", text="resumed"))

    async def close(self) -> None:
        """End everything; see Session.close."""
        self._stopping = True
        self._free.set()
        await to_the_end(self._end_tree())

    def _stop_all(self) -> None:
        process.signal_marked(self._marker, signal.SIGSTOP, spare=self._spare)
        # Once more: a process may have forked between the look and the signal; stopped ones fork no more.
        process.signal_marked(self._marker, signal.SIGSTOP, spare=self._spare)

    async def _end_tree(self) -> None:
        await process.end_marked(self._marker, spare=self._spare)

    async def _work(self) -> None:
        self._channel.post(Started(session_id=self._spec.session_id))
        self._channel.post(Usage(cost_usd=0.0))
        try:
            self._channel.post(await self._all_blocks())
        except (OSError, MachineError) as error:
            message = error.line() if isinstance(error, MachineError) else f"cannot write the section's blocks: {error}"
            self._channel.post(Ended(outcome="failed", failure="unavailable", message=message, cost_usd=0.0))

    async def _all_blocks(self) -> Ended:
        if not self._spec.blocks:
            message = (
                f"section {self._spec.section!r} has no ```bash or ```sh block to run; "
                "add one, or choose another agent for it"
            )
            return Ended(outcome="failed", failure="script", message=message, cost_usd=0.0)
        for block in self._spec.blocks:
            if pattern := denied(block.text, self._spec.deny):
                message = f"a block holds {pattern!r}, which is denied by the settings; none was run"
                return Ended(outcome="failed", failure="script", message=message, cost_usd=0.0)
        for number, block in enumerate(self._spec.blocks, 1):
            await self._free.wait()
            code = 0 if self._stopping else await self._block(number, block)
            if self._stopping:
                return Ended(
                    outcome="interrupted",
                    failure="interrupted",
                    summary=self._summary(),
                    cost_usd=0.0,
                    exit_code=code,
                )
            if code:
                message = f"{_named(number, block)} ended with code {code}"
                if not block.line and (last := self._summary().rstrip().rpartition("\n")[2].strip()):
                    message += f": {last[:300]}"
                return Ended(
                    outcome="failed",
                    failure="script",
                    message=message,
                    summary=self._summary(),
                    cost_usd=0.0,
                    exit_code=code,
                )
        return Ended(outcome="succeeded", summary=self._summary(), cost_usd=0.0, exit_code=0)

    def _summary(self) -> str:
        return self._tails["out"].lines() or self._tails["err"].lines()

    async def _block(self, number: int, block: Block) -> int:
        """Run one block to its end; its exit code (128 + N for signal N, as shells count)."""
        name = f"block-{number}"
        await self._channel.put(Tool(name=block.shell, input=_headline(block.text), id=name))
        file = Path(self._spec.scratch or self._spec.cwd) / f"{name}.sh"
        file.touch(0o600)
        file.write_text(block.text, encoding="utf-8", errors="surrogateescape")
        child = await process.spawn_piped(
            [block.shell, *_FLAGS[block.shell], str(file)], cwd=Path(self._spec.cwd), env=self._env
        )
        if not self._free.is_set():
            self._stop_all()
        if self._stopping:
            await self._end_tree()
        code = await self._follow(child)
        code = code if code >= 0 else 128 - code
        await self._channel.put(ToolResult(text=f"exit code {code}", id=name, is_error=code != 0))
        return code

    async def _follow(self, child: asyncio.subprocess.Process) -> int:
        assert child.stdout is not None
        assert child.stderr is not None
        async with asyncio.TaskGroup() as group:
            reading = {
                group.create_task(self._stream(child.stdout, "out")),
                group.create_task(self._stream(child.stderr, "err")),
            }
            # Process.wait() of Python 3.11 also waits for the pipes, which background children may hold open.
            while reading and child.returncode is None:
                _, reading = await asyncio.wait(reading, timeout=0.05)
            if reading:
                _, reading = await asyncio.wait(reading, timeout=_DRAIN)
            if reading:
                await self._end_tree()
            while reading:
                seen = self._pieces
                _, reading = await asyncio.wait(reading, timeout=_SILENCE)
                if seen == self._pieces and not self._channel.full:
                    for reader in reading:
                        reader.cancel()
                    process.let_go(child)
        return child.returncode if child.returncode is not None else await child.wait()

    async def _stream(self, pipe: asyncio.StreamReader, stream: str) -> None:
        async with aclosing(pieces(pipe)) as found:
            async for text in found:
                self._tails[stream].add(text)
                self._pieces += 1
                await self._channel.put(Text(text=text, stream=stream))


def _headline(text: str, count: int = 3) -> str:
    """The first lines of a block, for people."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(lines[:count]) + ("\n…" if len(lines) > count else "")


def _named(number: int, block: Block) -> str:
    """A block as a person knows it: by its line in the plan, else by its own words where these are few."""
    if block.line:
        return f"block {number} (line {block.line})"
    only = block.text.strip()
    return f"block {number}" if "\n" in only or len(only) > _FEW else repr(only)
