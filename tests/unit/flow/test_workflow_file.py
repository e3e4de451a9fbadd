"""Workflow files: what they can say, and what is told of those that would let a section hang."""

from pathlib import Path

import pytest

from orch_tui.errors import ConfigError
from orch_tui.flow.workflow import (
    MINIMAL,
    AgentPhase,
    ApprovalPhase,
    PollPhase,
    ScriptPhase,
    TerminalPhase,
    Timeout,
    said_outcome,
)
from orch_tui.flow.workflow_file import check_workflow, read_workflow

BUNDLED = Path(__file__).parents[3] / "workflows"


def wrong(phases: str, *, start: str = "a") -> list[str]:
    """What is told of a file with these phases; they begin on line 4."""
    text = f"name: x\nstart: {start}\nphases:\n{phases}"
    return [error.line() for error in check_workflow(text, file="x.yaml", name="x")[1]]


@pytest.mark.parametrize("name", sorted(path.stem for path in BUNDLED.glob("*.yaml")))
def test_what_comes_with_the_program_is_right(name):
    workflow = read_workflow((BUNDLED / f"{name}.yaml").read_text(), file=name, name=name)
    assert workflow.description


def test_the_built_in_workflow_is_the_file_of_its_name():
    read = read_workflow((BUNDLED / "minimal.yaml").read_text(), file="minimal", name="minimal")
    assert (read, read.sha256) == (MINIMAL, MINIMAL.sha256)


def test_merging_proves_its_result_unless_it_says_otherwise():
    text = "name: x\nstart: a\nphases:\n  a: {type: agent, on_success: m}\n  d: {type: terminal}\n"
    for more, verify in (("", True), (", verify: false", False)):
        merging = f"  m: {{type: script, do: merge, on_success: d{more}}}\n"
        read = read_workflow(text + merging, file="x.yaml", name="x")
        assert read.phases["m"] == ScriptPhase(do="merge", verify=verify, to={"success": "d"})


def test_a_field_that_is_as_by_default_changes_no_hash():
    assert MINIMAL.sha256 == "fc25bb347d228cb3598902347ced46dcc0072d8d3a497c349d0401a6efa48422"


def test_everything_can_be_said():
    read = read_workflow(
        "name: all\ndescription: All of it.\nstart: build\nphases:\n"
        "  build: {type: agent, prompt: own.md, agent: claude, model: opus, effort: high, role: read-only,"
        " retries: 0, backoff: 5, timeout: {soft: 20m, idle: 90s, hard: 2h}, max_visits: 2,"
        " on_success: test, on_failure: stop}\n"
        "  test: {type: script, run: [make, test], codes: {3: flaky}, retries: 1, timeout: 1d,"
        " on_success: ask, on: {flaky: test, failure: build}, max_visits: 4}\n"
        "  ask: {type: approval, ask: 'Well?', choices: [yes, later], on: {'yes': wait, later: stop}}\n"
        "  wait: {type: poll, run: [./seen], interval: 30, codes: {2: closed}, on_success: stop, on: {closed: stop}}\n"
        "  stop: {type: terminal, outcome: attention, message: Look.}\n",
        file="all.yaml",
        name="all",
    )
    assert read.phases == {
        "build": AgentPhase(
            prompt="own.md",
            agent="claude",
            model="opus",
            effort="high",
            role="read-only",
            retries=0,
            backoff=5.0,
            timeout=Timeout(soft=1200.0, idle=90.0, hard=7200.0),
            max_visits=2,
            to={"success": "test", "failure": "stop"},
        ),
        "test": ScriptPhase(
            run=("make", "test"),
            codes={3: "flaky"},
            retries=1,
            timeout=Timeout(hard=86_400.0),
            max_visits=4,
            to={"success": "ask", "flaky": "test", "failure": "build"},
        ),
        "ask": ApprovalPhase(ask="Well?", choices=("yes", "later"), to={"yes": "wait", "later": "stop"}),
        "wait": PollPhase(
            run=("./seen",), interval=30.0, codes={2: "closed"}, to={"success": "stop", "closed": "stop"}
        ),
        "stop": TerminalPhase(outcome="attention", message="Look."),
    }


def test_an_outcome_that_leads_nowhere_leads_where_failure_does():
    read = read_workflow(
        "name: x\nstart: a\nphases:\n  a: {type: script, do: checks, on_success: z, on_failure: z}\n"
        "  z: {type: terminal}\n",
        file="x.yaml",
        name="x",
    )
    assert read.next("a", "none") == "z"
    assert read.next("z", "success") == ""


