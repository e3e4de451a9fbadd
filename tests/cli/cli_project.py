"""The program as a user meets it: real processes in a project of their own, with a home of their own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import psutil

from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.core.state import OVER, State
from orch_tui.store import layout
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held

LIMIT = 60.0  # seconds until a test gives up waiting
PROGRAM = (sys.executable, "-m", "orch_tui")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a call ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line an error is."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"not one line of error: {self.err!r} {self.out!r}"
        assert "Traceback" not in self.err
        return lines[0]


class Project:
    """A directory to work in as a user."""

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        self.root = root
        self.env = dict(env)
        self.children: list[subprocess.Popen[str]] = []
        self._followers: dict[Path, Follower] = {}

    def plan(self, *parts: str, name: str = "plan.md", head: str = "") -> Path:
        """Write a plan of "A", "B<-A", "C<-A,B|echo body"; `head` are lines of front matter."""
        words = [f"---\nagent: script\nisolation: none\n{head}---\n# Plan\n"]
        for part in parts:
            section, _, body = part.partition("|")
            section, _, after = section.partition("<-")
            names = ", ".join(f"Section {up}" for up in after.split(",") if up) or "none"
            block = body or f"echo said by {section}"
            words.append(f"## Section {section}: Part {section}\nDependencies: {names}\n\n```bash\n{block}\n```\n")
        return self.text("\n".join(words), name=name)

    def simulated(self, *parts: str, concurrency: int = 8, **options: object) -> Path:
        """The same with the simulated agent, which behaves as `options` say."""
        self.config(f"agents: {{simulated: {json.dumps(options)}}}\n")
        path = self.plan(*parts, head=f"concurrency: {concurrency}\n")
        return self.text(path.read_text().replace("agent: script", "agent: simulated"))

    def text(self, text: str | bytes, name: str = "plan.md") -> Path:
        """Write a file as it is."""
        path = self.root / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def config(self, text: str) -> None:
        """Write the project's settings."""
        (self.root / ".orch").mkdir(mode=0o700, exist_ok=True)
        (self.root / ".orch" / "config.yaml").write_text(text)

    def git(self, *words: str) -> str:
        """What git says here."""
        return subprocess.run(
            ["git", *words], cwd=self.root, env=self.env, check=True, capture_output=True, text=True
        ).stdout.strip()

    def repository(self) -> None:
        """Make it a git repository with one commit."""
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "t@example.org")
        self.git("config", "user.name", "T")
        self.text("project\n", name="README.md")
        self.git("add", ".")
        self.git("commit", "-qm", "start")

    def call(self, *words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Told:
        """Run the program to its end, without waiting for its start (see `forked`)."""
        with tempfile.TemporaryDirectory() as place:
            into = Path(place)
            code = forked.call([*map(str, words)], cwd=cwd or self.root, env={**self.env, **(env or {})}, into=into)
            out, err = ((into / name).read_text("utf-8", "surrogateescape") for name in ("out", "err"))
        return Told(code=code, out=out, err=err)

    def start(self, *words: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
        """Start the program as a shell does."""
        given: dict[str, Any] = {
            "cwd": self.root,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        }
        argv = [*PROGRAM, *map(str, words)]
        child = subprocess.Popen(
            argv, env={**self.env, **(env or {})}, encoding="utf-8", errors="surrogateescape", **given
        )
        self.children.append(child)
        return child

    async def open(self, plan: Path, *options: str) -> RunDir:
        """Start a headless run in the background; returns the run once its plan was read."""
        before = set(layout.runs(self.root))
        self.start("run", plan, "--headless", "--yes", *options, stdout=subprocess.DEVNULL)
        async with asyncio.timeout(LIMIT):
            while not (new := [run for run in layout.runs(self.root) if run not in before and run.journal.exists()]):
                await asyncio.sleep(0.02)
        await self.until(lambda state: state.approval, new[0])
        return new[0]

    @property
    def run(self) -> RunDir:
        """The newest run."""
        return layout.runs(self.root)[0]

    def state(self, run: RunDir | None = None) -> State:
        """The state of a run as it is on disk now."""
        return self._follower(run or self.run).state

    def _follower(self, run: RunDir) -> Follower:
        follower = self._followers.setdefault(run.path, Follower(run))
        follower.poll()
        return follower

    async def until(self, holds: Callable[[State], object], run: RunDir | None = None) -> State:
        """Wait until something holds of the state."""
        follower = self._follower(run or self.run)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LIMIT):
                while not holds(follower.state):
                    await follower.wait(0.2)
                    follower.poll()
        rows = {name: (s.status.value, s.detail) for name, s in follower.state.sections.items()}
        log = follower.run.log.read_text() if follower.run.log.exists() else ""
        assert holds(follower.state), f"{follower.state.phase} {rows}\n{log}"
        return follower.state

    async def free(self, run: RunDir | None = None) -> None:
        """Wait until a run's runner has left."""
        async with asyncio.timeout(LIMIT):
            while held((run or self.run).lock):
                await asyncio.sleep(0.02)

    def left_over(self, run: RunDir | None = None) -> list[str]:
        """Processes that carry a run's marker: pid, state and command line."""
        found: list[str] = []
        for pid in process.marked(str((run or self.run).path), name=process.RUN_MARKER):
            try:
                there = psutil.Process(pid)
                found.append(f"{pid} {there.status()} {' '.join(there.cmdline())}")
            except psutil.NoSuchProcess:
                continue  # it ended between the two looks
        return found

    async def end(self) -> None:
        """End whatever is left."""
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.communicate()
        for follower in self._followers.values():
            follower.close()
        for run in layout.runs(self.root):
            await self._end_runner(run)
            await process.end_marked(str(run.path), name=process.RUN_MARKER, grace=0.5)

    async def _end_runner(self, run: RunDir) -> None:
        """Until nobody holds the lock: a runner that was still starting may take it from the one that is ended."""
        async with asyncio.timeout(LIMIT):
            while held(run.lock):
                with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
                    os.kill(json.loads(run.lock.read_text())["pid"], signal.SIGTERM)
                await asyncio.sleep(0.1)


def forge_snapshot(run: RunDir, section: str, **changed: str) -> None:
    """Change a section in the snapshot as somebody would who knows of its checksum."""
    data = json.loads(run.snapshot.read_text())
    data["state"]["sections"][section].update(changed)
    at, state = json.dumps(data["position"]), json.dumps(data["state"])
    crc = zlib.crc32(state.encode(), zlib.crc32(at.encode()))
    run.snapshot.write_text(f'{{"version": {data["version"]}, "crc": "{crc:08x}", "position": {at}, "state": {state}}}')


def over(state: State) -> bool:
    """Whether a run has ended."""
    return state.phase in OVER
