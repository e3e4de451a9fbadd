"""`make soak`: 2,000 sections and 100,000 events in a night of 8 simulated hours; memory of runner and cockpit.

python tests/soak --sections 2000 --steps 46 --hours 8 --minutes 12
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from soak_night import Cockpit, Night  # noqa: E402
from soak_sampling import Sample, at, sample, slope  # noqa: E402

import conftest  # noqa: E402, F401 - nothing of the environment this was started in decides how it ends
from orch_tui import process  # noqa: E402
from orch_tui.client.follow import Follower  # noqa: E402
from orch_tui.client.send import send  # noqa: E402
from orch_tui.core.state import OVER, Phase, Status  # noqa: E402
from orch_tui.store import layout  # noqa: E402
from orch_tui.store.layout import RunDir  # noqa: E402
from orch_tui.store.lock import held  # noqa: E402

KEYS = ("j", "j", "k", "\x1b[6~", "\x1b[5~", "G", "g")


def main() -> int:
    """Entry point."""
    ask = argparse.ArgumentParser(prog="soak", description=__doc__)
    ask.add_argument("--sections", type=int, default=2000)
    ask.add_argument("--steps", type=int, default=46)
    ask.add_argument("--hours", type=float, default=8.0)
    ask.add_argument("--minutes", type=float, default=12.0)
    ask.add_argument("--place", type=Path, default=None)
    given = ask.parse_args()
    place = given.place or Path(tempfile.mkdtemp(prefix="orch-soak-"))
    night = Night(place=place, sections=given.sections, steps=given.steps, hours=given.hours, minutes=given.minutes)
    night.make()
    soak = Soak(night)
    try:
        soak.through()
    finally:
        soak.end()
    soak.tell()
    if not soak.faults:
        shutil.rmtree(place, ignore_errors=True)
    return bool(soak.faults)


class Soak:
    """A night, looked at."""

    def __init__(self, night: Night) -> None:
        self._night = night
        self._env = night.environment()
        os.environ.update(self._env)
        self.faults: list[str] = []
        self._samples: dict[str, list[Sample]] = {"runner": [], "cockpit": []}
        self._pids: Counter[int] = Counter()
        self._helped: Counter[str] = Counter()
        self._began = time.monotonic()
        self._cockpit: Cockpit | None = None
        self._run: RunDir | None = None
        self._told = ""

    def through(self) -> None:
        """From the plan to its end, or twice the time it should take."""
        argv = [sys.executable, "-m", "orch_tui", "run", "plan.md", "--headless", "--yes"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        opening = subprocess.Popen(argv, cwd=self._night.root, env=self._env, **quiet)
        until = self._began + 120 * self._night.minutes + 60
        follower: Follower | None = None
        asked = 0.0
        while time.monotonic() < until:
            time.sleep(0.5)
            if follower is None:
                if not (found := layout.runs(self._night.root)):
                    continue
                self._run, follower = found[0], Follower(found[0])
            follower.poll()
            if not follower.state.approval:
                continue
            if self._cockpit is None:
                opening.terminate()  # the run goes on without it
                opening.wait()
                self._cockpit = Cockpit(self._night, self._env)
            self._look(follower)
            if follower.state.phase in OVER and not held(self._run.lock):
                break
            if time.monotonic() > asked + 5:
                asked = time.monotonic()
                self._help(follower)
        self._judge(follower)

    def _look(self, follower: Follower) -> None:
        assert self._run is not None
        assert self._cockpit is not None
        self._cockpit.read()
        told = json.loads(self._run.lock.read_text() or "{}")
        seconds = time.monotonic() - self._began
        for name, pid in (("runner", told.get("pid", 0)), ("cockpit", self._cockpit.process.pid)):
            if name == "runner":
                self._pids[pid] += 1
            found = sample(pid, seq=follower.state.seq, seconds=seconds) if held(self._run.lock) else None
            if found is not None:
                self._samples[name].append(found)
        if self._cockpit.process.poll() is not None and not self.faults:
            self.faults.append(f"the cockpit ended with {self._cockpit.process.returncode}")

    def _help(self, follower: Follower) -> None:
        """What a person would do who looks in now and then."""
        assert self._run is not None
        assert self._cockpit is not None
        self._cockpit.press(KEYS[int(time.monotonic()) % len(KEYS)])
        state = follower.state
        for request in list(state.asks):
            send(self._run, "answer", {"request_id": request, "choice": "the new one"}, actor="soak")
            self._helped["answer"] += 1
        if any(one.status in {Status.ATTENTION, Status.FAILED} for one in state.sections.values()):
            send(self._run, "retry", {}, actor="soak")
            self._helped["retry"] += 1
        if state.phase in {Phase.PAUSED, Phase.STOPPED}:
            send(self._run, "resume", {}, actor="soak")
            self._helped["resume"] += 1

    def _judge(self, follower: Follower | None) -> None:
        if follower is None or follower.state.phase is not Phase.DONE:
            rows = Counter(one.status.value for one in follower.state.sections.values()) if follower else {}
            self.faults.append(f"the night is over and the run is not done: {dict(rows)}")
        if len(self._pids) > 1:
            self.faults.append(f"there were {len(self._pids)} runners, nobody killed one")
        if follower is None:
            return
        state = follower.state
        attempts = [one for section in state.sections.values() for one in section.attempts]
        failures = Counter(one.failure for one in attempts if one.failure)
        self._told = (
            f"{len(state.sections)} sections, {state.seq} events, {len(attempts)} attempts, failures {dict(failures)}, "
            f"a person helped {dict(self._helped)}"
        )
        for name, samples in self._samples.items():
            if not samples:
                self.faults.append(f"no {name} was seen")
                continue
            early, late = at(samples, 0.5), samples[-1]
            if late.files > early.files + 20 or late.threads > early.threads + 5:
                self.faults.append(
                    f"{name}: files {early.files} to {late.files}, threads {early.threads} to {late.threads}"
                )

    def end(self) -> None:
        """Nothing of the night is left."""
        if self._cockpit is not None:
            self._cockpit.end()
        if self._run is None:
            return
        if held(self._run.lock):
            os.kill(json.loads(self._run.lock.read_text())["pid"], signal.SIGKILL)
        for pid in process.marked(str(self._run.path), name=process.RUN_MARKER):
            os.kill(pid, signal.SIGKILL)

    def tell(self) -> None:
        """The figures."""
        night, seconds = self._night, time.monotonic() - self._began
        print(f"{night.hours:g} h of a night in {seconds / 60:.1f} min, time {night.scale:.0f} times as fast")
        print(self._told)
        print(f"{'':8} {'events':>7} {'resident':>9} {'own':>7} {'files':>6} {'threads':>8} {'below':>6}")
        for name, samples in self._samples.items():
            for part in (0.1, 0.25, 0.5, 0.75, 1.0) if samples else ():
                one = at(samples, part)
                sizes = f"{one.resident:6.1f} MB {one.own:4.1f} MB {one.files:6} {one.threads:8} {one.below:6}"
                print(f"{name:8} {one.seq:7} {sizes}")
            if samples:
                grows = f"{slope(samples):.3f} KiB an event from 10 % on, {slope(samples, 0.5):.3f} from 50 % on"
                print(f"{name:8} {grows}")
        for fault in self.faults:
            print(f"NOT RIGHT: {fault} (kept in {night.place})")


if __name__ == "__main__":
    sys.exit(main())
