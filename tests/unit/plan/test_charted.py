"""Plans that are a picture as a whole, and pictures that are none."""

from orch_tui.plan.parsing import parse

CHART = """```mermaid
gantt
    title Build
    dateFormat YYYY-MM-DD
    section Base
    Schema     :done, a1, 2026-01-01, 5d
    Importer   :a2, after a1, 4d
    Freeze     :milestone, m1, after a2, 0d
    section Front
    Screens    :b1, after m1, 10d
    Deploy     :crit, b2, after a1 b1, 2d
```
"""
TREE = """```
Schema
├── Importer
│   └── Screens
│       └── Deploy
└── Manual
```
"""


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def ids(text: str) -> list[str]:
    return [section.id for section in parse(text).sections]


def test_tasks_and_milestones_of_a_gantt_chart_are_the_plan_where_nothing_else_is() -> None:
    plan = parse(f"# Roadmap\n\n{CHART}")
    assert [(section.id, section.title, section.done) for section in plan.sections] == [
        ("a1", "Schema", True),
        ("a2", "Importer", False),
        ("m1", "Freeze", False),
        ("b1", "Screens", False),
        ("b2", "Deploy", False),
    ]
    assert {f"{edge.downstream}<-{edge.upstream}" for edge in plan.dependencies} == {
        "a2<-a1",
        "m1<-a2",
        "b1<-m1",
        "b2<-a1",
        "b2<-b1",
    }


def test_a_task_has_the_text_below_the_heading_with_its_title() -> None:
    plan = parse(f"# Roadmap\n\n## Schema\n\nTables.\n\n## Importer\n\nFiles.\n\n## Screens\n\nDraw.\n\n{CHART}")
    assert [section.body.strip() for section in plan.sections][:3] == ["Tables.", "Files.", "Draw."]


def test_a_chart_yields_to_tasks_in_words() -> None:
    text = f"# Plan\n\n## Task 1: Schema\n\n## Task 2: Importer\n\nDepends on: Task 1\n\n{CHART}"
    assert ids(text) == ["1", "2"]


def test_a_chart_without_an_order_or_given_as_an_example_is_no_plan() -> None:
    dated = "```mermaid\ngantt\n  Schema :a1, 2026-01-01, 5d\n  Importer :a2, 2026-01-06, 5d\n```\n"
    assert not ids(f"# Roadmap\n\n{dated}")
    assert not ids(f"# Charts\n\n## Example\n\n{CHART}")


def test_a_tree_is_the_plan_where_words_before_it_say_that_it_gives_the_order() -> None:
    text = f"# Plan: move\n\nEvery branch waits for what it hangs on.\n\n{TREE}"
    assert ids(text) == ["schema", "importer", "screens", "deploy", "manual"]
    assert edges(text) == {"importer<-schema", "screens<-importer", "deploy<-screens", "manual<-schema"}
    assert len(edges(f"# Plan: move\n\n## Dependencies\n\n{TREE}")) == 4
    assert len(edges(f"# Plan: Umzug\n\n## Reihenfolge\n\n{TREE}")) == 4


def test_a_tree_with_ids_is_called_by_them() -> None:
    tree = "```\nT1 Schema\n├── T2 Importer\n│   └── T3 Screens\n└── T4 Manual\n```\n"
    assert edges(f"# Plan: move\n\n## Dependencies\n\n{tree}") == {"T2<-T1", "T3<-T2", "T4<-T1"}


def test_trees_of_other_things_are_no_plans() -> None:
    files = "```\nsrc\n├── main.py\n├── plan/\n│   └── read.py\n└── README.md\n```\n"
    assert not ids(f"# Plan: move\n\n{TREE}")
    assert not ids(f"# Plan: move\n\n## Dependencies\n\n{files}")
    assert not ids(f"# Plan: move\n\nThe order of folders depends on nothing.\n\n{TREE}")
    assert not ids(f"# Plan: move\n\n## Example of an execution order\n\n{TREE}")


def test_a_tree_whose_rows_say_what_they_wait_for_is_a_plan_whatever_stands_before_it() -> None:
    tree = (
        "```\ntour\n├── T1 venues        [done]\n│   ├── T2 contracts (after T1)\n│   └── T3 bus       (after T1)\n"
        "└── T4 concert       (after T2, T3)\n```\n\nIndentation is only for reading.\n"
    )
    plan = parse(f"# Choir tour\n\n{tree}")
    assert [(section.id, section.title, section.done) for section in plan.sections] == [
        ("T1", "venues", True),
        ("T2", "contracts", False),
        ("T3", "bus", False),
        ("T4", "concert", False),
    ]
    assert edges(f"# Choir tour\n\n{tree}") == {"T2<-T1", "T3<-T1", "T4<-T2", "T4<-T3"}
    assert not ids(f"# Choir tour\n\n## Example\n\n{tree}")
