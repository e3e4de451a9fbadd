"""The agent of a phase comes before that of the section, the plan and the settings, and it is told who chose it."""

from dataclasses import replace

import pytest
from scene import Scene, plan
from test_phases import LOCAL, begun, flow, implement

from orch_tui.client import views
from orch_tui.core.commands import MendPlan
from orch_tui.engine.publish import Publisher
from orch_tui.flow.workflow import AgentPhase
from orch_tui.plan.edits import Assign
from orch_tui.store.layout import run_dir


def agent(scene: Scene, name: str = "A") -> str:
    return next(field.value for field in views.details(scene.state, name, scene.now) if field.label == "agent")


def test_a_phase_that_names_an_agent_says_so():
    scene = begun("A", workflow=flow(look=AgentPhase(agent="script", to={"success": "done"})))
    assert scene.state.sections["A"].attempts[0].agent == "script"
    assert agent(scene) == "script (phase look)"


def test_a_section_that_names_its_agent_says_so():
    read = plan("A", "B")
    named = replace(read.sections[0], agent="script", hints=replace(read.sections[0].hints, agent="script"))
    scene = Scene(replace(read, sections=(named, read.sections[1]), agent_from="plan")).approve()
    assert agent(scene) == "script (section)"
    assert agent(scene, "B") == "simulated (plan)"


def test_a_mend_that_chose_the_agent_says_so():
    scene = Scene(plan("A"))
    scene.when(MendPlan(edits=(Assign(section="A", what="agent", value="script"),)))
    assert agent(scene.approve()) == "script (mend)"


def test_nobody_chose_the_program_that_runs_the_checks():
    scene = begun("A")
    implement(scene)
    assert agent(scene) == "script"


@pytest.mark.parametrize(
    ("what", "value", "words"),
    [
        ("workflow", "lcal", "there is no workflow 'lcal'; known: local"),
        ("agent", "nobody", "there is no agent 'nobody'; known: simulated, script"),
    ],
)
def test_a_mend_that_assigns_what_there_is_none_of_is_refused_with_what_there_is(what, value, words):
    scene = Scene(plan("A", workflows=[LOCAL]))
    assert words in scene.refused(MendPlan(edits=(Assign(section="A", what=what, value=value),)))
    scene.when(MendPlan(edits=(Assign(section="A", what="workflow", value="local"),)))
    assert scene.state.sections["A"].workflow == "local"


def test_what_is_published_follows_a_section_into_a_phase_without_an_attempt(tmp_path):
    run = run_dir(tmp_path, "run")
    run.path.mkdir(parents=True)
    publisher = Publisher(run)
    scene = begun("A")
    implement(scene)
    scene.start("A")
    publisher.write_status(scene.state, 1.0)
    assert '"phase": "verify"' in run.status.read_text()
    scene.end("A", named="none")
    publisher.write_status(scene.state, 2.0)
    assert '"phase": "review"' in run.status.read_text()
