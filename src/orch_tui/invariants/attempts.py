"""What is left of attempts: processes of those that are over, transcripts that do not read, a plan that is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from orch_tui import process, proctable
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.errors import OrchError
from orch_tui.invariants.finding import Finding
from orch_tui.store import files
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import held

_LONGEST = 64 << 20  # bytes of a transcript that are read; what is longer is looked at from its end
_MOST = 20


def of_attempts(run: RunDir, state: State, *, processes: bool = True, transcripts: bool = True) -> Iterator[Finding]:
    """What is wrong with what attempts left."""
    every = [(section, attempt) for section in _sections(state) for attempt in section.attempts]
    if processes:
        yield from _processes(run, state, every)
        yield from _hosts(run, state, every)
    if transcripts:
        yield from _transcripts(run, every)
    yield from _plan(run, state)


def _sections(state: State) -> list[SectionState]:
    return [*state.sections.values(), *state.gone]


def _processes(run: RunDir, state: State, every: list[tuple[SectionState, AttemptState]]) -> Iterator[Finding]:
    """Processes that carry the marker of an attempt that is over (I15), or of one that nobody intended (I5)."""
    of_run = {pid for pid, path in proctable.marked_with(process.RUN_MARKER).items() if path == str(run.path)}
    known = {attempt.marker: (section, attempt) for section, attempt in every}
    found: dict[str, list[int]] = {}
    for pid, marker in proctable.marked_with(process.MARKER).items():
        if pid in of_run:
            found.setdefault(marker, []).append(pid)
    for marker, pids in sorted(found.items()):
        section, attempt = known.get(marker, (None, None))
        listed = ", ".join(map(str, sorted(pids)[:_MOST]))
        some = f"process {listed}" if len(pids) == 1 else f"processes {listed}"
        helps = "`orch-tui doctor --fix` ends them, when no runner is there"
        if section is None or attempt is None:
            text = f"{some} of the attempt {marker!r}, which nobody intended, {'lives' if len(pids) == 1 else 'live'}"
            yield Finding(text=text, helps=helps, invariant="I5", named=marker, repair="end processes")
        elif state.live.get(section.id) != attempt.number:
            text = f"{some} of attempt {attempt.number}, which is over, {'lives' if len(pids) == 1 else 'live'}"
            yield Finding(
                text=text, helps=helps, invariant="I15", section=section.id, named=marker, repair="end processes"
            )


def _hosts(run: RunDir, state: State, every: list[tuple[SectionState, AttemptState]]) -> Iterator[Finding]:
    """Hosts of attempts that are over, by their locks; and live attempts whose host is gone."""
    runs = _held(run.lock)
    for section, attempt in every:
        lives = state.live.get(section.id) == attempt.number
        here = _held(run.attempt(section.slug, attempt.number).lock)
        if here and not lives:
            text = f"the host of attempt {attempt.number}, which is over, lives"
            helps = "`orch-tui doctor --fix` ends it, when no runner is there"
            yield Finding(
                text=text,
                helps=helps,
                invariant="I15",
                section=section.id,
                named=attempt.marker,
                repair="end processes",
            )
        elif lives and not here and not runs and attempt.step == "working":
            text = f"attempt {attempt.number} is under way, and its host is gone"
            helps = "the next runner settles it: `orch-tui resume`"
            yield Finding(text=text, helps=helps, section=section.id, harmless=True)


def _held(lock: Path) -> bool:
    try:
        return held(lock)
    except OrchError:
        return False


def _transcripts(run: RunDir, every: list[tuple[SectionState, AttemptState]]) -> Iterator[Finding]:
    told = 0
    for section, attempt in every:
        path = run.attempt(section.slug, attempt.number).transcript
        wrong = _unreadable(path)
        if wrong:
            text = f"the transcript of attempt {attempt.number} does not read: {wrong}"
            helps = "only what is shown of it is concerned; the journal has what counts"
            yield Finding(text=text, helps=helps, section=section.id, path=str(path))
            told += 1
            if told >= _MOST:
                return


def _unreadable(path: Path) -> str:
    """What is wrong with a transcript: a line that is no record, unless it is the last, which may be torn."""
    try:
        with files.opened(path) as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _LONGEST))
            if size > _LONGEST:
                file.readline()
            wrong = ""
            for number, line in enumerate(file, 1):
                if wrong:
                    return wrong
                wrong = "" if _record(line) else f"line {number} is no record"
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{error.strerror}"
    return ""


def _record(line: bytes) -> bool:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "n" in found


def _plan(run: RunDir, state: State) -> Iterator[Finding]:
    """The text that was approved is the one that is stored (I18)."""
    if state.approval is None:
        return
    path = run.plan(state.approval.plan_sha)
    try:
        same = hashlib.sha256(files.read_bytes(path)).hexdigest() == state.approval.plan_sha
    except OSError as error:
        text = f"the approved plan {str(path)!r} cannot be read: {error.strerror}"
    else:
        if same:
            return
        text = f"the stored plan {str(path)!r} is not the text that was approved"
    yield Finding(text=text, helps="`orch-tui revise` reads the plan file again, for you to approve", invariant="I18")
