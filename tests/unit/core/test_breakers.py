"""Trouble that is not one section's own keeps others from running into it, and says so."""

from __future__ import annotations

from scene import Scene, plan

from orch_tui.core import breakers, rules
from orch_tui.core.attempt_events import NEAR_LIMIT, NoticeRaised
from orch_tui.core.commands import Cancel, Pause, Resume, Retry, Skip
from orch_tui.core.run_events import ClockJumped, RunPaused
from orch_tui.core.state import Phase


def fails(scene: Scene, name: str, failure: str, **more: object) -> None:
    scene.start(name)
    scene.end(name, "failed", failure, **more)


def running(scene: Scene) -> list[str]:
    return sorted(scene.state.live)


def pass_time(scene: Scene, seconds: float = 0.0) -> None:
    """So many seconds pass, or as many as until something follows by itself."""
    scene.now = scene.now + seconds if seconds else max(scene.now, rules.next_wake(scene.state) or 0.0)
    scene.record([], "time")


def gate(scene: Scene, name: str) -> str:
    return dict(rules.why(scene.state, name, scene.now)).get("agent", "")


def test_a_limit_keeps_the_other_sections_of_its_agent_back_and_says_until_when():
    scene = Scene(plan("A", "B", "C"), concurrency=1).approve()
    fails(scene, "A", "usage-limit", until=5000.0, message="5-hour limit")
    assert running(scene) == []
    assert gate(scene, "B").startswith("simulated waits ")
    assert gate(scene, "B").endswith("s more: 5-hour limit")
    assert not rules.needs_human(scene.state)
    wake = rules.next_wake(scene.state)
    assert wake is not None
    assert 5060.0 <= wake <= 5180.0


def test_after_its_time_one_session_tries_and_then_two_and_then_four_and_then_all():
    names = [f"S{number}" for number in range(20)]
    scene = Scene(plan(*names), concurrency=9).approve()
    for name in running(scene):
        fails(scene, name, "usage-limit", until=5000.0)
    assert running(scene) == []
    seen: list[int] = []
    pass_time(scene, 10_000)
    while running(scene) and len(seen) < 4:
        seen.append(len(running(scene)))
        scene.finish(running(scene)[0])
    assert seen == [1, 2, 4, 9]
    assert not any(one.why for one in scene.state.breakers.values())


def test_a_session_that_tries_and_meets_the_limit_again_keeps_the_others_back_for_longer():
    scene = Scene(plan("A", "B"), concurrency=2).approve()
    for name in ("A", "B"):
        fails(scene, name, "usage-limit", until=5000.0)
    pass_time(scene, 10_000)
    (tries,) = running(scene)
    fails(scene, tries, "usage-limit", until=90_000.0)
    assert running(scene) == []
    assert scene.state.breakers["simulated"].until >= 90_060.0


def test_two_outages_are_those_of_their_sections_and_a_third_holds_all_of_the_model():
    scene = Scene(plan("A", "B", "C", "D"), concurrency=1).approve()
    for name in ("A", "B"):
        fails(scene, name, "overload", message="529")
    assert running(scene) == ["C"]
    fails(scene, "C", "overload", message="529")
    assert running(scene) == []
    assert "529" in gate(scene, "D")


def test_outages_that_are_far_apart_hold_nobody_else():
    scene = Scene(plan("A", "B", "C", "D"), concurrency=4).approve()
    for name in ("A", "B", "C"):
        scene.now += 400
        fails(scene, name, "overload")
    assert not any(one.why for one in scene.state.breakers.values())


def test_a_login_that_is_missing_holds_its_agent_until_a_person_has_one_of_its_sections_retried():
    scene = Scene(plan("A", "B"), concurrency=1).approve()
    fails(scene, "A", "auth", message="log in")
    assert running(scene) == []
    assert gate(scene, "B") == "simulated: log in; once that is settled, retry one of its sections, or pause and resume"
    assert rules.needs_human(scene.state)
    pass_time(scene, 1_000_000)
    assert running(scene) == []
    scene.when(Retry(section="A"))
    assert len(running(scene)) == 1, "one tries"


