"""Entries that tell an order and are no work themselves, orders that are the work, and what pictures say."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def ids(plan: str) -> list[str]:
    return [section.id for section in parse(plan).sections]


def titles(plan: str) -> list[str]:
    return [section.title for section in parse(plan).sections]


def edges(plan: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(plan).dependencies}


def found(plan: str) -> set[str]:
    return {one.type for one in parse(plan).findings}


BAKERY = """# Bakery: tasks

## Wave 1
- **Task 4**: Build the oven
  - Heat it once
- **Task 7**: Mill the flour

## Wave 2
- **Task 9**: Bake
  - **Dependencies**: Task 4 (oven) must be complete
"""


def test_an_entry_that_names_two_items_with_an_arrow_is_an_order_and_no_item() -> None:
    plan = (
        BAKERY
        + """
## What to watch
1. **Task 4 → Task 9**: the oven comes before the bread
2. **Tasks 4, 7 → Task 9**: and so does the flour
"""
    )
    assert ids(plan) == ["4", "7", "9"]
    assert edges(plan) == {"9<-4", "9<-7"}


def test_a_title_with_an_arrow_is_still_a_title() -> None:
    plan = """# Moves: tasks
1. **v1 → v2**: move the readers
2. **Rows → one file**: merge what is left. Dependencies: 1
"""
    assert ids(plan) == ["1", "2"]


def test_the_words_behind_a_name_are_the_title() -> None:
    assert titles(BAKERY) == ["Build the oven", "Mill the flour", "Bake"]


def test_who_might_do_what_is_a_recommendation() -> None:
    plan = (
        BAKERY
        + """
### Allocation recommendations
- **For one baker:** Task 7 → Task 4 → Task 9
"""
    )
    assert edges(plan) == {"9<-4"}


def test_a_generic_word_and_an_id_may_stand_in_code() -> None:
    plan = """# Phase 8
## 任务清单与依赖关系
- `Task 8.1` Metric schema
- `Task 8.2` Path model，依赖 `8.1`
"""
    assert titles(plan) == ["Metric schema", "Path model"]
    assert edges(plan) == {"8.2<-8.1"}


def test_boxes_that_count_in_three_numbers_are_the_work_of_their_chapters() -> None:
    plan = """# Logo: tasks
## 1. Phone
### 1.1 Picture
- [ ] 1.1.1 Pick
- [ ] 1.1.2 Crop
### 1.2 Radio
- [ ] 1.2.1 Send
- [ ] 1.2.2 Wait
## 2. Tests
- [ ] 2.1 Try it
- [ ] 2.2 Try it twice
## 3. Papers
- [ ] 3.1 Write it down

## Order
```
1.1.1 → 1.1.2 → 1.2.1
1.1.x → 2.1
```
"""
    assert ids(plan) == ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "2.1", "2.2", "3.1"]
    assert edges(plan) == {"1.1.2<-1.1.1", "1.2.1<-1.1.2", "2.1<-1.1.1", "2.1<-1.1.2"}


def test_issues_that_stand_only_in_a_picture_are_work() -> None:
    plan = """# Sprint dependencies
```mermaid
flowchart LR
  A["#12 Lay the cable"] --> B["#7 Switch on"]
  B --> C["#15 Measure"]
  subgraph Later["Phase 2: Later"]
    D["#20 Tell everybody"]
  end
```
"""
    assert sorted(ids(plan)) == ["12", "15", "20", "7"]
    assert edges(plan) == {"7<-12", "15<-7"}


def test_a_picture_with_a_letter_for_the_number_shows_how_plans_are_written() -> None:
    plan = """# Tasks, how to write them
```
Phase 2: Ground → what all the rest needs
Phase 3: Stories → in any order
Phase N: Polish → at the end
```
"""
    assert "not-a-plan" in found(plan)


def test_an_arrow_to_the_left_in_a_picture_that_falls_points_at_what_follows() -> None:
    plan = """# Garden plan
## Phase 1: Dig
## Phase 2: Sow
## Phase 3: Fence
## Phase 4: Open

```
Phase 1 ──────────┐
   │              │
   ▼              ▼
Phase 2 ◄──── Phase 3
   │              │
   └──────┬───────┘
          ▼
       Phase 4
```
"""
    assert edges(plan) == {"2<-1", "3<-1", "2<-3", "4<-2", "4<-3"}


def test_an_arrow_to_the_left_in_a_line_points_at_what_is_needed() -> None:
    plan = """# Garden plan
## Phase 1: Dig
## Phase 2: Sow

```
Phase 1 ← Phase 2
```
"""
    assert edges(plan) == {"2<-1"}


@pytest.mark.parametrize(
    "heading", ["Implementation order", "Umsetzungsreihenfolge", "Orden de implementación", "实施顺序"]
)
def test_the_entries_of_the_order_in_which_things_are_built_are_the_work_where_nothing_else_is(heading: str) -> None:
    plan = f"""# Hooks
## Design
Hooks fire.

## {heading}
1. **Hooks (core)** — the parser
2. **Export** — one format first
3. **Feed** — wrapped
"""
    assert ids(plan) == ["1", "2", "3"]
    assert edges(plan) == {"2<-1", "3<-2"}


@pytest.mark.parametrize("heading", ["Execution order", "Suggested implementation order"])
def test_the_order_in_which_a_program_runs_or_a_mere_suggestion_is_no_work(heading: str) -> None:
    plan = f"""# Hooks
