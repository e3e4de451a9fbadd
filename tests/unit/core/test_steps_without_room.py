"""What becomes of a step that went wrong, on a disk with room and without."""

from __future__ import annotations

import errno

from scene import Scene, plan

from orch_tui.core.attempt_events import AttemptEnded
from orch_tui.core.events import Event
from orch_tui.core.work_events import StepFailed
from orch_tui.engine import going_wrong
from orch_tui.engine.going_wrong import failed, once_there_is_room
from orch_tui.errors import GitError, StateError
from orch_tui.room import NO_ROOM


def begun() -> Scene:
    scene = Scene(plan("A")).approve()
    scene.start("A")
    return scene


def test_a_start_without_room_ends_the_attempt_and_anything_else_is_put_before_a_person():
    scene = begun()
    full = StateError("cannot make the directory")
    full.__cause__ = OSError(errno.ENOSPC, "x")
    found = failed(scene.state, "A", 1, "start", full, full=False)
    assert isinstance(found, AttemptEnded)
    assert (found.failure, found.outcome) == ("disk", "failed")
    assert isinstance(failed(scene.state, "A", 1, "start", StateError("other"), full=False), StepFailed)


def test_what_does_not_say_that_it_failed_for_want_of_room_is_believed_to_on_a_full_disk():
    found = failed(begun().state, "A", 1, "start", GitError("couldn't write 'A/1.lock'"), full=True)
    assert isinstance(found, AttemptEnded)
    assert found.failure == "disk"


async def test_a_step_of_git_is_done_again_until_there_is_room_and_that_is_said_once(monkeypatch):
    monkeypatch.setattr(going_wrong, "TRY_EVERY", 0.0)
    failures = [GitError("full", hint=NO_ROOM), GitError("couldn't write"), GitError("full", hint=NO_ROOM)]
    said: list[Event] = []

    async def work(_name: str, _number: int) -> None:
        if failures:
            raise failures.pop()

    async def happened(events: list[Event], _cause: str) -> None:
        said.extend(events)

    await once_there_is_room(begun().state, "A", 1, work, happened, lambda: True)
    assert failures == []
    assert len(said) == 1
