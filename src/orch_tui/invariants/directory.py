"""What holds of a run's directory, of its processes and of its repositories. It only looks, and raises for nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from orch_tui.clock import Clock
from orch_tui.core.state import State
from orch_tui.errors import DamageError, OrchError
from orch_tui.invariants.attempts import of_attempts
from orch_tui.invariants.files import derived, of_files
from orch_tui.invariants.finding import Finding
from orch_tui.invariants.reading import read
from orch_tui.invariants.repository import of_repositories
from orch_tui.invariants.violation import Violation
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held, holder
from orch_tui.store.shared_disks import refuse_shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`state` is what the journal comes to, as far as it is `whole`; `runner` says that somebody holds the lock."""

    run: RunDir
    state: State
    whole: bool
    runner: bool
    findings: tuple[Finding, ...]


def look(
    run: RunDir, *, processes: bool = True, git: bool = True, transcripts: bool = True, holding: bool = False
) -> Look:
    """Everything that is wrong with a run, left over of it, or worth knowing. `holding`: its lock is the caller's."""
    runner, locked = (False, []) if holding else _lock(run)
    found = read(run)
    findings = [*locked, *found.findings]
    if found.torn and found.whole and not runner:
        text = f"the journal ends with {found.torn} bytes of what was being written when a runner was killed"
        helps = "nothing is lost; the next runner cuts them, or `orch-tui doctor --fix`, and keeps them in quarantine/"
        findings.append(Finding(text=text, helps=helps, path=str(run.journal), repair="cut tail"))
    findings += _safely(of_files(run, found.state))
    processes, git = processes and found.whole, git and found.whole  # what is over is known from the whole of it only
    findings += _safely(of_attempts(run, found.state, processes=processes, transcripts=transcripts))
    if found.whole and not runner:
        findings += _safely(derived(run, found.state))
    if git:
        findings += _safely(of_repositories(run, found.state, Clock().wall()))
    return Look(run=run, state=found.state, whole=found.whole, runner=runner, findings=tuple(findings))


def of_directory(run: RunDir, *, processes: bool = True, git: bool = True, transcripts: bool = True) -> list[Violation]:
    """The invariants that do not hold of a run's directory. What is only left over (`look` tells) is none."""
    looked = look(run, processes=processes, git=git, transcripts=transcripts)
    return [one.violation for one in looked.findings if one.violation is not None]


def _safely(findings: Iterator[Finding] | list[Finding]) -> Iterator[Finding]:
    """Go on after what cannot be looked at, and say so."""
    try:
        yield from findings
    except (OrchError, OSError, ValueError, RecursionError) as error:
        yield Finding(text=f"cannot be looked at further: {error}", helps="check the rights and the health of the disk")


def _lock(run: RunDir) -> tuple[bool, list[Finding]]:
    """Whether a runner is there, and what is wrong with its lock (I3)."""
    found: list[Finding] = []
    try:
        refuse_shared(run.path)
    except OrchError as error:
        found.append(Finding(text=str(error), helps=error.hint, invariant="I3"))
    try:
        there = held(run.lock)
    except OrchError as error:
        return False, [*found, Finding(text=str(error), helps=error.hint, invariant="I3", path=str(run.lock))]
    if there:
        with contextlib.suppress(DamageError):
            who = holder(run.lock) or {}
            pid = who.get("pid", "unknown")
            found.append(Finding(text=f"its runner is there (process {pid})", harmless=True))
    return there, found