@pytest.mark.parametrize(
    ("phases", "told"),
    [
        (
            "  a: {type: agent, on_success: dnoe}\n  done: {type: terminal}",
            ["x.yaml:4: there is no phase 'dnoe' (did you mean 'done'?)", "x.yaml:5: nothing leads to phase 'done'"],
        ),
        (
            "  a: {type: agent, on_success: z}\n  b: {type: script, run: [x], on_success: z}\n  z: {type: terminal}",
            ["x.yaml:5: nothing leads to phase 'b'"],
        ),
        (
            "  a:\n    type: agent\n    on_success: b\n  b: {type: script, run: [x], on_success: a}",
            ["x.yaml:4: goes round for ever: a -> b -> a"],
        ),
        (
            "  a: {type: agent, on_success: z, on: {odd: z}}\n  z: {type: terminal}",
            ["x.yaml:4: phase 'a' never ends in 'odd' (it ends in success, failure, unproven)"],
        ),
        (
            "  a: {type: agent, on_failure: z}\n  z: {type: terminal}",
            ["x.yaml:4: phase 'a' does not say where 'success' leads"],
        ),
        ("  a: {type: terminal}", ["x.yaml:2: it starts with phase 'a', before there is any work"]),
        ("  a: {type: agnt}", ["x.yaml:4: the type of a phase cannot be 'agnt'"]),
        ("  a: {prompt: x}", ["x.yaml:4: phase 'a' has no 'type'"]),
        ("  a: {type: script, on_success: a}", ["x.yaml:4: phase 'a' needs either 'run' or 'do'"]),
        ("  a: {type: script, do: merge, codes: {1: x}}", ["x.yaml:4: phase 'a': 'codes' are those of 'run'"]),
        (
            "  a: {type: script, do: checks, verify: false}",
            ["x.yaml:4: phase 'a': 'verify' is about merging"],
        ),
        ("  a: {type: script, do: merge, verify: perhaps}", ["x.yaml:4: expected true or false, got 'perhaps'"]),
        (
            "  a: {type: agent, anew: true, merge_first: true}",
            ["x.yaml:4: phase 'a' has both 'anew' and 'merge_first: true' (keep one of them)"],
        ),
        (
            "  a: {type: agent, anew: true, role: read-only}",
            ["x.yaml:4: phase 'a' has both 'anew' and 'role: read-only' (keep one of them)"],
        ),
        ("  a: {type: script, run: make test}", ["x.yaml:4: expected a program and its arguments"]),
        ("  a: {type: script, run: []}", ["x.yaml:4: no program is named"]),
        (
            "  a: {type: script, run: [x,\n    '{{ brnch }}']}",
            ["x.yaml:5: 'brnch' is undefined (there are: run, plan, "],
        ),
        ("  a: {type: poll, run: [x, '{{ branch']}", ["x.yaml:4: unexpected end of template"]),
        (
            "  a: {type: script, run: [x, '{{ phases.b }}'], on_success: z}\n  z: {type: terminal}",
            ["x.yaml:4: there is no phase 'b'"],
        ),
        ("  a: {type: script, run: [x], codes: {0: x}}", ["x.yaml:4: expected a number from 1 to 255, got 0"]),
        ("  a: {type: poll, on_success: a}", ["x.yaml:4: phase 'a' needs 'run'"]),
        ("  a: {type: approval}", ["x.yaml:4: phase 'a' needs 'ask'"]),
        ("  a: {type: approval, ask: x, choices: [y]}", ["x.yaml:4: expected two or more different words"]),
        ("  a: {type: agent, timeout: soon}", ["x.yaml:4: expected a time up to 30 days, got 'soon'"]),
        ("  a: {type: agent, promt: x}", ["x.yaml:4: unknown setting 'promt' (did you mean 'prompt'?)"]),
        (
            "  a: {type: agent, outcomes: [ready, changes], on: {ready: z}}\n  z: {type: terminal}",
            ["x.yaml:4: phase 'a' does not say where 'changes' leads"],
        ),
        (
            "  a: {type: agent, outcomes: [ready, changes], on_success: z, on: {ready: z, changes: z}}\n"
            "  z: {type: terminal}",
            ["x.yaml:4: phase 'a' never ends in 'success' (it ends in ready, changes, failure, unproven)"],
        ),
        ("  a: {type: agent, outcomes: [ready, failure]}", ["x.yaml:4: phase 'a' ends in 'failure' by itself"]),
        ("  a: {type: agent, outcomes: [ready, unproven]}", ["x.yaml:4: phase 'a' ends in 'unproven' by itself"]),
        (
            "  a: {type: agent, role: read-only, on_success: z, on: {unproven: z}}\n  z: {type: terminal}",
            ["x.yaml:4: phase 'a' never ends in 'unproven' (it ends in success, failure)"],
        ),
        ("  a: {type: agent, role: admin}", ["x.yaml:4: a role cannot be 'admin'"]),
        ("  a: {type: agent, on_success: a, on: {success: a}}", ["x.yaml:4: 'success' leads to two phases"]),
        ("  a: {type: agent}\n  a: {type: agent}", ["x.yaml:5: there are two phases 'a'"]),
        ("  ../a: {type: agent}", ["x.yaml:4: '../a' is not a name"]),
        ("  [a]", ["x.yaml:4: expected phases as 'name: value'"]),
    ],
)
def test_what_would_not_work_is_told_with_its_line(phases, told):
    found = wrong(phases)
    assert len(found) == len(told)
    for line, words in zip(found, told, strict=True):
        assert line.startswith(words)


