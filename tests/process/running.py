"""A repository with a plan and a run of it by real processes, as a test holds it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.client.launch import Wishes, open_plan
from orch_tui.client.send import outcome, send
from orch_tui.core.state import Phase, State
from orch_tui.invariants import of_directory
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held

LIMIT = 60.0  # seconds until a test gives up waiting
BY_HAND = frozenset({"I1", "I18", "I21"})
"""Invariants about files that a test may have damaged, forged or opened by its own hand."""
GATE = 'until [ -e "$ROOT/go" ]; do sleep 0.05; done'
"""A line of a section's script that waits until the test says `go`."""


class Bench:
    """A repository with a plan, and a run of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ledger = root.parent / "ledger"
        self.run: RunDir = RunDir(root)
        self.follower: Follower | None = None

    def git(self, *arguments: str) -> str:
        """What git says in the user's checkout."""
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def plan(self, text: str) -> Path:
        """Write the plan file."""
        path = self.root / "plan.md"
        path.write_text(text)
        return path

    async def open(self, text: str | None = None, **wishes: Any) -> RunDir:
        """Open the plan (again)."""
        if text is not None:
            self.plan(text)
        self.run = await open_plan(self.root / "plan.md", Wishes(**wishes), actor="tester")
        if self.follower is None or self.follower.run != self.run:
            self.follower = Follower(self.run)
        return self.run

    @property
    def state(self) -> State:
        """The state as it is on disk now."""
        assert self.follower is not None
        self.follower.poll()
        return self.follower.state

    async def send(self, op: str, **args: object) -> str:
        """Send a command; returns "" when accepted, else the reason."""
        assert self.follower is not None
        return await outcome(self.follower, send(self.run, op, args, actor="tester"), timeout=LIMIT)

    async def approve(self) -> None:
        """Approve what was read."""
        assert await self.send("approve", plan_sha=self.state.plan_sha, graph_sha=self.state.graph_sha) == ""

    async def until(self, holds: Callable[[State], object], what: str = "") -> State:
        """Wait until something holds of the state."""
        assert self.follower is not None
        loop = asyncio.get_running_loop()
        end = loop.time() + LIMIT
        while not holds(self.state):
            if loop.time() > end:
                rows = {name: (s.status.value, s.detail) for name, s in self.state.sections.items()}
                log = self.run.log.read_text() if self.run.log.exists() else ""
                raise AssertionError(f"not within {LIMIT} s: {what or holds}; {self.state.phase} {rows}\n{log}")
            await self.follower.wait(0.2)
        return self.state

    async def done(self) -> State:
        """Wait until the run is over and its runner has left."""
        await self.until(lambda state: state.phase in {Phase.DONE, Phase.FAILED, Phase.CANCELLED}, "the run to end")
        await self.free()
        return self.state

    async def free(self) -> None:
        """Wait until no runner holds the lock."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LIMIT
        while held(self.run.lock):
            assert loop.time() < end, "the runner does not leave"
            await asyncio.sleep(0.02)

    def go(self) -> None:
        """Let every script pass its GATE."""
        (self.root.parent / "go").touch()

    def entries(self) -> list[str]:
        """Lines that scripts appended to the ledger outside the repository."""
        return self.ledger.read_text().split() if self.ledger.exists() else []

    def kill_runner(self) -> int:
        """SIGKILL for the runner; returns its pid."""
        pid = json.loads(self.run.lock.read_text())["pid"]
        os.kill(pid, signal.SIGKILL)
        process.reap()
        return pid

    def host_of(self, section: str, attempt: int = 1) -> int:
        """The pid of a section's host, 0 while there is none."""
        path = self.run.attempt(section, attempt).host
        return json.loads(path.read_text())["pid"] if path.exists() else 0

    async def end(self) -> None:
        """End what is at work, so that nothing of its runs is left; no invariant of theirs is broken by then."""
        if self.run.lock.exists() and held(self.run.lock):
            pid = json.loads(self.run.lock.read_text())["pid"]
            os.kill(pid, signal.SIGTERM)
            await self.free()
        broken: list[str] = []
        if self.run.path != self.root:
            found = await asyncio.to_thread(of_directory, self.run)
            broken = [one.line() for one in found if one.invariant not in BY_HAND]
            await process.end_marked(str(self.run.path), name=process.RUN_MARKER)
        if self.follower is not None:
            self.follower.close()
        assert broken == []

    def left_over(self) -> list[int]:
        """Processes that carry the run's marker."""
        return process.marked(str(self.run.path), name=process.RUN_MARKER)


def repository(root: Path) -> Bench:
    """A new repository with one commit."""
    root.mkdir(exist_ok=True)
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["config", "user.email", "t@example.org"],
        ["config", "user.name", "T"],
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    (root / "README.md").write_text("project\n")
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    subprocess.run(["git", "commit", "-qm", "start"], cwd=root, check=True)
    return Bench(root)


def sections(*parts: str) -> str:
    """A script plan: "A", "B<-A": each appends its name to the ledger and writes a file; `sleep` makes it last."""
    return "".join(_sections(parts))


def _sections(parts: tuple[str, ...]) -> Iterator[str]:
    yield "---\nagent: script\n---\n# Plan\n\n"
    for part in parts:
        name, _, rest = part.partition("<-")
        ups, _, more = rest.partition("|")
        name, _, own = name.partition("|")
        dependencies = ", ".join(f"Section {up}" for up in ups.split(",") if up) or "none"
        body = own or more
        yield (
            f"## Section {name}: Part {name}\nDependencies: {dependencies}\n\n```bash\n"
            'ROOT="$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null || pwd)/../.."\n'
            f'echo {name}-begin >> "$ROOT/ledger"\n'
            f"echo hello from {name}\n{body}\n"
            f"echo {name} > {name}.txt\n"
            f'echo {name} >> "$ROOT/ledger"\n```\n\n'
        )
