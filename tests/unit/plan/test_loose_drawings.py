"""Drawings by hand, whose lines are columns off; names below names; rows and columns of tables that are no items."""

import pytest

from orch_tui.plan.fields import field_relation
from orch_tui.plan.parsing import parse

NAMES = ("web-story-1", "web-story-2", "web-story-3", "web-story-4", "web-story-5")
ROWS = "".join(f"| {one}: Title {at} | Sprint {at} |\n" for at, one in enumerate(NAMES, 1))
DRAWN = """web-story-1 (the base of the rest)
  |           |           |
  v           v           v
web-story-2  web-story-3     web-story-4
(Front)      (Back)          (Tests)
  |           |           |
  +-----+-----+-----------+
        |
        v
  web-story-5 (Polish)"""
FORKED = [(1, 2), (1, 3), (1, 4), (2, 5), (3, 5), (4, 5)]


def edges(text: str) -> list[tuple[str, str]]:
    """Who comes before whom."""
    return sorted((edge.upstream, edge.downstream) for edge in parse(text).dependencies)


@pytest.mark.parametrize("block", [DRAWN, DRAWN.replace("(Front)      (Back)          (Tests)\n", "")])
def test_as_many_lines_as_names_are_told_apart_by_counting(block: str) -> None:
    text = f"# Epic\n\n## Stories\n\n| Story | Sprint |\n|---|---|\n{ROWS}\n## Dependency graph\n\n```\n{block}\n```\n"
    assert edges(text) == [(f"web-story-{before}", f"web-story-{after}") for before, after in FORKED]


def test_a_bracket_beside_a_name_is_no_caption_of_the_one_above() -> None:
    items = "".join(f"## Task {at}: {one}\n\nText.\n\n" for at, one in enumerate(("Base", "Skill", "Other skill"), 1))
    drawn = "Task 1\n  |\n  +---> Task 2  (first)\n  +---> Task 3  (second)"
    assert edges(f"# Plan\n\n{items}```\n{drawn}\n```\n") == [("1", "2"), ("1", "3")]


def test_a_row_of_words_among_rows_of_letters_is_no_item() -> None:
    rows = "| A | parser | – |\n| B | store | A |\n| C | screen | B |\n| **No change** | engine | – |\n"
    text = f"# Plan\n\n| Part | Files | Depends on |\n|---|---|---|\n{rows}"
    assert [section.id for section in parse(text).sections] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("startvoraussetzung", "needs"),
        ("phasenabhängigkeiten", "needs"),
        ("systemvoraussetzungen", None),
        ("paketabhängigkeiten", None),
    ],
)
def test_a_german_field_in_one_word(name: str, relation: str | None) -> None:
    assert field_relation(name) == relation
