"""Items of an order that are said to need each other not, in the words of several languages or in a heading."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> list[tuple[str, str]]:
    """Who comes before whom."""
    return sorted((edge.upstream, edge.downstream) for edge in parse(text).dependencies)


@pytest.mark.parametrize(
    "said",
    [
        "順番に実行する。タスク2〜3は並行して進められる。",
        "順番に実行する。タスク2, 3は相互に依存しない。",
        "順番に実行する。タスク2とタスク3は互いに依存しません。",
        "按顺序执行。任务2、3 互不依赖，可并行。",
        "按顺序执行。任务2与任务3可以并行执行。",
        "按顺序执行。任务2和任务3之间没有依赖。",
        "Las tareas se hacen en orden. Las tareas 2 y 3 no dependen una de otra.",
        "As tarefas são feitas em ordem. As tarefas 2 e 3 não dependem uma da outra.",
        "Les tâches sont exécutées dans l'ordre. Les tâches 2 et 3 ne dépendent pas l'une de l'autre.",
    ],
)
def test_those_that_do_not_need_each_other_wait_for_the_same(said: str) -> None:
    titles = ("Alpha parser", "Beta store", "Gamma screen", "Delta export")
    text = f"# Plan\n\n{said}\n\n" + "".join(f"### Task {at}: {one}\n\nText.\n\n" for at, one in enumerate(titles, 1))
    assert edges(text) == [("1", "2"), ("1", "3"), ("2", "4"), ("3", "4")]


@pytest.mark.parametrize(
    ("bracket", "found"),
    [
        ("parallel with Phase 3", [("1", "2"), ("2", "3"), ("2", "4"), ("3", "5"), ("4", "5")]),
        ("parallel with Phases 2-3", [("1", "2"), ("1", "4"), ("2", "3"), ("3", "5"), ("4", "5")]),
    ],
)
def test_a_bracket_in_a_heading_says_who_runs_beside(bracket: str, found: list[tuple[str, str]]) -> None:
    titles = ("Ground", "Races", "Base", f"Limits ({bracket})", "Primitives")
    headings = "".join(f"## Phase {at}: {one}\n\nText.\n\n" for at, one in enumerate(titles, 1))
    assert edges(f"# Plan\n\nPhases run in order.\n\n{headings}") == found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("limits, parallel with Wave 3", [("1", "2"), ("2", "3"), ("2", "4"), ("3", "5"), ("4", "5")]),
        ("limits, parallel with 2–3", [("1", "2"), ("1", "4"), ("2", "3"), ("3", "5"), ("4", "5")]),
    ],
)
def test_an_entry_of_an_order_says_in_its_title_who_runs_beside(title: str, found: list[tuple[str, str]]) -> None:
    titles = ("ground", "races", "base", title, "primitives")
    entries = "".join(f"- **Wave {at} — {one}.** Words about it.\n" for at, one in enumerate(titles, 1))
    assert edges(f"# Plan\n\n## Landing order\n\n{entries}") == found
    headings = "".join(f"## Wave {at}: {one}\n\nText.\n\n" for at, one in enumerate(titles, 1))
    assert edges(f"# Plan\n\nWaves run in order.\n\n{headings}") == found
