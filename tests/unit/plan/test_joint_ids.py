"""Headings that stand for several units at once, and what is said of one of these."""

import pytest

from orch_tui.plan.containers import name_of
from orch_tui.plan.joint_ids import joint, parts
from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


@pytest.mark.parametrize(
    ("heading", "id_", "title"),
    [
        ("M4a/M4b Pages", "M4a/M4b", "Pages"),
        ("Tasks 4 and 5: Pages", "4/5", "Pages"),
        ("Task 4 & 5 – Pages", "4/5", "Pages"),
        ("AB-1, AB-2: Pages", "AB-1/AB-2", "Pages"),
        ("Phase 1 and Phase 2: Pages", "1/2", "Pages"),
        ("Weeks 3–4: Pages", "3-4", "Pages"),
        ("Step 4-5: Pages", "4-5", "Pages"),
    ],
)
def test_several_ids_are_one(heading: str, id_: str, title: str) -> None:
    assert (name_of(heading).id, name_of(heading).title) == (id_, title)


@pytest.mark.parametrize(
    ("heading", "id_"),
    [
        ("CI/CD pipeline", ""),
        ("2/3 done", ""),
        ("Phase 1 + 2 recap", "1"),
        ("Task 3 - 4 hours: do it", "3"),
        ("Phase 2 - 2024: the year", "2"),
        ("Week 1 – 3 tasks", "1"),
        ("M1 and M2 follow-up", "M1"),
        ("2. 3 racks and 4 shelves", "2"),
    ],
)
def test_numbers_of_other_things_join_no_ids(heading: str, id_: str) -> None:
    assert name_of(heading).id == id_


@pytest.mark.parametrize(
    "heading",
    [
        "Phase 1-90: Roof",
        "Area 3-4: Roof",
        "Task 4 and plate 5: Roof",
        "Task 4 and T5: Roof",
        "Tasks 1 and 90: Roof",
        "4 and 5: Roof",
        "M4/N5: Roof",
    ],
)
def test_ids_of_two_shapes_or_far_apart_or_without_their_word_are_not_joint(heading: str) -> None:
    assert joint(heading) is None


def test_a_range_without_a_generic_word_is_one_id() -> None:
    assert parts("3-4", "week") == ("3", "4")
    assert parts("3-4", "") == ()


def test_each_of_the_joined_ids_names_the_section() -> None:
    plan = """# P
### M1 Schema
### M2/M3 Importer and search
Depends on: M1
### M4a/M4b Pages
Depends on: M3
### M5 Deploy
Depends on: M4b
"""
    assert edges(plan) == {"M2/M3<-M1", "M4a/M4b<-M2/M3", "M5<-M4a/M4b"}


def test_a_range_of_units_is_named_by_each_of_them() -> None:
    plan = "# P\n\n## Step 1: A\n\n## Steps 2-4: B\n\nAfter step 1.\n\n## Step 5: C\n\nAfter step 3.\n"
    assert edges(plan) == {"2-4<-1", "5<-2-4"}


def test_a_part_that_several_share_names_none_of_them() -> None:
    plan = "# P\n\n## Step 1/3: A\n\n## Step 2/3: B\n\nAfter step 1.\n\n## Step 3/3: C\n\nAfter step 2 and step 3.\n"
    assert edges(plan) == {"2/3<-1/3", "3/3<-2/3"}
