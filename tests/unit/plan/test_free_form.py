"""How strangers write their plans: what of it makes a section, and what an order, by small examples."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def ids(plan: str) -> list[str]:
    return [section.id for section in parse(plan).sections]


def edges(plan: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(plan).dependencies}


@pytest.mark.parametrize("word", ["Plan", "PR", "Agent", "Session", "Lane", "Week", "Subtask"])
def test_any_generic_word_numbers_the_work(word: str) -> None:
    plan = f"""# Orchard
## {word} 1: Prune
## {word} 2: Graft
**Depends on:** {word} 1
## {word} 3: Water
**Depends on:** {word}s 1-2
"""
    assert ids(plan) == ["1", "2", "3"]
    assert edges(plan) == {"2<-1", "3<-1", "3<-2"}


def test_an_agent_in_a_title_is_no_generic_word() -> None:
    plan = """# Desk
1. **Agent Registry** – a list
2. **Other Registry** – a list
3. **Shell** – Dependencies: Agent Registry
"""
    assert edges(plan) == {"3<-1"}


def test_a_heading_that_is_only_an_id_is_a_section() -> None:
    plan = """# Index
## Open
### ROD-7
- **Title:** Lay the pipes
- **Blocks:** ROD-9
### ROD-9
- **Title:** Open the tap
## Closed
### ROD-3
- **Status:** done
"""
    assert ids(plan) == ["ROD-7", "ROD-9", "ROD-3"]
    assert edges(plan) == {"ROD-9<-ROD-7"}


def test_ids_may_have_a_dot_behind_their_letters() -> None:
    plan = """# Stage
- **D.1** Sweep
- **D.2** Paint – after D.1
- **U.1** Hang – depends on D.1 and D.2
"""
    assert edges(plan) == {"D.2<-D.1", "U.1<-D.1", "U.1<-D.2"}


def test_a_numbered_list_within_one_labelled_section_is_a_detail_of_it() -> None:
    plan = """# Voyage
### Item 4: Charter
**Blocker für:** Items 5-6
1. **Ask the harbour**
2. **Sign** after the harbour has been asked
### Item 5: Load
### Item 6: Sail
"""
    assert ids(plan) == ["4", "5", "6"]
    assert edges(plan) == {"5<-4", "6<-4"}


def test_a_table_goes_on_where_its_ids_go_on_whatever_its_columns() -> None:
    plan = """# Backlog
| ID | Title | Points |
|---|---|---|
| OR-1 | Till | 2 |
| OR-2 | Sow | 3 |

## Later in the year
| ID | Title | Points | Notes |
|---|---|---|---|
| OR-9 | Reap | 5 | dry weather |

OR-1 → OR-2 → OR-9
"""
    assert ids(plan) == ["OR-1", "OR-2", "OR-9"]


def test_a_chain_of_arrows_goes_on_in_the_next_line() -> None:
    plan = """# Ship
| WP | Title |
|---|---|
| WP-1 | Keel |
| WP-2 | Hull |
| WP-3 | Mast |
| WP-4 | Sails |

- **Lane A**: WP-1 → WP-2, then
  WP-3 → WP-4
"""
    assert edges(plan) == {"WP-2<-WP-1", "WP-3<-WP-2", "WP-4<-WP-3"}


def test_an_arrow_head_may_be_an_angle_behind_a_drawn_line() -> None:
    plan = """# Bread
### Plan 1: Flour
### Plan 2: Yeast
### Plan 3: Dough

```
Plan 1: Flour ───┐
                 ├──> Plan 3: Dough
Plan 2: Yeast ───┘
```
"""
    assert edges(plan) == {"3<-1", "3<-2"}


def test_names_far_apart_in_a_row_of_a_drawing_do_not_join_a_chain() -> None:
    plan = """# Mill
| ID | Title |
|---|---|
| ML-1 | Race |
| ML-2 | Wheel |
| ML-3 | Stones |
| ML-4 | Sieve |

```
ML-1 → ML-2
 ↓      ↓
ML-3   ML-4
```
"""
    assert edges(plan) == {"ML-2<-ML-1", "ML-3<-ML-1", "ML-4<-ML-2"}


def test_a_node_that_says_what_it_needs_waits_for_nothing_else_in_the_drawing() -> None:
    plan = """# Kiln
