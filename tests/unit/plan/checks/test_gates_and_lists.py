"""Gates that single tasks do not keep, lists with other ids, sections that stand alone, files that meet, sizes."""

from __future__ import annotations

import pytest

from orch_tui.plan.model import Finding, FindingType
from orch_tui.plan.parsing import parse


def findings(text: str, kind: FindingType) -> list[Finding]:
    return [one for one in parse(text).findings if one.type == kind]


def walls(gate: str, *, third: str = "none") -> str:
    """Two phases, a sentence about both, and a third task with a field of its own."""
    return (
        f"# Plan\n\n{gate}\n\n## Phase 1: Ground\n\n### Task 1: Dig\n\n### Task 2: Level\nDepends on: Task 1\n\n"
        f"## Phase 2: Walls\n\n### Task 3: Bricks\nDepends on: {third}\n\n### Task 4: Roof\nDepends on: Task 3\n\n"
        "### Task 5: Paint\n"
    )


@pytest.mark.parametrize(
    "gate",
    [
        "Phase 1 must be complete before Phase 2 begins.",
        "All of Phase 1 must land before anything in Phase 2.",
        "No work of Phase 2 may start until Phase 1 is merged.",
        "Nothing in Phase 2 starts before Phase 1 is done.",
        "Every task of Phase 1 must be finished before Phase 2 starts.",
        "Phase 2 cannot start until Phase 1 is done.",
        "Phase 1 is a hard gate for Phase 2.",
        "Phase 1 gates Phase 2: nothing in it starts early.",
        "Mandatory: Phase 1 before Phase 2.",
        "Phase 2 darf erst beginnen, wenn Phase 1 fertig ist.",
        "Phase 2 no puede empezar hasta que Phase 1 esté terminada.",
        "Phase 2 ne peut commencer qu'après Phase 1.",
        "Phase 1 完成之前不得开始 Phase 2。",
        "Phase 1 未完成前，不得开始 Phase 2。",
        "Phase 2 はPhase 1 が完了するまで開始できない。",
        "Phase 1 が完了するまで Phase 2 を開始しない。",
    ],
)
def test_a_gate_holds_for_tasks_without_a_field_and_is_told_of_for_those_with_one(gate: str) -> None:
    plan = parse(walls(gate))
    assert {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies} == {"2<-1", "4<-3", "5<-1", "5<-2"}
    assert [one.ids for one in plan.findings if one.type == "gate-overridden"] == [("3", "4")]


@pytest.mark.parametrize("gate", ["Phase 2 ideally follows Phase 1.", "Phase 1 comes first in this file.", ""])
def test_what_is_no_gate_is_not_overridden(gate: str) -> None:
    assert not findings(walls(gate), "gate-overridden")


def test_a_gate_that_the_tasks_keep_anyway_is_not_overridden() -> None:
    assert not findings(walls("Phase 1 must be complete before Phase 2 begins.", third="Task 2"), "gate-overridden")


def test_nothing_in_a_phase_that_depends_on_another_waits_for_it() -> None:
    plan = parse(walls("Nothing in Phase 2 depends on Phase 1."))
    assert {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies} == {"2<-1", "4<-3"}


WORK = (
    "### 201. Alpha importer\nDepends on: none\n\n### 202. Beta search page\nDepends on: 201\n\n"
    "### 203. Gamma billing\nDepends on: 202\n"
)


@pytest.mark.parametrize(
    "listed",
    [
        "- 181. Alpha importer\n- 182. Beta search page\n- 183. Gamma billing",
        "- T1: Alpha importer\n- T2: Beta search page",
        "- **M1** — Alpha importer\n- **M2** — Beta search page",
        "- [ ] 181 Alpha importer\n- [ ] 182 Beta search page",
        "| # | Item |\n|---|---|\n| 181 | Alpha importer |\n| 182 | Beta search page |",
        "181 Alpha importer → 182 Beta search page → 183 Gamma billing",
        "```mermaid\ngraph TD\n A[181 Alpha importer] --> B[182 Beta search page]\n```",
        "- 202. Alpha importer\n- 201. Beta search page",
    ],
)
def test_two_lists_of_the_same_titles_with_different_ids_are_told_of(listed: str) -> None:
    (one,) = findings(f"# Plan\n\n## Overview\n\n{listed}\n\n## Work\n\n{WORK}", "id-mismatch")
    assert one.ids[:2] == ("201", "202")


