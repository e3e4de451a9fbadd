"""The door: texts a person may write, and what the plan says about them."""

import json

import pytest

from orch_tui.errors import PlanError
from orch_tui.plan.decoding import decode
from orch_tui.plan.either import choices
from orch_tui.plan.export import as_json, graph_bytes
from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import parse


def edges(plan: Plan) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies}


def found(plan: Plan) -> set[tuple[str, tuple[str, ...]]]:
    return {(finding.type, finding.ids) for finding in plan.findings}


def sections(*rows: str) -> Plan:
    """Sections A, B, ... whose lines are the rows."""
    return parse(
        "# P\n" + "".join(f"\n## Section {chr(65 + at)}: Part {chr(65 + at)}x\n{row}\n" for at, row in enumerate(rows))
    )


def test_an_edge_carries_its_line_its_words_and_what_is_needed() -> None:
    plan = parse("# P\n\n## Section A: One\n\n## Section B: Two\nDependencies: Section A (file structure must exist)\n")
    (edge,) = plan.dependencies
    assert (edge.upstream, edge.downstream, edge.kind, edge.confidence) == ("A", "B", "stated", 1.0)
    assert (edge.evidence.line, edge.evidence.quote) == (6, "Dependencies: Section A (file structure must exist)")
    assert (edge.needs, edge.needs_text) == ("files", "file structure must exist")


@pytest.mark.parametrize(
    ("line", "needs", "words"),
    [
        ("Depends on: Section A (naming conventions agreed)", "convention", "naming conventions agreed"),
        ("It needs Section A (all tests green).", "tests", "all tests green"),
        ("Depends on Section A, which is short (its report).", "output", "its report"),
        ("Depends on: Section A (2.1)", "", ""),
        ("Depends on: Section A (NOT Section C)", "", ""),
    ],
)
def test_the_note_behind_a_dependency_says_what_is_needed(line: str, needs: str, words: str) -> None:
    edge = next(edge for edge in sections("x", line, "x").dependencies if edge.downstream == "B")
    assert (edge.needs, edge.needs_text) == (needs, words)
    assert edge.evidence.quote in line


@pytest.mark.parametrize(
    ("line", "of_a"),
    [
        ("Dependencies: Section A, Section B (its tests must pass)", ""),
        ("Dependencies: Sections A and B (its tests must pass)", "its tests must pass"),
        ("Dependencies: A and B (its tests must pass)", "its tests must pass"),
        ("Dependencies: Section A (its files), Section B (its tests must pass)", "its files"),
    ],
)
def test_the_note_behind_the_last_of_several_that_are_named_one_by_one_is_its_own(line: str, of_a: str) -> None:
    edges = {edge.upstream: edge.needs_text for edge in sections("x", "x", line).dependencies if edge.downstream == "C"}
    assert edges == {"A": of_a, "B": "its tests must pass"}


def test_two_sections_run_beside_each_other_and_a_last_one_waits_for_both() -> None:
    plan = sections(
        "Dependencies: None",
        "Dependencies: Section A (file structure must exist)\nCan parallel with: Nothing - sequential",
        "Dependencies: Section A\nCan parallel with: Section D",
        "Dependencies: Section A\nCan parallel with: C",
        "Dependencies: Sections C and D",
    )
    assert edges(plan) == {"B<-A", "C<-A", "D<-A", "E<-C", "E<-D"}
    assert plan.sections[2].hints.parallel_with == ("D",)
    assert as_json(plan)["waves"] == [["A"], ["B", "C", "D"], ["E"]]
    assert as_json(plan)["critical_path"] == ["A", "C", "E"]
    assert [(one.type, one.ids) for one in plan.findings] == [("exclusive", ("B", "C", "D", "E"))]


