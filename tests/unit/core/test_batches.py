"""Sections that wait for their merge are proven together; what is red is halved until the one to blame is alone."""

from __future__ import annotations

from collections.abc import Collection

from scene import Scene, plan

from orch_tui.core import rules
from orch_tui.core.attempt_events import AttemptIntended, AttemptLost
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Pause, Skip, Undo
from orch_tui.core.section_events import SectionNeedsAttention
from orch_tui.core.state import State
from orch_tui.core.work_events import MergeComputed, MergeIntended, WorkCommitted, WorkMerged, WorkUndone
from orch_tui.engine.batching import all_merged, with_riders
from orch_tui.flow.workflow import AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.git.merge import Candidate
from orch_tui.git.three_way import Conflict

FLOW = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "merge"}, max_visits=3),
        "merge": ScriptPhase(do="merge", verify=True, to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def waiting(sections: str, *, batch: int = 8, **settings: object) -> Scene:
    """All these sections wait behind Z, which is merged alone; then it is their turn."""
    names = ["Z", *sections]
    scene = Scene(
        plan(*names, workflows=[FLOW]), workflow="local", merge_batch=batch, concurrency=len(names), **settings
    ).approve()
    for name in names:
        scene.start(name)
        scene.end(name)
        scene.commit(name, commit=f"work {name}")
    assert members(scene) == "Z"
    scene.merge("Z")
    return scene


def members(scene: Scene) -> str:
    """Who is being merged."""
    return "".join((scene.state.merging, *scene.state.batch.riders))


def compute(scene: Scene, conflicting: str = "") -> None:
    """What merging them comes to is worked out; the work of some conflicts with what is before it."""
    lead = scene.state.sections[scene.state.merging]
    computed = MergeComputed(section=lead.id, attempt=len(lead.attempts), commit=f"merge {lead.id}", onto="o")

    def merging(section: object, onto: str) -> Candidate | Conflict:
        name = section.id  # type: ignore[attr-defined]
        return (
            Conflict(files=("f",))
            if name in conflicting
            else Candidate(commit=f"{onto}{name}", onto=onto, forward=False)
        )

    scene.record([with_riders(scene.state, computed, merging)], "merge")


def prove(scene: Scene, guilty: Collection[str] = ()) -> str:
    """Compute, and run the checks on the result: red with a guilty one in it, else all are merged. Who was in it."""
    if scene.state.merging not in scene.state.live:
        compute(scene)
    tried, lead = members(scene), scene.state.merging
    scene.start(lead)
    if set(guilty) & set(tried):
        scene.end(lead, "failed", "script", message="block 1 ended with code 1", summary="2 of 5 fail", exit_code=1)
    else:
        scene.end(lead)
        move(scene)
    return tried


def move(scene: Scene) -> None:
    """The integration branch is moved to what was proven."""
    section = scene.state.sections[scene.state.merging]
    merged = WorkMerged(section=section.id, attempt=len(section.attempts), commit=section.candidate)
    scene.record(all_merged(scene.state, merged), "merge")


def test_one_proof_is_run_for_all_who_wait_and_each_is_merged_by_itself():
    scene = waiting("ABCD")
    assert prove(scene) == "ABCD"
    assert set(scene.statuses().values()) == {"done"}
    merged = {one.section: one.commit for one in scene.of(WorkMerged) if isinstance(one, WorkMerged)}
    assert merged == {"Z": "m", "A": "merge A", "B": "merge AB", "C": "merge ABC", "D": "merge ABCD"}
    proofs = [one.section for one in scene.of(AttemptIntended) if isinstance(one, AttemptIntended) and one.proves]
    assert proofs == ["A"]
    assert scene.state.sections["D"].visits["merge"] == 1


def test_without_the_setting_everybody_is_merged_alone():
    scene = waiting("AB", batch=1)
    assert prove(scene) == "A"
    assert prove(scene) == "B"


def test_a_batch_is_as_large_as_the_setting_says():
    scene = waiting("ABCDE", batch=3)
    assert [prove(scene), prove(scene)] == ["ABC", "DE"]


def test_a_batch_that_is_red_is_halved_until_the_one_to_blame_is_alone():
    scene = waiting("ABCDEFGH")
    tried = [prove(scene, "F")]
    while scene.state.merging:
        tried.append(prove(scene, "F"))
    assert tried == ["ABCDEFGH", "ABCD", "EF", "E", "F", "GH"]
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert (told.section, told.what) == ("F", "merged with orch/run it is red")
    assert "2 of 5 fail" in told.detail
    assert [name for name, word in scene.statuses().items() if word != "done"] == ["F"]


def test_two_who_are_to_blame_are_both_found():
    scene = waiting("ABCD")
    tried = [prove(scene, "AD")]
    while scene.state.merging:
        tried.append(prove(scene, "AD"))
    assert tried == ["ABCD", "AB", "A", "BCD", "B", "C", "D"]
    told = [one.section for one in scene.of(SectionNeedsAttention) if isinstance(one, SectionNeedsAttention)]
    assert told == ["A", "D"]


def test_who_conflicts_with_those_before_it_stays_behind_and_takes_its_turn_alone():
    scene = waiting("ABC")
    compute(scene, conflicting="B")
    assert members(scene) == "AC"
    scene.start("A")
    scene.end("A")
    move(scene)
    assert scene.state.merging == "B"
    assert scene.statuses()["C"] == "done"


def test_who_is_held_or_skipped_while_the_batch_is_proven_is_not_merged_with_it():
    scene = waiting("ABCD")
    compute(scene)
    assert dict(rules.why(scene.state, "B", 0))["running"] == "is being merged together with A"
    scene.start("A")
    scene.when(Skip(section="B"))
    scene.when(Pause(section="C"))
    scene.end("A")
    assert members(scene) == "AD"
    intent = scene.of(MergeIntended)[-1]
    assert isinstance(intent, MergeIntended)
    assert intent.riders == ("D",)
    assert not scene.state.sections["A"].candidate, "what was proven held their work"
    assert prove(scene) == "AD"
    assert scene.statuses() == {"Z": "done", "A": "done", "B": "skipped", "C": "paused", "D": "done"}


def test_a_batch_that_is_red_is_halved_only_after_an_undo_that_is_under_way():
    scene = waiting("AB")
    compute(scene)
    scene.start("A")
    scene.when(Undo(section="Z"))
    scene.end("A", "failed", "script", message="block 1 ended with code 1", exit_code=1)
    assert members(scene) == "AB"
    assert "A" in scene.state.unjudged
    scene.record([WorkUndone(section="Z", attempt=1, commit="u")], "undo")
    assert members(scene) == "A"
    assert scene.state.batch.suspects == ("A", "B")


def test_a_lost_host_costs_the_batch_nothing_but_another_proof():
    scene = waiting("AB")
    compute(scene)
    scene.start("A")
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=1, counted=True)], "host gone")
    assert scene.state.merging == "B", "the next one takes its turn"
    prove(scene)
    scene.now += 60
    scene.record([], "time")
    prove(scene)
    assert scene.statuses() == {"Z": "done", "A": "done", "B": "done"}


