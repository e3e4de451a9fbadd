"""What is foreseen of merging, before it is done: by the files that sections name, and by what git says of branches."""

from __future__ import annotations

from dataclasses import replace

from scene import Scene, plan

from orch_tui.client.views import details
from orch_tui.core import forecast, rules
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.commands import Answer, MendPlan
from orch_tui.core.work_events import ConflictForeseen, MergeIntended
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.edits import Assign
from orch_tui.plan.model import Hints

LOOKED_AT = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "look"}),
        "look": ApprovalPhase(ask="Well?", to={"success": "merge"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def naming(*sections: str, workflows: tuple[Workflow, ...] = (), **files: str):
    """A plan whose sections name files."""
    read = plan(*sections, workflows=workflows)
    named = {name: Hints(files=tuple(words.split())) for name, words in files.items()}
    return replace(read, sections=tuple(replace(one, hints=named.get(one.id, one.hints)) for one in read.sections))


def begun(scene: Scene) -> list[str]:
    """Sections in the order in which they began."""
    return [one.section for one in scene.of(AttemptIntended) if isinstance(one, AttemptIntended)]


def left(scene: Scene, name: str, *files: str) -> None:
    """A section's work is committed."""
    scene.start(name)
    scene.end(name)
    scene.commit(name, files=files, file_count=len(files))


def test_a_section_that_names_a_file_of_one_under_way_lets_others_go_first():
    scene = Scene(naming("A", "B", "C", "D", A="x.py y.py", B="y.py", C="z.py"), concurrency=2).approve()
    assert begun(scene) == ["A", "C"]
    told = dict(rules.why(scene.state, "B", 0))
    assert told["forecast"] == "others go first: A, which is under way, changes y.py too"
    scene.finish("C")
    assert begun(scene) == ["A", "C", "D"]


def test_no_slot_stays_empty_for_a_forecast():
    scene = Scene(naming("A", "B", "C", A="x.py", B="x.py", C="x.py"), concurrency=2).approve()
    assert begun(scene) == ["A", "B"]
    assert list(forecast.told(scene.state, scene.state.sections["B"])) == ["A changes x.py too"]
    fields = [field.value for field in details(scene.state, "B", 0) if field.label == "forecast"]
    assert fields == ["A changes x.py too"]


def test_who_was_put_off_waits_for_nobody_that_begins_later():
    scene = Scene(naming("A", "B", "C", "D", A="x.py", B="x.py y.py", C="y.py"), concurrency=2).approve()
    assert begun(scene) == ["A", "D"], "C would keep B off when A is done"
    scene.finish("A")
    assert begun(scene) == ["A", "D", "B"]


def test_what_a_person_gives_priority_to_is_not_put_off():
    scene = Scene(naming("A", "B", "C", A="x.py", B="x.py"), concurrency=2)
    for name, first in (("A", "2"), ("B", "1")):
        scene.when(MendPlan(edits=(Assign(section=name, what="priority", value=first),)))
    scene.approve()
    assert begun(scene) == ["A", "B"]


def test_of_many_under_way_those_that_began_last_are_looked_at():
    names = [f"S{number}" for number in range(forecast.MOST_UNDER_WAY + 2)]
    scene = Scene(naming(*names, **dict.fromkeys(names, "x.py")), concurrency=len(names)).approve()
    found = [one.section for one in forecast.expected(scene.state, scene.state.sections["S0"])]
    assert found == names[:1:-1]


def test_folders_and_patterns_hold_files_but_not_one_at_the_top():
    assert forecast.common(["src/app/a.py"], ["./src/app/"]) == ("src/app/a.py",)
    assert forecast.common(["src/app/"], ["src/app/a.py"]) == ("src/app/",)
    assert forecast.common(["src/*.py"], ["src/a.py"]) == ("src/*.py",)
    assert forecast.common(["src/a.py"], ["src/", "b.py"]) == ()


def test_what_was_changed_counts_more_than_what_was_named():
    scene = Scene(
        naming("A", "B", workflows=(LOOKED_AT,), A="x.py", B="x.py z.py"), workflow="local", concurrency=2
    ).approve()
    left(scene, "A", "z.py")
    assert list(forecast.told(scene.state, scene.state.sections["B"])) == ["A changes z.py too"]


def test_work_is_compared_with_what_waits_and_what_was_merged_since_it_began_where_they_share_a_file():
    scene = Scene(plan("A", "B", "C", "D", "E", workflows=(LOOKED_AT,)), workflow="minimal", concurrency=5).approve()
    for name in "ABC":
        left(scene, name, f"{name}.py", "same.py")
    scene.merge("A")
    section = scene.state.sections["D"]
    found = forecast.unseen(scene.state, section, section.attempts[0], ["same.py", "B.py"])
    assert [name for name, _ in found] == ["A", "B", "C"]
    found = forecast.unseen(scene.state, section, section.attempts[0], ["B.py"])
    assert [name for name, _ in found] == ["B"]
    scene.start("E")
    scene.end("E", "failed", "crash")
    scene.now += 1000
    scene.record([], "clock")
    later = scene.state.sections["E"]
    assert [name for name, _ in forecast.unseen(scene.state, later, later.attempts[1], ["A.py"])] == []


def test_what_git_foresees_is_told_until_the_section_is_merged_or_worked_on_again():
    scene = Scene(plan("A", "B", workflows=(LOOKED_AT,)), workflow="local", concurrency=2).approve()
    left(scene, "A", "x.py")
    scene.record([ConflictForeseen(section="A", attempt=1, others=("B",), files=("x.py",))], "commit")
    told = list(forecast.told(scene.state, scene.state.sections["A"]))
    assert told == ["conflicts with B in x.py, says git"]
    scene.when(Answer(request_id=next(iter(scene.state.asks)), choice="success", text=""))
    assert scene.of(MergeIntended)
    scene.merge("A")
    assert list(forecast.told(scene.state, scene.state.sections["A"])) == []


def test_a_chain_is_as_long_as_its_estimates_say():
    read = plan("A", "B", "C", "D<-C", "E<-D", "F<-B")
    said = {"B": "2 days", "F": "2 days", "C": "1h", "D": "1h", "E": "1h"}
    entries = tuple(replace(one, hints=Hints(estimate=said.get(one.id, ""))) for one in read.sections)
    scene = Scene(replace(read, sections=entries), concurrency=1).approve()
    assert [scene.state.sections[name].height for name in "BCF"] == [1920, 180, 960]
    assert begun(scene) == ["B"]


def test_of_those_that_wait_for_their_merge_the_one_with_the_longest_chain_behind_it_goes_first():
    scene = Scene(plan("A", "B", "C", "D<-C", "E<-D"), concurrency=3).approve()
    for name in "ABC":
        left(scene, name, f"{name}.py")
    assert scene.state.merging == "A", "nobody else waited when it was its turn"
    scene.merge("A")
    assert scene.state.merging == "C"
    scene.merge("C")
    assert scene.state.merging == "B"
