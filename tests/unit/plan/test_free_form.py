"""How strangers write their plans: what of it makes a section, and what an order, by small examples."""

from __future__ import annotations

import time

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


def test_a_list_that_counts_from_one_again_may_be_about_something_else() -> None:
    plan = """## Plan: Test the pump
**Steps**
1. Open the casing. This step blocks step 3.
2. Order a seal.
3. Fit the seal. Depends on step 2.

**Verification**
1. Turn it on.
2. Listen.
"""
    assert ids(plan) == ["1", "2", "3"]
    assert edges(plan) == {"3<-1", "3<-2"}


def test_the_word_for_what_a_box_is_for_is_no_part_of_the_title() -> None:
    plan = """# 手順
- [ ] 完了 **タスク1: 土台**
  - 依存: なし
- [ ] 完了 **タスク2: 壁**
  - 依存: タスク1
"""
    assert [(section.id, section.done) for section in parse(plan).sections] == [("1", False), ("2", False)]
    assert edges(plan) == {"2<-1"}


def test_a_row_that_looks_ahead_is_none_of_the_numbered_ones() -> None:
    plan = """# House
## PR sequence
| PR | Scope |
|---|---|
| **PR0** | Clear the ground |
| **PR1** | Pour the floor |
| later | A garden |
"""
    assert ids(plan) == ["PR0", "PR1"]
    assert edges(plan) == {"PR1<-PR0"}


def test_rows_below_a_recommended_order_are_no_chain() -> None:
    plan = "# House\n## Recommended PR order\n| PR | Scope |\n|---|---|\n| PR0 | Ground |\n| PR1 | Floor |\n"
    assert edges(plan) == set()


def test_a_list_of_the_order_names_groups() -> None:
    plan = """# Garden
## Workstream A: Soil
## Workstream B: Beds
## Workstream C: Paths
## Workstream D: Seeds

## Dependency Order
The intended order is:

1. Workstream A
2. Workstream B and Workstream C
3. Workstream D

- Workstream D must not start before Workstream A has settled.
"""
    assert edges(plan) == {"B<-A", "C<-A", "D<-B", "D<-C", "D<-A"}


def test_the_last_of_a_series_may_have_a_heading_while_the_others_have_rows() -> None:
    plan = """# Ofen
| ID | Title | Status |
|---|---|---|
| E1 | Brick | open |
| E2 | Door | open |

### E3: Fire
Light it.

| Task | Depends on |
|---|---|
| E2 | E1 |
| E3 | E1, E2 |
"""
    assert ids(plan) == ["E1", "E2", "E3"]
    assert edges(plan) == {"E2<-E1", "E3<-E1", "E3<-E2"}


def test_work_that_stands_only_in_a_diagram_is_work() -> None:
    plan = """# Roadmap of the mill

```mermaid
graph TD
    A[T1: Dam the brook] --> B[T2: Hang the wheel]
    A --> C[T3: Lay the stones]
    B --> C
```
"""
    assert ids(plan) == ["T1", "T2", "T3"]
    assert edges(plan) == {"T2<-T1", "T3<-T1", "T3<-T2"}


def test_a_node_that_goes_on_where_the_list_stops_is_work_too() -> None:
    plan = """# Mill tasks
- **T1** Dam the brook
- **T2** Hang the wheel – after T1

```
T1 (dam) ──► T2 (wheel) ──► T3 (stones)
```
"""
    assert ids(plan) == ["T1", "T2", "T3"]
    assert edges(plan) == {"T2<-T1", "T3<-T2"}


def test_a_drawing_of_how_a_thing_works_holds_no_work() -> None:
    plan = "# How the mill works\n\n```mermaid\ngraph LR\n    A[S1: Water] --> B[S2: Wheel]\n```\n"
    assert ids(plan) == []


def test_tickets_may_be_listed_by_their_files() -> None:
    plan = """# Epic
- `M-1.story.md` — Mend the roof
- `M-2.story.md` — Paint the wall

M-1 → M-2
"""
    assert ids(plan) == ["M-1", "M-2"]
    assert edges(plan) == {"M-2<-M-1"}


@pytest.mark.parametrize(
    "heading", ["Implementierungsschritte", "Pasos", "Étapes", "实施步骤", "実装ステップ", "Implementation steps"]
)
def test_a_numbered_list_below_a_heading_that_says_work_is_the_work_in_any_language(heading: str) -> None:
    assert ids(f"# P\n## {heading}\n1. Saw the boards.\n2. Glue them.\n3. Paint the shelf.\n") == ["1", "2", "3"]


def test_numbered_headings_below_such_a_heading_are_the_work() -> None:
    plan = "# P\n## 実装ステップ\n### 1. 土台\n- [ ] 石を置く\n### 2. 壁\n- [ ] 板を張る\n"
    assert ids(plan) == ["1", "2"]


