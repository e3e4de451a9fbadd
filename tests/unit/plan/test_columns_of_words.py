"""Tables that tell order in words: beside whom a row goes, before what it must be, and tables that go on elsewhere."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def shed(last: str, head: str = "Depends on") -> str:
    """A plan of three phases; `last` is what the last row of its table says."""
    phases = "".join(f"## Phase {at}: {title}\n\nText.\n\n" for at, title in enumerate(["Floor", "Walls", "Roof"], 1))
    table = f"| Phase | Days | {head} |\n|---|---|---|\n| 1 | 2 | – |\n| 3 | 2 | {last} |\n"
    return f"# Plan of a shed\n\n{phases}## Times\n\n{table}"


@pytest.mark.parametrize(
    "cell",
    [
        "parallel with Phase 2",
        "Can run in parallel with Phase 2",
        "in parallel with 1, 2",
        "alongside Phase 1",
        "parallel zu Phase 2",
        "en paralelo con 2",
        "en parallèle avec 1",
        "フェーズ2並行可",
        "フェーズ1,2と並列可能",
        "可与阶段2并行",
        "阶段2可并行",
    ],
)
def test_who_goes_beside_another_waits_for_nobody(cell: str) -> None:
    assert edges(shed(cell)) == set()


@pytest.mark.parametrize(
    "cell",
    [
        "Phase 1, parallel with Phase 2",
        "Phase 1 (parallel with Phase 2)",
        "Phase 1; in parallel with Phase 2",
        "フェーズ1、並列実行可能",
        "阶段1，可并行",
    ],
)
def test_what_is_needed_beside_words_of_parallelism_is_waited_for(cell: str) -> None:
    assert edges(shed(cell)) == {"3<-1"}


@pytest.mark.parametrize(
    "head", ["Vor-Abhängigkeit", "Vorabhängigkeit", "Vorabhängigkeiten", "Wann", "Spätester Zeitpunkt", "When"]
)
def test_columns_of_what_comes_first_are_known_by_their_name(head: str) -> None:
    assert edges(shed("nach Phase 1", head)) == {"3<-1"}


def test_a_column_of_dates_says_before_what_a_row_must_be() -> None:
    text = """# Move of the workshop

| # | Task | Hours | Depends on |
|---|---|---|---|
| A1 | List the machines | 2 | — |
| A2 | Rent a truck | 1 | A1 |
| A3 | Load it | 3 | A2 |
| **Sum of list** | | 6 | |

| # | Task | Hours | Deadline |
|---|---|---|---|
| C1 | Cancel the lease | 1 | **before A2** |
| C2 | Tell the neighbours | 1 | immediately after A3 |
| C3 | Change the address | 1 | some day in May |
"""
    assert edges(text) == {"A2<-A1", "A3<-A2", "A2<-C1", "C2<-A3"}
    assert [section.id for section in parse(text).sections] == ["A1", "A2", "A3", "C1", "C2", "C3"]
    assert "contradiction" not in {found.type for found in parse(text).findings}


def test_any_column_may_name_a_row_by_its_id() -> None:
    text = """# Plan

| Phase | Status | Goal |
|---|---|---|
| P0 Survey | open | Look at the roof before anybody climbs. |
| P1 Scaffold | open | Put it up, as the survey says. |
| P2 Tiles | open | Lay them only after the P1 gate. |
| P3 Gutter | open | Hang it. |
"""
    assert edges(text) == {"P2<-P1"}


def test_a_table_with_other_columns_stays_what_it_is() -> None:
    text = """# Move

| # | Task | Depends on |
|---|---|---|
| A1 | List the machines | — |
| A2 | Rent a truck | A1 |

| # | Risk | Answer |
|---|---|---|
| R1 | Rain | Tarpaulin |
| R2 | No truck | Trailer |
"""
    assert [section.id for section in parse(text).sections] == ["A1", "A2"]


def test_a_heading_says_in_french_that_it_is_finished() -> None:
    text = "# Plan\n\n## Phase 1 : Sol — COMPLÉTÉE\n\n- [ ] reste\n\n## Phase 2 : Murs\n\nDépend de la phase 1.\n"
    assert [section.done for section in parse(text).sections] == [True, False]