@pytest.mark.parametrize(
    "line",
    [
        "Depends on: Section A",
        "**Depends on:** Section A",
        "**Depends on**: A",
        "- **Dependencies:** [Section A]",
        "* Blocked by: section a",
        "Requires Section A.",
        "After Section A: go on",
        "Blocked by Section A",
        "> _Dependencies:_ A",
        "Depends-On: A",
        "Waits for: the Part Ax section",
        "Dependencies: Part Ax",
        "Dependencies:\n- Section A\n",
        "### Dependencies\nSection A\n",
        "Dependencies: none except Section A",
        "Dependencies: all previous sections except Section B\n",
        "| a | b |\nDependencies: A",
    ],
)
def test_a_dependency_is_read_however_it_is_written(line: str) -> None:
    assert edges(sections("", "Depends on: nothing", line)) == {"C<-A"}


@pytest.mark.parametrize(
    "line",
    [
        "Dependencies: None",
        "Dependencies: none – independent of everything",
        "Dependencies: n/a",
        "Dependencies: —",
        "Dependencies: []",
        "Does not depend on Section A.",
        "No longer depends on Section A.",
        "Dependencies: Section A (optional)",
        "Depends on: ideally Section A",
        "Can parallel with: Section A",
        "Independent of: Section A",
        "```\nDepends on: Section A\n```",
        "<!-- Depends on: Section A -->",
        "<!--\nDepends on: Section A\n-->",
        "Requires Python 3 and a database.",
        "After the release, write a mail.",
    ],
)
def test_negations_wishes_code_and_comments_make_no_edge(line: str) -> None:
    assert edges(sections("Depends on: nothing", line)) == set()


@pytest.mark.parametrize(
    ("words", "upstream"),
    [
        ("Sections A-C", "ABC"),
        ("A through C", "ABC"),
        ("Sections A, B and C", "ABC"),
        ("A + C", "AC"),
        ("A & B", "AB"),
        ("all previous sections", "ABCD"),
        ("everything above except Section B", "ACD"),
        ("Section C only (NOT Section B)", "C"),
        ("Part Ax, Part Bx OR Part Cx (one is enough)", "ABC"),
        ("A; B", "AB"),
    ],
)
def test_lists_ranges_and_exceptions_are_expanded(words: str, upstream: str) -> None:
    plan = sections("", "", "", "", f"Dependencies: {words}")
    assert edges(plan) == {f"E<-{letter}" for letter in upstream}


def test_a_reverse_statement_makes_a_reverse_edge() -> None:
    plan = sections("Blocks: Section B", "")
    assert edges(plan) == {"B<-A"}
    assert plan.dependencies[0].kind == "reverse"


def test_tasks_in_phases_are_sections_and_phases_their_containers() -> None:
    plan = parse(
        "# P\n## Phase 1: Base\n### Task 1.1: Schema\n### Task 1.2: Seeds\nDepends on: 1.1\n"
        "## Phase 2: Top\nDepends on: Phase 1\n### Task 2.1: Screen\n### Task 2.2: Mail\nDepends on: 2.1\n"
    )
    assert [(s.id, s.container) for s in plan.sections] == [
        ("1.1", "Base"), ("1.2", "Base"), ("2.1", "Top"), ("2.2", "Top"),
    ]  # fmt: skip
    assert edges(plan) == {"1.2<-1.1", "2.1<-1.1", "2.1<-1.2", "2.2<-2.1"}
    assert {edge.kind for edge in plan.dependencies if edge.downstream == "2.1"} == {"container"}


def test_a_cycle_is_named_with_its_lines() -> None:
    plan = parse("# P\n## Section A: a\nDepends on: B\n## Section B: b\nDepends on: A\n")
    (finding,) = plan.findings
    assert (finding.type, finding.ids, finding.line) == ("cycle", ("A", "B"), 2)
    assert "A (line 2) -> B (line 4) -> A" in finding.message


def test_references_that_fit_nothing_or_oneself_are_reported_and_make_no_edge() -> None:
    plan = sections("", "Depends on: Section Q, Section B, A")
    assert edges(plan) == {"B<-A"}
    assert found(plan) == {("unknown-reference", ("B",)), ("self-reference", ("B",))}


def test_parallel_against_dependency_is_a_contradiction_also_through_others() -> None:
    direct = sections("", "Depends on: A\nCan parallel with: A")
    through = sections("", "Depends on: A", "Depends on: B\nCan parallel with: A")
    assert ("contradiction", ("B", "A")) in found(direct)
    assert ("contradiction", ("C", "A")) in found(through)
    assert edges(direct) == {"B<-A"}


