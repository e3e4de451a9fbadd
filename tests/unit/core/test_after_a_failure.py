"""What follows from a failure, row by row of the table: what counts, when it is tried again, who is asked."""

from __future__ import annotations

import pytest
from scene import Scene, plan

from orch_tui.core import policy, rules
from orch_tui.core.attempt_events import AgentStarted, AttemptIntended, AttemptLost
from orch_tui.core.commands import Resume, Retry, Stop
from orch_tui.core.state import AttemptState, SectionState


def fails(scene: Scene, failure: str, name: str = "A", **more: object) -> SectionState:
    """The agent of a section comes up and fails like this."""
    scene.start(name)
    scene.end(name, "failed", failure, **more)
    return scene.state.sections[name]


def again(scene: Scene, name: str = "A") -> None:
    """Time passes until the section is tried again."""
    scene.now = max(scene.now, scene.state.sections[name].until, rules.next_wake(scene.state) or 0.0)
    scene.record([], "time")


def up(scene: Scene, name: str = "A", *, resumable: bool = True) -> AttemptState:
    """The session of a section is up."""
    scene.start(name)
    last = scene.state.sections[name].attempts[-1]
    said = AgentStarted(
        section=name, attempt=last.number, n=1, session_id=last.session_id, model="m", resumable=resumable
    )
    scene.record([said], "agent")
    return last


def intents(scene: Scene) -> list[tuple[int, int, bool]]:
    """Of each attempt: whose session it goes on with, in whose tree it works, whether its session id is new."""
    seen: set[str] = set()
    found: list[tuple[int, int, bool]] = []
    for event in scene.of(AttemptIntended):
        assert isinstance(event, AttemptIntended)
        found.append((event.resumes, event.tree, event.session_id not in seen))
        seen.add(event.session_id)
    return found


def test_a_usage_limit_parks_until_its_reset_and_does_not_count():
    scene = Scene(plan("A")).approve()
    section = fails(scene, "usage-limit", until=5000.0)
    assert 5060.0 <= section.until <= 5180.0, "a minute of margin, and sections spread over two"
    assert section.tries == 0
    assert rules.next_wake(scene.state) == section.until


def test_what_spreads_sections_is_the_same_after_a_crash_and_differs_between_them():
    scenes = [Scene(plan("A", "B")).approve() for _ in range(2)]
    for scene in scenes:
        fails(scene, "usage-limit", "A", until=5000.0)
        fails(scene, "usage-limit", "B", until=5000.0)
    first, second = [(one.state.sections["A"].until, one.state.sections["B"].until) for one in scenes]
    assert first == second
    assert first[0] != first[1]


def test_a_limit_that_holds_on_after_its_reset_is_tried_later_and_later_until_a_person_is_told():
    scene = Scene(plan("A")).approve()
    fails(scene, "usage-limit", until=5000.0)
    waits: list[float] = []
    for _ in range(4):
        again(scene)
        section = fails(scene, "usage-limit", until=5000.0)
        waits.append(section.until - scene.now)
    for wait, least in zip(waits, policy.LATE, strict=True):
        assert least <= wait <= least + policy.LIMIT_SPREAD
    again(scene)
    section = fails(scene, "usage-limit", until=5000.0)
    assert (section.attention, section.tries) == ("usage limit", 0)


def test_a_reset_that_is_far_off_is_not_waited_for_longer_than_eight_days():
    scene = Scene(plan("A")).approve()
    section = fails(scene, "usage-limit", until=scene.now + 90 * 86_400)
    assert section.until - scene.now <= policy.LIMIT_MOST + policy.LIMIT_SPREAD


@pytest.mark.parametrize("failure", ["overload", "network", "rate-limit"])
def test_an_outage_is_waited_for_longer_and_longer_and_never_counts(failure: str):
    scene = Scene(plan("A")).approve()
    for number in range(policy.OUTAGE_TRIES):
        section = fails(scene, failure)
        if section.attention:
            break
        most = min(policy.OUTAGE_MOST, policy.OUTAGE_FIRST * 2**number)
        assert policy.OUTAGE_LEAST <= section.until - scene.now <= most
        again(scene)
    else:
        section = fails(scene, failure)
    assert (section.attention, section.tries) == ("service unavailable", 0)


def test_an_outage_is_put_before_a_person_after_six_hours_however_few_its_tries():
    scene = Scene(plan("A")).approve()
    fails(scene, "overload")
    scene.now += policy.OUTAGE_HORIZON
    again(scene)
    assert fails(scene, "overload").attention == "service unavailable"


def test_work_between_two_outages_begins_the_row_anew():
    scene = Scene(plan("A"), max_attempts=9).approve()
    fails(scene, "overload")
    scene.now += policy.OUTAGE_HORIZON
    again(scene)
    fails(scene, "crash")
    again(scene)
    assert fails(scene, "overload").attention == ""


@pytest.mark.parametrize(
    ("failure", "what"),
    [("auth", "login needed"), ("billing", "billing"), ("unavailable", "agent unavailable"), ("blocked", "blocked")],
)
def test_where_only_a_person_can_help_one_is_asked_at_once_and_nothing_counts(failure: str, what: str):
    scene = Scene(plan("A")).approve()
    section = fails(scene, failure)
    assert (section.attention, section.tries) == (what, 0)


def test_a_prompt_that_is_too_long_is_begun_anew_once_and_then_given_up():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.end("A", "failed", "context")
    assert intents(scene)[-1] == (0, 1, True), "a session of its own, in the same worktree, at once"
    up(scene)
    scene.end("A", "failed", "context")
    assert scene.statuses() == {"A": "failed"}
    assert "split it" in scene.state.sections["A"].detail


