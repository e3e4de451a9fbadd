"""What a careful reader points out before approving, each on a plan of a few lines."""

import pytest

from orch_tui.plan.checks import sizing
from orch_tui.plan.edits import AddEdge
from orch_tui.plan.model import Finding, FindingType, Plan
from orch_tui.plan.parsing import parse


def told(plan: Plan, kind: FindingType) -> list[Finding]:
    return [found for found in plan.findings if found.type == kind]


def ids(plan: Plan, kind: FindingType) -> list[set[str]]:
    return [set(found.ids) for found in told(plan, kind)]


def sections(*texts: str) -> str:
    return "# Plan\n\n" + "\n".join(f"## Section {text}" for text in texts)


OVERLAP = sections(
    "A: Schema\nDepends on: none\nFiles: `db/schema.sql`\n",
    "B: Reader\nDepends on: A\nFiles: `app/store.py`, db/schema.sql\n",
    "C: Writer\nDepends on: A\nFiles:\n- Create: `app/store.py`\n- Modify: `./db/schema.sql:10-20`\n",
    "D: Docs\nDepends on: B, C\nFiles: `app/store.py`\n",
)


def test_two_sections_that_may_run_side_by_side_and_name_the_same_files_are_told_of_once() -> None:
    found = told(parse(OVERLAP), "file-overlap")
    assert [set(one.ids) for one in found] == [{"B", "C"}]
    assert "'app/store.py', 'db/schema.sql'" in found[0].message


def test_files_that_titles_and_sentences_name_overlap_too() -> None:
    plan = parse("# P\n\n1. Base\n2. Load: after 1. Edits `db.py`\n3. Export to `db.py`: after 1\n4. Docs, after 3\n")
    assert ids(plan, "file-overlap") == [{"2", "3"}]


def test_a_folder_overlaps_with_a_file_in_it_unless_it_is_one_at_the_top() -> None:
    plan = "A: One\nDepends on: none\nFiles: `{}`\n", "B: Two\nDepends on: none\nFiles: `app/store/disk.py`\n"
    for folder, expected in (("app/store/", [{"A", "B"}]), ("app/", []), ("app/stores/", []), ("app/store/deep/", [])):
        assert ids(parse(sections(*plan).format(folder)), "file-overlap") == expected


def test_files_of_finished_sections_and_whole_folders_do_not_overlap() -> None:
    done = OVERLAP.replace("C: Writer", "C: Writer ✅")
    assert not told(parse(done), "file-overlap")
    folders = sections("A: One\nDepends on: none\nFiles: `app/`\n", "B: Two\nDepends on: none\nFiles: `app/`\n")
    assert not told(parse(folders), "file-overlap")


def test_a_section_that_cannot_fit_a_context_window_is_to_be_split_at_its_own_headings() -> None:
    long = "word " * 50_000
    plan = parse(
        sections(f"A: Big\nDepends on: none\n### Import\n{long}\n### Export\n{long}\n", "B: Small\nDepends on: A\n")
    )
    found = told(plan, "too-large")
    assert [one.ids for one in found] == [("A",)]
    assert "split it into 2 sections, beginning at 'Import', 'Export'" in found[0].message
    assert "(its text, 0 files, 0 upstream sections)" in found[0].message
    assert sizing.estimate(plan.sections[1], 1) < sizing.WINDOW_TOKENS


def test_a_section_that_names_too_many_files_is_too_large_as_well() -> None:
    files = ", ".join(f"src/module_{number}.py" for number in range(40))
    plan = parse(sections(f"A: Rename\nDepends on: none\nFiles: {files}\n", "B: Next\nDepends on: A\n"))
    assert ids(plan, "too-large") == [{"A"}]


def test_a_section_that_nothing_is_said_of_stands_alone_unless_it_says_that_it_needs_nothing() -> None:
    plan = parse(
        sections(
            "A: a",
            "B: b\nDepends on: A",
            "C: c\nDepends on: B",
            "D: lonely",
            "E: e\nDepends on: none",
            "F: f\nDepends on: C",
        )
    )
    assert ids(plan, "orphaned") == [{"D"}]


def test_a_plan_that_states_no_order_at_all_has_no_lonely_sections() -> None:
    assert not told(parse(sections("A: a", "B: b", "C: c")), "orphaned")


def test_what_waits_for_a_cycle_can_never_start() -> None:
    plan = parse(
        sections(
            "A: a\nDepends on: B",
            "B: b\nDepends on: A",
            "C: c\nDepends on: B",
            "D: d\nDepends on: C",
            "E: e\nDepends on: none",
        )
    )
    assert ids(plan, "unreachable") == [{"C", "D"}]


