"""A run's journal read whole: every record looked at, the state it comes to, and whether the snapshot says the same.

Nothing is written, and nothing raises for what is in the files: what cannot be read is a finding, and `state` is what
the journal says up to there.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field

from orch_tui.core.events import Event
from orch_tui.core.state import State
from orch_tui.errors import DamageError, OrchError
from orch_tui.invariants.finding import Finding, broken
from orch_tui.invariants.history import History
from orch_tui.invariants.state import of_state
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Position, Record
from orch_tui.store.replay import Replay

_MOST = 50
"""Findings of one kind that are told; a program that went wrong went wrong everywhere."""


@dataclass(slots=True)
class Read:
    """What a journal comes to. `whole` is false where it could not be read to its end."""

    state: State = field(default_factory=State)
    whole: bool = True
    torn: int = 0
    """Bytes at its end that are no whole record."""
    findings: list[Finding] = field(default_factory=list[Finding])


class _Looking(Replay):
    """A replay from the first record on that looks at each before it is folded."""

    def __init__(self, run: RunDir) -> None:
        super().__init__(run, snapshot=False)
        self.history = History()
        self.state = self.history.state
        self.found: list[Finding] = []

    def _fold(self, records: list[tuple[Record, Event]]) -> None:
        for record, event in records:
            self.found += map(broken, self.history.look(record, event))


def read(run: RunDir) -> Read:
    """Look at a journal, at the state it comes to, and at its snapshot."""
    out = Read()
    try:
        _refuse_traps(run)
        looking = _Looking(run)
    except (OrchError, OSError) as error:
        return Read(whole=False, findings=[_damage(error)])
    try:
        looking.read_all()
        out.torn = _behind(run, looking.position)
    except (OrchError, OSError) as error:
        out.whole = False
        out.findings.append(_damage(error))
    out.state = looking.state
    if looking.history.over:
        out.whole = False
    if len(looking.found) > _MOST:
        more = Finding(text=f"and {len(looking.found) - _MOST} more of its records break one", invariant="I2")
        looking.found[_MOST:] = [more]
    out.findings += looking.found
    if out.whole:
        out.findings += list(map(broken, of_state(out.state)))[:_MOST]
        out.findings += _snapshot(run, out.state)
    return out


def _refuse_traps(run: RunDir) -> None:
    """A journal is a directory of files: reading a link or a pipe could lead anywhere, or never end."""
    places = (run.path, run.journal, *(journal.segment(run.journal, one) for one in journal.segments(run.journal)))
    for path in places:
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) if path.suffix == ".jsonl" else stat.S_ISDIR(mode)):
            raise DamageError(
                f"{str(path)!r} is not what a runner made: no {'file' if path.suffix == '.jsonl' else 'directory'}",
                hint="put the run's directory back from a copy",
            )


def _behind(run: RunDir, at: Position) -> int:
    """How many bytes there are behind a position."""
    sizes = {number: journal.segment(run.journal, number).stat().st_size for number in journal.segments(run.journal)}
    return sum(size for number, size in sizes.items() if number >= at.segment) - at.offset


def _damage(error: OrchError | OSError) -> Finding:
    helps = error.hint if isinstance(error, OrchError) else "check the rights of the file and the health of the disk"
    words = str(error) if isinstance(error, OrchError) else f"{error.filename!r} cannot be read: {error.strerror}"
    return Finding(text=words, helps=helps, invariant="I1" if isinstance(error, DamageError) else "")


def _snapshot(run: RunDir, whole: State) -> list[Finding]:
    """Whether the snapshot and what follows it come to what all records come to (I12)."""
    try:
        replay = Replay(run)
        replay.read_all()
    except (OrchError, OSError) as error:
        helps = "it is derived: `orch-tui doctor --fix` throws it away"
        return [Finding(text=str(error), helps=helps, invariant="I12", path=str(run.snapshot), repair="fold anew")]
    if replay.state.seq < whole.seq:
        return []  # cannot be compared
    if replay.state.seq > whole.seq or replay.state == whole:
        return []  # it went on meanwhile
    text = "snapshot.json and the records behind it do not come to what all records come to"
    helps = "it is derived: `orch-tui doctor --fix` throws it away, and the next runner folds every record"
    return [Finding(text=text, helps=helps, invariant="I12", path=str(run.snapshot), repair="fold anew")]
