"""What a plan says of single items that it does in order as a whole: independent ones, lanes, gates of their own."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def one_by_one(said: str) -> set[str]:
    """The edges of four tasks that are done task by task, with what is said of them before."""
    tasks = "".join(f"### Task {n}: {title}\n\n" for n, title in enumerate(("Dig", "Sow", "Fence", "Reap"), 1))
    return edges(f"# P\n\nUse superpowers:executing-plans to implement this plan task-by-task.\n\n{said}\n\n{tasks}")


@pytest.mark.parametrize(
    "said",
    [
        "Task 3 is independent.",
        "Task 3 is independent of the others.",
        "Task 3 is independent of all other tasks.",
        "Task 2 needs Task 1; Task 3 (the fence) is independent; Task 4 last.",
        "Task 3 has no dependencies.",
    ],
)
def test_an_independent_task_waits_for_nobody_and_the_order_goes_on_behind_it(said: str) -> None:
    assert one_by_one(said) == {"2<-1", "4<-2", "4<-3"}


@pytest.mark.parametrize(
    "said",
    [
        "Tasks 2 and 3 are independent of each other.",
        "Task 2 (sow) and Task 3 (fence) have no code dependency on each other.",
        "Tasks 2 and 3 have no dependencies on one another.",
        "Tasks 2 and 3 do not depend on each other.",
        "Task 3 does not depend on Task 2.",
        "Task 2 和 Task 3 互不依赖。",
    ],
)
def test_two_that_do_not_need_each_other_share_their_place_in_the_order(said: str) -> None:
    assert one_by_one(said) == {"2<-1", "3<-1", "4<-2", "4<-3"}


def test_a_sentence_behind_dependencies_may_name_who_needs_nobody() -> None:
    said = "Task dependencies: Task 2 depends on Task 1; Task 3 is independent; Task 4 depends on Task 2."
    assert one_by_one(said) == {"2<-1", "4<-2"}


def lanes(said: str) -> set[str]:
    tasks = "\n".join(f"- [ ] T00{number} Row {number}" for number in range(1, 6))
    last = "- [ ] T006 [P] Row 6\n- [ ] T007 Row 7"
    return edges(f"# Tasks\n\n- **[P]**: parallel\n\n## Phase 1: Rows\n{tasks}\n{last}\n\n## Dependencies\n\n{said}\n")


@pytest.mark.parametrize(
    "said",
    ["Within it: T002→T003 (same bed); T004→T005 (one before the other); T006 [P].", "- T002 → T003\n- T004 → T005"],
)
def test_several_chains_within_a_phase_are_lanes_that_nobody_orders(said: str) -> None:
    found = lanes(said)
    assert {"T002<-T001", "T003<-T002", "T004<-T001", "T005<-T004"} <= found
    assert ("T006 [P]" in said) != ("T006<-T005" in found)
    assert not {"T004<-T003", "T004<-T002"} & found


def test_one_chain_within_a_phase_leaves_the_order_of_the_others_as_it_is() -> None:
    assert lanes("T002 → T003.") >= {"T002<-T001", "T003<-T002", "T004<-T003", "T005<-T004"}


def test_the_code_of_all_stories_is_all_stories() -> None:
    tasks = "## Phase 1: User Story 1\n- [ ] T001 [US1] Sow\n\n## Phase 2: User Story 2\n- [ ] T002 [US2] Reap\n\n"
    said = "## Dependencies\n\n- T003 depends on both user stories' code being done.\n"
    assert edges(f"# Tasks\n\n{tasks}## Phase 3: Polish\n- [ ] T003 Tidy\n\n{said}") == {"T003<-T001", "T003<-T002"}


def steps(gate: str, order: str = "The steps are done strictly in order.") -> set[str]:
    before = "## Step 1: Dig\n\n## Step 2: Sow\n\n"
    return edges(f"# Plan\n\n{order}\n\n{before}## Step 3: Fence\n**Gate:** {gate}\n\n## Step 4: Reap\n")


@pytest.mark.parametrize("gate", ["all tests are green", "`make check` passes", "the mayor signs"])
def test_a_gate_of_its_own_frees_no_step_from_the_order(gate: str) -> None:
    assert steps(gate) == {"2<-1", "3<-2", "4<-3"}


def test_a_gate_that_names_a_step_is_one_more_need() -> None:
    assert steps("Step 1 is signed off", order="") == {"3<-1"}


@pytest.mark.parametrize("what", ["all tests are green", "all environment variables set", "every stakeholder agrees"])
def test_all_of_what_is_no_work_of_the_plan_is_not_all_that_came_before(what: str) -> None:
    assert steps(what, order="") == set()


def test_the_order_to_do_one_task_group_is_no_plan_of_its_boxes() -> None:
    plan = parse(
        "We implement task group number 2 of the harbour:\n\n## Implement this task\n\n#### Task Group 2: Deck\n"
        "**Dependencies:** Task Group 1\n\n- [ ] 2.0 Build the deck\n  - [ ] 2.1 Write tests\n  - [ ] 2.2 Saw\n"
        "  - [ ] 2.3 Nail\n\n## Understand the context\n\nRead the spec.\n"
    )
    assert plan.sections == ()
    assert [one.type for one in plan.findings] == ["not-a-plan"]


def test_a_task_that_its_phase_excepts_does_not_wait_for_what_the_phase_waits_for() -> None:
    tasks = (
        "## Phase 1: User Story 1\n- [ ] T001 [US1] Sow\n\n## Phase 2: Polish\n- [ ] T002 Tidy\n- [ ] T003 Buy seeds\n"
    )
    said = "## Dependencies\n\n- **Polish (Phase 2)**: depends on all stories, except T003 which depends on nothing\n"
    assert edges(f"# Tasks\n\n{tasks}\n{said}") == {"T002<-T001"}


def garden(needs: str) -> set[str]:
    """What Task 3.2 of a plan of phases with two tasks each is said to need."""
    tasks = "".join(f"## Phase {n}: P{n}\n\n### Task {n}.1: Dig {n}\n\n### Task {n}.2: Sow {n}\n\n" for n in (1, 2, 3))
    more = f"**Depends on:** {needs}\n\n### Task 3.3: Rest\n\n**Depends on:** Task 3.1\n"
    return {one for one in edges(f"# Roadmap\n\n{tasks}{more}") if one.startswith("3.2")}


@pytest.mark.parametrize(
    "needs",
    [
        "Tasks 1.x, 2.x",
        "1.x and 2.x",
        "every 1.x task, every 2.x task",
        "All Phase 1, 2 tasks",
        "All Phase 1 and 2 tasks",
        "Task 1.x (done); runs after Phases 1-2, so that nobody waits",
        "Phase 1; выполняется после Phase 1-2, чтобы никто не ждал",
    ],
)
def test_items_may_be_named_by_the_beginning_of_their_numbers_or_by_several_phases(needs: str) -> None:
    assert garden(needs) == {"3.2<-1.1", "3.2<-1.2", "3.2<-2.1", "3.2<-2.2"}


@pytest.mark.parametrize("needs", ["feature 001's Task 1.1", "the project North's Task 1.1", "spec 12's 1.2"])
def test_a_task_of_something_else_is_none_of_this_plan(needs: str) -> None:
    assert garden(needs) == set()


def test_a_bold_decimal_before_a_sentence_is_the_number_of_a_bullet() -> None:
    bullets = (
        "- **1.1** Dig the bed: all of it, deep. (depends on nothing)\n"
        "- **1.2** Sow: one row after another. (depends on 1.1)\n"
        "- **2.1** Reap and store: by hand. (depends on 1.1, 1.2)\n"
    )
    plan = parse(f"# Tasks: garden\n\n{bullets}")
    assert [(one.id, one.title) for one in plan.sections] == [
        ("1.1", "Dig the bed"),
        ("1.2", "Sow"),
        ("2.1", "Reap and store"),
    ]
    assert edges(f"# Tasks: garden\n\n{bullets}") == {"1.2<-1.1", "2.1<-1.1", "2.1<-1.2"}


@pytest.mark.parametrize("prefix", ["WU-SETUP-", "BE-AUTH-0", "US-DATA-V2-"])
def test_ids_may_be_of_two_words_and_a_number(prefix: str) -> None:
    one, two, three = (f"{prefix}{number}" for number in (1, 2, 3))
    plan = parse(
        "# Work units\n\n## Dependency Graph\n\n### Upstream\n- None.\n\n## Work Units\n\n"
        f"### {one}: Pin tools\n**Depends on**: None\n\n### {two}: Scaffold\n**Depends on**: {one}\n\n"
        f"### {three}: Verify\n**Depends on**: {one}, {two}\n"
    )
    assert [section.id for section in plan.sections] == [one, two, three]
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {(one, two), (one, three), (two, three)}


@pytest.mark.parametrize(
    "said",
    ["Check: the prompt follows S1-S3 structure", "Build it following the pattern of S3", "Follows the S3 template"],
)
def test_what_is_followed_as_a_model_does_not_come_first(said: str) -> None:
    sessions = "".join(f"### S{n}: Part {n}\n\n{'Depends on: S1' if n > 1 else said}\n\n" for n in (1, 2, 3))
    assert edges(f"# Progress\n\n## Sessions\n\n{sessions}") == {"S2<-S1", "S3<-S1"}


def test_a_numbered_heading_beside_phases_with_the_same_number_is_no_phase() -> None:
    phases = "".join(f"## Phase {n}: Part {n}\n\nBuild it.\n\n" for n in range(5))
    more = "## 4. Workstreams\n\n- Quality: no new parts after Phase 1.\n\n## 5. Dependencies\n\n- P0 -> P1 -> P2\n"
    assert [one.id for one in parse(f"# Plan\n\n## 3. Phase Plan\n\n{phases}{more}").sections] == [
        "0",
        "1",
        "2",
        "3",
        "4",
    ]