GATE = "# Plan\n\nPhase 1 must be complete before Phase 2 starts.\n\n## Phase 1: Ground\n"


def test_a_gate_on_a_phase_is_told_of_where_a_field_of_its_own_lets_a_section_start_before_it() -> None:
    plan = parse(
        GATE + "### Task 1.1: Survey\nDepends on: none\n"
        "### Task 1.2: Fence\nDepends on: none\n## Phase 2: Build\n### Task 2.1: Wall\nDepends on: 1.1\n"
        "### Task 2.2: Roof\n"
        "Depends on: 2.1\n"
    )
    found = told(plan, "gate-overridden")
    assert [set(one.ids) for one in found] == [{"2.1", "2.2"}]
    assert "Phase 1 must be complete before Phase 2" in found[0].message


def test_a_gate_that_all_keep_anyway_is_not_told_of() -> None:
    plan = parse(
        GATE + "### Task 1.1: Survey\nDepends on: none\n## Phase 2: Build\n### Task 2.1: Wall\nDepends on: 1.1\n"
    )
    assert not told(plan, "gate-overridden")


@pytest.mark.parametrize(
    "head",
    [
        "> **Deprecated**: see the new plan.",
        "This plan has been superseded by `plan-b.md`.",
        "**Status**: retired",
        "Dieser Plan ist veraltet.",
        "⚠️ Do not use this plan.",
        "已废弃",
    ],
)
def test_a_plan_that_says_it_is_out_of_use_is_retired(head: str) -> None:
    text = sections("A: a", "B: b\nDepends on: A").replace("# Plan\n", f"# Plan\n\n{head}\n")
    assert len(told(parse(text), "retired")) == 1


@pytest.mark.parametrize(
    "head", ["We replaced the deprecated client.", "The old plan was good.", "Remove the obsolete importer."]
)
def test_a_plan_about_old_things_is_not_retired(head: str) -> None:
    text = sections("A: a", "B: b\nDepends on: A").replace("# Plan\n", f"# Plan\n\n{head}\n")
    assert not told(parse(text), "retired")


def test_front_matter_can_retire_a_plan() -> None:
    assert told(parse("---\nstatus: superseded\n---\n" + sections("A: a", "B: b\nDepends on: A")), "retired")


@pytest.mark.parametrize(
    "words",
    [
        "Section A and Section B must land together.",
        "Section A and Section B go in a single commit.",
        "Section A, Section B: do not run one worker per task.",
        "Section A und Section B sind unteilbar.",
    ],
)
def test_sections_that_are_meant_as_one_piece_are_an_atomic_group(words: str) -> None:
    plan = parse(sections("A: a", "B: b\nDepends on: A", "C: c\nDepends on: B") + f"\n\n## Notes\n{words}\n")
    assert ids(plan, "atomic-group") == [{"A", "B"}]


def test_sections_headed_as_options_are_alternatives() -> None:
    plan = parse("# Plan\n## Option A: Rewrite\nDepends on: none\n## Option B: Patch\nDepends on: none\n")
    assert [len(found.ids) for found in told(plan, "alternatives")] == [2]


def test_sections_of_which_one_is_to_be_chosen_are_alternatives_unless_one_waits_for_the_other() -> None:
    text = sections("A: a", "B: b\nDepends on: A", "C: c\nDepends on: A") + "\n## Notes\n"
    assert ids(parse(text + "Choose one: Section B or Section C.\n"), "alternatives") == [{"B", "C"}]
    assert not told(parse(text + "Choose one: Section A or Section C.\n"), "alternatives")


@pytest.mark.parametrize(
    "words",
    [
        "Do not run in parallel with Section C.",
        "Not while Section C is in progress.",
        "Must not run at the same time as Section C.",
        "Nicht parallel mit Section C.",
        "Nicht gleichzeitig mit Section C.",
        "Mutually exclusive with Section C.",
    ],
)
def test_sections_that_must_not_run_at_the_same_time_are_kept_apart_without_an_order(words: str) -> None:
    plan = parse(sections("A: a", f"B: b\nDepends on: A\n{words}", "C: c\nDepends on: A"))
    assert [{one.one, one.other} for one in plan.exclusions] == [{"B", "C"}]
    assert ids(plan, "exclusive") == [{"B", "C"}]
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("A", "B"), ("A", "C")}
    assert plan.exclusions[0].evidence.quote == words
    assert not plan.sections[1].hints.parallel_with


def test_an_exclusion_may_be_stated_elsewhere() -> None:
    plan = parse(
        sections("A: a", "B: b\nDepends on: A", "C: c\nDepends on: A")
        + "\n## Notes\nSection B must not run concurrently with Section C.\n"
    )
    assert [{one.one, one.other} for one in plan.exclusions] == [{"B", "C"}]


