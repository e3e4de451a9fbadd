"""What is told of references that fit nothing or the section itself, and of ids: every true one, and no others."""

import pytest

from orch_tui.plan.model import Finding, FindingType
from orch_tui.plan.parsing import parse


def told(text: str, kind: FindingType) -> list[Finding]:
    return [found for found in parse(text).findings if found.type == kind]


def letters(field: str) -> str:
    before = "## Section A: Schema\nDepends on: none\n## Section B: Reader\nDepends on: A\n"
    return f"# Plan\n{before}## Section C: Writer\n{field}\n"


def tasks(field: str) -> str:
    return (
        f"# Plan\n## Task 1: Schema\nDepends on: none\n## Task 2: Reader\nDepends on: 1\n## Task 3: Writer\n{field}\n"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (letters("Depends on: A, H"), "H"),
        (letters("Depends on: Section H"), "Section H"),
        (tasks("Depends on: 1, 9"), "9"),
        (tasks("Depends on: Task 9 (the importer)"), "Task 9"),
        (tasks("Dependencies: [1, model selection support]"), "model selection support"),
        (tasks("Depends on: 1, 2, Security review"), "Security review"),
        (tasks("Depends on: Task 9 is merged"), "Task 9 is merged"),
    ],
)
def test_a_reference_written_like_an_item_that_is_not_there_is_unknown(text: str, name: str) -> None:
    found = told(text, "unknown-reference")
    assert [repr(name) in one.message for one in found] == [True]
    assert found[0].ids == (("C",) if "Section" in text else ("3",))
    assert found[0].line == 7


@pytest.mark.parametrize(
    "field",
    [
        "Depends on: A complete",
        "Depends on: A must be reviewed first",
        "Depends on: A has landed on main and the staging database is migrated",
        "Depends on: A, Docker",
        "Dependencies: Python 3.11, Redis",
        "Prerequisites: access to the staging server",
        "Requires: a decision by the product team",
        "Depends on: A (which creates `db/schema.sql`)",
        "Dependencies: the schema that was agreed upon in the kick-off meeting last week",
    ],
)
def test_the_rest_of_a_sentence_services_and_people_are_no_unknown_references(field: str) -> None:
    assert not told(letters(field), "unknown-reference")
    assert not told(letters(field), "external-dependency")


@pytest.mark.parametrize(
    "field", ["Depends on: A complete", "Depends on: A has landed", "Depends on: A must be reviewed"]
)
def test_a_letter_before_a_verb_is_the_section(field: str) -> None:
    assert ("A", "C") in {(edge.upstream, edge.downstream) for edge in parse(letters(field)).dependencies}


@pytest.mark.parametrize(
    "field",
    [
        "Depends on: Phase 4",
        "Blocked by: acme/gateway#77",
        "Waits for A and acme/gateway#77.",
        "Depends on: Registry (102)",
    ],
)
def test_a_reference_written_like_the_work_of_another_plan_is_external(field: str) -> None:
    found = told(letters(field), "external-dependency")
    assert len(found) == 1
    assert not told(letters(field), "unknown-reference")


def test_what_the_plan_lists_as_external_is_external() -> None:
    text = (
        tasks("Dependencies: 1, Backend API endpoints") + "\n**External dependencies:**\n- The backend API of finance\n"
    )
    assert len(told(text, "external-dependency")) == 1
    assert not told(text, "unknown-reference")


@pytest.mark.parametrize(
    "field", ["Depends on: 3", "Depends on: 1, Task 3", "depends on 3, 1", "Task 3 requires Task 3."]
)
def test_a_section_that_waits_for_itself_is_told_of(field: str) -> None:
    found = told(tasks(field), "self-reference")
    assert [(one.ids, one.line) for one in found] == [(("3",), 7)]


@pytest.mark.parametrize(
    "words",
    [
        "After Task 3 is complete, run the migrations.",
        "Task 3 can start as soon as Task 1 is done, but Task 3 gains from logging.",
        "Depends on: 2 (the reader; Task 3 only writes)",
        "Once the writer is in place, clean up.",
    ],
)
def test_words_that_only_mention_the_section_are_no_self_reference(words: str) -> None:
    assert not told(tasks(words), "self-reference")


