"""A section whose work conflicts is done again on top of what was merged, and knows what it had done."""

from __future__ import annotations

from scene import Scene, plan

from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.briefing import Template, begun_anew, write_brief
from orch_tui.core.commands import Retry
from orch_tui.core.plan_text import PlanText
from orch_tui.core.section_events import SectionNeedsAttention
from orch_tui.flow.workflow import SETUP, AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.worktree_settings import WorktreeSettings

AGAIN = AgentPhase(anew=True, max_visits=2, to={"success": "merge"})
FLOW = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "merge"}),
        "merge": ScriptPhase(do="merge", to={"success": "done", "conflict": "again"}),
        "again": AGAIN,
        "done": TerminalPhase(),
    },
)


def in_conflict(**settings: object) -> Scene:
    """A's work conflicts with what was merged."""
    scene = Scene(plan("A", workflows=[FLOW]), workflow="local", **settings).approve()
    if "worktree" in settings:
        work(scene, leaves=False)
    work(scene)
    scene.conflict("A")
    return scene


def work(scene: Scene, *, leaves: bool = True) -> None:
    """The attempt under way at A succeeds."""
    scene.start("A")
    scene.end("A")
    if leaves:
        scene.commit("A")


def intents(scene: Scene) -> list[tuple[str, int]]:
    """The phase of each attempt, and the attempt in whose worktree."""
    return [(one.phase, one.tree) for one in scene.of(AttemptIntended) if isinstance(one, AttemptIntended)]


def test_it_begins_in_a_worktree_of_its_own_and_what_it_leaves_there_is_merged():
    scene = in_conflict()
    assert intents(scene) == [("implement", 0), ("again", 0)]
    work(scene)
    section = scene.state.sections["A"]
    assert (scene.state.merging, section.tree) == ("A", 2)
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}


def test_each_try_begins_anew_and_until_one_succeeds_the_earlier_work_stays():
    scene = in_conflict()
    scene.start("A")
    scene.end("A", "failed", "crash")
    assert scene.state.sections["A"].tree == 1
    scene.now += 1000
    scene.record([], "clock")
    assert intents(scene)[1:] == [("again", 0), ("again", 0)]
    work(scene)
    assert scene.state.sections["A"].tree == 3


def test_it_conflicts_as_often_as_its_workflow_says_and_then_needs_a_person():
    scene = in_conflict()
    for _ in range(2):
        work(scene)
        scene.conflict("A")
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert told.what == "merging came to 'conflict' again"
    scene.when(Retry(section="A", phase="merge"))
    assert scene.state.merging == "A"


def test_its_new_worktree_is_set_up_first():
    scene = in_conflict(worktree=WorktreeSettings(setup=("make deps",)))
    assert intents(scene) == [(SETUP, 0), ("implement", 1), (SETUP, 0)]
    work(scene, leaves=False)
    assert intents(scene)[3:] == [("again", 3)]
    work(scene)
    assert scene.state.sections["A"].tree == 3


def brief(scene: Scene, phase: AgentPhase, *, budget: int = 10_000) -> str:
    """What the agent of A is told now; the template shows what it had done."""
    section = scene.state.sections["A"]
    number = len(section.attempts)
    template = Template(text="{% if earlier %}{{ earlier.commit }}: {{ earlier.diff }}{% endif %}", name="again.md")
    earlier = begun_anew(section, phase, number, lambda base, commit: f"{base[:2]} to {commit}\n" + "+more\n" * 500)
    return write_brief(scene.state, section, PlanText("A\n"), template, attempt=number, budget=budget, earlier=earlier)


def test_its_brief_has_the_earlier_work_as_a_patch_within_the_budget():
    scene = in_conflict()
    assert brief(scene, AGAIN).startswith("c: 00 to c\n+more\n")
    short = brief(scene, AGAIN, budget=800)
    assert short.startswith("c: 00 to c\n+more\n")
    assert "the earlier work" in short.splitlines()[-1]
    assert len(short) < len(brief(scene, AGAIN))
    assert brief(scene, AgentPhase()) == ""
