"""The text made of a task that is data: what agents and people read of its fields, and the commands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from orch_tui.plan.blocks import shell_blocks, unfenced
from orch_tui.plan.model import Plan, Section
from orch_tui.plan.parsing import parse


def tasks(*fields: Mapping[str, object]) -> Plan:
    """A tasks.json of these fields, numbered from 1, and one task more."""
    all_of_them = [*fields, {"title": "The last one", "dependencies": [1]}]
    listed = [{"id": number, "title": f"Task {number}", **one} for number, one in enumerate(all_of_them, 1)]
    return parse(json.dumps({"tasks": listed}))


def only(**fields: object) -> Section:
    return tasks(fields).sections[0]


def commands(section: Section) -> list[str]:
    return [block.text for block in shell_blocks(section.body)]


def test_only_a_section_of_data_has_a_made_text():
    assert [section.made for section in tasks({"details": "x"}).sections] == [True, True]
    assert [section.made for section in parse("# P\n\n## Task 1: A\n\nx\n\n## Task 2: B\n\ny\n").sections] == [
        False
    ] * 2


def test_the_commands_in_a_text_stand_in_the_body_as_they_are_meant():
    section = only(description="Make:\n```bash\nprintf 'a\\tb\\n'\n```", testStrategy='```sh\necho "done"\n```')
    assert commands(section) == ["printf 'a\\tb\\n'\n", 'echo "done"\n']


def test_the_commands_in_the_text_of_a_part_are_found():
    section = only(
        subtasks=[
            {"id": 1, "title": "Part", "details": "```bash\necho part\n```"},
            {
                "id": 2,
                "title": "Other",
                "details": "First:\n```bash\necho other\n```",
                "notes": ["```sh\necho note\n```"],
            },
        ]
    )
    assert commands(section) == ["echo part\n", "echo other\n", "echo note\n"]


def test_a_fence_that_is_never_closed_opens_nothing_in_the_next_field():
    section = only(description="So:\n```bash\necho begun", details="And:\n```bash\necho whole\n```")
    assert commands(section) == ["echo whole\n"]
    assert "\\```bash\necho begun" in section.body


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no fence", "no fence"),
        ("```sh\nx\n```", "```sh\nx\n```"),
        ("~~~sh\nx\n```", "\\~~~sh\nx\n\\```"),
        ("````\n```\nx\n```", "\\````\n```\nx\n```"),
        ("  ```sh\nx", "  \\```sh\nx"),
        ("x\n```", "x\n\\```"),
    ],
)
def test_what_opens_nothing_is_marked_and_what_is_closed_stays(text: str, written: str):
    assert unfenced(text) == written


def test_signs_of_commands_stay_as_they_are_while_ids_in_other_signs_are_the_same():
    plan = parse(
        "tasks:\n"
        "  - id: T\u20101\n"
        "    title: Sort \u2010 all\n"
        "    description: |\n"
        "      ```bash\n"
        "      printf '#\tname\u2010\u2212x'\n"
        "      ```\n"
        "  - id: T-2\n"
        "    title: Then\n"
        "    depends_on: [T-1]\n"
    )
    assert commands(plan.sections[0]) == ["printf '#\tname\u2010\u2212x'\n"]
    assert [(edge.upstream, edge.downstream) for edge in plan.dependencies] == [("T-1", "T-2")]
    assert plan.sections[0].title == "Sort - all"
    assert "Sort" not in plan.sections[0].body


def test_a_title_is_not_told_again_however_it_is_written():
    assert only(title="Red \x1b[31m\u2011 two  blanks").body == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"tasks": [{"id": 1, "title": "A", "details": "a\\u0000b\\ud800c\\ud83d\\ude00"}, {"id": 2, "title": "B"}]}',
        'tasks:\n- id: 1\n  title: A\n  details: "a\\0b\ufffdc\\U0001F600"\n- id: 2\n  title: B\n',
    ],
)
def test_what_no_plan_file_can_hold_is_not_let_in_by_an_escape(text: str):
    assert parse(text).sections[0].body == "### Details\na\ufffdb\ufffdc\U0001f600"


def test_values_of_any_kind_stand_in_the_text_as_they_are_written():
    text = '{"tasks": [{"id": 1.10, "title": "A", "ratio": 1.50, "big": 12e3, "on": true, "no": null, "none": {}}, {}]}'
    section = parse(text.replace("{}]", '{"id": 2, "title": "B"}]')).sections[0]
    assert section.id == "1.10"
    assert section.body == "Ratio: 1.50\n\nBig: 12e3\n\nOn: true"


def test_nothing_is_lost_however_deep_it_stands():
    deep: object = {"word": "at the ground"}
    for _ in range(40):
        deep = {"in": deep}
    section = only(context=deep, lists=[[1, ["two", None]], {"title": "three", "is": [4]}])
    assert "Word: at the ground" in section.body
    assert section.body.endswith("### Lists\n- 1\n- two\n- three\n  - Is:\n    - 4")


@pytest.mark.parametrize("opening", ['{"tasks": [{"id": 1, "title": "A", "details": "', '{"id": 1}\n{"id": "'])
def test_a_long_text_that_is_cut_off_is_broken_data_at_once(opening: str):
    """Each further character used to double the time: it never ended."""
    found = [one for one in parse(f"{opening}{'words ' * 2000}}}").findings if one.type == "broken-data"]
    assert ["unexpected '\"words words" in one.message for one in found] == [True]


def test_a_name_of_a_field_is_no_place_for_commands():
    assert commands(only(**{"a\n```bash\necho hidden\n```\nb": "x"})) == []


def test_what_a_task_needs_that_is_nothing_of_the_plan_is_told_to_its_agent():
    plan = tasks({"requires": ["Task 2", "a soldering iron"]}, {"dependencies": [1, "Task 1"]})
    assert plan.sections[0].body == "Requires:\n- Task 2\n- a soldering iron"
    assert plan.sections[1].body == ""
