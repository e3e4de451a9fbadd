"""How quick the cockpit is in a real terminal: process start to first paint, and key to screen while sessions stream.

Everything runs in a pseudo-terminal of 120x40, beside a bare Textual app in the same run as the baseline. The cockpit
is opened with the command a person gives, `orch-tui PLAN`. First paint is the first drawn text; rehydrated is when the
selected session's stream stands there. The key that is timed moves the cursor in the list, and the answer is the drawn
cursor row; meanwhile another process appends 50 lines a second to each of 8 transcripts, one of which is visible.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path

from orch_tui.core.run_events import Settings
from orch_tui.store.lock import Lock
from orch_tui.testing.stage import Stage

SIZE = (40, 120)
RUNS = 9
KEYS = 120
SESSIONS = 8
RATE = 50  # lines a second and session

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("j", "next", ""), ("k", "next", "")]
    n = 0
    def compose(self):
        yield Static("bare row 0")
    def action_next(self):
        self.n += 1
        self.query_one(Static).update(f"bare row {self.n}")
Bare().run()
"""
STREAMED = b"checking the parser"
"""Words of the lines that stream: what came earlier may have scrolled away before the first look."""
APPEND = """
import sys, time
from pathlib import Path
from orch_tui.clock import Clock
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Writer
rate = int(sys.argv[1])
writers = [Writer(AttemptDir(Path(path)), Path(path) / "artifacts", Clock()) for path in sys.argv[2:]]
start, n = time.monotonic(), 0
while True:
    while n < (time.monotonic() - start) * rate:
        for writer in writers:
            writer.append("text", text=f"line {n}: checking the parser against every file of the corpus\\n")
        n += 1
    time.sleep(1 / rate)
"""


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, *argv: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *argv], stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        self.seen = b""

    def until(self, found: Callable[[bytes], bool], timeout: float = 20.0) -> float:
        """Milliseconds from the last key (or the start) until `found` holds for what was drawn since."""
        end = time.perf_counter() + timeout
        while not found(self.seen):
            if time.perf_counter() > end:
                raise TimeoutError(f"not drawn; the last bytes were {self.seen[-400:]!r}")
            if select.select([self._master], [], [], 0.5)[0]:
                self.seen += os.read(self._master, 1 << 16)
        return (time.perf_counter() - self.started) * 1000

    def press(self, key: str) -> None:
        """Send a key; the clock starts now."""
        self.idle(0)
        self.seen = b""
        self.started = time.perf_counter()
        os.write(self._master, key.encode())

    def idle(self, seconds: float) -> int:
        """Read and forget what is drawn for a while; how many bytes that was."""
        end = time.perf_counter() + seconds
        count = 0
        while select.select([self._master], [], [], max(0.0, end - time.perf_counter()))[0]:
            try:
                count += len(os.read(self._master, 1 << 16))
            except OSError:  # it ended
                break
        return count

    def cpu(self) -> float:
        """Seconds of processor time the program used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        end = time.perf_counter() + 5
        while self._process.poll() is None and time.perf_counter() < end:
            self.idle(0.05)
        self._process.kill()
        self._process.wait()
        os.close(self._master)


def plan(sections: int) -> str:
    """A plan whose sections have nothing to wait for."""
    return "# Load\n\n" + "\n".join(
        f"## Section S{n}: Session number {n}\nDependencies: none\n" for n in range(sections)
    )


def staged(root: Path) -> Stage:
    """Sessions at work."""
    stage = Stage(root=root, text=plan(SESSIONS + 12), settings=Settings(agent="simulated", concurrency=SESSIONS))
    stage.clock.now = time.time()  # noqa: TID251 - a benchmark
    stage.approve()
    for n in range(SESSIONS):
        writer = stage.start(f"S{n}")
        for line in range(200):
            writer.append("text", text=f"earlier line {line}\n")
        writer.close()
    return stage


def paints(argv: list[str], word: bytes, later: bytes) -> tuple[list[float], list[float]]:
    """Milliseconds to `word` and to `later`, RUNS times."""
    first: list[float] = []
    whole: list[float] = []
    for _ in range(RUNS):
        terminal = Terminal(*argv)
        first.append(terminal.until(lambda seen: word in plain(seen)))
        whole.append(terminal.until(lambda seen: later in plain(seen)))
        terminal.close()
    return first, whole


def plain(drawn: bytes) -> bytes:
    """What was drawn, without escapes."""
    return re.sub(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>()][0-9A-B]?|P[^\x1b]*\x1b\\)", b"", drawn)


def keys(argv: list[str], ready: bytes, drawn: Callable[[bytes], bool]) -> tuple[list[float], float, float]:
    """Milliseconds from key to screen, the share of one processor used, kilobytes drawn a second."""
    terminal = Terminal(*argv)
    try:
        return _keys(terminal, ready, drawn)
    finally:
        terminal.close()


def _keys(terminal: Terminal, ready: bytes, drawn: Callable[[bytes], bool]) -> tuple[list[float], float, float]:
    terminal.until(lambda seen: ready in plain(seen))
    terminal.idle(1.0)
    times: list[float] = []
    cpu, begun = terminal.cpu(), time.perf_counter()
    for n in range(KEYS):
        terminal.idle(0.05 + (n % 7) / 100)
        terminal.press("j" if n // 10 % 2 == 0 else "k")
        times.append(terminal.until(drawn, 5.0))
    share = (terminal.cpu() - cpu) / (time.perf_counter() - begun)
    return times, share, terminal.idle(2.0) / 2 / 1000


def row(name: str, values: list[float], baseline: list[float]) -> str:
    """One line of the table."""
    ordered = sorted(values)
    p95 = ordered[int(len(ordered) * 0.95) - 1]
    base = sorted(baseline)
    ratio = statistics.median(values) / statistics.median(base)
    return f"{name:<44}{statistics.median(values):>9.1f}{p95:>9.1f}{ratio:>8.1f}"


def main() -> None:
    """Measure and print."""
    root = Path(tempfile.mkdtemp(prefix="orch-bench-"))
    stage = staged(root)
    runner = Lock(stage.run.lock)  # stands for the runner: without one the cockpit would start it, and it would look
    if not runner.acquire({"pid": os.getpid()}):
        raise RuntimeError("the staged run has a runner already")
    attempts = [str(stage.attempt_dir(f"S{n}", 1).path) for n in range(SESSIONS)]
    command = ["-m", "orch_tui", str(stage.plan)]
    try:
        bare, _ = paints(["-c", BARE], b"bare row", b"bare row")
        first, whole = paints(command, b"reading plan.md", b"earlier line 199")
        bare_keys, _, _ = keys(["-c", BARE], b"bare row", lambda seen: b"row" in plain(seen))
        moved = "›".encode()
        idle_keys, idle_share, idle_bytes = keys(command, b"earlier line", lambda seen: moved in seen)
        load = subprocess.Popen([sys.executable, "-c", APPEND, str(RATE), *attempts])
        try:
            load_keys, share, drawn = keys(command, STREAMED, lambda seen: moved in seen)
        finally:
            load.terminate()
            load.wait()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"{'milliseconds':<44}{'median':>9}{'p95':>9}{'x bare':>8}")
    print(row("bare Textual app: first paint", bare, bare))
    print(row("cockpit: first paint", first, bare))
    print(row("cockpit: run on the screen", whole, bare))
    print(row("bare Textual app: key to screen", bare_keys, bare_keys))
    print(row("cockpit: key to screen, nothing streams", idle_keys, bare_keys))
    print(row(f"cockpit: key to screen, {SESSIONS} x {RATE} lines/s", load_keys, bare_keys))
    print(f"\nprocessor: {idle_share:.0%} while keys are pressed, {share:.0%} while sessions stream too")
    print(f"drawn: {idle_bytes:.1f} kB/s with nothing new, {drawn:.1f} kB/s while sessions stream")


if __name__ == "__main__":
    main()