def test_titles_and_quotes_cannot_carry_terminal_escapes() -> None:
    plan = parse(
        "# \x1b[2JP\n## Section A: \x1b]0;owned\x07evil [red]\n## Section B: b\nDepends on: A (\x1b[31mfiles)\n"
    )
    assert (plan.title, plan.sections[0].title) == ("P", "evil [red]")
    assert plan.dependencies[0].evidence.quote == "Depends on: A (files)"


def test_install_steps_of_a_readme_are_no_plan() -> None:
    plan = parse("# Tool\n## Installation\n1. **Clone** it\n2. **Run** `make`\n## Usage\nRequires Python 3.\n")
    assert [finding.type for finding in plan.findings] == ["not-a-plan"]


@pytest.mark.parametrize(
    "text",
    [
        "1. Write the parser\n2. Write tests (after 1)\n",
        "1. Write the parser\n2. Write tests, depends on 1\n",
        "- [ ] 1. Write the parser\n- [ ] 2. Write tests - needs #1\n",
        "- **T1** Write the parser\n- **T2** Write tests – depends on T1\n",
        "1. **Parser** — x\n2. **C** - needs 1.\n",
        "1) [x] **Parser** x\n2) [ ] **Tests**\n   - Dependencies: [Parser]\n",
        "1. [ ] **(101) Parser** — x\n2. [ ] **(102) Tests** — Dependencies: [Parser (101)].\n",
    ],
)
def test_a_list_states_its_order_in_many_ways(text: str) -> None:
    plan = parse(f"# P\n## Tasks\n{text}")
    first, second = plan.sections
    assert [(edge.upstream, edge.downstream) for edge in plan.dependencies] == [(first.id, second.id)]
    assert not plan.findings


def test_a_plan_without_order_says_so() -> None:
    plan = parse("# P\n## Phase 1: Base\ntext\n## Phase 2: Top\n")
    assert [finding.type for finding in plan.findings] == ["no-dependencies-stated"]
    assert len(plan.sections) == 2


def test_the_second_of_an_id_gets_a_number_and_a_reference_means_the_near_one() -> None:
    plan = parse(
        "# P\n## One\n1. [ ] **Draw** — x\n2. [ ] **Paint** — (after 1)\n"
        "## Two\n1. [ ] **Saw** — x\n2. [ ] **Glue** — (after 1)\n"
    )
    assert [section.id for section in plan.sections] == ["1", "2", "1~2", "2~2"]
    assert edges(plan) == {"2<-1", "2~2<-1~2"}
    assert found(plan) == {("duplicate-id", ("1~2", "2~2"))}


def test_a_title_that_fits_two_items_waits_for_both() -> None:
    plan = parse(
        "# P\n1. [ ] **Big Widget** — x\n2. [ ] **Small Widget** — y\n3. [ ] **Sale** — Dependencies: [Widget].\n"
    )
    assert edges(plan) == {"3<-1", "3<-2"}
    assert found(plan) == {("ambiguous-reference", ("3",))}
    assert all(edge.confidence <= 0.5 for edge in plan.dependencies)


@pytest.mark.parametrize(
    ("lines", "done"),
    [
        ("## Section A: x ✅", True),
        ("## [x] Section A: x", True),
        ("## Section A: x (done)", True),
        ("## Section A: x\nStatus: Completed", True),
        ("## Section A: x\n- [x] one\n- [X] two", True),
        ("## Section A: x\n- [x] one\n- [ ] two", False),
        ("## Section A: x ✅ (in progress)", False),
        ("## Section A: x\nStatus: in progress", False),
        ("## Section A: x", False),
    ],
)
def test_done_marks(lines: str, done: bool) -> None:
    plan = parse(f"# P\n{lines}\n\n## Section B: y\nDepends on: A\n")
    assert (plan.sections[0].id, plan.sections[0].title, plan.sections[0].done) == ("A", "x", done)


