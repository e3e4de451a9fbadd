"""Plans that are broken, hostile or huge: a clear finding, never a failure, and nothing runs away."""

import pytest

from orch_tui.plan.data import BrokenDataError, read_json, read_yaml
from orch_tui.plan.model import FindingType, Plan
from orch_tui.plan.parsing import parse
from orch_tui.plan.slugs import LONGEST


def types(plan: Plan) -> set[FindingType]:
    return {found.type for found in plan.findings}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"tasks": [\n {"id": 1, "title": "x",}\n]}', "line 2, column 25"),
        ('{"tasks": [\n {"id": 1 "title": "x"}\n]}', "line 2, column 11"),
        ('{"tasks": [\n {"id": 1, "title": "x"}\n', "line 3, column 1"),
        ('{"tasks": []} trailing', "line 1, column 15"),
        ("tasks:\n  - id: a\n    title: x\n   bad: [\n", "line 4, column 4"),
        ("tasks: &all\n  - id: a\n    title: x\n  - id: b\n    title: y\n", "line 1, column 8"),
        ("tasks:\n  - id: a\n    title: !!python/object:os.system x\n  - id: b\n    title: y\n", "line 3, column 12"),
        ('{"id": "a", "title": "x"}\n{"id": "b", "title": }\n', "line 2, column 22"),
    ],
)
def test_broken_data_is_told_of_with_line_and_column(text: str, place: str) -> None:
    plan = parse(text)
    found = [one for one in plan.findings if one.type == "broken-data"]
    assert len(found) == 1
    assert place in found[0].message
    assert f"line {found[0].line}," in place
    assert "not-a-plan" in types(plan)


def test_a_quote_that_is_never_closed_is_told_of_with_the_place_where_it_begins() -> None:
    plan = parse('phases:\n  - id: a\n    title: "x\n  - id: b\n')
    assert "line 5, column 1" in plan.findings[0].message
    assert "(while scanning a quoted scalar in line 3, column 12)" in plan.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" + "1" * 100_000 + "]",
        '{"tasks": [{"id": ' + "9" * 5_000 + ', "title": "x"}]}',
    ],
    ids=["lists", "mappings", "number", "id"],
)
def test_bombs_of_json_are_refused(text: str) -> None:
    with pytest.raises(BrokenDataError):
        read_json(text)
    assert "broken-data" in types(parse(text))


def test_bombs_of_yaml_are_refused() -> None:
    laughs = 'a: &a ["x","x"]\n' + "\n".join(
        f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)},*{chr(97 + at)}]" for at in range(20)
    )
    with pytest.raises(BrokenDataError, match="anchors"):
        read_yaml(laughs)
    with pytest.raises(BrokenDataError, match="nested deeper"):
        read_yaml("[" * 500 + "]" * 500)


def test_values_of_data_keep_their_places() -> None:
    node = read_json('{\n "ä": [1,\n  "b\\n"], "n": null, "t": true}', first_line=10)
    assert (node.line, node.last_line, node.fields["ä"].line, node.fields["ä"].last_line) == (10, 12, 11, 12)
    assert [item.line for item in node.fields["ä"].items] == [11, 12]
    assert (node.fields["ä"].items[1].text, node.fields["n"].text, node.fields["t"].text) == ("b", "", "true")


def test_an_edge_of_data_quotes_the_words_of_the_file() -> None:
    plan = parse('{"tasks": [{"id": 1, "title": "x"},\n {"id": 2, "title": "ünï",\n  "dependencies": [\n   1\n  ]}]}')
    assert [(edge.evidence.line, edge.evidence.quote) for edge in plan.dependencies] == [(4, '"dependencies": [ 1 ]')]


@pytest.mark.parametrize("written", ["../x", "-rf", ".git", "a" * 300, "🚀", "con", "a/b", "..", "a\\b", "$(rm -rf)"])
def test_hostile_ids_never_reach_a_path_or_a_branch(written: str) -> None:
    plan = parse(
        f'{{"tasks": [{{"id": {written!r}, "title": "One"}}, {{"id": "b", "title": "Two"}}]}}'.replace("'", '"')
    )
    if "\\" in written:
        plan = parse('{"tasks": [{"id": "a\\\\b", "title": "One"}, {"id": "b", "title": "Two"}]}')
    assert len(plan.sections) == 2
    for section in plan.sections:
        assert section.slug.isascii()
        assert 0 < len(section.slug) <= LONGEST
        assert section.slug[0].isalnum()
        assert not set(section.slug) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@pytest.mark.parametrize("written", ["../x", "-rf", ".git", "🚀", "end", "con", "a/b", "a" * 80])
