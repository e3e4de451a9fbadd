"""Gates at the end of a phase, consumers of what a row makes, and lists that "in this order" opens."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def phases(gate: str, word: str = "Phase") -> str:
    """Three phases; the first ends with `gate`."""
    others = f"## {word} 2: Mast\n\n- step it\n\n## {word} 3: Sail\n\n- sew it\n"
    return f"# Plan\n\n## {word} 1: Hull\n\n### Exit\n\n{gate}\n\n{others}"


@pytest.mark.parametrize(
    "gate",
    [
        "Do not start Phase 2 until:\n- it floats\n- it is dry",
        "It floats. Do not start Phase 2 until this holds.",
        "Don't move on to Phase 2 until all of the above is green.",
        "Never proceed to Phase 2 before the exit criteria are met.",
        "Phase 2 erst beginnen, wenn:\n- es schwimmt",
        "Phase 2 nicht starten, bevor dies erfüllt ist.",
    ],
)
def test_what_a_phase_asks_for_before_the_next_one_puts_it_first(gate: str) -> None:
    assert edges(phases(gate)) == {"2<-1"}


def test_such_a_gate_in_other_languages() -> None:
    assert edges(phases("No empezar la Fase 2 hasta que esto se cumpla.", "Fase")) == {"2<-1"}
    assert edges(phases("Ne pas commencer la phase 2 avant que tout soit vert.")) == {"2<-1"}


@pytest.mark.parametrize(
    "gate", ["Do not start until Phase 3 is planned in detail by the owner.", "**Phase gate:** the mast fits."]
)
def test_other_gates_put_no_phase_first(gate: str) -> None:
    assert "2<-1" not in edges(phases(gate))


def test_each_gate_before_the_next_is_an_order_of_all() -> None:
    text = phases("- it floats").replace("# Plan\n", "# Plan\n\nEach phase gate must pass before starting the next.\n")
    assert edges(text) == {"2<-1", "3<-2"}


def test_what_is_required_before_others_comes_first() -> None:
    text = "# Plan\n\n## Step 1: A list\n\n- Required before: Step 2 layout\n\n## Step 2: A layout\n\nText.\n"
    assert edges(text) == {"2<-1"}


def test_consumers_in_a_table_wait_for_what_the_row_makes() -> None:
    text = """# Tasks

| ID | Title |
|---|---|
| T1 | Till the field |
| T2 | Sow the seed |
| T3 | Reap the grain |

## Contracts

| Producer | Contract | Consumer(s) |
|---|---|---|
| T1 | a tilled field | T2, T3 |
"""
    assert edges(text) == {"T2<-T1", "T3<-T1"}


def test_consumers_in_running_text_are_programs() -> None:
    text = (
        "# Plan\n\n## Step 1: Store\n\nTwo consumers: the ledger (step 2) and a tool.\n\n## Step 2: Ledger\n\nText.\n"
    )
    assert edges(text) == set()


def test_the_list_that_in_this_order_opens_is_the_order() -> None:
    text = """# Plan

## Workstream execution order

Run workstreams in this order to spare rework.

1. Workstream 3: Rules
2. Workstream 1: Places
3. Workstream 2: People

### Workstream 1: Places

Text.

### Workstream 2: People

Text.

### Workstream 3: Rules

Text.
"""
    assert edges(text) == {"1<-3", "2<-1"}