def test_a_recommended_order_is_proposed_for_sections_of_which_nothing_else_is_said() -> None:
    plan = parse(
        sections("A: a", "B: b\nDepends on: A", "C: c", "D: d")
        + "\n\n## Notes\nRecommended order: Section A -> Section C -> Section D\n"
    )
    assert {edge.downstream for edge in plan.dependencies} == {"B"}
    assert [(one.kind, one.edits) for one in plan.proposals] == [
        ("recommended-order", (AddEdge(upstream="A", downstream="C"),)),
        ("recommended-order", (AddEdge(upstream="C", downstream="D"),)),
    ]
    assert all(one.source == "reader" and one.quote.startswith("Recommended order") for one in plan.proposals)


def test_sections_in_one_entry_of_a_recommended_order_come_side_by_side() -> None:
    listed = "\n## Recommended order\n\n1. Keel and Mast\n2. Sail\n"
    proposed = parse(sections("A: Keel\n", "B: Mast\n", "C: Sail\n") + listed).proposals
    assert [one.edits for one in proposed] == [
        (AddEdge(upstream="A", downstream="C"), AddEdge(upstream="B", downstream="C"))
    ]


def test_words_for_the_place_in_a_recommended_order_are_no_part_of_a_name() -> None:
    plan = parse(
        sections("A: a", "B: b\nDepends on: A", "C: c", "D: d")
        + "\n\n## Notes\nRecommended order: Section A first (the base), then Section C, then Section D last.\n"
    )
    assert [one.ids for one in plan.proposals] == [("C", "A"), ("D", "C")]


def test_a_recommended_list_is_proposed_too_but_nothing_that_would_make_a_cycle() -> None:
    plan = parse(
        sections("A: a", "B: b\nDepends on: A", "C: c\nDepends on: none", "D: d")
        + "\n\n## Suggested sequence\n1. Section D\n2. Section B\n3. Section A\n"
    )
    assert [one.ids for one in plan.proposals] == []


def test_work_without_a_label_is_told_of() -> None:
    text = (
        sections("A: a", "B: b\nDepends on: A")
        + "\n## Final verification before calling it done\n- [ ] run everything\n"
    )
    plan = parse(text)
    assert [section.id for section in plan.sections] == ["A", "B"]
    assert len(told(plan, "unlabelled-work")) == 1
    assert not told(parse(text.replace("- [ ]", "- [x]")), "unlabelled-work")


def test_a_list_that_names_the_same_work_under_other_ids_is_told_of() -> None:
    plan = parse(
        "# Plan\n\n1. [ ] **(201) Boat shed** — roof. Dependencies: none\n"
        "2. [ ] **(202) Slipway** — rails. Dependencies: [Boat shed]\n"
        "\n## Implementation Order\n\n```\n181. Boat shed\n182. Slipway\n```\n"
    )
    assert ids(plan, "id-mismatch") == [{"201", "202"}]


def test_what_enables_a_section_that_can_start_now_hardly_keeps_it_waiting() -> None:
    weak = parse(sections("A: a\nDepends on: none\nEnables: B", "B: b\nDepends on: none"))
    strong = parse(sections("A: a\nDepends on: none\nBlocks: B", "B: b\nDepends on: none"))
    assert [edge.confidence < 0.5 for edge in (*weak.dependencies, *strong.dependencies)] == [True, False]
    assert told(weak, "contradiction")
    assert told(strong, "contradiction")


def test_of_three_sections_that_share_a_file_only_the_pairs_that_may_meet_are_named() -> None:
    plan = parse(
        sections(
            "A: a\nDepends on: none\nFiles: `src/__init__.py`",
            "B: b\nDepends on: A\nFiles: `src/__init__.py`",
            "C: c\nDepends on: none\nFiles: `src/__init__.py`",
        )
    )
    found = told(plan, "file-overlap")
    assert "'A' and 'C', 'B' and 'C' may run side by side and name the same file: 'src/__init__.py'" in found[0].message


def test_a_heading_that_tells_of_testing_or_documentation_is_no_work_without_open_boxes() -> None:
    text = sections("A: a", "B: b\nDepends on: A") + "\n## Documentation\n1. The guide\n2. The reference\n"
    assert not told(parse(text), "unlabelled-work")
    assert told(parse(text.replace("1. ", "- [ ] ")), "unlabelled-work")


def test_a_section_whose_field_names_things_outside_does_not_stand_alone() -> None:
    text = sections("A: a", "B: b\nDepends on: A", "C: c\nDepends on: B", "D: d\nDepends on: Docker, Redis")
    assert not told(parse(text), "orphaned")