def test_a_login_that_is_missing_for_a_section_that_was_cancelled_holds_nobody():
    scene = Scene(plan("A", "B"), concurrency=1).approve()
    scene.start("A")
    scene.when(Cancel(section="A"))
    scene.end("A", "failed", "auth", message="log in")
    assert running(scene) == ["B"]


def test_close_to_a_limit_no_further_session_begins_until_one_ends_well():
    scene = Scene(plan("A", "B"), concurrency=1).approve()
    scene.start("A")
    near = NoticeRaised(section="A", attempt=1, n=2, kind=NEAR_LIMIT, text="close to the five hour limit", until=9000.0)
    scene.record([near], "agent")
    assert "close to the five hour limit" in gate(scene, "B")
    scene.finish("A")
    assert running(scene) == ["B"]


def test_close_to_a_limit_a_session_that_failed_does_not_keep_the_next_one_back():
    scene = Scene(plan("A", "B", "C"), concurrency=2).approve()
    scene.start("A", "B")
    near = NoticeRaised(section="A", attempt=1, n=2, kind=NEAR_LIMIT, text="close to the limit", until=9e9)
    scene.record([near], "agent")
    scene.end("A", "failed", "role")
    assert running(scene) == ["B"], "one at a time"
    scene.end("B", "failed", "role")
    assert running(scene) == ["C"]


def test_what_nobody_can_retry_any_more_is_tried_when_the_run_is_paused_and_resumed_or_its_section_skipped():
    for commands in ((Skip(section="A"),), (Pause(), Resume())):
        scene = Scene(plan("A", "B"), concurrency=1).approve()
        fails(scene, "A", "billing", message="no credit")
        assert running(scene) == []
        for command in commands:
            scene.when(command)
        assert running(scene) == ["B"]


def test_three_sections_that_fail_alike_one_after_the_other_pause_the_run():
    scene = Scene(plan("A", "B", "C", "D"), concurrency=1).approve()
    for name, seconds in (("A", 3), ("B", 41), ("C", 7)):
        fails(scene, name, "script", message="block 1 failed", summary=f"npm: not found after {seconds} s")
    assert scene.state.phase is Phase.PAUSED
    (paused,) = scene.of(RunPaused)
    assert isinstance(paused, RunPaused)
    assert paused.why.startswith("A, B, C failed alike, one after the other: script: block # failed npm: not found")
    assert "npm: not found" in dict(rules.why(scene.state, "D", scene.now))["phase"]
    scene.when(Resume())
    assert running(scene) == ["D"], "a person says that it goes on"


def test_one_section_that_fails_alike_again_and_again_pauses_nothing():
    scene = Scene(plan("A", "B"), concurrency=2).approve()
    for _ in range(3):
        fails(scene, "A", "script", message="block 1 failed", summary="npm: not found")
        scene.when(Retry(section="A"))
    assert scene.state.phase is Phase.RUNNING


def test_sections_that_fail_each_in_its_own_way_or_say_nothing_pause_nothing():
    scene = Scene(plan("A", "B", "C", "D", "E", "F", "G"), concurrency=1).approve()
    for name, said in (("A", "no such file"), ("B", "no such host"), ("C", "no such file")):
        fails(scene, name, "script", summary=said)
    for name in ("D", "E", "F"):
        fails(scene, name, "script", summary="")
    assert scene.state.phase is Phase.RUNNING


def test_open_breakers_are_told_and_those_of_a_limit_that_was_only_close_no_longer_than_it_was():
    scene = Scene(plan("A", "B"), concurrency=2).approve()
    scene.start("A", "B")
    near = NoticeRaised(section="A", attempt=1, n=2, kind=NEAR_LIMIT, text="close", until=9000.0)
    scene.record([near], "agent")
    assert [one.why for one in breakers.open_ones(scene.state)] == ["close"]
    pass_time(scene, 10_000)
    scene.end("B", "failed", "role")
    assert breakers.open_ones(scene.state) == []


def test_a_clock_that_is_set_back_lengthens_no_wait_for_a_while():
    scene = Scene(plan("A", "B", "C", "D"), concurrency=1).approve()
    for name in ("A", "B", "C"):
        fails(scene, name, "overload")
    before = scene.state.breakers["simulated"].until
    scene.record([ClockJumped(step=-7200)], "clock")
    assert scene.state.breakers["simulated"].until == before - 7200
