"""When a runner is started again by somebody who looks on."""

from __future__ import annotations

from orch_tui.cockpit.reviving import Reviving


def test_a_runner_may_be_away_for_a_moment():
    reviving = Reviving()
    assert not reviving.look(wanted=True, alive=False, now=10)
    assert not reviving.look(wanted=True, alive=True, now=12)
    assert not reviving.look(wanted=True, alive=False, now=14)
    assert not reviving.words


def test_a_runner_that_stays_away_is_started_once_and_then_ever_more_rarely():
    reviving = Reviving()
    starts = [now for now in range(60) if reviving.look(wanted=True, alive=False, now=now)]
    assert starts == [3, 9, 21, 45]
    assert "no runner stays (3 tried)" in reviving.words


def test_nothing_is_started_for_a_run_that_waits_for_a_person():
    reviving = Reviving()
    assert not any(reviving.look(wanted=False, alive=False, now=now) for now in range(60))


def test_a_runner_that_is_seen_again_ends_the_alarm():
    reviving = Reviving()
    for now in range(5):
        reviving.look(wanted=True, alive=False, now=now)
    assert reviving.words
    assert reviving.started == 1
    reviving.look(wanted=True, alive=True, now=6)
    assert (reviving.words, reviving.started) == ("", 0)
