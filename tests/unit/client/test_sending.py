"""A command on its way to a runner that there is not yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client import launch, send
from orch_tui.errors import ConfigError
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