@pytest.mark.parametrize(
    "listed",
    [
        "1. Alpha importer\n2. Beta search page\n3. Gamma billing",
        "- 201. Alpha importer\n- 202. Beta search page",
        "- 181. Alpha importer",
        "- Alpha importer (#181)\n- Beta search page (#182)",
        "- Alpha importer: 181 minutes\n- Beta search page: 20 minutes",
        "| Item | Hours |\n|---|---|\n| Alpha importer | 12 |\n| Beta search page | 14 |",
    ],
)
def test_numbers_that_count_or_measure_are_no_other_ids(listed: str) -> None:
    assert not findings(f"# Plan\n\n## Overview\n\n{listed}\n\n## Work\n\n{WORK}", "id-mismatch")


def alone(last: str, mark: str = "") -> list[Finding]:
    before = "".join(
        f"## Section {name}: {title}\n{needs}\n\n"
        for name, title, needs in (
            ("A", "Schema", ""),
            ("B", "Importer", "Depends on: A"),
            ("C", "Search page", "Depends on: B"),
        )
    )
    return findings(f"# Plan\n\n{before}## Section D: Flag{mark}\n{last}\n", "orphaned")


def test_a_section_without_a_word_about_order_is_orphaned() -> None:
    assert [one.ids for one in alone("Sew it.")] == [("D",)]


@pytest.mark.parametrize(
    "last",
    [
        "Depends on: none",
        "Independent of everything else.",
        "Standalone.",
        "Can be done at any time.",
        "Can run in parallel with B.",
        "Depends on: the legal team",
        "Kann jederzeit laufen.",
        "Se puede hacer en cualquier momento.",
        "Peut être fait à tout moment.",
        "可以随时进行。",
        "いつでも実施できる。",
    ],
)
def test_a_section_that_says_that_it_stands_alone_is_not_orphaned(last: str) -> None:
    assert not alone(last)


def test_a_finished_section_is_not_orphaned() -> None:
    assert not alone("Sew it.", mark=" ✅")


def test_a_pattern_meets_the_files_that_it_fits() -> None:
    plan = (
        "# Plan\n\n## Section A: Schema\n\n## Section B: Importer\nFiles: `src/*.py`\nDepends on: A\n\n"
        "## Section C: Search\nFiles: `src/b.py`\nDepends on: A\n"
    )
    assert [one.ids for one in findings(plan, "file-overlap")] == [("B", "C")]
    assert not findings(plan.replace("src/b.py", "docs/b.md"), "file-overlap")


def test_a_character_of_chinese_is_a_token_of_its_own() -> None:
    text = "\n".join("数据库迁移" * 20 for _ in range(1_100))
    plan = f"# 计划\n\n## Section A: 表\n\n{text}\n\n## Section B: 导入\nDepends on: A\n"
    assert [one.ids for one in findings(plan, "too-large")] == [("A",)]


def test_sections_that_follow_each_other_are_kept_apart_without_a_finding() -> None:
    plan = parse(
        "# Plan\n\n## Section A: Schema\n\n## Section B: Importer\nDepends on: A. Not in parallel with A.\n\n"
        "## Section C: Search\nDepends on: B\n"
    )
    assert not [one for one in plan.findings if one.type == "exclusive"]


def kept_apart(said: str) -> set[str]:
    """The pairs that a sentence keeps apart in a plan of three phases with two tasks each."""
    tasks = {n: f"### Task {n}: Part {n}\n{'Depends on: Task 1' if n > 2 else ''}\n\n" for n in range(1, 7)}
    phases = "".join(f"## Phase {n}: Bed {n}\n\n{tasks[2 * n - 1]}{tasks[2 * n]}" for n in (1, 2, 3))
    plan = parse(f"# Plan\n\n{phases}## Notes\n\n{said}\n")
    return {f"{pair.one}{pair.other}" for pair in plan.exclusions}


@pytest.mark.parametrize(
    "said",
    [
        "Never run Phase 2 and Phase 3 at the same time.",
        "Phase 2 and Phase 3 must not run in parallel.",
        "Do not start anything of Phase 3 while Phase 2 is running.",
        "Phase 2 und Phase 3 dürfen nicht gleichzeitig laufen.",
    ],
)
def test_two_phases_that_are_kept_apart_run_their_own_tasks_side_by_side(said: str) -> None:
    assert kept_apart(said) == {"35", "36", "45", "46"}


def test_a_task_is_kept_apart_from_every_task_of_a_phase_and_the_tasks_of_one_from_each_other() -> None:
    assert kept_apart("Task 5 must not run in parallel with Phase 2.") == {"35", "45"}
    assert kept_apart("The tasks of Phase 2 must not run in parallel.") == {"34"}
    assert kept_apart("Tasks 3-5 must not run in parallel.") == {"34", "35", "45"}
