"""Forms of words that few plans use, an example of each."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse

NAMES = {"A": "Keel", "B": "Mast", "C": "Sail", "D": "Flag"}
TASKS = """\
# Tasks: Harbour

**Format**: `[ID] [P?] [Story] Description`

## Phase 1: Setup

- [ ] T001 Keel in src/keel.py

## Phase 2: Foundational

- [ ] T002 Deck in src/deck.py

## Phase 3: User Story 1 - Sailing

- [ ] T003 [US1] Sail in src/sail.py
- [ ] T004 [US1] Rope in src/rope.py

## Phase 4: User Story 2 - Flags

- [ ] T005 [US2] Flag in src/flag.py

## Dependencies & Execution Order

### Phase Dependencies

"""


def edges(text: str) -> set[tuple[str, str]]:
    return {(edge.upstream, edge.downstream) for edge in parse(text).dependencies}


def plan(notes: str = "", **within: str) -> str:
    """A plan of four sections with words within some of them and notes at its end."""
    parts = [f"## Section {name}: {title}\n\n{within.get(name, 'Work.')}\n" for name, title in NAMES.items()]
    return "\n".join(["# Harbour plan\n", *parts, "## Notes\n", notes])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A→B, C→D", {("A", "B"), ("C", "D")}),
        ("A → B, C (in parallel) → D", {("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")}),
        ("Critical path: A → B → C\n\nSection C depends on A.", {("A", "C")}),
        ("`match(x) -> A`\n\nreturn b -> C; Section B depends on A.", {("A", "B")}),
        ("Sections C, D depend on A, B respectively.", {("A", "C"), ("B", "D")}),
        ("Neither Section B nor C depends on A. Section D depends on B.", {("B", "D")}),
        ("Section B can only start when A is done.", {("A", "B")}),
        ("B は A に依存しない。C は A の完了後に。", {("A", "C")}),
        ("B 不依赖 A。C 依赖 A。", {("A", "C")}),
    ],
)
def test_what_the_notes_of_a_plan_say(words: str, expected: set[tuple[str, str]]) -> None:
    assert edges(plan(words)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Start __after Section A__ is done.", {("A", "D")}),
        ("Depends on: the same as Section C", {("A", "C"), ("A", "D")}),
        ("Depends on: A, C; Owner: B", {("A", "D"), ("C", "D")}),
    ],
)
def test_what_a_section_says(words: str, expected: set[tuple[str, str]]) -> None:
    after = {"C": "Depends on: A"} if ("A", "C") in expected else {}
    assert edges(plan(D=words, **after)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# P\n\n## Section A: Measure ~4 days\n\n## Section B: Mast\n\nDepends on: Measure\n", {("A", "B")}),
        ("# P\n\n## Step 1: Keel\n\n## Step 2: Mast\n\nAfter step one.\n\n## Step 3: Sail\n", {("1", "2")}),
        ("# P\n\n## AP-A: Keel\n\n## AP-B: Mast\n\nDepends on: A\n", {("AP-A", "AP-B")}),
        (
            "# P\n\n## Phase 1: Hull\n\n- [ ] T1 Keel\n- [ ] T2 Mast (needs T1)\n\n"
            "## Phase 2: Deck - depends on Phase 1 (all of it)\n\n- [ ] T3 Sail\n",
            {("T1", "T2"), ("T1", "T3"), ("T2", "T3")},
        ),
        (
            "| Task | Title | Depends on |\n|---|---|---|\n| T1 | Keel \\| hull | - |\n| T2 | Mast | T1 |\n",
            {("T1", "T2")},
        ),
        (
            "# P\n\n## T1: Keel\n\n## T2: Mast\n\n## T3: Sail\n\n## Order\n\n```mermaid\n%% what comes first\n"
            "graph TD\n  classDef done fill:#0f0\n  T1 --> T2 --> T3\n  class T1 done\n```\n",
            {("T1", "T2"), ("T2", "T3")},
        ),
        (
            "# P\n\n## 1: Keel\n\n## 2: Mast\n\n## 3: Sail\n\n## Order\n\n```mermaid\ngantt\n  title Harbour\n"
            "  section Hull\n  Keel :k, 2026-01-01, 3d\n  Mast :m, after k, 2d\n  Sail :s, after m, 1d\n```\n",
            {("1", "2"), ("2", "3")},
        ),
    ],
)
def test_what_titles_tables_and_charts_say(text: str, expected: set[tuple[str, str]]) -> None:
    assert edges(text) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("- T002 runs in parallel with T003 until T005", {("T003", "T005"), ("T005", "T002")}),
        ("- User Story 1: Foundational の設定が前提", set[tuple[str, str]]()),
        ("- User Story 2 depends on the user stories' data", set[tuple[str, str]]()),
        ("- Setup → Foundational → US1 (strictly; US2 can run in any order)", {("T001", "T002"), ("T002", "T003")}),
        ("- Setup → Foundational → US1 (in any order)", set[tuple[str, str]]()),
        ("- or Setup → Foundational", set[tuple[str, str]]()),
    ],
)
def test_what_the_order_of_a_task_list_says(words: str, expected: set[tuple[str, str]]) -> None:
    listed = edges(TASKS)
    assert edges(TASKS + words + "\n") - listed - {("T002", "T004")} == expected


def test_tasks_that_go_together_have_no_order() -> None:
    assert ("T003", "T004") in edges(TASKS)
    assert ("T003", "T004") not in edges(TASKS + "- T003 and T004 together\n")


def test_a_roadmap_of_slices_may_strike_put_off_and_set_off_by_a_dash() -> None:
    read = parse(
        "# Roadmap\n\n- [x] **S01: Keel** `depends:[]`\n  > After this: it floats\n- [ ] ~~**S02: Mast**~~\n"
        "- [ ] **S03 - Sail** `depends:[S01]`\n  > Deferred: no wind\n- [ ] **S04: Flag** `depends:[S01]`\n"
    )
    assert [(section.id, section.title) for section in read.sections][2] == ("S03", "Sail")
    assert [found.ids for found in read.findings if found.type == "deferred-item"] == [("S02",), ("S03",)]


def test_a_last_todo_that_is_blocked_by_all_waits_for_each() -> None:
    todos = "".join(
        f"- [ ] {name}\n\n  **Blocked By**: {what}\n\n" for name, what in (("1. Keel", "None"), ("2. M", "1"))
    )
    matrix = "- [ ] F1. Audit\n\n  **Blocked By**: all\n\n### Dependency Matrix\n\n- **F1**: all tasks - none\n"
    assert edges(f"# Plan\n\n## TODOs\n\n{todos}{matrix}") == {("1", "2"), ("1", "F1"), ("2", "F1")}


def test_tasks_in_steps_are_of_one_family_whatever_they_say() -> None:
    steps = "- [ ] **Step 1: Test**\n- [ ] **Step 2: Build**\n\n"
    assert parse(f"# Harbour\n\n### Task 1: Keel\n\n{steps}### Task 2: Mast\n\n{steps}").reader == "superpowers"


def test_signs_and_a_status_within_a_text_tell_how_far_an_item_is() -> None:
    signed = parse("# P\n\n## Section A: Keel ✅\n\n## Section B: Mast 🚧\n\nDepends on: A\n\n## Section C: Sail ⏸\n")
    spoken = parse("# P\n\n## Tasks\n\n1. Keel. Status: done\n2. Mast (after 1). Status: open\n")
    assert [section.done for section in (*signed.sections, *spoken.sections)] == [True, False, False, True, False]
    assert [found.ids for found in signed.findings if found.type == "deferred-item"] == [("C",)]


def test_what_is_done_outside_is_named() -> None:
    read = parse(plan(B="Depends on: A, external sign-off", C="Depends on: #77"))
    assert [found.ids for found in read.findings if found.type == "external-dependency"] == [("B",), ("C",)]


def test_a_file_is_named_without_its_lines() -> None:
    assert parse(plan(A="Files: `src/keel.py:10-20`")).sections[0].hints.files == ("src/keel.py",)


def test_markdown_that_opens_like_data_is_markdown() -> None:
    read = parse("title: harbour\ntasks:\n- id: a\n- id: b\n\n" + plan(B="Depends on: A"))
    assert [section.id for section in read.sections] == ["A", "B", "C", "D"]


def test_a_story_that_another_one_presupposes_comes_first() -> None:
    told = "**Acceptance Criteria:**\n\n**Given** {}\n**When** it sails\n**Then** it floats\n\n"
    text = "# Epics\n\n## Epic 1: Hull\n\n### Story 1.1: Keel\n\n" + told.format("a yard")
    text += "### Story 1.2: Mast\n\n" + told.format("Story 1.1 is complete")
    assert edges(text) == {("1.1", "1.2")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("B inbound", {"C<-B"}),
        ("A's schema, B", {"C<-A", "C<-B"}),
        ("Section A and Section B output", {"C<-A", "C<-B"}),
        ("rows.csv, B (its table)", {"C<-B"}),
        ("A list of names", set()),
        ("B.csv", set()),
        ("the rows of B", set()),
        ("user names", set()),
    ],
)
def test_inputs_name_items_by_the_ids_they_begin_with(value: str, expected: set[str]) -> None:
    plan = parse(f"# P\n\n## Section A: Schema\n\n## Section B: Importer\n\n## Section C: Search\n\nInputs: {value}\n")
    assert {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies} == expected