def test_what_follows_a_colon_after_a_list_is_about_the_one_who_waits() -> None:
    headings = "# P\n## 1. Core\n## 2. Pipeline\n## 3. Review\n"
    plan = parse(f"{headings}\n## Dependencies\n- 3 depends on 1, 2: builds on 2's executor\n")
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1", "3"), ("2", "3")}
    assert not [one for one in plan.findings if one.type == "self-reference"]


def test_a_proper_name_in_a_list_of_ids_is_meant_as_one_more() -> None:
    text = "# P\n- [ ] **T1** Feed\n- [ ] **T2** Index\n- [ ] **T3** Switch – depends on T1, T2, Security review\n"
    assert [one.ids for one in told(text, "unknown-reference")] == [("T3",)]
    assert not told(text.replace("Security review", "good tests"), "unknown-reference")


def test_sections_independent_of_each_other_may_wait_for_others() -> None:
    text = (
        "# P\n## Task 1: a\nDepends on: none\n## Task 2: b\nDepends on: 1\n## Task 3: c\nDepends on: 1\n\n"
        "## Notes\nTasks 2 and 3 are independent of each other.\n"
    )
    plan = parse(text)
    assert [section.hints.parallel_with for section in plan.sections] == [(), ("3",), ("2",)]
    assert not told(text, "contradiction")
    against = told(text.replace("Depends on: 1\n\n", "Depends on: 1, 2\n\n"), "contradiction")
    assert [one.ids for one in against] == [("3", "2")]
    assert "line 7: 'Depends on: 1, 2'" in against[0].message


def test_two_titles_joined_by_and_are_independent_of_each_other_and_not_of_all() -> None:
    lines = [
        "1. **Store**",
        "2. **Chat Widget** Dependencies: [Store]",
        "3. **Rating Stars** Dependencies: [Chat Widget]",
    ]
    said = "- Rating Stars and Hand-over to Humans are independent of each other."
    text = "\n".join(
        ["# P", *lines, "4. **Hand-over to Humans** Dependencies: [Chat Widget]", "", "## Notes", said, ""]
    )
    assert {(edge.upstream, edge.downstream) for edge in parse(text).dependencies} == {
        ("1", "2"),
        ("2", "3"),
        ("2", "4"),
    }
    assert not told(text, "contradiction")


def test_numbering_that_starts_again_is_one_finding_for_each_part_of_the_plan() -> None:
    parts = [f"## Tasks for {one}\n1. Keel of {one}\n2. Mast of {one}\n3. Hull of {one}\n" for one in ("A", "B", "C")]
    text = "# Plan\n\n" + "\n".join(parts)
    found = told(text, "duplicate-id")
    assert [one.ids for one in found] == [("1~2", "2~2", "3~2"), ("1~3", "2~3", "3~3")]
    assert "'1', '2', '3' are used again (first from line 4 on)" in found[0].message


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (tasks("Depends on: 9"), "unknown-reference", "section '3' is to wait for '9', but no section has that id"),
        (tasks("Depends on: 3"), "self-reference", "('Depends on: 3'); that is left out, else it could never start"),
        (tasks("Blocked by: acme/gateway#77"), "external-dependency", "'acme/gateway#77', which is outside this plan"),
        (tasks("Depends on: 1").replace("Writer", "Writer (deferred)"), "deferred-item", "unless you exclude it"),
        (tasks("Status: done").replace("Task 3: W", "Task 3: ⏳ W"), "status-conflict", "as not done and runs"),
    ],
)
def test_a_finding_says_who_the_plans_words_and_what_it_means_for_the_run(
    text: str, kind: FindingType, words: str
) -> None:
    found = told(text, kind)
    assert len(found) == 1
    assert words in found[0].message
    assert found[0].line


def test_fields_that_name_only_software_state_no_order() -> None:
    text = "# P\n## Task 1: a\nDependencies: Python 3.11\n## Task 2: b\nDependencies: Docker, Redis\n"
    assert told(text, "no-dependencies-stated")
    assert not told(text.replace("Docker, Redis", "none"), "no-dependencies-stated")


def test_an_arrow_ends_with_its_sentence() -> None:
    plan = parse(
        "# P\n## Task 1: a\n## Task 2: b\n## Task 3: c\n\n## Notes\nTask 1 → Task 2. Task 3 is a bonus.\n"
        "They share a file → strictly in order. Task 3 is the last.\n"
    )
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies if edge.kind == "diagram"} == {("1", "2")}


