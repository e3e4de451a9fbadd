"""Small signs in nested numbered checklists: `(P)`, `*`, strokes through a title, parts that name each other."""

from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import parse


def read(*lines: str) -> Plan:
    """A plan of these lines, which trace requirements as such checklists do."""
    return parse("# Implementation Plan\n\n" + "\n".join(lines) + "\n")


def edges(plan: Plan) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies}


def told_of(plan: Plan, kind: str) -> list[str]:
    return [one for found in plan.findings if found.type == kind for one in found.ids]


TRACED = ("  - [ ] 1.1 Bolts", "    - _Requirements: 1.1_", "  - [ ] 1.2 Nuts", "    - _Requirements: 1.2_")


def test_only_marked_tasks_run_beside_each_other_and_not_beside_the_one_before_them() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "- [ ] 2. (P) Mast", "- [ ] 3. (P) Sail", "- [ ] 4. Flag")
    assert edges(plan) == {"2<-1", "3<-1", "4<-2", "4<-3"}


def test_a_ticked_task_is_done_be_it_struck_through_or_optional() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "- [x] ~~2. Mast~~", "- [x]* 3. Sail", "- [ ] ~~4. Flag~~", "- [ ]* 5. Oar")
    assert [one.id for one in plan.sections if one.done] == ["2", "3"]
    assert told_of(plan, "deferred-item") == ["4", "5"]


def test_a_ticked_task_that_is_called_withdrawn_is_told() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "- [x] 2. Mast (withdrawn)", "- [ ] 3. Sail (withdrawn)")
    assert told_of(plan, "status-conflict") == ["2"]
    assert told_of(plan, "deferred-item") == ["2", "3"]


def test_a_task_with_parts_beside_it_ends_at_the_next_heading() -> None:
    parts = (
        "- [ ] 1. Keel",
        "- [ ] 1.1 Bolts",
        "- [ ] 1.2 Nuts",
        "",
        "## Remarks",
        "",
        "Whatever.",
        "",
        "- [ ] 2. Mast",
    )
    plan = read(*parts, "- [ ] 2.1 Rope", "- [ ] 2.2 Hook")
    assert "Nuts" in plan.sections[0].body
    assert "Whatever" not in plan.sections[0].body


def test_a_part_that_runs_beside_one_of_another_task_makes_no_section_of_it() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "- [ ] 2. Mast", "  - [ ] 2.1 Rope", "    - Can run in parallel with: 1.1")
    assert [one.id for one in plan.sections] == ["1", "2"]


def test_a_part_that_waits_for_another_of_its_own_task_says_nothing_of_the_task() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "    - _Depends: 1.1_", "- [ ] 2. Mast", "  - [ ] 2.1 Rope")
    assert [one.id for one in plan.sections] == ["1", "2"]
    assert [one.message for one in plan.findings if one.ids == ("1",)] == []


def test_a_part_of_a_part_that_is_missing_belongs_to_its_task() -> None:
    plan = read("- [ ] 1. Keel", *TRACED, "  - [ ] 1.3.1 Paint", "- [ ] 2. Mast", "  - [ ] 2.1 Rope")
    assert [one.id for one in plan.sections] == ["1", "2"]


def test_a_checklist_of_which_most_numbers_are_the_same_is_counted_anew() -> None:
    """Whoever writes "1." before every item lets Markdown count: the numbers are no ids."""
    numbers = ("1", "1", "1", "1", "2")
    tasks = (f"- [ ] {number}. Task {at}\n  - _Requirements: 1.{at}_\n" for at, number in enumerate(numbers, 1))
    assert [section.id for section in parse("# Plan\n\n" + "".join(tasks)).sections] == ["1", "2", "3", "4", "5"]
