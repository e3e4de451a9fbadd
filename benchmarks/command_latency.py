"""A command file dropped into the inbox until its answer is in the journal, while 8 simulated sections stream.

The baseline is two processes that pass a file the same way (write, fsync, rename, inotify) and nothing else.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Project, Row, project, quantile, show

from orch_tui.client.follow import Follower
from orch_tui.client.send import outcome
from orch_tui.core.state import Phase
from orch_tui.store import inbox
from orch_tui.store.files import fsync_dir
from orch_tui.store.watch import Watch

STREAMS = 8
LIMIT = 60.0  # seconds until something is wrong
CONFIG = f"concurrency: {STREAMS}\nagents:\n  simulated: {{duration: 600, steps: 60, lines_per_second: 50}}\n"


def plan() -> str:
    """Sections that talk for ten minutes, side by side."""
    parts = ["---\nagent: simulated\nisolation: none\nconcurrency: 8\n---\n# Streams\n"]
    parts += [f"## Section {'ABCDEFGH'[n]}: Stream {n}\nDependencies: none\n\nTalk.\n" for n in range(STREAMS)]
    return "\n".join(parts)


async def measured(place: Project, times: int) -> list[float]:
    """Milliseconds from before the drop until a follower has read the answer."""
    follower = Follower(place.run())
    until = time.monotonic() + LIMIT
    while len(follower.state.live) < STREAMS or any(
        follower.state.attempt(name, number).step != "working" for name, number in follower.state.live.items()
    ):
        follower.poll()
        await follower.wait(0.1)
        if time.monotonic() > until:
            raise SystemExit(f"the streams do not start:\n{place.output()[-2000:]}")
    taken: list[float] = []
    for number in range(times):
        op = "resume" if follower.state.phase is Phase.PAUSED else "pause"
        follower.poll()
        begun = time.perf_counter()
        command = inbox.drop(follower.run.inbox, {"op": op, "args": {}, "actor": f"bench {number}"})
        assert await outcome(follower, command, timeout=LIMIT) == ""
        taken.append((time.perf_counter() - begun) * 1000)
    follower.close()
    return taken


ECHO = """
import os, sys
from pathlib import Path
from orch_tui.store.files import fsync_dir
import asyncio
from orch_tui.store.watch import Watch
here = Path(sys.argv[1])
async def main():
    with Watch() as watch:
        watch.add(here / "new")
        (here / "ready").touch()
        with open(here / "answers" / "log", "ab") as log:
            while True:
                for entry in sorted(os.listdir(here / "new")):
                    (here / "new" / entry).read_bytes()
                    log.write(entry.encode() + b"\\n"); log.flush(); os.fdatasync(log.fileno())
                    (here / "new" / entry).unlink()
                    if entry == "end": return
                await watch.wait(1.0)
asyncio.run(main())
"""


async def bare(times: int) -> list[float]:
    """The same way there and back between two processes that do nothing else."""
    with tempfile.TemporaryDirectory(prefix="orch-bench-") as place:
        here = Path(place)
        for name in ("tmp", "new", "answers"):
            (here / name).mkdir()
        (here / "answers" / "log").touch()
        child = subprocess.Popen([sys.executable, "-c", ECHO, place])
        while not (here / "ready").exists():
            await asyncio.sleep(0.01)
        taken: list[float] = []
        with Watch() as watch, (here / "answers" / "log").open("rb") as log:
            watch.add(here / "answers")
            for number in range(times + 1):
                name = "end" if number == times else f"{number:06}"
                begun = time.perf_counter()
                file = os.open(here / "tmp" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                os.write(file, b'{"op":"pause"}')
                os.fsync(file)
                os.close(file)
                (here / "tmp" / name).rename(here / "new" / name)
                fsync_dir(here / "new")
                while not log.read():
                    await watch.wait(0.2)
                taken.append((time.perf_counter() - begun) * 1000)
        child.wait()
        return taken[:-1]


def main() -> None:
    times = 40 if "--quick" in sys.argv else 200
    with project(plan(), config=CONFIG) as place:
        running = place.start("run", "plan.md", "--headless", "--yes")
        until = time.monotonic() + LIMIT
        while not (place.root / ".orch" / "runs").is_dir() and time.monotonic() < until:
            time.sleep(0.01)
        taken = asyncio.run(measured(place, times))
        place.call("cancel")
        running.wait()
    echo = asyncio.run(bare(times))
    rows = [
        Row(
            what=f"p{share * 100:.0f} of {times}",
            value=quantile(taken, share),
            unit="ms",
            bare=quantile(echo, share),
            target=target,
        )
        for share, target in ((0.5, ""), (0.95, "under 20 ms"))
    ]
    show(
        f"command file to answer in the journal, {STREAMS} sections at 50 lines/s; bare: a file there, a line back",
        rows,
    )


if __name__ == "__main__":
    main()
