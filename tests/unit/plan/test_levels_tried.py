"""Which levels of a document are linked for a try: not a small one beside a large one on which nearly all is stated."""

import pytest

from orch_tui.plan import freeform
from orch_tui.plan.parsing import parse
from orch_tui.plan.reading import Reading


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """How many items, and statements, each level had that was linked."""
    sizes: list[tuple[int, int]] = []
    link = freeform.link

    def counted(reading: Reading):
        sizes.append((len(reading.items), len(reading.statements)))
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


def test_parts_are_not_tried_where_their_many_tasks_state_the_order(tried: list[tuple[int, int]]):
    read = parse(plan(20, stated=20))
    assert (len(read.sections), tried) == (20, [(20, 19)])


def test_they_are_where_little_is_stated(tried: list[tuple[int, int]]):
    parse(plan(20, stated=5))
    assert sorted(items for items, _ in tried) == [2, 20]


def phases(count: int, *, speaking: bool) -> str:
    """Phases of four boxes of which three say what they wait for; `speaking`: every phase does so too."""
    return "# Plan\n\n" + "\n".join(
        f"## Phase {number}: step {number}\n\n"
        + (f"Depends on: Phase {number - 1}\n\n" if speaking and number > 1 else "")
        + f"- [ ] {number}.1 piece\n"
        + "".join(f"- [ ] {number}.{box} piece (depends on {number}.{box - 1})\n" for box in (2, 3, 4))
        for number in range(1, count + 1)
    )


def test_a_level_of_which_nothing_is_said_is_given_up_after_some_of_what_is_said(tried: list[tuple[int, int]]):
    read = parse(phases(90, speaking=False))
    assert len(read.sections) == 360
    assert tried == [(360, 270), (90, 54)]


def test_a_level_that_is_spoken_of_is_tried_in_full(tried: list[tuple[int, int]]):
    assert len(parse(phases(90, speaking=True)).sections) == 360
    assert tried == [(360, 359), (90, 52), (90, 359)]