## {heading}
1. **Parse** — the file
2. **Fire** — each hook
"""
    assert "not-a-plan" in found(plan)


def test_an_order_of_tasks_that_stand_elsewhere_does_not_take_their_place() -> None:
    plan = """# Hooks
## Task 1: Parser
## Task 2: Export

## Implementation order
1. The parser of the file
2. Everything that writes
"""
    assert titles(plan) == ["Parser", "Export"]


def test_bold_tasks_with_steps_in_them_are_apart_from_the_steps() -> None:
    plan = """# Refactoring Implementation Plan
> Do the tasks one after another.

## Phase 3: bridge
**Task 3.1: Queue**

**Step 1: Test**

**Step 2: Code**

**Task 3.2: Result**

**Step 1: Test**
"""
    assert ids(plan) == ["3.1", "3.2"]
    assert edges(plan) == {"3.2<-3.1"}


@pytest.mark.parametrize(
    "said",
    [
        "Implementar las tareas una por una.",
        "Las tareas se hacen tarea por tarea.",
        "Réaliser les tâches une par une.",
        "Die Aufgaben werden eine nach der anderen erledigt.",
        "任务逐个执行。",
        "タスクは一つずつ実施する。",
    ],
)
def test_one_by_one_is_a_chain_in_every_language(said: str) -> None:
    plan = f"# Plan\n{said}\n## Task 1: Dig\n## Task 2: Sow\n"
    assert edges(plan) == {"2<-1"}


def test_numbered_deliverables_are_the_work_where_nothing_else_is() -> None:
    plan = """# Spike
## Deliverables
### 1. Skeleton
A command.
### 2. Checks
A report.
"""
    assert titles(plan) == ["Skeleton", "Checks"]
    assert found(plan) == {"no-dependencies-stated"}


def test_after_everything_is_ready_is_after_all_others_in_spanish() -> None:
    plan = """# Plan
## Fase 1: Cavar
## Fase 2: Sembrar
## Fase 3: Abrir

## Notas
1. La fase 3 debe ejecutarse después de que todo esté estable.
"""
    assert edges(plan) == {"3<-1", "3<-2"}


def test_a_part_without_needs_makes_no_plan_of_a_list_of_thoughts() -> None:
    plan = """# Specification graph
- **Ground layer**: Ghost Framework (no dependencies)
- **Upper layer**: Rest

### Points to look at
1. **Ghost Framework Load**: everything rests on it
2. **Interface Evolution**: keep it stable
"""
    assert "not-a-plan" in found(plan)


def test_goals_are_no_work_in_japanese() -> None:
    plan = """# 開発
### 目標
1. **配布**: 誰でも使える
2. **簡単**: すぐ使える

### Phase 1: 土台
- **Issue #2**: 整理
  - 依存: なし
- **Issue #3**: 設定
  - 依存: Issue #2
"""
    assert ids(plan) == ["2", "3"]
    assert edges(plan) == {"3<-2"}


def test_minutes_are_no_items_that_run_beside_each_other() -> None:
    plan = """# 計画
| # | タイトル | 依存 |
|---|---|---|
| #15 | 準備 | なし |
| #16 | 実装 | #15 |
| #17 | 公開 | #16 |

**推定時間**: 15-20分（並行実行）
"""
    assert edges(plan) == {"16<-15", "17<-16"}
    assert found(plan) == set()


def test_a_number_of_another_chapter_belongs_to_another_plan() -> None:
    plan = """# Phase 18
### Task 18.1 - Coverage
- **Depends on**: Task 17.4
### Task 18.2 - Headings
- **Depends on**: Task 18.1, Task 10.1
### Task 18.3 - Rerun
- **Depends on**: Task 18.9
"""
    told = {(one.type, one.ids) for one in parse(plan).findings if one.type != "orphaned"}
    assert told == {
        ("external-dependency", ("18.1",)),
        ("external-dependency", ("18.2",)),
        ("unknown-reference", ("18.3",)),
    }


def test_a_condition_beside_an_item_is_no_unknown_item() -> None:
    plan = """# Roadmap
## Phase 1: Base
## Phase 2: Smart things
**Dependencies**: Phase 1 complete, sufficient data volume (3 months)
## Phase 3: Show
**Dependencies**: Phase 2, Grand Opening
"""
    assert edges(plan) == {"2<-1", "3<-2"}
    assert [one.ids for one in parse(plan).findings if one.type == "unknown-reference"] == [("3",)]


def test_phases_that_build_on_the_previous_ones_step_by_step_are_a_chain() -> None:
    plan = """# Plan
## Phase 1: Base
- [ ] 1.1 Walls
## Phase 2: Roof
- [ ] 2.1 Beams

## Notes
- Each phase builds incrementally on previous phases
"""
    assert edges(plan) == {"2<-1"}


def test_the_ids_of_rows_are_no_other_ids_for_sections_without_titles() -> None:
    plan = """# Tasks
- **T1**: deps: none
- **T2**: deps: T1
- **T3**: deps: T2

| Task | Needs |
|---|---|
| T1 | - |
| T2 | T1 |
| T3 | T2 |
"""
    assert "id-mismatch" not in found(plan)