def test_of_two_lists_that_say_as_much_the_one_without_repeated_ids_is_the_plan() -> None:
    plan = """# Mill
## Approach
1. **Two loops** – one of water, one of grain
2. **One shaft** – between them
## Milestones
1. **Dam** – hold the brook
2. **Wheel** – turn the shaft
3. **Stones** – grind
## Dependencies
- Milestone 2 depends on Milestone 1.
- Milestone 3 depends on Milestone 2.
"""
    assert ids(plan) == ["1", "2", "3"]
    assert edges(plan) == {"2<-1", "3<-2"}


def test_numbers_behind_one_word_may_be_set_apart_by_a_slash() -> None:
    plan = """# P
### Phase 1：协议
### Phase 2：任务
### Phase 3：外壳

依赖：稳定的协议，以及 Phase 1/2 的执行接口。
"""
    assert edges(plan) == {"3<-1", "3<-2"}


@pytest.mark.parametrize(
    "field", ["状态：已于 2026-07-29 完成。固定。", "**Estado:** Completada", "**Statut :** terminé"]
)
def test_the_field_of_the_status_has_a_name_in_each_language(field: str) -> None:
    plan = f"# P\n## Phase 1: One\n\n{field}\n\n## Phase 2: Two\n"
    assert [section.done for section in parse(plan).sections] == [True, False]


@pytest.mark.parametrize("word", ["AP B", "WP B", "Chunk B", "Bug B", "Bloque B", "Chantier B"])
def test_more_words_that_number_the_work(word: str) -> None:
    plan = f"# Labor\n## Teile\n### {word}1 - Aufbau\n### {word}2 - Betrieb\nDepends on: {word}1\n"
    assert ids(plan) == ["B1", "B2"]
    assert edges(plan) == {"B2<-B1"}


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("Cada paso depende del anterior.", "Paso"),
        ("Jeder Schritt baut auf dem vorherigen auf.", "Schritt"),
        ("Chaque étape dépend de la précédente.", "Étape"),
        ("每个步骤都依赖前一步骤。", "步骤"),
        ("各ステップは前のステップに依存する。", "ステップ"),
        ("Each step depends on the previous one.", "Step"),
    ],
)
def test_each_after_the_one_before_is_a_chain_in_every_language(said: str, word: str) -> None:
    plan = f"# P\n\n{said}\n\n## {word} 1: A\n\n## {word} 2: B\n\n## {word} 3: C\n"
    assert edges(plan) == {"2<-1", "3<-2"}


def test_a_container_may_be_named_by_a_lettered_id_alone() -> None:
    plan = """# P
## M1: Ground
### 1.1 Dig
### 1.2 Pour
## M2: Walls
### 2.1 Lay – depends on M1
### 2.2 Plaster – depends on 2.1
"""
    assert edges(plan) == {"2.1<-1.1", "2.1<-1.2", "2.2<-2.1"}


def test_a_word_of_order_may_only_head_what_follows() -> None:
    plan = """# P
### 6.1 一
### 6.2 二
### 7.1 三

## 执行说明

7.1 依赖：7.1 依赖 6.2。
"""
    assert edges(plan) == {"7.1<-6.2"}


def test_two_headings_with_the_same_number_are_no_task_groups() -> None:
    plan = """# Group 4 — Hub
## Tasks
### 1. Choose
### 2. Check
- **Dependencies:** Requires the film from Task 1
# Group 4 — Hub, once more
"""
    assert ids(plan) == ["1", "2"]


def test_the_first_column_of_a_table_names_the_row_even_when_it_is_called_gate() -> None:
    plan = """# P
| Unit | Part | Depends On |
|---|---|---|
| U1 | Base | — |
| U2 | Wall | U1 |

| Gate | Condition |
|---|---|
| Start U2 | U1 complete and tested |
"""
    assert edges(plan) == {"U2<-U1"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 3 does not need to complete before Step 1.",
        "Step 3 need not be done before Step 1.",
        "Schritt 3 muss nicht fertig sein, bevor Schritt 1 beginnt.",
        "Paso 3 no tiene que terminar antes de Paso 1.",
    ],
)
def test_what_need_not_come_first_is_no_order(sentence: str) -> None:
    assert edges(f"# P\n## Step 1: A\n## Step 2: B\n## Step 3: C\n\n## How\n\n{sentence}\n") == set()


def test_tasks_in_waves_are_the_work_and_the_waves_hold_them() -> None:
    plan = """# Tasks
## Wave 1 (Parallel)
### 1.1 Types
- [ ] 1.1.1 Write them
### 1.2 Context loader
- [ ] 1.2.1 Load
## Wave 2 (Parallel, after Wave 1)
These tasks depend on Wave 1 completion but can run parallel to each other.
### 2.1 Engine
- [ ] 2.1.1 Run
"""
    assert ids(plan) == ["1.1", "1.2", "2.1"]
    assert edges(plan) == {"2.1<-1.1", "2.1<-1.2"}


def test_an_order_may_list_the_members_of_a_wave_behind_its_name() -> None:
    plan = """# Audit
## Phase A — One
## Phase B — Two
## Phase C — Three

## Execution order
1. **Wave 1 (parallel, disjoint files):** A, B
2. **Wave 2:** C (bench and log)
"""
    assert ids(plan) == ["A", "B", "C"]
    assert edges(plan) == {"C<-A", "C<-B"}


