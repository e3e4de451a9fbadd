"""A night of work, compressed: plan, failures of the service by the hour, and who looks on."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orch_tui.clock import Clock

HERE = Path(__file__).parent
HOUR = 3600.0
FAILURES = ((1.0, 1.6, "usage-limit"), (3.0, 3.15, "overload"), (4.5, 4.55, "network"), (6.0, 6.3, "usage-limit"))
"""From when to when, in hours of eight, what the service answers."""
AT_ONCE = 16
WORKING = 0.78  # of the night sections are at work in; the rest are outages and what follows them


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """`sections` sections of `steps` steps in `hours` simulated hours, which take `minutes` of real ones."""

    place: Path
    sections: int
    steps: int
    hours: float
    minutes: float

    @property
    def scale(self) -> float:
        """How many times as fast time goes."""
        return self.hours * 60 / self.minutes

    @property
    def root(self) -> Path:
        """The user's project."""
        return self.place / "project"

    def environment(self) -> dict[str, str]:
        """That of everything of the night; it begins now."""
        home, now = self.place / "home", Clock().wall()
        failures = [
            (now + since * HOUR * self.hours / 8, now + until * HOUR * self.hours / 8, kind)
            for since, until, kind in FAILURES
        ]
        told = {"scale": self.scale, "wall": now, "mono": time.monotonic(), "failures": failures}
        env = {name: os.environ[name] for name in ("LANG", "TMPDIR", "PATH") if name in os.environ}
        env |= {name: str(home / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        faster = {"PYTHONPATH": str(HERE / "faster"), "SOAK": json.dumps(told)}
        return {**env, **faster, "HOME": str(home), "PYTHONUTF8": "1", "TERM": "xterm-256color"}

    def make(self) -> None:
        """The project: layers of sections, each waiting for two of the layer before."""
        (self.root / ".orch").mkdir(mode=0o700, parents=True)
        (self.place / "home").mkdir()
        each = WORKING * self.hours * HOUR * AT_ONCE / self.sections
        be = {
            "duration": round(each, 1),
            "time_scale": 1 / self.scale,
            "steps": self.steps,
            "lines_per_second": round(3 * self.steps / each, 3),
            "question_rate": 2 / self.sections,
            "writes": False,
        }
        (self.root / ".orch" / "config.yaml").write_text(
            f"workflow: minimal\nagents: {{simulated: {json.dumps(be)}}}\n"
        )
        head = f"---\nagent: simulated\nisolation: none\nconcurrency: {AT_ONCE}\n---\n# A night\n\n"
        (self.root / "plan.md").write_text(head + "\n".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        for number in range(1, self.sections + 1):
            before = [str(one) for one in (number - 32, number - 37) if one > 0]
            after = ", ".join(f"Task {one}" for one in before)
            yield f"## Task {number}: Part {number}\n" + (f"Depends on: {after}\n" if after else "") + "\nDo it.\n"


class Cockpit:
    """The real one, on a terminal of its own that somebody reads."""

    def __init__(self, night: Night, env: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.set_blocking(self._master, False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "orch_tui", "plan.md"],
            cwd=night.root,
            env=env,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.drawn = 0

    def read(self) -> None:
        """Take what it drew; a terminal that nobody reads stops who writes to it."""
        with suppress(OSError):
            while piece := os.read(self._master, 1 << 16):
                self.drawn += len(piece)

    def press(self, keys: str) -> None:
        """Somebody looks around."""
        with suppress(OSError):
            os.write(self._master, keys.encode())

    def end(self) -> None:
        """Close it."""
        self.process.kill()
        self.process.wait()
        os.close(self._master)
