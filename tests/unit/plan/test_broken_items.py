"""List items broken over several lines say what they would say in one, and show where and how it was written."""

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
