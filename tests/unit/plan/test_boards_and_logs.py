"""Boards whose columns are tables, logs that say how far items are, umbrella tickets, and ids in other forms."""

from __future__ import annotations

from orch_tui.plan.parsing import parse

BOARD = """# BOARD

The cards are the tickets of the yard.

## Shipped

| Card | Traces | Proof |
|---|---|---|
| [#2 Lay the keel](https://example.org/2) | R-01 | merged |
| [#3 Order the planks](https://example.org/3) | R-02 | merged |

## Building

| Card | Traces | Note |
|---|---|---|
| [#4 Bend the planks](https://example.org/4) | R-03 | two days more |

## Blocked

| Card | Traces | Blocked by |
|---|---|---|
| [#6 Launch her](https://example.org/6) | R-05 | #4 |
| [#5 Paint her](https://example.org/5) | R-04 | the painter |

## Ready

| Card | Traces | Route |
|---|---|---|
| [#7 Sew the sails](https://example.org/7) | R-06 | loft |
"""


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def test_the_tables_of_a_board_are_one_list_of_cards() -> None:
    plan = parse(BOARD)
    assert [section.id for section in plan.sections] == ["2", "3", "4", "6", "5", "7"]
    assert plan.sections[0].title == "Lay the keel"
    assert edges(BOARD) == {"6<-4"}


def test_a_column_of_a_board_says_how_far_its_cards_are() -> None:
    assert [section.done for section in parse(BOARD).sections] == [True, True, False, False, False, False]


def test_a_board_without_any_order_is_a_plan() -> None:
    assert len(parse(BOARD.replace("#4 |", "weather |")).sections) == 6


def test_one_table_below_a_status_is_no_board() -> None:
    text = "# Report\n\n## Status\n\n| Check | Result |\n|---|---|\n| C1 | fine |\n| C2 | fine |\n"
    assert [found.type for found in parse(text).findings] == ["not-a-plan"]


def test_a_log_says_how_far_phases_are_and_adds_none() -> None:
    text = """# Move to the new hall

## Phases

1. **Phase 0 — Scaffolding.** Put it up.
2. **Phase 1 — Walls.** Depends on Phase 0.
3. **Phase 2 — Roof.** Depends on Phase 1.

## Progress log

- **Phase 0 — done.** It stands.
- **Phase 1 — done, with a change.** One wall is of glass.
"""
    sections = parse(text).sections
    assert [(section.id, section.done) for section in sections] == [("0", True), ("1", True), ("2", False)]


def test_ids_may_lose_the_words_with_which_all_of_them_open() -> None:
    text = """# Tasks of RFC 12

### RFC-12-T1 — Schema

- Depends on: none.

### RFC-12-T2 — Reader

- Depends on: T1 (its types).

### RFC-12-T3 — Screen

- Depends on: T1, T2.
"""
    assert edges(text) == {f"RFC-12-T{after}<-RFC-12-T{before}" for after, before in ((2, 1), (3, 1), (3, 2))}


def test_a_ticket_that_is_an_epic_holds_the_others() -> None:
    text = """# Tickets of the voice

## #49 — Epic: a voice of its own

Children: #50, #51.

## #50 — Choose the speaker

Blocked by: none.

## #51 — Teach it to laugh

Blocked by: #50.
"""
    assert [section.id for section in parse(text).sections] == ["50", "51"]
    assert edges(text) == {"51<-50"}


def test_an_id_in_a_compound_names_its_item() -> None:
    text = """# Umzug

| # | Aufgabe | Voraussetzung |
|---|---|---|
| A1 | Texte schreiben | – |
| A2 | Seite bauen | A1-Abnahme |
| A3 | Seite zeigen | A2-merge |
| A4 | Ton prüfen | A1-like recordings |
"""
    assert edges(text) == {"A2<-A1", "A3<-A2"}
