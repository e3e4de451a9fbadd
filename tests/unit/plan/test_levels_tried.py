"""Which levels of a document are linked for a try: not a small one beside a large one on which nearly all is stated."""

import pytest

from orch_tui.plan import freeform
from orch_tui.plan.parsing import parse
from orch_tui.plan.reading import Reading


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many items each level had that was linked."""
    sizes: list[int] = []
    link = freeform.link

    def counted(reading: Reading):
        sizes.append(len(reading.items))
        return link(reading)

    monkeypatch.setattr(freeform, "link", counted)
    return sizes


def plan(count: int, *, stated: int) -> str:
    """Two parts with `count` tasks, of which the first `stated` say what they wait for."""
    tasks = [
        f"### Task {number}: piece {number}\n" + (f"Depends on: Task {number - 1}\n" if 1 < number <= stated else "")
        for number in range(1, count + 1)
    ]
    half = count // 2
    return (
        "# Plan\n\n## Part 1: inside\n\n"
        + "\n".join(tasks[:half])
        + "\n## Part 2: outside\n\n"
        + "\n".join(tasks[half:])
    )


def test_parts_are_not_tried_where_their_many_tasks_state_the_order(tried: list[int]):
    read = parse(plan(20, stated=20))
    assert (len(read.sections), tried) == (20, [20])


def test_they_are_where_little_is_stated(tried: list[int]):
    parse(plan(20, stated=5))
    assert sorted(tried) == [2, 20]