@pytest.mark.parametrize(
    ("heading", "two"),
    [("x ✅ (in progress)", True), ("x ✅ 🚧", True), ("x ✅ (done)", False), ("x (in progress)", False)],
)
def test_a_heading_with_two_marks_is_told_of_and_counts_as_the_less_finished(heading: str, two: bool) -> None:
    plan = parse(f"# P\n## Section A: {heading}\n\n## Section B: y\nDepends on: A\n")
    told = [one for one in plan.findings if one.type == "status-conflict"]
    assert [(one.ids, one.line) for one in told] == [(("A",), 2)] * two
    assert not two or "two marks; it counts as not done and runs" in told[0].message


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("A or B", "A11 B12"),
        ("A or B, and C", "C00 A11 B12"),
        ("A, and B or C", "A00 B11 C12"),
        ("Section A / Section B", "A11 B12"),
        ("A oder B", "A11 B12"),
        ("A or B; C or D", "A11 B12 C21 D22"),
        ("A or B, B or C", "A11 B12 B21 C22"),
        ("A and B or C", "A11 B11 C12"),
        ("A or B and C", "A11 B12 C12"),
        ("A-B or C-D", "A11 B11 C12 D12"),
        ("A and B (at least one)", "A11 B12"),
        ("A-C (any of them)", "A11 B12 C13"),
        ("A and B", "A00 B00"),
        ("A or E", "A00"),
    ],
)
def test_an_edge_knows_which_choice_and_which_option_of_it_it_belongs_to(words: str, options: str) -> None:
    plan = sections("", "", "", "", f"Depends on: {words}")
    assert {f"{edge.upstream}{edge.choice}{edge.option}" for edge in plan.dependencies} == set(options.split())


def test_who_waits_for_the_same_has_the_same_choice() -> None:
    plan = sections("", "", "", "Depends on: A or B, and C", "Depends on: the same as Section D")
    found = choices(plan.dependencies)
    assert found == dict.fromkeys("DE", ((("A",), ("B",)),))


def test_what_is_needed_in_any_case_is_an_option_that_is_there_already() -> None:
    plan = sections("", "", "Depends on: A or B\nDepends on: A")
    assert choices(plan.dependencies) == {"C": ((("B",), ()),)}


def test_thousands_of_alternatives_are_told_once_each() -> None:
    named = " or ".join(f"Task {at}" for at in range(1, 2001))
    tasks = "".join(f"## Task {at}: part {at}\n" for at in range(1, 2002))
    plan = parse(f"# P\n{tasks}Depends on: {named}\n")
    assert [(edge.choice, edge.option) for edge in plan.dependencies] == [(1, at) for at in range(1, 2001)]


def test_an_edge_is_satisfied_where_an_alternative_is_done_already() -> None:
    plan = parse("# P\n## Task 1: Redis ✅\n## Task 2: Memory\n## Task 3: API\nDepends on: Task 1 or Task 2\n")
    data = as_json(plan)
    assert isinstance(data["edges"], list)
    assert [(edge["from"], edge.get("satisfied_by")) for edge in data["edges"]] == [("1", None), ("2", "1")]


def test_hints_come_from_lines_of_the_section_and_front_matter_goes_to_settings() -> None:
    plan = parse(
        "---\nagent: script\nconcurrency: 2\nday: 2026-01-02\n---\n# P\n"
        "## Section A: a\n**Agent:** script\n- Model: opus\n"
        "Budget: $2\nFiles: `a.py`, b.py\nRisk: Low\nEffort: 2/5\nWorkflow: bugfix\n## Section B: b\nDepends on: A\n"
    )
    hints = plan.sections[0].hints
    assert (hints.agent, hints.model, hints.budget_usd, hints.files) == ("script", "opus", 2.0, ("a.py", "b.py"))
    assert (hints.risk, hints.estimate, hints.workflow) == ("Low", "2/5", "bugfix")
    assert plan.settings == {"agent": "script", "concurrency": 2, "day": "2026-01-02"}


