"""What an agent reports is taken, or refused with words; nothing in it is trusted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orch_tui.agents.base import Ended
from orch_tui.agents.result import (
    LONGEST,
    MOST,
    Evidence,
    NotAResult,
    Result,
    read,
    schema_with,
    settled,
    unanswered,
)
from orch_tui.agents.result import SCHEMA as RESULTS_SCHEMA

DONE: dict[str, Any] = {"status": "done", "summary": "It is done."}
CRITERIA = ("All tests pass", "The README says how to start it", "No warning is printed")


def wrong(**fields: object) -> str:
    """Why a result with these fields is refused."""
    with pytest.raises(NotAResult) as told:
        read({**DONE, **fields}, "/tree")
    return str(told.value)


def test_a_result_comes_back_as_it_was_said():
    given = {
        **DONE,
        "decisions": ["tabs"],
        "files": ["a.py", "./src/b.py", "/tree/a.py"],
        "interfaces": ["def f() -> int:\n    how many"],
        "follow_ups": ["g"],
        "evidence": [{"criterion": "1", "how": "ran it"}],
    }
    found = read(given, "/tree")
    assert found.files == ("a.py", "src/b.py")
    assert found.interfaces == ("def f() -> int:\n    how many",)
    assert found.evidence == (Evidence(criterion="1", how="ran it"),)
    assert read(asdict(found), "/tree") == found


def test_everything_that_is_wrong_is_said_at_once():
    said = wrong(status="fine", summary=" ", files="a.py", extra=1)
    assert said == (
        "status is done, blocked or failed, not 'fine'; files is a list, not 'a.py'; there is no field 'extra'"
    )
    assert wrong(summary=" ") == "summary says nothing"
    assert wrong(status="blocked") == "blocked_reason does not say what a person has to do"
    assert wrong(evidence=["x"]) == "evidence has a criterion and how it is met, not 'x'"
    assert wrong(decisions=[7]) == "decisions is a text, not 7"
    with pytest.raises(NotAResult):
        read(["done"], "/tree")


STEPS = {"type": "object", "properties": {"steps": {"$ref": "#/$defs/steps"}}, "required": ["steps"]}
SCHEMA = {**STEPS, "$defs": {"steps": {"type": "array", "items": {"type": "string"}, "minItems": 1}}}


def test_an_output_comes_with_what_is_done_and_only_then():
    assert read({**DONE, "output": {"steps": ["a\x1b[2Jb"]}}, "/tree", SCHEMA).output == {"steps": ["ab"]}
    assert read({"status": "failed", "summary": "x"}, "/tree", SCHEMA).output is None
    assert read({**DONE, "output": {"steps": []}}, "/tree").output is None, "nobody wants one"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({}, "output is missing: this phase has to come to one, by the schema"),
        ({"output": {"steps": []}}, r"output\.steps: \[\] should be non-empty"),
        ({"output": {"steps": ["a", 7]}}, r"output\.steps\[1\]: 7 is not of type 'string'"),
        ({"output": None}, "output: None is not of type 'object'"),
        ({"output": {"steps": ["x" * 50_000]}}, "at most"),
        ({"output": {"steps": float("nan")}}, "output is no JSON"),
    ],
)
def test_an_output_that_is_not_as_the_schema_says_is_refused_with_where(output: dict[str, Any], words: str):
    with pytest.raises(NotAResult, match=words):
        read({**DONE, **output}, "/tree", SCHEMA)


def test_the_schema_of_a_report_has_that_of_the_output_with_its_references():
    whole = schema_with(SCHEMA)
    validator = Draft202012Validator(whole)
    assert validator.is_valid({**DONE, "output": {"steps": ["a"]}})
    assert not validator.is_valid({**DONE, "output": {"steps": [7]}})
    assert schema_with(None) is RESULTS_SCHEMA


def test_success_without_the_output_is_none():
    ended = Ended(outcome="succeeded", structured=DONE)
    found = settled(ended, "/tree", wanted=True, output=SCHEMA)
    assert (found.outcome, found.failure, found.structured) == ("failed", "agent", None)
    assert "output is missing" in found.message


@pytest.mark.parametrize("file", ["/etc/passwd", "../other/a.py", "src/../../b", "/tree", "/treetop/a", "."])
def test_a_file_outside_of_the_tree_is_refused(file: str):
    assert "is not in the working directory" in wrong(files=[file])


def test_what_is_too_large_is_refused_with_how_large_it_may_be():
    assert wrong(summary="x" * 90_000) == f"summary has 90000 characters, {LONGEST['summary']} at most"
    assert wrong(decisions=["x"] * 1000) == f"decisions has 1000 entries, {MOST['decisions']} at most"
    assert len(wrong(files=["/" + "x" * 400] * 200)) < 3000


def test_escapes_and_lines_are_taken_out_of_a_hostile_result():
    evil = "\x1b]52;c;aGk=\x07\x1b[2J\u202eevil\udfff"
    found = read(
        {**DONE, "summary": f"{evil} [bold red]", "decisions": [f"a\n# {evil}"], "files": [f"{evil}.py"]}, "/tree"
    )
    assert (found.summary, found.decisions, found.files) == (
        "evil\ufffd [bold red]",
        ("a # evil\ufffd",),
        ("evil\ufffd.py",),
    )


@pytest.mark.parametrize(
    ("named", "left"),
    [
        (["1", "#2", "3."], []),
        (["all tests pass.", "Criterion 2"], [2]),
        (["The README says how to start it, and why"], [0, 2]),
        (["The README says"], [0, 2]),
        (["All", "4", ""], [0, 1, 2]),
    ],
)
def test_a_criterion_is_answered_by_its_number_or_its_words(named: list[str], left: list[int]):
    evidence = tuple(Evidence(criterion=name, how="so") for name in named)
    result = Result(status="done", summary="x", evidence=evidence)
    assert unanswered(result, CRITERIA) == tuple(CRITERIA[at] for at in left)


def ended(**structured: object) -> Ended:
    return Ended(outcome="succeeded", summary="All good!", cost_usd=0.1, structured=structured or None)


def test_success_is_never_assumed_where_a_result_is_wanted():
    found = settled(ended(), "/tree", wanted=True)
    assert (found.outcome, found.failure, found.message) == ("failed", "agent", "no result was reported")
    assert found.cost_usd == 0.1
    assert settled(ended(), "/tree", wanted=False) == ended()


def test_how_a_session_ended_is_what_it_reported():
    assert settled(ended(**DONE), "/tree", wanted=False).summary == "It is done."
    failed = settled(ended(status="failed", summary="No way."), "/tree", wanted=True)
    assert (failed.outcome, failed.failure, failed.message) == ("failed", "agent", "No way.")
    blocked = settled(ended(status="blocked", summary="x", blocked_reason="log in"), "/tree", wanted=True)
    assert (blocked.outcome, blocked.failure, blocked.message) == ("failed", "blocked", "log in")
    nothing = settled(ended(status="great"), "/tree", wanted=False)
    assert (nothing.outcome, nothing.failure, nothing.structured) == ("failed", "agent", None)
    assert "status is done, blocked or failed" in nothing.message


def test_a_session_that_did_not_end_well_has_no_result():
    broken = Ended(outcome="failed", failure="crash", message="gone", structured=DONE)
    assert settled(broken, "/tree", wanted=True).structured is None


def test_an_outcome_that_stands_in_the_last_words_stays_the_last_line():
    last = Ended(outcome="succeeded", summary="I looked.\n**Outcome: changes**", structured=DONE)
    assert settled(last, "/tree", wanted=True).summary == "It is done.\n**Outcome: changes**"
    own = {**DONE, "summary": "I looked.\nOutcome: fine"}
    assert settled(Ended(outcome="succeeded", summary="Outcome: x", structured=own), "/tree", wanted=True).summary == (
        "I looked.\nOutcome: fine"
    )
