"""Looking at the runs of a project for what is wrong, and putting right what is safe, as front ends need it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orch_tui.client.send import ensure_runner, starting
from orch_tui.client.surroundings import Check, look_around
from orch_tui.clock import moment
from orch_tui.core.state import OVER, Phase
from orch_tui.errors import OrchError
from orch_tui.invariants.directory import Look, look
from orch_tui.invariants.finding import Finding
from orch_tui.invariants.repairing import repair
from orch_tui.invariants.table import TABLE
from orch_tui.store.copies import refuse_copy
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import Lock, held, holder, this_process
from orch_tui.store.shared_disks import refuse_other_machine

__all__ = ["Check", "Examined", "Finding", "examine", "look_around", "mend", "salvaged", "verdict"]

_LONGEST, _PAUSE = 10.0, 0.02  # seconds that a runner is waited for which has nothing to do, and between two looks
Verdict = Literal["wrong", "left over", "good"]
"""An invariant is broken; something is left that somebody, or the next runner, puts right; neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A run that was looked at, and what was put right before that."""

    run: RunDir
    whole: bool
    runner: bool
    findings: tuple[Finding, ...]
    done: tuple[str, ...] = ()
    salvaged: tuple[str, ...] = ()


def examine(run: RunDir) -> Examined:
    """Look at everything of a run; changes nothing and raises for nothing that lies there."""
    return _examined(look(run))


def mend(run: RunDir) -> Examined:
    """Put right what is safe, then look again. Where a runner is there, or nothing can be written, only look."""
    looked = look(run)
    if not any(finding.repair for finding in looked.findings):
        return _examined(looked)
    if looked.runner:
        return _examined(looked, ("nothing was put right: a runner is at work on this run, `orch-tui stop` ends it",))
    lock = Lock(run.lock)
    try:
        refuse_copy(run, looked.state.home)
        if looked.state.runner_pid or not looked.whole:  # the last one did not end in order
            refuse_other_machine(run.path, holder(run.lock))
        if not lock.acquire(this_process()):
            return _examined(looked, ("nothing was put right: a runner has just come to this run",))
        try:
            done = asyncio.run(repair(look(run, holding=True)))
        finally:
            lock.release()
        if looked.whole and looked.state.phase in {*OVER, Phase.STOPPED} and _stale(looked):
            ensure_runner(run)  # it finds nothing to do, writes what is derived, and leaves
            _wait_for(run)
            done.append("a runner wrote status.json anew")
    except (OrchError, OSError) as error:
        words = error.line() if isinstance(error, OrchError) else str(error)
        return _examined(looked, (f"nothing more could be put right: {words}",))
    return _examined(look(run), tuple(done))


def _wait_for(run: RunDir) -> None:
    """Wait for a runner that was started to write what is derived, and leaves by itself."""
    until = time.monotonic() + _LONGEST
    while (starting(run) or held(run.lock)) and time.monotonic() < until:
        time.sleep(_PAUSE)


def _stale(looked: Look) -> bool:
    return any(finding.repair == "rewrite" for finding in looked.findings)


def _examined(looked: Look, done: tuple[str, ...] = ()) -> Examined:
    return Examined(
        run=looked.run,
        whole=looked.whole,
        runner=looked.runner,
        findings=looked.findings,
        done=done,
        salvaged=() if looked.whole else tuple(salvaged(looked)),
    )


def salvaged(looked: Look) -> Iterator[str]:
    """What can still be read of a run whose journal is damaged: how things stood at the last good record."""
    state = looked.state
    if not state.seq:
        yield "nothing of it can be read"
        return
    counts = Counter(section.status.value for section in state.sections.values())
    words = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    yield f"up to record {state.seq} ({moment(state.updated_at)}) it reads: the run was {state.phase.value}; {words}"
    merged = [section.id for section in state.sections.values() if section.verdict == "done" and section.attempts]
    if merged and state.settings.isolation == "worktree":
        yield f"merged by then, and on the branch orch/{state.run}: {', '.join(merged)}"
    for name, number in state.live.items():
        attempt = state.attempt(name, number)
        where = f", in {attempt.path!r}" if attempt.path else ""
        yield f"section {name} was at work then (attempt {number}{where})"


def verdict(examined: Examined) -> Verdict:
    """The worst of what was found."""
    if not examined.whole or any(finding.invariant for finding in examined.findings):
        return "wrong"
    return "left over" if any(not finding.harmless for finding in examined.findings) else "good"


def invariant(name: str) -> str:
    """What an invariant says."""
    row = TABLE.get(name)
    return row.says if row else ""