### Task 1: Clay
### Task 2: Wheel
### Task 3: Glaze

```
Task 1 (clay)
Task 2 (wheel)
   └─> Task 3 (glaze, needs Task 1)
```
"""
    assert edges(plan) == {"3<-1"}


def test_a_field_may_stand_behind_a_bar_or_a_dot_within_the_line() -> None:
    plan = """# Taller
- [ ] TAREA-002: Lijar la mesa | Depende de: TAREA-001 | Asignado a: Ana
- [ ] TAREA-003: Barnizar la mesa · Depende de: TAREA-002
- [x] TAREA-INIT: Preparar el banco | Depende de: Ninguna
- [x] TAREA-001: Cortar la madera | Depende de: TAREA-INIT
"""
    assert edges(plan) == {"TAREA-002<-TAREA-001", "TAREA-003<-TAREA-002", "TAREA-001<-TAREA-INIT"}


def test_a_name_may_be_the_start_of_a_slug() -> None:
    plan = """# Branches
1. **`pr-a-fix-the-door`** (+3 lines)
   - Independent
2. **`pr-b-fix-the-lock`** (+5 lines)
   - Depends on: PR-A
3. **`pr-c-paint-both`** (+2 lines)
   - Depends on: PR-B
"""
    assert edges(plan) == {"2<-1", "3<-2"}


def test_next_steps_are_no_work_of_the_plan() -> None:
    plan = """# Shelf
## Tasks
1. **Saw** the boards
2. **Glue** – after 1
## Next Steps
1. **Tell** the others
2. **Ask** for more
"""
    assert ids(plan) == ["1", "2"]


@pytest.mark.parametrize("said", ["## The stages, in order", "Work the stages **in order** unless noted otherwise."])
def test_stages_in_order_are_a_chain(said: str) -> None:
    plan = f"# Move\n{said}\n\n### Stage 0 — Pack\n\n### Stage 1 — Drive\n\n### Stage 2 — Unpack\n"
    assert edges(plan) == {"1<-0", "2<-1"}


def test_in_order_to_orders_nothing() -> None:
    plan = "# Move\nStages run in order to save petrol.\n\n### Stage 0 — Pack\n\n### Stage 1 — Drive\n"
    assert edges(plan) == set()


def test_a_heading_without_a_number_that_says_what_it_waits_for_is_work_beside_the_numbered_ones() -> None:
    plan = """# 手順
## フェーズ 1: 準備
> 前提: なし
## フェーズ 2: 実装
> 前提: フェーズ 1 完了後
## 全体検証
> 前提: 全フェーズ完了後
"""
    assert ids(plan) == ["1", "2", "全体検証"]
    assert edges(plan) == {"2<-1", "全体検証<-1", "全体検証<-2"}


def test_a_template_is_no_plan() -> None:
    plan = """# Plantilla
- [ ] **Tarea 1: [Nombre de la tarea]**
  Depende de: [tareas anteriores]
- [ ] **Tarea 2: [Nombre de la tarea]**
  Depende de: [tareas anteriores]
"""
    assert ids(plan) == []


def test_a_reversed_column_may_name_things_outside() -> None:
    plan = """# 任务
| 任务ID | 任务名称 | 依赖任务 | 被依赖任务 |
|---|---|---|---|
| T1 | 基础 | 无 | T2 |
| T2 | 网关 | 无 | 所有外部访问 |
| T3 | 账户 | T1 | 无 |
"""
    assert edges(plan) == {"T2<-T1", "T3<-T1"}


def test_a_status_in_italics_behind_a_heading_counts() -> None:
    plan = "# P\n## Phase 1 – Entwurf *(abgeschlossen)*\n## Phase 2 – Bau\n- **Abhängigkeiten:** Phase 1\n"
    assert [section.done for section in parse(plan).sections] == [True, False]


def test_an_empty_box_as_a_sign_stands_before_the_id() -> None:
    plan = "# P\n### ✅ M1-T1: Frame\n### ⬜ M1-T2: Glass\n**Depends on**: M1-T1\n"
    assert [(section.id, section.done) for section in parse(plan).sections] == [("M1-T1", True), ("M1-T2", False)]
