"""Which level of a plan holds its sections: the one it speaks about, and never the details within labelled items."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def ids(plan: str) -> list[str]:
    return [section.id for section in parse(plan).sections]


def edges(plan: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(plan).dependencies}


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ("Führe die folgenden Schritte strikt sequenziell aus.", "Schritt"),
        ("Execute the following steps strictly in order.", "Step"),
        ("Ejecuta los siguientes pasos en este orden.", "Paso"),
        ("Les étapes se font dans cet ordre.", "Étape"),
        ("请按顺序执行以下步骤。", "步骤"),
        ("以下のステップを順番に実行する。", "ステップ"),
    ],
)
def test_an_order_of_labelled_headings_is_not_about_the_bullets_in_them(order: str, word: str) -> None:
    parts = [f"### {word} {at}: {title}\n\n- sort {title}\n- box {title}\n" for at, title in enumerate("PQR", 1)]
    plan = "\n".join(["# Move the herbarium", order, *parts])
    assert ids(plan) == ["1", "2", "3"]
    assert edges(plan) == {"2<-1", "3<-2"}


def test_a_chance_likeness_of_bullets_makes_no_sections_of_them() -> None:
    plan = """# Release plan
## M0: Baseline
- Lint the glaze recipes
- After the kiln settings, the shelf map
## M1: Data
- Kiln settings
- Shelf map
## M2: Shell
- Press the start page
- Hang the door sign
"""
    assert ids(plan) == ["M0", "M1", "M2"]


def test_bullets_stay_sections_where_the_plan_plainly_orders_them() -> None:
    plan = """# Garden
## Phase 1: Beds
- **Dig beds**
- **Lay edging** – after Dig beds
- **Fill soil** – after Lay edging
## Phase 2: Water
- **Bury pipes** – depends on Fill soil
- **Mount taps** – depends on Bury pipes
"""
    assert len(ids(plan)) == 5


def test_a_table_goes_on_under_the_next_heading_though_its_columns_are_called_otherwise() -> None:
    plan = """# Tickets
## Phase 1
| Ticket | Title | Depends On |
|---|---|---|
| LOOM-001 | String the warp | - |
| LOOM-002 | Wind the bobbins | 001 |
## Phase 2
| ID | What | Needs |
|---|---|---|
| LOOM-003 | Weave the border | 001, 002 |
"""
    assert ids(plan) == ["LOOM-001", "LOOM-002", "LOOM-003"]
    assert edges(plan) == {"LOOM-002<-LOOM-001", "LOOM-003<-LOOM-001", "LOOM-003<-LOOM-002"}


def test_a_table_of_risks_that_names_the_tickets_is_not_more_work() -> None:
    plan = """# Tickets
| ID | Title | Depends on |
|---|---|---|
| LOOM-1 | String the warp | |
| LOOM-2 | Wind the bobbins | LOOM-1 |

| ID | Risk | Depends on |
|---|---|---|
| LOOM-1 | Thread snaps | the weather |
"""
    assert ids(plan) == ["LOOM-1", "LOOM-2"]


@pytest.mark.parametrize("word", ["Slice", "Phase", "Fase", "Schritt", "任务"])
def test_an_index_of_the_work_without_any_order_is_the_work(word: str) -> None:
    plan = f"""# Index
| {word} | Status | Document |
|---|---|---|
| 1. Card catalogue | Shipped | `01-card.md` |
| 2. Loan desk | Proposed | `02-loan.md` |
"""
    read = parse(plan)
    assert [(section.id, section.done) for section in read.sections] == [("1", True), ("2", False)]
    assert [finding.type for finding in read.findings] == ["no-dependencies-stated"]


def test_the_steps_that_a_test_report_recommends_are_no_plan() -> None:
    plan = """# Test results