def test_a_prompt_that_is_missing_or_wrong_is_told_once_with_its_line():
    def prompt(name: str) -> tuple[str, str] | None:
        if name == "gone.md":
            raise ConfigError("there is no 'gone.md' in prompts", hint="there are: odd.md")
        return (name, "Do it.\n{{ sectoin.title }}") if name == "odd.md" else None

    text = (
        "name: x\nstart: a\nphases:\n  a: {type: agent, on_success: b}\n"
        "  b:\n    type: agent\n    on_success: c\n    prompt: gone.md\n"
        "  c: {type: agent, prompt: odd.md, on_success: d}\n"
        "  d: {type: agent, prompt: odd.md, on_success: z}\n  z: {type: terminal}\n"
    )
    missing, odd = check_workflow(text, file="x.yaml", name="x", prompt=prompt)[1]
    assert missing.line() == "x.yaml:8: phase 'b': there is no 'gone.md' in prompts (there are: odd.md)"
    assert odd.line().startswith("x.yaml:9: phase 'c': odd.md: 'sectoin' is undefined (there are: run, plan, section,")


def test_a_loop_may_be_gone_round_as_often_as_it_says():
    phases = "  a: {type: agent, on_success: b}\n  b: {type: script, run: [x], on_success: a, max_visits: 3}"
    assert wrong(phases) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.yaml:1: the file says nothing"),
        ("name: x\n", "x.yaml:1: 'start' is missing"),
        (
            "name: y\n",
            "x.yaml:1: the workflow 'y' stands in a file of another name (name it 'x', or the file 'y.yaml')",
        ),
        ("name: [", "x.yaml:1: "),
        ("- 1\n", "x.yaml:1: expected settings as 'name: value'"),
        ("name: x\nname: x\n", "x.yaml:2: 'name' is set twice"),
        ("a: &a [x]\nname: *a\n", "x.yaml:1: unknown setting 'a'"),
    ],
)
def test_what_is_no_workflow_is_told_with_its_line(text, told):
    with pytest.raises(ConfigError) as error:
        read_workflow(text, file="x.yaml", name="x")
    assert error.value.line().startswith(told)


def test_another_file_with_the_same_phases_has_the_same_hash():
    one = read_workflow(
        "name: x\nstart: a\nphases: {a: {type: agent, on_success: z}, z: {type: terminal}}", file="1", name="x"
    )
    other = read_workflow(
        "# a remark\nstart: a\nname: x\nphases:\n  z: {type: terminal}\n  a:\n    on: {success: z}\n    type: agent\n",
        file="2",
        name="x",
    )
    third = read_workflow(
        "name: x\nstart: a\nphases: {a: {type: agent, retries: 1, on_success: z}, z: {type: terminal}}",
        file="3",
        name="x",
    )
    assert one.sha256 == other.sha256 != third.sha256


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("All is well.\n\nOutcome: ready\n", "ready"),
        ("**Outcome: ready**", "ready"),
        ("- outcome: `changes`.\n\n\n", "changes"),
        ("Outcome: ready\nBut look at x.", ""),
        ("Outcome: readyish", ""),
        ("The outcome is ready", ""),
        ("", ""),
    ],
)
def test_what_an_agent_came_to_is_what_its_last_line_says(text: str, word: str):
    assert said_outcome(("ready", "changes"), text) == word
