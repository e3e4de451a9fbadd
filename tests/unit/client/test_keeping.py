"""Who keeps runs going starts a runner for each that is under way, and for no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orch_tui.client.keeping import Keeping
from orch_tui.core.events import Event
from orch_tui.core.run_events import RunFinished, RunStopped
from orch_tui.errors import StateError
from orch_tui.store import registry
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import Lock
from orch_tui.testing.stage import Stage, StageClock

PLAN = "# Plan\n\n## Section A: First\nDependencies: none\n\n## Section B: Second\nDependencies: Section A\n"
ENDS: dict[str, tuple[Event, ...]] = {
    "stop": (RunStopped(),),
    "cancel": (RunFinished(outcome="cancelled"),),
    "pause": (),
}


class Kept:
    """Runs on disk, the clock of who keeps them going, what was begun and said."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.env = {"XDG_STATE_HOME": str(path / "state")}
        self.clock = StageClock()
        self.begun: list[str] = []
        self.said: list[str] = []
        self.wrong = ""
        self.keeping = Keeping(self.env, self.said.append, clock=self.clock, begin=self._begin)

    def _begin(self, run: RunDir) -> None:
        if self.wrong:
            raise StateError(self.wrong)
        self.begun.append(run.root.name)

    def run(self, name: str, *, approved: bool = True) -> Stage:
        """A project with a run that is noted."""
        root = self.path / name
        root.mkdir()
        stage = Stage(root=root, text=PLAN)
        if approved:
            stage.approve()
        registry.note(stage.run, self.env)
        return stage

    def goes_by(self, seconds: int) -> None:
        """A look each second."""
        for _ in range(seconds):
            self.clock.now += 1
            self.keeping.look()


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_a_run_that_is_under_way_gets_a_runner(kept: Kept):
    kept.run("a")
    kept.goes_by(5)
    assert kept.begun == ["a"]
    assert "has no runner; one is started" in kept.said[0]


@pytest.mark.parametrize("op", ENDS)
def test_a_run_that_a_person_ended_or_holds_stays_as_it_is(kept: Kept, op: str):
    stage = kept.run("a")
    stage.obey(op, {})
    stage.happens(*ENDS[op])
    kept.goes_by(60)
    assert kept.begun == []


def test_a_run_that_waits_for_its_approval_stays_as_it_is(kept: Kept):
    kept.run("a", approved=False)
    kept.goes_by(60)
    assert kept.begun == []


def test_a_run_that_has_a_runner_needs_none(kept: Kept):
    stage = kept.run("a")
    lock = Lock(stage.run.lock)
    assert lock.acquire({"pid": 1})
    kept.goes_by(60)
    assert kept.begun == []
    lock.release()
    kept.goes_by(5)
    assert kept.begun == ["a"]


def test_a_runner_that_does_not_stay_is_started_ever_more_rarely_and_its_last_words_are_told(kept: Kept):
    stage = kept.run("a")
    stage.run.log.write_text("orch-tui runner: the disk is on fire\n")
    kept.goes_by(60)
    assert len(kept.begun) == 4
    assert any("no runner stays" in words and "the disk is on fire" in words for words in kept.said)


def test_what_is_wrong_with_one_run_keeps_no_other_from_going_on(kept: Kept):
    broken = kept.run("a")
    kept.run("b")
    journal = broken.run.journal / "000001.jsonl"
    journal.write_bytes(b"x" + journal.read_bytes()[1:])
    kept.goes_by(5)
    assert kept.begun == ["b"]
    assert "is damaged" in kept.said[0]


def test_a_run_that_cannot_be_started_is_told(kept: Kept):
    kept.run("a")
    kept.wrong = "no room"
    kept.goes_by(5)
    assert "no room" in kept.said[-1]


def test_a_run_that_was_removed_is_crossed_off_and_one_whose_disk_is_away_is_not(kept: Kept):
    gone, away = kept.run("a"), kept.run("b")
    shutil.rmtree(gone.run.path)
    away.root.rename(kept.path / "elsewhere")
    assert registry.known(kept.env) == []
    (kept.path / "elsewhere").rename(away.root)
    assert registry.known(kept.env) == [away.run]
    assert len(list((kept.path / "state" / "orch-tui" / "runs").iterdir())) == 1


def test_a_run_is_noted_once_and_crossed_off_once(kept: Kept):
    stage = kept.run("a")
    registry.note(stage.run, kept.env)
    registry.cross_off(stage.run, kept.env)
    registry.cross_off(stage.run, kept.env)
    assert registry.known(kept.env) == []
