"""Broken list items and emphasis say the same in all their looks, and are shown where and as they were written."""

import pytest

from orch_tui.plan.document import scan
from orch_tui.plan.parsing import parse


def edges(text: str) -> list[tuple[str, str, int]]:
    return [(edge.upstream, edge.downstream, edge.evidence.line) for edge in parse(text).dependencies]


def test_an_item_waits_for_what_its_further_lines_name() -> None:
    items = "1. Store. It is first\n2. Importer. It depends\n   on step 1\n3. Pages. Begins\n   after step\n   2\n"
    assert edges(f"# Plan\n\n{items}") == [("1", "2", 4), ("2", "3", 6)]


def test_evidence_stands_in_the_line_in_which_its_words_begin() -> None:
    items = "- [ ] T001 Read `a`\n- [ ] T002 Write the\n  rows that **a** has\n  (depends on\n  T001)\n"
    (edge,) = parse(f"# Tasks\n\n## Phase 1: A\n\n{items}").dependencies
    assert (edge.evidence.line, edge.evidence.quote) == (8, "depends on T001")


def test_a_title_is_whole_and_the_body_as_it_was_written() -> None:
    plan = parse("# Tasks\n\n## Phase 1: A\n\n- [ ] T001 Make the\n    tables\n- [ ] T002 Fill\nthem\n\n  Twice.\n")
    assert [(section.title, section.body) for section in plan.sections] == [
        ("Make the tables", "Make the\n    tables"),
        ("Fill them", "Fill\nthem\n\n  Twice."),
    ]


@pytest.mark.parametrize(
    "following",
    [
        *(
            "Depends on: 1",
            "**Depends on** 1",
            "_Depends: 1_",
            "- a point",
            "2) a step",
            "| a | b |",
            "> said",
            "# Title",
        ),
        *("```sh", "[ ] a box", "Verify (twice): x", "", "依赖：1", "│ drawn"),
    ],
)
def test_what_begins_something_of_its_own_is_no_part_of_the_item_above(following: str) -> None:
    assert scan(f"1. An item\n   {following}\n").lines[0] == "1. An item"


@pytest.mark.parametrize("first", ["It ends.", "Does it end?", "It ends (here.)", "`code`", "終わる。"])
def test_what_follows_the_end_of_a_sentence_or_of_code_is_no_part_of_the_item_above(first: str) -> None:
    assert scan(f"1. {first}\n   And more\n").lines[0] == f"1. {first}"


@pytest.mark.parametrize("further", ["  goes on", "goes on", "\tgoes on", "    goes on, as it is: so"])
def test_a_paragraph_goes_on_however_far_it_is_indented(further: str) -> None:
    found = scan(f"- An item, e.g.\n{further}\n\n  Apart").lines
    assert found == (f"- An item, e.g. {further.strip()}", "", "", "  Apart")


def test_bold_is_read_in_both_spellings_and_quoted_as_it_was_written() -> None:
    plan = parse("- [ ] 1. Store\n- [ ] 2. Importer\n  - __Depends on:__ __1__\n- [ ] 3. Pages\n  - Depends on: 2\n")
    assert [(edge.upstream, edge.downstream, edge.evidence.quote) for edge in plan.dependencies] == [
        ("1", "2", "- __Depends on:__ __1__"),
        ("2", "3", "- Depends on: 2"),
    ]
    assert plan.sections[1].body == "  - __Depends on:__ __1__"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("__Wave 1:__ x, __y_z__.", "**Wave 1:** x, **y_z**."),
        ("- *Depends: 1.1*", "- _Depends: 1.1_"),
        ("`__main__` of src/__init__.py, __init__.py and __a__b", None),
        ("* Depends: 2 * 3 of `*a: b*`, **Depends: 1**", None),
    ],
)
def test_emphasis_has_one_spelling_outside_code_and_names(line: str, said: str | None) -> None:
    assert scan(line).lines == (line if said is None else said,)
    assert scan(f"```\n{line}\n```").lines[1] == line


@pytest.mark.parametrize(
    "broken",
    [
        *(
            "Depends on: A,\nB",
            "Depends on:\nA, B",
            "**Depends on:**\nA, B",
            "Depends on: A and\nB",
            "Depends on: Section\nA, B",
        ),
        *(
            "Depends on: A\nand B",
            "Depends on: [A,\nB]",
            "Depends on: A (its tables,\nAll of them), B",
            "Read. Depends on:\nA, B.",
        ),
    ],
)
def test_a_field_goes_on_where_it_cannot_end(broken: str) -> None:
    plan = parse(f"## Section A: x\n\ny\n\n## Section B: x\n\ny\n\n## Section C: x\n\n{broken}\nAll is well.\n")
    assert [(edge.upstream, edge.downstream) for edge in plan.dependencies] == [("A", "C"), ("B", "C")]


@pytest.mark.parametrize("following", ["Section B is nice.", "**Section B** is nice.", "Goal: be as nice as B", "- B"])
def test_a_field_ends_with_its_line_where_it_can(following: str) -> None:
    plan = parse(f"## Section A: x\n\ny\n\n## Section B: x\n\ny\n\n## Section C: x\n\nDepends on: A\n{following}\n")
    assert [(edge.upstream, edge.downstream) for edge in plan.dependencies] == [("A", "C")]


def test_bold_words_and_brackets_go_on_until_they_are_closed() -> None:
    lines = scan(
        "**Wave 1 (after\nWave 0. And\nMore):**\nThen\n\n- An item (see\n  below. Or\n  Above)\n  Then.\n  But\n"
    ).lines
    assert [line for line in lines if line] == [
        *("**Wave 1 (after Wave 0. And More):**", "Then", "- An item (see below. Or Above) Then.", "  But"),
    ]


STEPS = "# Plan\n\n## Step 1: x\n\n## Step 2: x\n\n## Step 3: x\n\n## Order\n\n"


@pytest.mark.parametrize(
    "chain",
    [
        "Step 1 → Step 2 → Step 3",
        "Step 1 →\nStep 2 →\nStep 3",
        "Step 1\n→ Step 2\n→ Step 3",
        "Step 1 (with\nall of its\ntables) → Step 2\n→ Step 3 (last\nof all).",
        "Step 1 → Step 2\nStep 2 → Step 3",
        "All of it in\nturn: Step 1 → Step 2, then\nStep 3",
    ],
)
def test_a_chain_of_arrows_says_the_same_wherever_it_is_broken(chain: str) -> None:
    assert [found[:2] for found in edges(f"{STEPS}{chain}\n")] == [("1", "2"), ("2", "3")]


@pytest.mark.parametrize("said", ["A recommended\norder: 1 → 2 → 3", "The steps run, if\npossible, as\n1 → 2 → 3."])
def test_a_chain_is_what_the_words_in_the_lines_before_it_call_it(said: str) -> None:
    assert edges(f"{STEPS}{said}\n") == []


@pytest.mark.parametrize("further", ["**tables** and", "**Tables**, and", "**the tables**"])
def test_bold_words_within_a_sentence_begin_nothing_of_their_own(further: str) -> None:
    assert scan(f"1. Make the\n   {further}\n   more\n").lines[0] == f"1. Make the {further} more"


@pytest.mark.parametrize(
    "further", ["**Tables**", "**Tables** `a.py`", "**Depends on** step 1", "**Tables:** a", "**A**: a"]
)
def test_bold_words_that_head_something_do(further: str) -> None:
    assert scan(f"1. Make the\n   {further}\n").lines[0] == "1. Make the"
