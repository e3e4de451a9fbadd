"""A disk that fills up to the last kilobytes at every step of a run: it survives, and goes on once there is room.

    python tests/process/filling.py --most 128 --step 8

mounts a small file system for each number of kilobytes that are left free, and for each step of a run: before it is
opened, before it is approved, while agents are at work, and for longer than they wait. State, worktrees and repository
are on that disk; what sections did is told elsewhere. After a while there is room again, and the run has to come to its
end by itself, with everything that was acknowledged, nothing counted against a section, and nothing left over.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from running import Bench, repository

from orch_tui import process
from orch_tui.client.follow import Follower
from orch_tui.client.send import outcome, send
from orch_tui.core.state import Phase
from orch_tui.errors import OrchError
from orch_tui.invariants import of_directory

STEPS = ("open", "approve", "work")
HELD = 4.0  # seconds for which the disk stays full
SIZE = "8m"


@contextlib.contextmanager
def small_disk(place: Path, size: str = SIZE) -> Iterator[Path]:
    """A file system of a few megabytes. Raises PermissionError where nobody may mount one."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "none", str(place)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PermissionError(done.stderr)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Use up every free byte but `leave` kilobytes; returns the file that does."""
    ballast = place / "ballast"
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 16, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    os.write(file, b"x" * size)
        if leave:
            os.ftruncate(file, max(0, os.fstat(file).st_size - leave * 1024))
    finally:
        os.close(file)
    return ballast


def plan(base: Path) -> str:
    """Three sections in a row, the first of which waits for a word; what they do is told in `base`/ledger."""
    head = "---\nagent: script\nworkflow: minimal\n---\n# Plan\n"
    gate = f"until [ -e {base}/go ]; do sleep 0.05; done\n"
    for name, before in (("A", "none"), ("B", "Section A"), ("C", "Section B")):
        head += (
            f"\n## Section {name}: Part {name}\nDependencies: {before}\n\n```bash\nset -e\n"
            f"echo {name}-begin >> {base}/ledger\n{gate if name == 'A' else ''}"
            f"head -c 20000 /dev/zero > {name}.txt\necho {name} >> {base}/ledger\n```\n"
        )
    return head


class Round:
    """One run on a disk that is full for a while."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.disk = base / "disk"
        self.acknowledged: list[str] = []
        self.bench: Bench | None = None

    async def go(self, step: str, leave: int) -> None:
        """Carry it out. Raises AssertionError with what is wrong."""
        bench = self.bench = repository(self.disk / "project")
        os.environ["XDG_STATE_HOME"] = str(self.disk / "state")
        text = plan(self.base)
        ballast = None
        if step == "open":
            ballast = fill(self.disk, leave)
            with contextlib.suppress(OrchError, OSError):  # OSError: the plan itself finds no room
                await bench.open(text)
            await asyncio.sleep(HELD / 2)
            ballast.unlink()
        await bench.open(text)
        if step == "approve":
            ballast = fill(self.disk, leave)
        await self._tell("approve", plan_sha=bench.state.plan_sha, graph_sha=bench.state.graph_sha)
        if step == "work":
            await bench.until(lambda _: self._ledger(), "A at work")
            ballast = fill(self.disk, leave)
        (self.base / "go").touch()
        if step != "open":
            await self._tell("pause")
            await asyncio.sleep(HELD)
            await self._tell("resume")
            assert ballast is not None
            ballast.unlink()
        if bench.state.approval is None:
            await bench.approve()
        if bench.state.phase is Phase.PAUSED:
            assert await bench.send("resume") == ""
        state = await bench.done()
        assert state.phase is Phase.DONE, {one.id: (one.status, one.detail) for one in state.sections.values()}
        assert all(command in state.commands for command in self.acknowledged), "an acknowledged command is lost"
        counted = {one.id: one.tries for one in state.sections.values() if one.tries}
        assert not counted, f"attempts count against {counted}"
        for name in "ABC":
            size = bench.git("cat-file", "-s", f"orch/{state.run}:{name}.txt")
            assert size == "20000", f"{name} is merged with {size} bytes"
        assert (found := of_directory(bench.run)) == [], found
        assert process.marked(str(bench.run.path), name=process.RUN_MARKER) == [], "processes are left over"
        assert Follower(bench.run).state.seq <= state.seq

    async def _tell(self, op: str, **args: object) -> None:
        """Send a command as somebody would; on a full disk it may be refused, and then says so."""
        bench = self.bench
        assert bench is not None
        assert bench.follower is not None
        bench.state  # noqa: B018 - as it is now
        with contextlib.suppress(OrchError):
            command = send(bench.run, op, args, actor="tester")
            await outcome(bench.follower, command, timeout=HELD)
            self.acknowledged.append(command)

    def _ledger(self) -> bool:
        return (self.base / "ledger").exists()


async def one(base: Path, step: str, leave: int) -> None:
    """One round on a disk of its own below `base`; nothing of it is left."""
    with small_disk(base / "disk"):
        tried = Round(base)
        try:
            await tried.go(step, leave)
        finally:
            if tried.bench is not None:
                await tried.bench.end()


def main() -> int:
    """Rounds for every number of kilobytes left and every step; says what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=128, help="kilobytes left free, at most")
    parser.add_argument("--step", type=int, default=8)
    given = parser.parse_args()
    rounds = wrong = 0
    for leave in range(0, given.most + 1, given.step):
        for step in STEPS:
            with tempfile.TemporaryDirectory(prefix="full-disk-") as base:
                home = Path(base) / "home"
                home.mkdir()
                os.environ |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
                rounds += 1
                try:
                    asyncio.run(one(Path(base), step, leave))
                except PermissionError as error:
                    sys.exit(f"no small file system can be mounted here: {error}")
                except (AssertionError, OrchError, OSError) as error:
                    wrong += 1
                    print(f"{leave} KB left before {step}: {type(error).__name__}: {error}", flush=True)
        print(f"{leave} KB: {rounds} rounds, {wrong} wrong", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
