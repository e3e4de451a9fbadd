"""Arrows that are listed as dependencies: they point at what follows, unless the plan shows that they mean "needs"."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


STEPS = "# P\n\n## Step 1: Schema\n\n## Step 2: Importer\n\n## Step 3: Search\n\n{field}\n\n## {heading}\n\n{arrows}\n"
DOWN = "- Step 2 → Step 1\n- Step 3 → Step 2"
UP = "- Step 1 → Step 2\n- Step 2 → Step 3"


@pytest.mark.parametrize("heading", ["Dependencies", "Dependency graph", "Abhängigkeiten"])
@pytest.mark.parametrize("field", ["", "Depends on: Step 2"])
@pytest.mark.parametrize("arrows", [DOWN, UP, f"```\n{DOWN}\n```".replace("- ", "")])
def test_the_fields_or_the_numbers_tell_which_way_arrows_mean(heading: str, field: str, arrows: str) -> None:
    assert edges(STEPS.format(field=field, heading=heading, arrows=arrows)) == {"2<-1", "3<-2"}


def test_a_label_does_as_well_as_a_heading() -> None:
    assert edges(STEPS.format(field="", heading="Notes", arrows="Dependencies: 2 → 1, 3 → 2")) == {"2<-1", "3<-2"}


def test_elsewhere_arrows_point_at_what_follows_whatever_their_numbers() -> None:
    assert edges(STEPS.format(field="", heading="Order", arrows=DOWN)) == {"1<-2", "2<-3"}


def test_one_arrow_against_the_numbers_is_no_custom() -> None:
    assert edges(STEPS.format(field="", heading="Dependencies", arrows="- Step 3 → Step 1")) == {"1<-3"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1 → 2, 1 → 3", {"2<-1", "3<-1"}),
        ("1 → 2, 2 → 3", {"2<-1", "3<-2"}),
        ("1 → 2, 3", {"2<-1", "3<-1"}),
        ("1, 2 → 3", {"3<-1", "3<-2"}),
    ],
)
def test_a_comma_parts_two_arrows_where_a_name_comes_twice(said: str, expected: set[str]) -> None:
    assert edges(STEPS.format(field="", heading="Order", arrows=said)) == expected
