"""Trees and rows of arrows in a block that name items told elsewhere, and names set off by wide brackets."""

import pytest

from orch_tui.plan.containers import name_of
from orch_tui.plan.parsing import parse

TITLES = ("Alpha parser", "Beta store", "Gamma screen", "Delta export", "Epsilon log")
TREE = """Task 1 (parser)
  ├── Task 2 (store)
  ├── Task 3 (screen)
  └── Task 4 (export)
        └── Task 5 (log)"""


def edges(text: str) -> list[tuple[str, str]]:
    """Who comes before whom."""
    return sorted((edge.upstream, edge.downstream) for edge in parse(text).dependencies)


def plan(block: str, heading: str = "Task dependencies", word: str = "Task") -> str:
    """Five items, and a block below a heading."""
    items = "".join(f"### {word} {at}: {title}\n\nText.\n\n" for at, title in enumerate(TITLES, 1))
    return f"# Plan\n\n{items}## {heading}\n\n```\n{block}\n```\n"


GROWN = [("1", "2"), ("1", "3"), ("1", "4"), ("4", "5")]


@pytest.mark.parametrize(
    ("heading", "word"),
    [("Task dependencies", "Task"), ("タスク依存関係", "タスク"), ("任务依赖图", "任务"), ("Reihenfolge", "Schritt")],
)
def test_what_hangs_on_an_item_waits_for_it(heading: str, word: str) -> None:
    assert edges(plan(TREE.replace("Task", word), heading, word)) == GROWN


def test_wide_brackets_set_a_title_off() -> None:
    assert (
        edges(plan(TREE.replace("Task ", "タスク").replace(" (", "（").replace(")", "）"), "依存", "タスク")) == GROWN
    )
    assert name_of("タスク7（store.py）").id == "7"
    assert name_of("T01（共通）").id == "T01"


def test_a_second_name_of_a_row_hangs_on_the_first() -> None:
    assert edges(plan("Task 1 ─── Task 2\n              └── Task 3\n                    └── Task 4")) == [
        ("1", "2"),
        ("2", "3"),
        ("3", "4"),
    ]


@pytest.mark.parametrize("heading", ["Layout", "Module dependencies", "Example of a dependency tree"])
def test_a_tree_of_which_nothing_says_that_it_is_an_order_makes_none(heading: str) -> None:
    assert edges(plan(TREE, heading)) == []


def test_a_tree_of_words_is_no_order_of_items() -> None:
    assert edges(plan("parser\n├── store\n├── screen\n└── export", "Dependencies")) == []


def test_a_tree_that_points_at_what_is_needed_is_turned() -> None:
    assert edges(plan("Task 5\n├── Task 3\n└── Task 4")) == [("3", "5"), ("4", "5")]


@pytest.mark.parametrize("row", ["Task 1 -> Task 2 first; Task 3 -> Task 4 then", "Task 1 → Task 2；Task 3 → Task 4"])
def test_a_semicolon_parts_two_chains(row: str) -> None:
    assert edges(plan(row)) == [("1", "2"), ("3", "4")]


def test_numbers_in_square_brackets_are_those_of_the_work() -> None:
    listed = "".join(f"- [{at}] {title}\n  - What to do: write it\n" for at, title in enumerate(TITLES, 1))
    text = f"# Plan\n\n## Goals\n- Effort: small\n- Parallel: yes\n\n## Tasks\n{listed}"
    assert [section.id for section in parse(text).sections] == ["1", "2", "3", "4", "5"]
