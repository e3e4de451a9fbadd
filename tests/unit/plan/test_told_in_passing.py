"""Orders told by a rule for all, by numbers alone, or in a drawing that is broken."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


PHASES = """# P

{}

## Phase 1
- **W-1** Look
- **W-2** Ask (after W-1)
## Phase 2
- **W-3** Move
- **W-4** Tell (after W-3)
## Phase 3
- **W-5** Close
- **W-6** Leave (after W-5)
"""
OWN = {"W-2<-W-1", "W-4<-W-3", "W-6<-W-5"}
IN_ORDER = OWN | {"W-3<-W-1", "W-3<-W-2", "W-5<-W-3", "W-5<-W-4"}


@pytest.mark.parametrize(
    "said",
    [
        "Phases are strict. They run 1 → 2 → 3; inside a phase there may be groups.",
        "The phases run 1 → 2 → 3.",
        "Phase N must pass before phase N+1 begins.",
        "Phase N must pass before N+1 begins.",
        "Phase N+1 starts only once phase N has passed.",
    ],
)
def test_numbers_after_a_generic_word_are_those_of_its_groups(said: str) -> None:
    assert edges(PHASES.format(said)) == IN_ORDER


@pytest.mark.parametrize(
    "said", ["It may be best to run the phases 1 → 2 → 3.", "Rows go 1 → 2 → 3.", "Phase N has N+1 parts."]
)
def test_advice_and_numbers_of_other_things_order_no_groups(said: str) -> None:
    assert edges(PHASES.format(said)) == OWN


def test_rows_of_a_table_are_called_what_its_first_column_is() -> None:
    table = "| Phase | Name |\n|---|---|\n| 0 | Skeleton |\n| 1 | Store |\n| 2 | Search |\n"
    assert edges(f"# Delivery plan\n\nPhase N must pass before N+1 begins.\n\n{table}") == {"1<-0", "2<-1"}


def test_a_list_behind_the_order_is_gives_it() -> None:
    heads = "## M3.1 Helpers\n\n## M3.2 Stage\n\n## M3.3 Removal\n"
    listed = (
        "The order is:\n\n1. **M3.1 — Helpers first.** With tests.\n2. **M3.2 — The stage.**\n3. **M3.3 — Removal.**\n"
    )
    assert edges(f"# M3\n\n{listed}\n{heads}") == {"M3.2<-M3.1", "M3.3<-M3.2"}
    assert edges(f"# M3\n\n{listed.replace('The order is', 'What is in it')}\n{heads}") == set()


HEADS = "## 3.1 Spike\n\n## 3.2 Store\n\n## 3.3 List\n\n## 3.4 Model\n\n## 3.5 Batch\n\n"


def test_a_drawn_chain_goes_on_in_the_next_row_where_its_numbers_grow_on() -> None:
    chain = "3.1 spike → 3.2 store → 3.3 list\n          → 3.4 model → 3.5 batch"
    assert edges(f"# P\n\n{HEADS}## Order\n\n```\n{chain}\n```\n") == {"3.2<-3.1", "3.3<-3.2", "3.4<-3.3", "3.5<-3.4"}


def test_what_must_be_first_comes_before_all_others() -> None:
    assert edges(f"# P\n\n{HEADS}## Order\n\n3.1 must be first.\n") == {"3.2<-3.1", "3.3<-3.1", "3.4<-3.1", "3.5<-3.1"}
    assert edges(f"# P\n\n{HEADS}## Order\n\n3.1 was first. The first must be 3.\n") == set()


def test_a_generic_word_and_a_small_letter_name_work_that_is_based_on_other_work() -> None:
    heads = "### PR-a: types\nBase: main\n### PR-b: store\nBase: PR-a\n"
    heads += "### PR-c: cache\nBase: PR-b, and PR-a must be merged.\n"
    assert edges(f"# Refactoring\n\n{heads}") == {"b<-a", "c<-b", "c<-a"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Stands on W-1.", {"W-3<-W-1"}),
        ("Takes what W-1 delivers and runs it.", {"W-3<-W-1"}),
        ("Wants the counters that W-1 writes.", {"W-3<-W-1"}),
        ("Everything has to be done by then.", {"W-3<-W-1", "W-3<-W-2"}),
        ("Everything has to be done well.", set()),
        ("Takes what it gets.", set()),
        ("Se publica cuando W-1 haya terminado.", {"W-3<-W-1"}),
        ("最后写。", {"W-3<-W-1", "W-3<-W-2"}),
    ],
)
def test_a_section_says_in_passing_what_it_stands_on(said: str, expected: set[str]) -> None:
    assert edges(f"# P\n\n## W-1 Look\n\nx\n\n## W-2 Ask\n\nx\n\n## W-3 Move\n\n{said}\n") == expected


def test_nothing_else_can_be_done_without_the_section_that_says_so() -> None:
    said = "Nothing else can be mounted without it."
    assert edges(f"# P\n\n## W-1 Frame\n\n{said}\n\n## W-2 Ask\n\n## W-3 Move\n") == {"W-2<-W-1", "W-3<-W-1"}


def test_tables_of_one_series_of_ids_are_one_list() -> None:
    ready = "| Key | Task | Unblocks |\n|---|---|---|\n| K1 | Parser | K3 |\n| K2 | Samples | - |\n"
    waiting = "| Key | Task | Waiting on |\n|---|---|---|\n| K3 | Reader | K1 |\n| K4 | Rules | K2 |\n"
    plan = parse(f"# Board\n\n## Ready\n\n{ready}\n## Waiting\n\n{waiting}")
    assert [section.id for section in plan.sections] == ["K1", "K2", "K3", "K4"]
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("K1", "K3"), ("K2", "K4")}


@pytest.mark.parametrize(
    ("said", "edges_of_it"),
    [
        ("A → B → C. The names are sorted.", {"B<-A", "C<-B"}),
        ("A → B → C; the names are sorted.", {"B<-A", "C<-B"}),
        ("A → B → C, sorted by name.", set[str]()),
    ],
)
def test_words_of_advice_in_a_sentence_behind_a_chain_are_about_something_else(
    said: str, edges_of_it: set[str]
) -> None:
    sections = "".join(f"## {name}: Part of {name}\n\nDo it.\n\n" for name in "ABC")
    assert edges(f"# P\n\n{sections}## Order\n\n{said}\n") == edges_of_it