def test_a_snapshot_knows_who_is_merged_together_and_who_is_suspected():
    scene = waiting("ABCD")
    prove(scene, "C")
    compute(scene)
    again = decode_state(encode_state(scene.state))
    assert isinstance(again, State)
    assert again.batch == scene.state.batch
    assert again.batch.suspects == ("A", "B", "C", "D")


def test_who_is_merged_at_a_kill_before_the_others_are_told_is_merged_and_the_others_take_their_turn():
    scene = waiting("AB")
    compute(scene)
    scene.start("A")
    scene.end("A")
    section = scene.state.sections["A"]
    merged = WorkMerged(section="A", attempt=len(section.attempts), commit=section.candidate)
    scene.record(all_merged(scene.state, merged)[:1], "merge")
    assert scene.statuses()["A"] == "done"
    assert members(scene) == "B"


def test_who_waits_with_a_longer_chain_behind_it_waits_until_no_suspect_is_left():
    names = ["Z", "A", "B", "E", "F<-E"]
    scene = Scene(plan(*names, workflows=[FLOW]), workflow="local", merge_batch=8, concurrency=5).approve()
    for name in "ZABE":
        scene.start(name)
    for name in "ZAB":
        scene.end(name)
        scene.commit(name, commit=f"work {name}")
    scene.merge("Z")
    assert prove(scene, "B") == "AB"
    scene.end("E")
    scene.commit("E", commit="work E")
    assert [prove(scene, "B"), prove(scene, "B"), prove(scene, "B")] == ["A", "B", "E"]


def test_who_left_nothing_is_proven_together_with_nobody():
    """The work of both was committed when the runner was killed, and the next one finds both before their merge."""
    scene = Scene(plan("A", "B", workflows=[FLOW]), workflow="local", merge_batch=8, concurrency=2).approve()
    for name in "AB":
        scene.start(name)
        scene.end(name)
    nothing = WorkCommitted(section="B", attempt=1, commit="c", files=(), file_count=0, insertions=0, deletions=0)
    some = WorkCommitted(section="A", attempt=1, commit="c", files=("f",), file_count=1, insertions=1, deletions=0)
    scene.record([nothing, some], "commit")
    assert members(scene) == "A"
    assert scene.statuses()["B"] == "attention"


def test_what_was_red_because_of_others_is_no_try_of_who_led_the_batch():
    scene = waiting("ABCD")
    assert [prove(scene, "B"), prove(scene, "B")] == ["ABCD", "AB"]
    compute(scene)
    assert members(scene) == "A"
    scene.start("A")
    lost = AttemptLost(
        section="A", attempt=len(scene.state.sections["A"].attempts), why="killed", swept=1, counted=True
    )
    scene.record([lost], "host gone")
    assert scene.statuses()["A"] == "parked", "three tries are allowed, and this was the first"


def test_who_is_held_before_it_is_worked_out_what_merging_comes_to_stays_behind():
    scene = waiting("ABC")
    scene.when(Pause(section="B"))
    compute(scene)
    assert members(scene) == "AC"
    assert prove(scene) == "AC"
    assert scene.statuses()["B"] == "paused"