def test_an_arrow_from_a_part_of_the_plan_to_its_own_tasks_is_no_order() -> None:
    tasks_ = "## Phase 1: Audit\n### Task 1.0: a\n### Task 1.1: b\n## Phase 2: Fix\n### Task 2.0: c\nDepends on: 1.1\n"
    plan = parse(f"# P\n{tasks_}\n## Coverage\n- Phase 1 → Tasks 1.0-1.1\n- Phase 2 → Task 2.0\n")
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1.1", "2.0")}
    assert not [one for one in plan.findings if one.type == "cycle"]


def test_a_section_that_is_called_a_and_missing_is_named() -> None:
    plan = parse(
        "# P\n\n## Section B: Hooks\nDependencies: Section A (files)\n\n## Section C: More\nDepends on: Section A\n"
    )
    found = [(finding.type, finding.ids) for finding in plan.findings if finding.type == "unknown-reference"]
    assert found == [("unknown-reference", ("B",)), ("unknown-reference", ("C",))]


@pytest.mark.parametrize(
    "words",
    [
        "After each task, commit.",
        "Before starting Task N+1, look at the plan again.",
        "- HTTP first + schema fallback → Tasks 2, 1",
        "- Decisions: the wires → Task 3 + Task 2; the contract → Task 1",
    ],
)
def test_what_is_done_again_and_again_and_what_covers_a_requirement_is_no_order(words: str) -> None:
    plan = parse(tasks("Depends on: 2") + f"\n## Notes\n{words}\n")
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1", "2"), ("2", "3")}


def test_two_chains_set_off_by_a_semicolon_are_two() -> None:
    plan = parse(
        "# P\n## Task 1: a\n## Task 2: b\n## Task 3: c\n## Task 4: d\n\n## Order\nTask 1 → Task 2; Task 3 → Task 4\n"
    )
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1", "2"), ("3", "4")}


def test_boxes_that_begin_with_a_word_and_code_have_titles_of_their_own() -> None:
    text = "# Tasks\n\n- [ ] Add `filters` to the reader\n- [ ] Add `limit` to the writer\n- [ ] Add tests\n"
    assert [section.title for section in parse(text).sections][:2] == [
        "Add `filters` to the reader",
        "Add `limit` to the writer",
    ]
    assert not told(text, "duplicate-id")


def test_two_boxes_with_the_same_words_have_no_id_that_could_be_used_twice() -> None:
    text = "# Tasks\n\n- [ ] Run the tests\n- [ ] Merge the branch\n- [ ] Run the tests\n"
    assert [section.id for section in parse(text).sections] == ["run-the-tests", "merge-the-branch", "run-the-tests~2"]
    assert not told(text, "duplicate-id")


@pytest.mark.parametrize(("words", "confidence"), [("This enables Section B.", 0.4), ("This unblocks Section B.", 0.8)])
def test_what_enables_a_section_that_waits_for_nothing_hardly_keeps_it_waiting(words: str, confidence: float) -> None:
    text = f"# P\n\n## Section A: Base\nx\n\n{words}\n\n## Section B: Top\nDependencies: none\n"
    (edge,) = parse(text).dependencies
    assert (edge.upstream, edge.downstream, edge.confidence) == ("A", "B", confidence)
    (found,) = told(text, "contradiction")
    assert "'B' is said to wait for nothing, and to wait for 'A'" in found.message


def test_a_number_before_the_first_one_of_the_plan_is_an_earlier_plans() -> None:
    slices = "".join(f"{at}. [ ] **({340 + at}) Part {at}** — Text. Dependencies: [340].\n\n" for at in (1, 2))
    first = "1. [ ] **(340) Part** — Text. Dependencies: [{}].\n\n"
    plan = "# Slice Plan\n\n## Slices\n\n"
    assert told(plan + first.format(100) + slices, "external-dependency")
    assert told(plan + first.format(399) + slices, "unknown-reference")
    phases = "### Phase 7: Sow\n\n**Depends on**: {}\n\n### Phase 8: Reap\n\n**Depends on**: Phase 7\n"
    assert told(f"# Roadmap\n\n{phases.format('Phase 6')}", "external-dependency")
    assert told(f"# Roadmap\n\n{phases.format('Phase 9')}", "unknown-reference")
    assert told(f"# Roadmap\n\n{phases.format('Phase 0').replace('7', '1').replace('8', '2')}", "unknown-reference")
