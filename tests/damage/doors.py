"""The real doors of a run whose files were changed: each tells damage, or shows exactly what there was."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

from changes import Change

from orch_tui.cli.text import status_lines
from orch_tui.client.follow import Follower
from orch_tui.core.state import State
from orch_tui.engine.runner import serve
from orch_tui.errors import DamageError, OrchError
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay


@dataclass
class Doors:
    """A run that is over, the state it came to, and what its doors said of it after each change."""

    run: RunDir
    wrong: list[str] = field(default_factory=list[str])
    told: int = 0
    same: int = 0

    def __post_init__(self) -> None:
        self._kept = {path: path.read_bytes() for path in self.run.path.rglob("*") if path.is_file()}
        self.final = self._folded()
        self._words = list(status_lines(self._following()))

    def __str__(self) -> str:
        return f"{self.told + self.same} changes: {self.told} told, {self.same} harmless, {len(self.wrong)} WRONG"

    def journal(self) -> bytes:
        """What there is in all segments together."""
        numbers = journal.segments(self.run.journal)
        return b"".join(journal.segment(self.run.journal, number).read_bytes() for number in numbers)

    def restore(self) -> None:
        """Put every file back as it was."""
        for path in [path for path in self.run.path.rglob("*") if path.is_file() and path not in self._kept]:
            path.unlink()
        for path, data in self._kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
        shutil.rmtree(self.run.path / "quarantine", ignore_errors=True)

    def look(self, what: str, change: Change, *, runner: bool = True) -> None:
        """Make a change while somebody follows the run, try every door, and put it back."""
        attached = self._following()
        try:
            change(self.run)
        except FileNotFoundError:
            return
        try:
            told = self._try(attached, runner=runner)
        except AssertionError as error:
            self.wrong.append(f"{what}: {error}")
        except Exception as error:
            self.wrong.append(f"{what}: {error!r}")
        else:
            self.told, self.same = self.told + bool(told), self.same + (not told)
        finally:
            attached.close()
            self.restore()

    def _try(self, attached: Follower, *, runner: bool) -> str:
        attached.poll()
        assert attached.damage or attached.state == self.final, "who follows it sees something else"
        told = ""
        try:
            state = self._folded()
        except DamageError as error:
            told, state = error.line(), self.final
        assert state == self.final, "it comes to another state"
        follower = self._following()
        words = list(status_lines(follower))
        assert bool(follower.damage) == bool(told), f"status says {follower.damage!r}, and replaying {told!r}"
        assert told or words == self._words, "status says something else"
        if told:
            assert any(line.startswith("read-only: ") for line in words), "status does not say that it is read-only"
        if runner:
            self._start(told)
        return told

    def _start(self, told: str) -> None:
        before = self.journal()
        refused = ""
        try:
            serve(self.run, {})
        except OrchError as error:
            refused = error.line()
        except BaseExceptionGroup as group:
            matching, rest = group.split(OrchError)
            if rest is not None or matching is None:
                raise
            refused = str(matching.exceptions[0])
        assert bool(refused) == bool(told), f"a runner says {refused!r}, and replaying {told!r}"
        if told:
            assert self.journal() == before, "a runner wrote into a damaged journal"
            return
        folded = self._folded()
        assert (folded.phase, folded.sections) == (self.final.phase, self.final.sections), (
            "a runner made it another run"
        )

    def _folded(self) -> State:
        replay = Replay(self.run)
        while replay.check():
            pass
        replay.read_all()
        return replay.state

    def _following(self) -> Follower:
        follower = Follower(self.run)
        for _ in range(3):  # what a snapshot stands for is checked piece by piece
            follower.poll()
        return follower
