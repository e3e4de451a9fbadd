"""Rows for front ends: words, figures and what is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client import views
from orch_tui.core.attempt_events import AgentStarted, AskRaised, AttemptIntended, AttemptStarted
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import SectionNeedsAttention
from orch_tui.core.state import Status
from orch_tui.testing.stage import Stage

PLAN = """# Two [bold]things

## Section A: First \x1b]52;c;aGk=\x07[/] thing
Dependencies: none

## Section B: Second
Dependencies: Section A (its tests pass)
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="claude", concurrency=1))
    made.approve()
    return made


def now(stage: Stage) -> float:
    return stage.clock.wall()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (59.9, "59s"), (61, "1:01"), (3600, "1:00:00"), (90061, "1d 1:01:01"), (-5, "0s")],
)
def test_spans_of_time_read_as_people_say_them(seconds, words):
    assert views.duration(seconds) == words


@pytest.mark.parametrize(("cost", "words"), [(None, "$?"), (0.0, "$0.00"), (0.0042, "$0.0042"), (1.239, "$1.24")])
def test_money_that_nobody_knows_is_a_question_mark(cost, words):
    assert views.money(cost) == words


def test_every_status_has_a_sign_of_its_own():
    assert set(views.GLYPHS) == set(Status)
    assert len({*views.GLYPHS.values(), views.ASKING}) == len(Status) + 1


def test_foreign_titles_come_out_clean_and_markup_stays_as_written(stage):
    row = views.section_row(stage.state, "A", now(stage))
    assert row.title == "First [/] thing"
    assert views.summary(stage.state, now(stage)).title == "Two [bold]things"


def test_a_running_section_has_a_clock_and_its_cost_once_it_is_told(stage):
    stage.happens(
        AttemptIntended(section="A", attempt=1, agent="claude", session_id="s", marker="m"),
        AttemptStarted(section="A", attempt=1, pid=1, brief_sha=""),
    )
    assert views.run_cost(stage.state) == "$0.00", "no agent is up that could cost anything"
    stage.happens(AgentStarted(section="A", attempt=1, n=1, session_id="s", model="m"))
    stage.clock.now += 75
    row = views.section_row(stage.state, "A", now(stage))
    assert (row.glyph, row.word, row.elapsed, row.cost, row.live) == ("▶", "running", "1:15", "", True)
    assert views.run_cost(stage.state) == "$?"
    stage.use("A", 0.25)
    assert views.section_row(stage.state, "A", now(stage)).cost == "$0.25"
    assert views.run_cost(stage.state) == "$0.25"


def test_the_cost_of_an_attempt_that_never_told_stays_unknown(stage):
    stage.start("A").close()
    stage.fail("A", failure="crash", detail="gone", exit_code=None)
    assert views.section_row(stage.state, "A", now(stage)).cost == "$?"
    assert views.run_cost(stage.state) == "$?"
    row = views.section_row(stage.state, "B", now(stage))
    assert (row.word, row.waits) == ("blocked", "blocked: A failed")
    labels = {field.label: field.value for field in views.details(stage.state, "A", now(stage))}
    assert labels["status"] == "× failed · gone"
    assert labels["attempt"].endswith("ended crash")


def test_what_waits_says_what_for(stage):
    assert views.waits(stage.state, "B", now(stage)) == "waiting for 1 of 1: A ready"
    assert views.waits(stage.state, "A", now(stage)) == ""


def test_an_ask_names_its_request_and_marks_its_section(stage):
    stage.start("A").close()
    asked = AskRaised(
        section="A", attempt=1, n=3, request_id="r-1", kind="permission", title="rm \x1b[31m-rf", options=("allow",)
    )
    stage.happens(asked)
    stage.clock.now += 61
    (row,) = views.asks(stage.state, now(stage))
    assert (row.request_id, row.title, row.age) == ("r-1", "rm -rf", "1:01")
    assert views.section_row(stage.state, "A", now(stage)).word == "asks you"
    assert views.summary(stage.state, now(stage)).asks == 1


def test_a_done_section_tells_its_files_and_words(stage):
    stage.start("A").close()
    stage.finish("A", cost=0.5, files=("a.py", "b.py"), summary="two files\nwritten")
    labels = {field.label: field.value for field in views.details(stage.state, "A", now(stage))}
    assert labels["files"] == "2 files +74 -8: a.py, b.py"
    assert labels["said"] == "two files written"
    assert views.summary(stage.state, now(stage)).finished == 1


def test_what_needs_a_person_is_said_once_and_a_wait_without_its_own_name(stage: Stage):
    waiting = {field.label: field.value for field in views.details(stage.state, "B", now(stage))}
    assert waiting["waits"] == "for 1 of 1: A ready"
    stage.happens(SectionNeedsAttention(section="B", what="no credentials", detail="log in"))
    needing = {field.label: field.value for field in views.details(stage.state, "B", now(stage))}
    assert needing["status"].endswith("no credentials · log in")
    assert "waits" not in needing


def test_a_choice_is_shown_with_what_of_it_is_done(tmp_path: Path):
    text = PLAN + "\n## Section C: Third\nDependencies: Section A or Section B\n"
    made = Stage(root=tmp_path, text=text.replace("Dependencies: Section A (its tests pass)", ""))
    made.approve()
    labels = {field.label: field.value for field in views.details(made.state, "C", now(made))}
    assert (labels["waits"], labels["one of"]) == ("for 1 of 1: A ready or B ready", "A or B")
    made.start("B").close()
    made.finish("B", cost=0.0)
    labels = {field.label: field.value for field in views.details(made.state, "C", now(made))}
    assert "waits" not in labels or "for" not in labels["waits"]
    assert labels["one of"] == "A or B: satisfied by B"
