"""Small things that plans of frameworks say, each with the edges that must come of it."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def speckit(lines: str) -> str:
    """Two stories of one task each between a setup and a polish phase, and what is said of dependencies."""
    return (
        "# Tasks\n\n- **[P]**: can run in parallel\n\n## Phase 1: Setup\n- [ ] T001 Begin\n\n"
        "## Phase 2: User Story 1 - Sow\n- [ ] T002 [US1] Sow\n\n"
        "## Phase 3: User Story 2 - Reap\n- [ ] T003 [US2] Reap\n\n"
        f"## Phase 4: Polish\n- [ ] T004 Tidy\n\n## Dependencies\n\n{lines}\n"
    )


@pytest.mark.parametrize(
    "said",
    [
        "- **Polish (Phase 4)**: Depends on all target user stories",
        "- **Polish (Phase 4)**: Depends on all planned stories being complete",
        "- **Polish (Phase 4)**: 依赖所有目标 user story 完成",
        "- **Polish (Phase 4)**: 依赖所有 user story 完成",
        "- T002 and T003 before T004",
        "- **Polish** (T004) last; it is the gate.",
        "- **Polish (Phase 4)**: runs last",
    ],
)
def test_all_stories_are_meant_whatever_stands_between_all_and_stories(said: str) -> None:
    assert {edge for edge in edges(speckit(said)) if edge != "T004<-T001"} == {"T004<-T002", "T004<-T003"}


def test_a_tree_of_phases_says_which_comes_first_and_a_tree_of_a_phases_tasks_says_nothing() -> None:
    tree = "```\nPhase 1: Setup\n├── T001\n├── Phase 2 (US1)\n│   └── Phase 4\n└── Phase 3 (US2)\n```"
    assert edges(speckit(tree)) == {"T002<-T001", "T003<-T001", "T004<-T002"}


def test_a_critical_path_is_a_summary_and_what_its_lines_say_in_words_is_stated() -> None:
    said = "**Critical path:**\n\n- T001 → T003 → T004\n- Sow (T002) before reap (T003)"
    assert edges(speckit(said)) == {"T003<-T002"}


@pytest.mark.parametrize("said", ["T002, T003 の完了後", "T002、T003 に依存", "T002，T003 完成后"])
def test_a_list_of_ids_before_words_that_follow_it_names_all_of_them(said: str) -> None:
    assert edges(speckit(f"- T004: {said}")) == {"T004<-T002", "T004<-T003"}


def test_a_sentence_within_a_numbered_task_names_another_by_its_number_only() -> None:
    tasks = "- [ ] 1. Draw the map — HOLD until merge\n  - _Requirements: 1.1_\n- [ ] 2. Post-merge: print the map\n"
    more = "- [ ] 3. Sell it\n  - after task 2\n  - _Requirements: 2.1_\n"
    last = "- [ ] 4. Count\n  - once all previous tasks are done\n"
    assert edges(f"# Implementation Plan\n\n{tasks}{more}{last}") == {"3<-2", "4<-1", "4<-2", "4<-3"}


def test_what_is_cut_in_that_order_is_not_done_in_that_order() -> None:
    packages = "".join(f"## Work Package WP0{n}: Part {n}\n\n**Dependencies**: None\n\n" for n in (1, 2))
    more = "## Work Package WP03: Part 3\n\n## Order\n\nWP02 and WP03 are cut in that order.\n"
    assert edges(f"# Work Packages\n\n{packages}{more}") == set()


def test_a_number_alone_is_not_the_last_part_of_a_longer_one() -> None:
    stories = (
        "### Story 3.1: Valve\n\n**Prerequisites:** Epic 2 complete\n\n### Story 3.2: Tap\n\n**Prerequisites:** 3.1\n"
    )
    assert edges(f"# Epic 3: Water\n\n## Epic 3: Water\n\n{stories}") == {"3.2<-3.1"}


def test_what_is_not_required_in_a_note_is_what_the_note_names() -> None:
    tasks = "## Task 1: a\n\n## Task 2: b\n\n"
    assert edges(f"# P\n\n{tasks}## Task 3: c\nDepends on: Task 1 (its file; Task 2 not required)\n") == {"3<-1"}
    assert edges(f"# P\n\n{tasks}## Task 3: c\nDepends on: Task 1, Task 2 (not required)\n") == {"3<-1"}


@pytest.mark.parametrize(
    "said",
    [
        "Tasks 1-3 are independent of nothing else but the schedule",
        "Tasks 1 and 2 are not independent",
    ],
)
def test_independent_of_something_and_not_independent_leave_the_order_as_it_is(said: str) -> None:
    tasks = "".join(f"### Task {n}: t{n}\n\n" for n in (1, 2, 3))
    head = "# P\n\nUse superpowers:executing-plans to implement this plan task-by-task.\n\n"
    assert edges(f"{head}{tasks}## Notes\n\n{said}.\n") == {"2<-1", "3<-2"}


@pytest.mark.parametrize(
    "said", ["Tasks 1 and 2 can run in parallel", "Tasks 1, 2 sind unabhängig", "Task 1 和 Task 2 可并行"]
)
def test_items_that_run_beside_each_other_share_their_place_in_an_order(said: str) -> None:
    tasks = "".join(f"### Task {n}: t{n}\n\n" for n in (1, 2, 3))
    head = "# P\n\nUse superpowers:executing-plans to implement this plan task-by-task.\n\n"
    assert edges(f"{head}{tasks}## Notes\n\n{said}.\n") == {"3<-1", "3<-2"}


@pytest.mark.parametrize(
    "said",
    ["T001→T002→T003; T004→T005→T006", "T001→T002→T003, T004→T005→T006", "T001 → T002 → T003; T004 → T005 → T006"],
)
def test_a_line_may_hold_several_chains_of_tasks(said: str) -> None:
    tasks = "\n".join(f"- [ ] T00{number} Sow row {number}" for number in range(1, 7))
    plan = f"# Tasks\n\n## Rows\n{tasks}\n\n## Dependencies\n{said}\n"
    assert edges(plan) == {"T002<-T001", "T003<-T002", "T005<-T004", "T006<-T005"}


def test_a_comma_between_spaced_arrows_names_two_that_go_together() -> None:
    assert edges(speckit("T001 → T002, T003 → T004")) >= {"T002<-T001", "T003<-T001", "T004<-T002", "T004<-T003"}


def test_stages_that_are_explained_by_their_tasks_are_these_tasks_and_their_chains() -> None:
    said = "Ground (T001) → rows (T002→T003, same bed) → harvest (T004)."
    assert edges(speckit(said)) == {"T002<-T001", "T003<-T001", "T003<-T002", "T004<-T002", "T004<-T003"}


def test_a_bracket_of_a_task_goes_on_in_the_next_line() -> None:
    plan = (
        "# Tasks\n\n## Phase 1: Rows\n- [ ] T001 Dig\n- [ ] T002 Sow\n- [ ] T003 [P] Fence (depends\n      on T001)\n"
    )
    assert edges(plan) == {"T002<-T001", "T003<-T001"}


def test_all_preceding_work_packages_are_those_before() -> None:
    plan = "# Tasks\n\n## WP01 — Dig\n\n## WP02 — Sow\n\n## WP03 — Reap\n\n## Dependencies\n\n"
    assert edges(f"{plan}WP03 depends on all preceding WPs.\n") == {"WP03<-WP01", "WP03<-WP02"}


def test_japanese_waits_for_what_must_be_in_place() -> None:
    assert "T004<-T003" in edges(speckit("- **Phase 4**: US1〜US2 の実装が揃っていることに依存する"))


@pytest.mark.parametrize(
    "said", ["Task 3 和 Task 4 可并行（都依赖 Task 2）", "Task 3 and Task 4 run in parallel (both need Task 2)"]
)
def test_a_bracket_about_both_speaks_of_all_that_are_named_before_it(said: str) -> None:
    tasks = "\n".join(f"## Task {number}: Row {number}\n\nSow it.\n" for number in range(1, 5))
    assert edges(f"# Plan\n\n{tasks}\n## Dependencies\n\n{said}\n") == {"3<-2", "4<-2"}


def test_a_line_begins_at_the_name_before_it_however_many_blanks_fill_it_up() -> None:
    tasks = "\n".join(f"## Task {number}: Row {number}\n\nSow it.\n" for number in range(1, 5))
    drawn = "Task 1 (longer name)  ─┐\nTask 2 (short)        ─┼─> Task 3\n                       └─> Task 4"
    assert edges(f"# Plan\n\n{tasks}\n## Dependencies\n\n```\n{drawn}\n```\n") == {"3<-1", "3<-2", "4<-1", "4<-2"}


@pytest.mark.parametrize(
    "said",
    [
        "- **Phase 1 is the linchpin**: everything else depends on it.",
        "- Setup (Phase 1): everything else waits for it.",
        "- Phase 1 first, everything else depends on it",
    ],
)
def test_everything_else_waits_for_the_phase_that_the_line_is_about(said: str) -> None:
    assert edges(speckit(said)) == {"T002<-T001", "T003<-T001", "T004<-T001"}


def test_everything_else_is_what_comes_later_and_not_what_the_phase_itself_waits_for() -> None:
    said = "- Phase 2 depends on Phase 1: everything else depends on it."
    assert edges(speckit(f"{said}\n- **Phase 2**: everything else depends on it")) == {
        "T002<-T001",
        "T003<-T002",
        "T004<-T002",
    }


@pytest.mark.parametrize("said", ["- Phase 4 last.", "- Phase 4 (Polish) comes last", "- Phase 4 is the last phase."])
def test_a_phase_that_is_last_waits_for_all_others(said: str) -> None:
    assert edges(speckit(said)) == {"T004<-T001", "T004<-T002", "T004<-T003"}


@pytest.mark.parametrize("said", ["- US2 integrates with what US1 made", "- US2 extends what US1 built"])
def test_a_story_waits_for_the_one_whose_work_it_takes_up(said: str) -> None:
    assert edges(speckit(said)) == {"T003<-T002"}


@pytest.mark.parametrize(
    "said",
    [
        "- US2 may integrate with US1 but should be independently testable",
        "- The last phase is short.",
        "- It depends on what everything else looks like.",
        "- Phase 4 was planned last week.",
    ],
)
def test_words_like_these_order_no_phases(said: str) -> None:
    assert edges(speckit(said)) == set()
