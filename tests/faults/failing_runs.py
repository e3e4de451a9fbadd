"""A small real run whose runner meets a fault while it recovers and dispatches, and goes on once the fault is gone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from failing_calls import ERRORS, Failing, Fault

from orch_tui import process
from orch_tui.core.state import OVER, Phase, State, Status
from orch_tui.engine.__main__ import main
from orch_tui.errors import OrchError
from orch_tui.store import inbox, journal, layout, system
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Record
from orch_tui.store.replay import Replay

LIMIT = 60.0  # seconds a runner gets
PATIENCE = 8.0  # seconds one gets on a disk that stays full, where it waits for room
RUNNERS = 8  # after the fault is gone, until the run has to be over
_PLAN = """---
agent: script
isolation: {isolation}
workflow: minimal
concurrency: 2
---
# A plan
## Section A: First
Dependencies: none

```bash
echo A >> {ledger}
echo a > a.txt
until [ -e {gate} ]; do sleep 0.02; done
```

## Section B: Second
Dependencies: Section A

```bash
echo B >> {ledger}
echo b > b.txt
```
"""


class Killed:
    """A run whose runner was killed while its first section was at work; a copy of it is made for each fault."""

    def __init__(self, place: Path, isolation: str, env: dict[str, str]) -> None:
        self._place, self._isolation = place, isolation
        self._env = {**env, "HOME": str(place / "home"), "XDG_STATE_HOME": str(place / "project" / "xdg")}
        self.ledger, self._gate = place / "project" / "ledger", place / "project" / "gate"
        self._make()

    @property
    def run(self) -> RunDir:
        """The run of the copy in use."""
        return layout.runs(self._place / "project" / "root")[0]

    def _make(self) -> None:
        root = self._place / "project" / "root"
        root.mkdir(parents=True)
        (self._place / "home").mkdir()
        if self._isolation == "worktree":
            for words in (["init", "-q", "-b", "main"], ["config", "user.email", "t@example.org"]):
                subprocess.run(["git", *words], cwd=root, check=True)
            subprocess.run(["git", "config", "user.name", "T"], cwd=root, check=True)
            subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "start"], cwd=root, check=True)
        plan = root / "plan.md"
        plan.write_text(_PLAN.format(isolation=self._isolation, ledger=self.ledger, gate=self._gate))
        (root / ".orch").mkdir(mode=0o700)
        (root / ".orch" / "config.yaml").write_text("idle_exit: 4\n")
        words = [sys.executable, "-m", "orch_tui", "run", str(plan), "--headless"]
        subprocess.run(words, cwd=root, env=self._env, check=False, capture_output=True)
        self._free()
        (root / ".orch" / "config.yaml").write_text("idle_exit: 0.1\n")
        state = self.state()
        self._asks("approve", plan_sha=state.plan_sha, graph_sha=state.graph_sha)
        child = self._fork(None, self._place / "first")
        while not self.ledger.exists() or self.state().phase is not Phase.RUNNING:
            time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        self._gate.touch()
        while not list(self.run.path.glob("sections/*/1/exit.json")):
            time.sleep(0.02)
        with journal.segment(self.run.journal, 1).open("ab") as file:
            file.write(b'{"seq":99,"v":2,"epo')
        self._asks("decide", text="tabs")
        (self._place / "project").rename(self._place / "kept")

    def _asks(self, op: str, **args: str) -> None:
        """Leave a command; a client would start a runner of its own, which is not to fail."""
        inbox.drop(self.run.inbox, {"op": op, "args": args, "actor": "me"})

    def _free(self) -> None:
        from orch_tui.store.lock import held

        while held(self.run.lock):
            time.sleep(0.02)

    def state(self) -> State:
        """As it is on disk."""
        replay = Replay(self.run)
        replay.read_all()
        return replay.state

    def counts(self) -> Counter[str]:
        """How often each call is made without any fault."""
        self._fresh()
        self._start(None)
        return Counter(json.loads((self._place / "counts").read_text())["counts"])

    def _fresh(self) -> None:
        if (self._place / "project").exists():  # hosts of a runner that was killed may still write there
            asyncio.run(process.end_marked(str(self.run.path), name=process.RUN_MARKER, grace=0.5))
        shutil.rmtree(self._place / "project", ignore_errors=True)
        subprocess.run(["cp", "-a", self._place / "kept", self._place / "project"], check=True)  # pipes too

    def _fork(self, fault: Fault | None, log: Path) -> int:
        """A runner in a process of its own; returns its pid."""
        if child := os.fork():
            return child
        code = 99
        try:
            error = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(error, 2)
            sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
            os.environ.clear()
            os.environ.update(self._env)
            sys.argv = ["engine", str(self.run.path)]
            layer = Failing(fault)
            try:
                with system.replaced(layer):
                    code = main()
            finally:
                told = {"counts": layer.counts, "again": layer.again}
                (self._place / "counts").write_text(json.dumps(told))
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)

    def _start(self, fault: Fault | None) -> tuple[int, str]:
        """Be a runner to its end; its exit code and what it said. -1: it was still there and was killed."""
        log = self._place / "said"
        child = self._fork(fault, log)
        end = time.monotonic() + (PATIENCE if fault is not None and fault.lasting else LIMIT)
        while not (done := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return -1, log.read_text()
            time.sleep(0.01)
        return os.waitstatus_to_exitcode(done[1]), log.read_text()

    def play(self, fault: Fault) -> list[str]:
        """What was not right with the run when its runner met this fault, in words."""
        self._fresh()
        before = self._records()
        code, said = self._start(fault)
        wrong: list[str] = []
        if code == -1 and not fault.lasting:
            wrong.append("the runner neither goes on nor ends")
        if "Traceback" in said:
            wrong.append(f"a traceback: {said[-600:]}")
        if code == 1 and "orch-tui runner: " not in said:
            wrong.append(f"it ends without a word: {said!r}")
        if code not in {-1, 0, 1}:
            wrong.append(f"it ends with {code}")
        if code != -1 and (again := json.loads((self._place / "counts").read_text())["again"]):
            wrong.append(f"synced again after a failed sync: {again}")
        after = self._records()
        if after[: len(before)] != before:
            wrong.append("records of before are lost")
        wrong += self._goes_on()
        if self._records()[: len(after)] != after:
            wrong.append("records that the runner left are lost")
        return wrong

    def _records(self) -> list[Record]:
        tail = journal.Tail(self.run.journal)
        found: list[Record] = []
        while more := tail.read():
            found += more
        return found

    def _goes_on(self) -> list[str]:
        """Without the fault, and with somebody who tries again what asks for it."""
        said = ""
        for _ in range(RUNNERS):
            try:
                state = self.state()
            except OrchError as error:
                return [f"it cannot be read afterwards: {error}"]
            if state.phase is Phase.DONE and "tabs" in [one.text for one in state.decisions]:
                break
            if state.phase in {Phase.PAUSED, Phase.STOPPED}:
                self._asks("resume")
            for section in state.sections.values():
                if section.status in {Status.FAILED, Status.ATTENTION}:
                    self._asks("retry", section=section.id)
            code, said = self._start(None)
            if code:
                return [f"the next runner ends with {code}: {said[-600:]}"]
        state = self.state()
        out: list[str] = []
        if state.phase not in OVER or state.phase is not Phase.DONE:
            rows = {name: (one.status.value, one.attention, one.detail) for name, one in state.sections.items()}
            out.append(f"it does not come to its end: {state.phase.value} {rows} {said[-300:]}")
        ran = Counter(self.ledger.read_text().split())
        for name, section in state.sections.items():
            if not 1 <= ran[name] <= len(section.attempts):
                out.append(f"section {name} ran {ran[name]} times in {len(section.attempts)} attempts")
        return out


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Nothing but a path that leads to this program, and a git without settings."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    return {"PATH": path, "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def faults(counts: Counter[str]) -> Iterator[Fault]:
    """Every fault there is for a run that makes so many calls of each kind."""
    for call, errors in ERRORS.items():
        for error in errors:
            for nth in range(1, counts[call] + 1):
                for lasting in (False, True) if error else (False,):
                    yield Fault(call, nth, error, lasting)