@pytest.mark.parametrize(
    ("front", "where"),
    [
        ("a: [1", "line 2, column 6"),
        ("a: &x [1]\nb: *x", "line 3, column 4"),
        ("a: !!python/object:os.system x", "line 2, column 4"),
        ("- a", "line 2"),
        ("a: " + "[" * 50 + "]" * 50, "nested deeper"),
    ],
)
def test_broken_front_matter_is_a_finding_with_its_place(front: str, where: str) -> None:
    plan = parse(f"---\n{front}\n---\n## Section A: a\n## Section B: b\nDepends on: A\n")
    (finding,) = plan.findings
    assert finding.type == "invalid-front-matter"
    assert where in finding.message
    assert plan.settings == {}
    assert len(plan.sections) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Just a letter to a friend.\n", "no work items in 1 line:"),
        ("# P\n## Task 1: alone\nDo it.\n", "only one work item was found, 'alone' in line 2"),
        ("# P\n## Section A: alone\nDepends on: B\n", "only one work item was found, 'alone' in line 2"),
        ("# How to\n```\n## Section A: x\n## Section B: y\nDepends on: A\n```\n", "5 of them in code blocks"),
    ],
)
def test_what_is_not_a_plan_says_why(text: str, why: str) -> None:
    plan = parse(text)
    assert plan.sections == ()
    assert [finding.type for finding in plan.findings] == ["not-a-plan"]
    assert why in plan.findings[0].message


def test_body_lines_and_preamble_are_the_plans_own_text() -> None:
    first = "# Title\n\nHello.\n\n## Section A: a\none\n\n"
    second = "## Section B: b\nDepends on: A\n```bash\ntrue\n```\n\n## Notes\nx\n"
    plan = parse(first + second)
    assert (plan.title, plan.preamble) == ("Title", "Hello.")
    assert [(s.lines, s.body) for s in plan.sections] == [
        ((5, 6), "one"),
        ((8, 12), "Depends on: A\n```bash\ntrue\n```"),
    ]


def test_thousands_of_all_previous_are_cut_off_and_said_so() -> None:
    plan = parse("# P\n" + "".join(f"## Section {n}: T{n}\nDepends on: all previous sections\n" for n in range(800)))
    assert len(plan.dependencies) < 210_000
    assert "too-many-dependencies" in {finding.type for finding in plan.findings}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x7fELF\x00\x01", "binary"),
        (b"# ok\nna\xefve\n", "line 2"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        decode(data)


def test_byte_order_marks_are_accepted() -> None:
    assert decode("\ufeff# é".encode()) == "# é"
    assert decode("\ufeff# é".encode("utf-16-le")) == "# é"
    assert decode("\ufeff# é".encode("utf-16-be")) == "# é"


def test_the_graph_bytes_depend_on_the_graph_alone() -> None:
    one, other = sections("x", "Depends on: A"), sections("y", "**Depends on:** Section A (files)")
    assert graph_bytes(one) == graph_bytes(other)
    assert graph_bytes(one) != graph_bytes(sections("x", "Depends on: none"))


def test_the_json_has_exactly_the_promised_shape() -> None:
    data = as_json(sections("Agent: script", "Depends on: A"))
    assert set(data) == {
        "title", "sections", "edges", "exclusions", "findings", "reader", "waves", "critical_path"
    }  # fmt: skip
    rows = json.loads(json.dumps(data))
    assert set(rows["sections"][0]) == {"id", "title", "done", "depends_on", "slug", "container", "lines", "hints"}
    assert rows["sections"][0]["hints"] == {"agent": "script"}
    assert set(rows["edges"][0]) == {"from", "to", "kind", "line", "quote", "confidence", "needs", "needs_text"}


def test_the_json_tells_who_never_runs_beside_whom_and_the_longest_chain_of_what_is_to_be_done() -> None:
    plan = parse(
        "# P\n\n## Section A: Keel ✅\n\n## Section B: Mast\nDepends on: A\n\n## Section C: Sail\nDepends on: B\n\n"
        "## Section D: Flag\nDepends on: B. Never run this while C is running.\n"
    )
    told = json.loads(json.dumps(as_json(plan)))
    assert [(one["one"], one["other"], one["line"]) for one in told["exclusions"]] == [("C", "D", 12)]
    assert told["critical_path"] == ["B", "C"]
