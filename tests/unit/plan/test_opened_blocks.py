"""Plans that stand in a code block only, and numbered lists that go on from one wave to the next."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def ids(plan: str) -> list[str]:
    return [section.id for section in parse(plan).sections]


def edges(plan: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(plan).dependencies}


NUMBERED = """# Handoff: mail desk

## {heading}
```
1. columns for urgency          ← foundation
2. columns for nuggets          ← foundation
3. processor fills the fields   ← depends on 1+2
4. badge on the card            ← depends on 3, parallel
```
"""
TREE = """# Pricing

### Service Implementation Order
```
Phase 1 - Core (Parallel):
├── quality.py (no deps)
└── relevance.py (no deps)

Phase 2 - Advanced:
├── prices.py (depends on: quality, relevance)
└── reasons.py (depends on: prices)
```
"""


def test_a_numbered_block_that_says_what_depends_on_what_is_the_plan_where_nothing_else_is() -> None:
    plan = NUMBERED.format(heading="Implementation Order (Dependencies)")
    assert ids(plan) == ["1", "2", "3", "4"]
    assert edges(plan) == {"3<-1", "3<-2", "4<-3"}


def test_its_evidence_stands_in_the_lines_of_the_file() -> None:
    plan = parse(NUMBERED.format(heading="Implementation Order"))
    assert {edge.evidence.line for edge in plan.dependencies} == {7, 8}


def test_so_is_a_tree_whose_branches_say_it() -> None:
    assert ids(TREE) == ["quality-py", "relevance-py", "prices-py", "reasons-py"]
    assert edges(TREE) == {"prices-py<-quality-py", "prices-py<-relevance-py", "reasons-py<-prices-py"}


@pytest.mark.parametrize(
    "heading", ["Example of an implementation order", "Implementation order (sample)", "Task template", "Output"]
)
def test_a_block_that_is_called_an_example_is_none(heading: str) -> None:
    assert ids(NUMBERED.format(heading=heading)) == []


def test_a_block_beside_other_work_makes_no_sections() -> None:
    plan = f"{TREE}\n## Task A: Write\nx\n\n## Task B: Read\nDepends on: Task A\n"
    assert ids(plan) == ["A", "B"]


def test_a_numbered_list_that_goes_on_in_the_next_wave_is_the_work() -> None:
    plan = """# Hardening

### Wave 1 (independent, in parallel)

1. **Safe reads** (items 3, 9). Add a helper.
2. **File modes** (item 4). Set them.

### Wave 2 (after wave 1)

3. **Life of the daemon** (item 2). Move the gate.
4. **Trust root** (item 5). Check it.

### Finish

5. Open the change and tell everybody.
"""
    assert ids(plan) == ["1", "2", "3", "4", "5"]
    assert edges(plan) == {"3<-1", "3<-2", "4<-1", "4<-2"}


def test_an_order_in_one_numbered_line_is_no_item() -> None:
    plan = """# Batching
### Implementation Order
1. **Base** → 2. **Wrappers** → 3. **Speed**

- [ ] **Base layer**
  - Dependencies: None
- [ ] **Wrappers layer**
  - Dependencies: Base layer
"""
    assert ids(plan) == ["base-layer", "wrappers-layer"]
    assert edges(plan) == {"wrappers-layer<-base-layer"}
