"""What clocks that are set, and people who take their time, do to a run: nothing but what was meant."""

from scene import Scene, plan

from orch_tui.core.attempt_events import AskAnswered, AskRaised
from orch_tui.core.run_events import ClockJumped
from orch_tui.core.section_events import SectionPaused, SectionResumed


def test_who_waits_for_a_while_waits_no_longer_because_the_clock_was_set_back():
    scene = Scene(plan("A")).approve()
    scene.now = 100_000.0
    scene.start("A")
    scene.end("A", "failed", "network")
    until = scene.state.parked["A"]
    assert 100_000.0 < until <= 100_060.0
    scene.now += 5 - 7200
    scene.record([ClockJumped(step=-7200)], "clock")
    assert scene.state.parked == {"A": until - 7200}
    scene.now = until - 7200
    scene.record([], "wake")
    assert scene.statuses() == {"A": "running"}


def test_who_waits_for_a_moment_that_the_service_stated_waits_for_that_moment():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A", "failed", "usage-limit", until=5000.0)
    parked = dict(scene.state.parked)
    scene.record([ClockJumped(step=-7200)], "clock")
    assert scene.state.parked == parked


def test_a_sleep_moves_no_deadline_so_that_it_is_over_when_the_machine_wakes():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A", "failed", "usage-limit", until=5000.0)
    scene.now = 30_000.0
    scene.record([ClockJumped(asleep=29_000)], "clock")
    assert scene.statuses() == {"A": "running"}


def test_the_time_a_person_takes_is_kept_for_every_later_runner():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    attempt = scene.state.attempt("A", 1)
    ask = {"section": "A", "attempt": 1, "request_id": "r"}
    scene.record([AskRaised(**ask, n=2, kind="question", title="?", detail="", options=())], "agent")
    assert attempt.waits_since == 1000.0
    scene.now = 1600.0
    scene.record([SectionPaused(section="A", by="me")], "me")
    scene.record([AskAnswered(**ask, by="me", choice="yes", text="")], "me")
    scene.now = 1700.0
    scene.record([SectionResumed(section="A", by="me")], "me")
    assert (attempt.waited, attempt.waits_since) == (700.0, 0.0)