def test_an_arrow_in_a_story_about_items_is_no_order_of_them() -> None:
    plan = """# P
| Task | Title |
|---|---|
| #14 | Scaffold |
| #19 | Verify |

- `justfile` declared by #14 and #19 → serialized by the wave split (#14 first) in the end
"""
    assert edges(plan) == set()


def test_a_log_that_calls_an_item_closed_marks_it_done() -> None:
    plan = """# P
| Task | Title |
|---|---|
| #14 | Scaffold |
| #19 | Verify |

#14 → #19

## Outcomes
- #14 closed — all green
"""
    assert [section.done for section in parse(plan).sections] == [True, False]


def test_a_number_with_capital_letters_is_an_id() -> None:
    plan = """# Roadmap
Phases are sequential.
## Phase 3 — Shell
## Phase 4A — Labels
## Phase 4B1 — Geometry
## Phase 4B2+ — The rest
"""
    assert ids(plan) == ["3", "4A", "4B1", "4B2"]
    assert edges(plan) == {"4A<-3", "4B1<-4A", "4B2<-4B1"}


def test_rows_under_a_heading_of_work_are_the_work() -> None:
    plan = """# Epic
## Stories
| # | Story | Size |
|---|---|---|
| 001 | Links | M |
| 002 | Surface | L |
| 003 | Attribution | M |

## Sequencing
001 → 002 (the surface needs the session) → 003 (last, once
there is something to show).
"""
    assert ids(plan) == ["001", "002", "003"]
    assert edges(plan) == {"002<-001", "003<-002"}


def test_ticked_entries_that_say_what_they_wait_for_are_the_work() -> None:
    plan = """# タスク
## Phase 1: 基盤
- [ ] 構成の作成（依存: なし）
- [ ] 設定の追加（依存: 上記）
## Phase 2: 実装
- [ ] 保存処理（依存: Phase 1）
- [ ] 一覧画面（依存: 上記）
"""
    found = edges(plan)
    assert found == {"設定の追加<-構成の作成", "保存処理<-構成の作成", "保存処理<-設定の追加", "一覧画面<-保存処理"}


@pytest.mark.parametrize(
    "said",
    ["(unblocks everything else)", "(desbloquea todo lo demás)", "(débloque tout le reste)"],
)
def test_what_unblocks_all_the_rest_comes_before_it(said: str) -> None:
    assert edges(f"# P\n## Phase 1 — Data {said}\n## Phase 2 — App\n## Phase 3 — Shop\n") == {"2<-1", "3<-1"}


def test_a_reason_names_nobody_who_waits() -> None:
    plan = """# P
| # | Milestone | Depends on |
|---|---|---|
| 0001 | Core | — |
| 0002 | Shop | 0001 |
| 0003 | Docs | 0001 |

**0003 before 0002** because the words of 0001 are there already.
"""
    assert edges(plan) == {"0002<-0001", "0003<-0001", "0002<-0003"}


def test_a_list_of_states_and_a_cell_that_says_done_mark_items() -> None:
    plan = """# 任务
## 当前状态
- P0-01 初始化：完成
- P0-02 布局：代码已写，待修复
## 任务
### P0-01 初始化
依赖任务：无
### P0-02 布局
依赖任务：P0-01
"""
    assert [section.done for section in parse(plan).sections] == [True, False]
    rows = "| # | Task | Depends on | Est. |\n|---|---|---|---|\n| 1 | Core | — | done |\n| 2 | Shop | 1 | 5h |\n"
    assert [section.done for section in parse(f"# P\n{rows}").sections] == [True, False]


@pytest.mark.parametrize(
    "said",
    [
        "*Depende apenas da Fase 0. Bloqueia os guards.*",
        "Depende solo de la Fase 0.",
        "*Depende de: fluxo completo (Fases 0) funcionando.*",
        "Depends on: the whole flow (Phase 0) working",
    ],
)
def test_an_only_or_a_bracket_that_names_items_is_a_need(said: str) -> None:
    assert edges(f"# Plano\n## Fase 0 — A\n- [ ] a\n## Fase 1 — B\n- [ ] b\n## Fase 2 — C\n{said}\n") == {"2<-0"}


def test_a_part_under_its_own_heading_means_the_item_that_tells_it() -> None:
    plan = """# Tasks
### Task 2.1 - Design
- **Dépendances** : Aucune
#### Task 2.1b - Frontend
- **Charge** : 12h
### Task 2.2 - Maquettes
- **Dépendances** : Task 2.1b (partielle)
### Task 2.3 - Tests
- **Dépendances** : Task 2.2
"""
    assert edges(plan) == {"2.2<-2.1", "2.3<-2.2"}


def test_a_long_run_of_blanks_costs_no_more_than_its_length() -> None:
    began = time.process_time()
    blanks = " " * 20_000
    edges(f"# P\n## Step 1: A\nDepends on: a{blanks}b → c\n## Step 2: B\nDepends on: a{blanks}b\n")
    assert time.process_time() - began < 5