def test_a_session_that_never_starts_is_tried_three_times_uncounted():
    scene = Scene(plan("A")).approve()
    for _ in range(2):
        section = fails(scene, "startup")
        assert section.until - scene.now == 5.0
        again(scene)
    section = fails(scene, "startup")
    assert (section.attention, section.tries) == ("does not start", 0)


def test_a_crash_is_gone_on_with_once_and_then_begun_anew():
    scene = Scene(plan("A"), max_attempts=3).approve()
    for _ in range(3):
        up(scene)
        scene.end("A", "failed", "crash")
        again(scene)
    assert intents(scene) == [(0, 0, True), (1, 1, False), (0, 1, True)]
    assert scene.statuses() == {"A": "failed"}, "all three count"


def test_a_lost_session_is_gone_on_with_twice_in_its_own_worktree():
    scene = Scene(plan("A"), max_attempts=4).approve()
    for _ in range(3):
        last = up(scene)
        lost = AttemptLost(section="A", attempt=last.number, why="host gone", swept=0, counted=True)
        scene.record([lost], "host gone")
        again(scene)
    assert intents(scene) == [(0, 0, True), (1, 1, False), (2, 1, False), (0, 1, True)]


def test_an_outage_has_its_session_gone_on_with_however_long_it_lasts():
    scene = Scene(plan("A")).approve()
    for _ in range(6):
        up(scene)
        scene.end("A", "failed", "overload")
        again(scene)
    assert [one[0] for one in intents(scene)] == [0, 1, 2, 3, 4, 5, 6]


def test_an_agent_that_cannot_be_resumed_begins_in_a_worktree_of_its_own():
    scene = Scene(plan("A")).approve()
    up(scene, resumable=False)
    scene.end("A", "failed", "crash")
    again(scene)
    assert intents(scene) == [(0, 0, True), (0, 0, True)]


def test_a_runner_that_dies_before_the_session_is_resumed_resumes_it_all_the_same():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.end("A", "failed", "overload")
    again(scene)
    unborn = AttemptLost(section="A", attempt=2, why="the runner ended", swept=0, counted=False)
    scene.record([unborn], "recovery")
    assert intents(scene) == [(0, 0, True), (1, 1, False), (1, 1, False)]


def test_a_session_that_cannot_be_gone_on_with_is_followed_by_one_of_its_own():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.end("A", "failed", "overload")
    again(scene)
    unfit = AttemptLost(section="A", attempt=2, why="its worktree changed", swept=0, counted=False, begin=True)
    scene.record([unfit], "start")
    assert intents(scene)[-1] == (0, 1, True)


def test_an_unknown_session_is_followed_by_one_of_its_own_uncounted():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.end("A", "failed", "overload")
    again(scene)
    section = fails(scene, "session")
    again(scene)
    assert intents(scene) == [(0, 0, True), (1, 1, False), (0, 1, True)]
    assert section.tries == 0


def test_a_stopped_run_goes_on_with_the_sessions_it_had():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    scene.when(Resume())
    assert intents(scene) == [(0, 0, True), (1, 1, False)]


def test_what_a_person_wants_done_again_begins_from_nothing():
    scene = Scene(plan("A"), max_attempts=1).approve()
    up(scene)
    scene.end("A", "failed", "agent")
    scene.when(Retry(section="A"))
    assert intents(scene) == [(0, 0, True), (0, 0, True)]


def test_after_a_login_the_session_that_lacked_it_is_gone_on_with():
    scene = Scene(plan("A")).approve()
    up(scene)
    scene.end("A", "failed", "auth")
    scene.when(Retry(section="A"))
    assert intents(scene) == [(0, 0, True), (1, 1, False)]


def test_a_section_that_fails_in_the_same_way_after_doing_the_same_waits_for_a_person():
    scene = Scene(plan("A"), max_attempts=9).approve()
    fails(scene, "agent", message="2 tests fail after 3.1 s", did="d1")
    again(scene)
    fails(scene, "agent", message="2 tests fail after 4.7 s", did="d2")
    assert scene.statuses()["A"] == "parked", "it did something else"
    again(scene)
    section = fails(scene, "agent", message="2 tests fail after 5.0 s", did="d2")
    assert section.attention == "stuck"


def test_however_many_phases_there_are_a_section_fails_only_so_often_before_a_person_looks():
    scene = Scene(plan("A"), max_attempts=3).approve()
    section = scene.state.sections["A"]
    for _ in range(5):
        fails(scene, "crash")
        section.tries = 1  # as another visit has it
        again(scene)
    section = fails(scene, "crash")
    assert section.attention == "given up"
    scene.when(Retry(section="A"))
    assert fails(scene, "crash").attention == ""


def test_a_success_that_used_no_tool_and_changed_nothing_is_asked_for_once_more():
    scene = Scene(plan("A"), max_attempts=3).approve()
    for _ in range(2):
        scene.start("A")
        scene.end("A", tools=0)
        scene.commit("A", files=(), file_count=0)
        again(scene)
    first, second = scene.state.sections["A"].attempts
    assert (first.failure, second.failure) == ("no-work", ""), "then its workflow says what follows"
    assert first.counted


def test_a_success_that_looked_around_and_changed_nothing_is_one():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A", tools=3)
    scene.commit("A", files=(), file_count=0)
    assert scene.state.sections["A"].attempts[0].failure == ""


def test_a_prompt_that_is_too_long_is_begun_anew_within_the_limit_of_attempts_only():
    scene = Scene(plan("A")).approve()
    for _ in range(2):
        fails(scene, "lost")
        again(scene)
    section = fails(scene, "context")
    assert section.status.value == "failed"
    assert section.detail == "3 attempts, the last: context"
