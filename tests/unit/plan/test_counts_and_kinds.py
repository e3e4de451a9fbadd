"""Names that count ("the previous two steps") or mean a kind ("both valves", "all tests"), or mean nobody."""

import pytest

from orch_tui.plan.parsing import parse

STEPS = ("Red valve", "Blue valve", "Pump", "Roof", "Green roof")


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def said_in(number: int, sentence: str) -> set[str]:
    """Edges of a plan of five steps of which one holds the sentence."""
    parts = (f"## Step {at}: {title}\n\n{sentence if at == number else ''}\n\n" for at, title in enumerate(STEPS, 1))
    return edges(f"# P\n\n{''.join(parts)}")


@pytest.mark.parametrize("sentence", ["After the first two weeks", "Needs the first three sessions."])
def test_stretches_of_time_that_are_counted_are_no_steps(sentence: str) -> None:
    assert said_in(4, sentence) == set()


@pytest.mark.parametrize("sentence", ["Depends on: 2 previous steps", "Hängt ab von: vorherigen 2 Schritten"])
def test_a_number_before_or_behind_the_word_for_previous_counts_without_an_article(sentence: str) -> None:
    assert said_in(4, sentence) == {"4<-2", "4<-3"}


def test_all_but_one_is_said_in_german_as_well() -> None:
    assert said_in(4, "Abhängig von: alle Schritte außer 2") == {"4<-1", "4<-3", "4<-5"}


def test_what_has_to_be_finished_is_said_with_haber_de_in_spanish() -> None:
    assert said_in(4, "El paso 2 ha de estar terminado.") == {"4<-2"}


@pytest.mark.parametrize("sentence", ["Depends on: the previous two steps", "Depends on the previous three steps."])
def test_more_steps_than_stand_before_are_never_taken_from_behind(sentence: str) -> None:
    assert said_in(2, sentence) == {"2<-1"}


@pytest.mark.parametrize(
    "sentence", ["Depends on: all tests", "Depends on: all reviewers", "Depends on: all credentials"]
)
def test_all_of_what_a_plan_does_not_do_is_no_step(sentence: str) -> None:
    assert said_in(4, sentence) == set()


def test_both_of_a_kind_are_the_two_whose_titles_hold_it() -> None:
    assert said_in(3, "Depends on: both valves") == {"3<-1", "3<-2"}


def test_both_of_a_kind_with_one_or_three_are_nobody() -> None:
    assert edges("# P\n\n## Step 1: Pump\n\nDepends on: both roofs\n\n## Step 2: Roof\n") == set()
    three = "".join(
        f"## Step {at}: {title}\n\n" for at, title in enumerate(("Red valve", "Blue valve", "Old valve"), 1)
    )
    assert edges(f"# P\n\n{three}## Step 4: Roof\n\nDepends on: both valves\n") == set()


@pytest.mark.parametrize(
    "sentence", ["All tasks must be done.", "Everything in this plan must be done.", "All the steps must be done."]
)
def test_all_that_must_be_done_in_the_end_comes_before_nothing(sentence: str) -> None:
    assert said_in(4, sentence) == set()


def test_where_the_names_stand_that_must_be_done_is_no_part_of_them() -> None:
    assert said_in(4, "Pump in this document must be done.") == {"4<-3"}


@pytest.mark.parametrize(
    "sentence",
    ["Runs last of its phase.", "2.2 is the last of its phase.", "After all others of its phase."],
)
def test_the_others_of_its_phase_are_those_that_stand_beside_it(sentence: str) -> None:
    base = "# P\n\n## Phase 1: Base\n\n### 1.1 Schema\n\nx\n\n### 1.2 Importer\n\nx\n\n"
    top = f"## Phase 2: Top\n\n### 2.1 Search\n\nx\n\n### 2.2 Pages\n\n{sentence}\n\n### 2.3 Docs\n\nx\n"
    assert edges(base + top) == {"2.2<-2.1", "2.2<-2.3"}


def test_a_part_told_under_its_own_heading_stands_for_the_task_around_it() -> None:
    tasks = "## Task 1.1: Red\n\nx\n\n## Task 2.1: Blue\n\n#### Task 2.1b\n\nx\n\n"
    assert edges(f"# P\n\n{tasks}## Task 3.1: Roof\n\nDepends on: Task 2.1b\n") == {"3.1<-2.1"}
