"""Counted resources: nobody begins without what it claims, and everything is given back in the end."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from scene import Scene, plan

from orch_tui.core import rules
from orch_tui.core.commands import Cancel, Pause, Retry, Skip

DATABASE = {"database": 1}


def run(*names: str, there: Mapping[str, int], claims: Mapping[str, Mapping[str, int]], **more: object) -> Scene:
    return Scene(plan(*names, claims=claims), resources=there, **{"concurrency": 9, **more}).approve()


def why(scene: Scene, name: str) -> dict[str, str]:
    return dict(rules.why(scene.state, name, scene.now))


def test_two_that_claim_the_same_take_turns_and_others_run_beside_them():
    scene = run("A", "B", "C", there=DATABASE, claims={"A": DATABASE, "B": DATABASE})
    assert scene.statuses() == {"A": "running", "B": "ready", "C": "running"}
    assert why(scene, "B") == {"resources": "waits for database: A has it"}
    scene.start("A")
    scene.end("A")
    assert scene.statuses()["B"] == "ready", "its work is not merged yet"
    scene.commit("A")
    scene.merge("A")
    assert scene.statuses() == {"A": "done", "B": "running", "C": "running"}
    scene.finish("B", "C")
    assert scene.state.phase.value == "done"
    assert scene.state.taken == {"database": 0}


def test_of_what_there_are_several_as_many_run_as_fit():
    gpus = {name: {"gpu": amount} for name, amount in (("A", 1), ("B", 2), ("C", 1))}
    scene = run("A", "B", "C", there={"gpu": 2}, claims=gpus)
    assert scene.statuses() == {"A": "running", "B": "ready", "C": "ready"}
    assert why(scene, "B") == {"resources": "waits for gpu: A has 1 of 2"}
    assert why(scene, "C") == {"resources": "waits for gpu: B is next"}, "who claims much is not passed for ever"
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "running", "C": "ready"}


def test_who_lacks_one_thing_holds_nothing_of_another():
    claims = {"A": DATABASE, "B": {"database": 1, "gpu": 1}, "C": {"gpu": 1}}
    scene = run("A", "B", "C", there={"database": 1, "gpu": 1}, claims=claims)
    assert scene.statuses() == {"A": "running", "B": "ready", "C": "running"}


def test_the_longest_chain_goes_first_whatever_it_claims():
    scene = run("A", "B", "C<-B", there=DATABASE, claims={"A": DATABASE, "B": DATABASE}, concurrency=1)
    assert scene.statuses() == {"A": "ready", "B": "running", "C": "waiting"}


def test_a_section_that_waits_for_another_try_gives_back_what_it_had():
    scene = run("A", "B", there=DATABASE, claims={"A": DATABASE, "B": DATABASE})
    scene.start("A")
    scene.end("A", "failed", "crash")
    assert scene.statuses() == {"A": "parked", "B": "running"}


def test_what_is_skipped_while_it_is_ready_is_waited_for_no_more():
    scene = run("A", "B", "C", there=DATABASE, claims=dict.fromkeys("ABC", DATABASE))
    scene.when(Skip(section="B"))
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "skipped", "C": "running"}


def test_a_paused_holder_needs_a_person_when_all_others_wait_for_it():
    scene = run("A", "B", there=DATABASE, claims={"A": DATABASE, "B": DATABASE})
    assert not rules.needs_human(scene.state)
    scene.when(Pause(section="A"))
    assert rules.needs_human(scene.state)


def test_another_edition_may_count_otherwise_while_sections_run():
    claims = dict.fromkeys("AB", DATABASE)
    scene = run("A", "B", "C", there=DATABASE, claims=claims)
    scene.revise(plan("A", "B", "C", claims={"A": DATABASE}, sha="q"))
    scene.when(scene.seen())
    assert scene.statuses() == {"A": "running", "B": "running", "C": "running"}
    scene.finish("A", "B", "C")
    assert not any(scene.state.taken.values())


AMOUNTS = st.fixed_dictionaries({}, optional={"gpu": st.integers(1, 3), "database": st.just(1)})


@settings(max_examples=80, deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys("ABCDEF", AMOUNTS)),
    st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(0, 5)), max_size=30),
)
def test_no_more_is_ever_taken_than_there_is(claims: dict[str, dict[str, int]], steps: list[tuple[str, int]]):
    there = {"gpu": 3, "database": 1}
    scene = run("A", "B", "C<-A", "D", "E", "F<-B", there=there, claims=claims, concurrency=4)
    for name, what in [*steps, ("A", 6)]:
        live = name in scene.state.live
        match what:
            case 0 if live:
                scene.finish(name)
            case 1 if live:
                scene.start(name)
                scene.end(name, "failed", "crash")
            case 2:
                scene.when(Skip(section=name))
            case 3:
                scene.when(Retry(section=name))
            case 4:
                scene.now += 1000
                scene.record([], "clock")
            case 6:
                scene.when(Cancel())
                for one in list(scene.state.live):
                    scene.end(one, "interrupted", "interrupted")
            case _:
                pass
        state = scene.state
        held = [claims[one] for one in state.running]
        for resource, most in there.items():
            assert state.taken.get(resource, 0) == sum(one.get(resource, 0) for one in held) <= most
        queued = [key for queue in (state.ready, *state.queues.values()) for key in queue]
        assert {key[-1] for key in queued} == {n for n, s in state.sections.items() if s.status.value == "ready"}
    assert not any(scene.state.taken.values())