## Next steps required
1. Commit the fixes
2. Wait for the deployment
3. Run the suite again
"""
    assert ids(plan) == []


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["1. P-001: Mark the shelf", "2. P-002: Name the shelf"], ["P-001", "P-002"]),
        (["3. Phase 1 – Sketch", "4. Phase 2 – Carve"], ["1", "2"]),
        (["1. Sketch 2 masks", "2. Carve 3 masks"], ["1", "2"]),
    ],
)
def test_an_own_id_after_the_number_of_a_heading_is_the_id(headings: list[str], expected: list[str]) -> None:
    plan = "# Plan\n" + "\n".join(f"## {heading}\nDepends on: nothing\n" for heading in headings)
    assert ids(plan) == expected


@pytest.mark.parametrize("word", ["Implemented", "implementiert", "Implémenté", "Implementado", "已实现", "Merged"])
def test_work_that_is_built_in_is_done(word: str) -> None:
    plan = f"| Nr | Title | Depends on | Status |\n|---|---|---|---|\n| 1 | Ink | | {word} |\n| 2 | Pen | 1 | |\n"
    assert [section.done for section in parse(plan).sections] == [True, False]


def test_a_section_told_in_parts_with_own_ids_gives_way_to_its_parts() -> None:
    plan = """# Lots
## Lot 1 — Squelette
**Dépendances** : aucune
## Lot 2 — Cœurs
**Dépendances** : lot 1
## Lot 3 — Social
Deux sous-lots.
### Lot 3.1 — Données
**Dépendances** : lot 1
### Lot 3.2 — Envoi
**Dépendances** : lot 2, lot 3.1
"""
    assert edges(plan) == {"2<-1", "3.1<-1", "3.2<-2", "3.2<-3.1"}


@pytest.mark.parametrize("heading", ["Future milestones", "Out of scope", "Ausblick", "Hors périmètre", "非目标"])
def test_milestones_that_are_left_to_a_later_plan_are_none_of_this_one(heading: str) -> None:
    plan = f"""# Plan
## Milestones
### Milestone 0: Frame
### Milestone 1: Glass
Depends on: Milestone 0
## {heading}
### Milestone 2: Greenhouse
"""
    assert ids(plan) == ["0", "1"]


def test_a_list_that_goes_through_the_tasks_again_adds_none() -> None:
    plan = """# Taller
### Tareas
1. **Cortar la madera**: tablas de pino
2. **Lijar las piezas**: grano fino
### Dependencias
- La tarea 2 depende de la tarea 1.
### Prioridades
1. **Cortar la madera**: alta
2. **Lijar las piezas**: media
"""
    assert ids(plan) == ["1", "2"]


@pytest.mark.parametrize("said", ["**Status**: ✅ COMPLETED", "> ALL 2 TASKS IMPLEMENTED AND MERGED", "Status: done"])
def test_a_plan_that_says_above_its_work_that_all_is_done_is_done(said: str) -> None:
    plan = f"# Plan\n{said}\n## Task 1: Ink\n## Task 2: Pen\nDepends on: Task 1\n"
    assert all(section.done for section in parse(plan).sections)


@pytest.mark.parametrize(
    "said", ["Status: in progress", "All tasks done when the shop opens", "All tasks must be done."]
)
def test_a_plan_that_is_under_way_or_names_its_aim_is_not_done(said: str) -> None:
    plan = f"# Plan\n{said}\n## Task 1: Ink\n## Task 2: Pen\nDepends on: Task 1\n"
    assert not any(section.done for section in parse(plan).sections)


def test_a_first_column_of_keys_is_the_column_of_ids_whatever_its_name() -> None:
    plan = """# Proposals