def test_hostile_ids_are_shown_as_written_and_found_where_they_are_named(written: str) -> None:
    table = f"| ID | Task | Depends on |\n|--|--|--|\n| {written} | One | none |\n| zz | Two | {written} |\n"
    tabled = parse(f"# P\n\n{table}| {written}2 | Three | zz |\n")
    assert [section.id for section in tabled.sections] == [written, "zz", f"{written}2"]
    assert {(edge.upstream, edge.downstream) for edge in tabled.dependencies} >= {
        (written, "zz"),
        ("zz", f"{written}2"),
    }
    headed = parse(f"# P\n\n## {written}: part 1\n\n## zz: two\nDepends on: {written}\n")
    assert [(edge.upstream, edge.downstream) for edge in headed.dependencies] == [
        (headed.sections[0].id, headed.sections[1].id)
    ]


def test_ids_that_differ_only_in_case_or_zero_padding_are_two_sections_with_a_finding() -> None:
    plan = parse("# P\n## Task T1: a\nDepends on: none\n## Task t01: b\nDepends on: T1\n")
    assert len({section.id for section in plan.sections}) == 2
    assert len({section.slug.lower() for section in plan.sections}) == 2
    assert "duplicate-id" in types(plan)


def test_ragged_tables_are_read_as_far_as_they_go() -> None:
    plan = parse(
        "# P\n\n| ID | Task | Depends on |\n|---|---|\n| 1 | Hull |\n| 2 | Mast | 1 | extra | more |\n|3|Sail|2\n"
        "| | | |\n||||||\n"
    )
    assert [section.id for section in plan.sections] == ["1", "2", "3"]
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1", "2"), ("2", "3")}


def test_a_diagram_that_does_not_parse_leaves_the_rest_of_the_plan() -> None:
    plan = parse(
        "# P\n## Task 1: a\nDepends on: none\n## Task 2: b\nDepends on: 1\n\n"
        "```mermaid\ngraph TD\n  A[[[ --> \n  -->\n```\n"
    )
    assert [section.id for section in plan.sections] == ["1", "2"]
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("1", "2")}


def test_ten_thousand_sections_are_read() -> None:
    tasks = "\n".join(f"- [ ] T{at:04d} Do thing {at}" for at in range(10_000))
    plan = parse(f"# P\n\n## Phase 1: All\n{tasks}\n- [ ] T10000 Ship\n  - Depends on: T0001-T9999\n")
    assert len(plan.sections) == 10_001
    assert len(plan.dependencies) == 9_999


def test_two_thousand_references_in_one_sentence_are_all_edges() -> None:
    tasks = "\n".join(f"- [ ] T{at:04d} Do thing {at}" for at in range(1, 2001))
    listed = ", ".join(f"T{at:04d}" for at in range(1, 2001))
    plan = parse(f"# P\n\n## Phase 1: All\n{tasks}\n- [ ] T2001 Ship\n  - Depends on: {listed}\n")
    assert sum(edge.downstream == "T2001" for edge in plan.dependencies) == 2000


def test_two_thousand_sections_named_in_full_in_one_sentence_are_all_edges() -> None:
    sections = "".join(f"## Section {at}: Part {at}\n\ntext\n\n" for at in range(1, 2001))
    listed = ", ".join(f"Section {at}" for at in range(1, 2001))
    for said in (f"Depends on: {listed}", f"This can only start once {listed} are done."):
        plan = parse(f"# P\n\n{sections}## Section 2001: Ship\n\n{said}\n")
        assert sum(edge.downstream == "2001" for edge in plan.dependencies) == 2000


def test_deeply_nested_lists_and_a_heading_of_ten_kilobytes_do_no_harm() -> None:
    nested = "\n".join("  " * at + f"- [ ] {'.'.join(['1'] * min(at + 1, 4))} level {at}" for at in range(400))
    plan = parse(
        f"# {'word ' * 2_000}\n\n## Section A: {'x' * 10_000}\nDepends on: none\n{nested}\n"
        "## Section B: b\nDepends on: A\n"
    )
    assert [section.id for section in plan.sections] == ["A", "B"]
    assert len(plan.sections[0].title) <= 200
    assert {(edge.upstream, edge.downstream) for edge in plan.dependencies} == {("A", "B")}


