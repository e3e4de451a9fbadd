"""A command on its way to a runner that there is not yet."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from orch_tui.client import launch, send
from orch_tui.client.follow import Follower
from orch_tui.client.reviving import Reviving
from orch_tui.errors import ConfigError, StateError
from orch_tui.store import layout
from orch_tui.store.layout import RunDir
from orch_tui.store.lock import Lock


@pytest.fixture
def misspelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunDir:
    """A run of a project whose settings cannot be read; no runner is ever started."""
    monkeypatch.setattr(send, "ensure_runner", lambda _: None)
    run = layout.run_dir(tmp_path, "run")
    send.prepare(run)
    (layout.state_dir(tmp_path) / "config.yaml").write_text("agent: script\nconcurency: 3\n")
    return run


def test_no_command_is_left_for_a_runner_that_could_not_read_its_settings(misspelled: RunDir):
    """It took twenty seconds and five runners until that was told."""
    with pytest.raises(ConfigError, match=r"config\.yaml:2: unknown setting 'concurency'"):
        send.send(misspelled, "cancel", {}, actor="me")
    assert not list((misspelled.inbox / "new").iterdir())


async def test_a_run_is_not_taken_up_by_a_runner_that_could_not_read_its_settings(
    misspelled: RunDir, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(launch, "unfinished", lambda *_: misspelled)
    with pytest.raises(ConfigError):
        await launch.open_plan(misspelled.root / "plan.md", launch.Wishes(), actor="me")


def test_a_runner_that_is_there_takes_commands_whatever_became_of_the_settings(misspelled: RunDir):
    lock = Lock(misspelled.lock)
    assert lock.acquire({})
    command = send.send(misspelled, "cancel", {}, actor="me")
    lock.release()
    assert [path.stem for path in (misspelled.inbox / "new").iterdir()] == [command]


@pytest.mark.parametrize(
    ("log", "free", "words"),
    [
        ("", 0, "the disk with '.*' is full: make room, then try again"),
        ("", 1 << 30, "see '.*runner.log'"),
        ("one\norch-tui runner: it broke\n", 0, "runner.log ends with: orch-tui runner: it broke"),
    ],
)
def test_runners_that_do_not_stay_are_given_up_with_what_is_known_of_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: str, free: int, words: str
):
    """On a full disk the log of a runner is empty, and pointing at it helps nobody."""
    monkeypatch.setattr(send, "ensure_runner", lambda _: None)
    monkeypatch.setattr(send.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    run = layout.run_dir(tmp_path, "run")
    send.prepare(run)
    run.log.write_text(log)
    reviving = Reviving(patience=0.0)
    for _ in range(send.TRIES):
        send.revive(Follower(run), reviving, wanted=True)
    with pytest.raises(StateError, match="no runner stays") as told:
        send.revive(Follower(run), reviving, wanted=True)
    assert re.fullmatch(words, told.value.hint)
