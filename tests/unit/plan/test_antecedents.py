"""Words that stand for names said before them, and subjects that are more than one title."""

import pytest

from orch_tui.plan.parsing import parse

TITLES = ("Schema", "Importer", "Search", "Deploy")
STEPS = "".join(f"## Step {n}: {title}\n\n" for n, title in enumerate(TITLES, 1))


def edges(sentence: str) -> set[str]:
    """Edges of a plan of four steps whose last section, which is no step, holds the sentence."""
    found = parse(f"# P\n\n{STEPS}## How it hangs\n\n{sentence}\n").dependencies
    return {f"{one.downstream}<-{one.upstream}" for one in found}


ALL_AFTER_1 = {"2<-1", "3<-1", "4<-1"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Step 1 is the linchpin: everything else depends on it.", ALL_AFTER_1),
        ("Everything else depends on Step 1.", ALL_AFTER_1),
        ("All others wait for Step 1.", ALL_AFTER_1),
        ("Everything else waits for the review.", set()),
        ("Steps 2 and 3 know nothing of each other: both need Step 1.", {"2<-1", "3<-1"}),
        ("Schritt 3 und Schritt 4 brauchen beide den Importer.", {"3<-2", "4<-2"}),
        ("Step 1 lands before anything of Step 2 that draws.", set()),
    ],
)
def test_it_and_everything_else_and_both_are_those_that_were_named(sentence: str, expected: set[str]) -> None:
    assert edges(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Schema and importer come before search.", {"3<-1", "3<-2"}),
        ("The schema and the importer precede the search.", {"3<-1", "3<-2"}),
        ("Schema, importer and search precede deploy.", {"4<-1", "4<-2", "4<-3"}),
        ("The schema is done and the importer precedes the search.", {"3<-2"}),
        ("Deploy depends on search and importer needs the schema.", {"4<-3", "2<-1"}),
        ("People and importer precede the search.", {"3<-2"}),
    ],
)
def test_titles_joined_by_and_all_wait(sentence: str, expected: set[str]) -> None:
    assert edges(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("`Step 2` and `Step 3` depend on `Step 1`: both quote it.", {"2<-1", "3<-1"}),
        ("`Step 4` closes the wave and therefore comes last.", {"4<-1", "4<-2", "4<-3"}),
        ("Step 4 kommt ganz zum Schluss.", {"4<-1", "4<-2", "4<-3"}),
        ("Step 3 blocks on Step 1.", {"3<-1"}),
    ],
)
def test_who_comes_last_or_waits_may_be_said_in_code_or_with_other_words_between(
    sentence: str, expected: set[str]
) -> None:
    assert edges(sentence) == expected


TRACKS = """# P
## Track A
### A1: Direct transport
### A2: Graph
### A3: Proxy transport
## Track B
### B1: Handles
## Order

{}
"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A3 is the last one of its track.", {"A3<-A1", "A3<-A2"}),
        ("A3 comes last in its track.", {"A3<-A1", "A3<-A2"}),
        ("B1 comes before either transport.", {"A1<-B1", "A3<-B1"}),
        ("B1 comes before both transports.", {"A1<-B1", "A3<-B1"}),
        ("B1 comes before either graph.", {"A2<-B1"}),
        ("B1 comes before either week.", set()),
    ],
)
def test_a_group_is_that_of_who_speaks_and_either_means_two(sentence: str, expected: set[str]) -> None:
    found = parse(TRACKS.format(sentence)).dependencies
    assert {f"{one.downstream}<-{one.upstream}" for one in found} == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Steps 1, 2 and 3 are free. Both need Step 4.",
        "Step 1 reads Step 2: everything else depends on it.",
        "Step 1 is large: the importer depends on it.",
    ],
)
def test_words_that_may_stand_for_several_names_stand_for_none(sentence: str) -> None:
    assert edges(sentence) == set()


def test_it_stands_for_a_name_of_its_own_sentence() -> None:
    assert edges("Step 2 is large. Step 1 is the base: everything else depends on it.") == ALL_AFTER_1