| Proposal | Sprint | Depends on |
|---|---|---|
| P-001 | Sprint 1 | none |
| P-002 | Sprint 2 | P-001 |
## 1. P-001: Mark the shelf
## 2. P-002: Name the shelf
"""
    assert edges(plan) == {"P-002<-P-001"}


def test_a_flag_before_the_id_of_a_row_is_not_the_id() -> None:
    plan = (
        "| ID | Title | Depends on |\n|---|---|---|\n| M1 | Ink | |\n| [P] M2a | Pen | M1 |\n| [P] M2b | Nib | M1 |\n"
    )
    assert edges(plan) == {"M2a<-M1", "M2b<-M1"}


SAID = "JSONL precedes interruption. Interruption precedes resume."
NAMELESS = f"# Recorder\n\n## Milestones\n\n{{}}\n\n{{}}\n\n{{}}\n\n## Order\n\n{SAID}\n"


@pytest.mark.parametrize("look", ["### {}\n\nIt does.", "**{}.** It does.", "**{}** – it does.", "**{}**\nIt does."])
def test_titles_alone_are_the_work_where_the_plan_speaks_of_them_below_a_heading_of_work(look: str) -> None:
    text = NAMELESS.format(*(look.format(title) for title in ("JSONL", "Interruption", "Resume")))
    plan = parse(text)
    assert [section.id for section in plan.sections] == ["jsonl", "interruption", "resume"]
    assert [(edge.upstream, edge.downstream) for edge in plan.dependencies] == [
        ("jsonl", "interruption"),
        ("interruption", "resume"),
    ]
    assert parse(text.replace("Milestones", "Parts of the system")).sections == ()


@pytest.mark.parametrize("look", ["**{}:** it does.", "**{}** does it, **and** well."])
def test_bold_fields_and_bold_words_are_no_titles(look: str) -> None:
    text = NAMELESS.format(*(look.format(title) for title in ("JSONL", "Interruption", "Resume")))
    assert parse(text).sections == ()


def test_a_heading_without_an_id_that_a_chain_names_among_those_with_ids_is_work() -> None:
    text = "# P\n\n## CI foundation\n\n## P0-1 Login\n\n## Notes on login\n\n## Order\n\nCI foundation → P0-1 → Home\n"
    plan = parse(f"{text}\n## P0-2 Home\n")
    assert [section.id for section in plan.sections] == ["ci-foundation", "P0-1", "P0-2"]
    assert parse(text.replace("→ P0-1", "→ Rollout") + "\n## P0-2 Home\n\nDepends on: P0-1\n").sections[0].id == "P0-1"


def test_a_numbered_heading_between_two_pieces_of_work_is_one_whatever_word_opens_it() -> None:
    text = "# Plan\n\n## 1. Reader\n\n## 2. Template designer\n\nNeeds 1.\n\n## 3. Pages\n\nAfter 2.\n\n## 4. Risks\n"
    assert [section.id for section in parse(text).sections][:3] == ["1", "2", "3"]
    notes = "# Plan\n\n## 1. Reader\n\n## 2. Testing strategy\n\nBy hand.\n\n## 3. Pages\n\nAfter 1.\n"
    assert [section.id for section in parse(notes).sections] == ["1", "3"]


def test_a_table_of_its_own_ids_is_work_where_other_tasks_wait_for_them() -> None:
    day = "## Day 0\n\n| ID | What | Who |\n|---|---|---|\n| S1 | Types | both |\n| S2 | Schema | B |\n\n"
    head = "| ID | Task | Depends on |\n|---|---|---|\n"
    rows = f"{head}| A1 | Index | S2 |\n| A2 | Search | A1 |\n| A3 | Pages | S1, A2 |\n"
    plan = parse(f"# Split\n\n{day}## Team A\n\n{rows}")
    assert [section.id for section in plan.sections] == ["S1", "S2", "A1", "A2", "A3"]
    more = f"{head}| B1 | Pages | A3 |\n| B2 | Seed | B1 |\n| B3 | Show | B2 |\n"
    team = f"# Split\n\n{day}## Team A\n\n{rows}## Team B\n\n{more}"
    assert [section.id for section in parse(team).sections] == ["S1", "S2", "A1", "A2", "A3", "B1", "B2", "B3"]
    risks = day.replace("S1", "R1").replace("S2", "R2").replace("Day 0", "Table")
    plan = parse(f"# Split\n\n{risks}## Team A\n\n{rows.replace('S2', 'R2').replace('S1', 'R1')}")
    assert [section.id for section in plan.sections] == ["A1", "A2", "A3"]


def test_boxes_with_keys_of_several_series_are_one_list_of_work() -> None:
    first = "### 1. Ground\n\n- [x] `ARCH-01` Draw it\n- [x] `ARCH-02` Fold it\n\n"
    plan = parse(f"# Breakdown\n\n## Tasks\n\n{first}### 2. Looks\n\n- [ ] `DS-01` Ask\n- [ ] `DS-02` Draw\n")
    assert [section.id for section in plan.sections] == ["ARCH-01", "ARCH-02", "DS-01", "DS-02"]
