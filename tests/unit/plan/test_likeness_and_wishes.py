"""What a mere likeness of words may not do, and words that look like a wish or like "any" and are none."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def test_a_likeness_in_a_detail_frees_nobody_from_the_order_of_all() -> None:
    text = """# Sync

## Phase 1: Clocks

- [ ] compare them

## Phase 2: Pull of track metadata

- [ ] read it

## Phase 3: Pull of whole files

- [ ] read them

## Phase 4: Comments

- [ ] Task 1: hook it in
    - Call after metadata and content pulls

## Notes

Phases must be completed in order.
"""
    assert {"2<-1", "3<-2", "4<-3"} <= edges(text)


def test_any_of_some_things_is_not_any_section() -> None:
    text = """# Gate plan

## Phase 1: Probe

- Collect the six findings. Do not close any of the six before the Phase 3 gate.

## Phase 2: Mend

Depends on Phase 1.

## Phase 3: Merge gate

Depends on Phase 2.
"""
    assert edges(text) == {"2<-1", "3<-2"}


@pytest.mark.parametrize(
    "said",
    [
        "Can start immediately after the audit (Phase 1)",
        "Depends on Phase 1",
    ],
)
def test_what_can_start_at_once_after_another_waits_for_it(said: str) -> None:
    text = f"""# Tasks: Titles

## Phase 1: Setup

- [ ] T001 Audit the titles

## Phase 2: User Story 1 - Titles (Priority: P1)

- [ ] T002 [US1] Change them

## Phase 3: User Story 2 - Tests (Priority: P2)

- [ ] T003 [US2] Change the tests

## Dependencies & Execution Order

### Phase Dependencies

- **Setup (Phase 1)**: No dependencies - can start immediately
- **US1 (Phase 2)**: {said}
- **US2 (Phase 3)**: can start immediately, would be nicer after US1
"""
    assert edges(text) == {"T002<-T001"}