def test_a_thousand_sections_that_all_name_one_file_are_one_finding() -> None:
    text = "# P\n" + "\n".join(f"## Section {at}: s\nDepends on: none\nFiles: `a.py`" for at in range(1000))
    found = [one for one in parse(text).findings if one.type == "file-overlap"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tasks: " + "[" * 500 + "]" * 500, "line 1, column 67: nested deeper"),
        ('a: &a ["x","x"]\nb: &b [*a,*a]\nc: &c [*b,*b]\n', "line 1, column 4: anchors"),
        ("tasks: [{id: a, title: x}, {id: b, title: y\n", "line 2, column 1"),
    ],
    ids=["nested", "anchors", "open bracket"],
)
def test_a_bomb_or_a_broken_list_in_yaml_is_a_finding_with_its_place(text: str, place: str) -> None:
    plan = parse(text)
    assert [place in one.message for one in plan.findings if one.type == "broken-data"] == [True]
    assert "mend it" in next(one.message for one in plan.findings if one.type == "not-a-plan")


CONTRADICTORY = (
    "# P\n## Section A: Schema\nDepends on: none\n## Section B: Reader\nDepends on: A\n"
    "## Section C: Writer\nDepends on: A\n\n## Notes\n"
)


@pytest.mark.parametrize(
    ("words", "pair"),
    [
        ("Section B does not depend on Section A.", {"A", "B"}),
        ("Sections A and B can run in parallel.", {"A", "B"}),
        ("Section A and Section C run concurrently.", {"A", "C"}),
    ],
)
def test_contradictory_edges_are_kept_and_told_of_with_their_line(words: str, pair: set[str]) -> None:
    plan = parse(CONTRADICTORY + words + "\n")
    assert [(set(one.ids), one.line) for one in plan.findings if one.type == "contradiction"] == [(pair, 10)]
    assert ("A", "B") in {(edge.upstream, edge.downstream) for edge in plan.dependencies}


@pytest.mark.parametrize(
    "words",
    [
        "Sections B and C can run in parallel.",
        "Sections A and B cannot run in parallel.",
    ],
)
def test_what_may_run_side_by_side_or_must_not_contradicts_nothing(words: str) -> None:
    assert "contradiction" not in types(parse(CONTRADICTORY + words + "\n"))


def test_a_diagram_that_does_not_parse_is_told_of_with_its_lines() -> None:
    text = "# P\n## Task 1: a\nDepends on: none\n## Task 2: b\nDepends on: 1\n\n```mermaid\ngraph TD\n  -->\n```\n"
    found = [one for one in parse(text).findings if one.type == "unreadable-diagram"]
    assert [one.line for one in found] == [9]
    assert "(line 9)" in found[0].message


def test_a_ragged_row_that_names_nobody_is_told_of() -> None:
    text = "# P\n\n| ID | Task | Depends on |\n|---|---|\n| 1 | Hull |\n| 2 | Mast | 1 | extra |\n| 3 | Sail | 2, 9 |\n"
    found = [one for one in parse(text).findings if one.type == "unknown-reference"]
    assert [(one.ids, one.line) for one in found] == [(("3",), 7)]


def test_a_line_separator_within_yaml_text_is_no_new_line() -> None:
    task = 'tasks:\n  - id: a\n    title: "x\u2028y"\n  - id: b\n    depends_on: [a]\n'
    plan = parse(task)
    assert [section.lines for section in plan.sections] == [(2, 3), (4, 5)]
    assert [edge.evidence.line for edge in plan.dependencies] == [5]


def test_data_that_breaks_off_is_broken_in_its_last_line() -> None:
    plan = parse("Option A:\n  - id: a\nUser Story 1")
    assert [found.line for found in plan.findings if found.type == "broken-data"] == [3]


def test_a_text_that_begins_with_an_arrow_is_read() -> None:
    assert parse(" → - [ ] ").sections == ()
    assert parse("→ (a\n→ b)").sections == ()
