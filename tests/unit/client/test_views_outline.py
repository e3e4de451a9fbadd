"""The graph as a tree and as waves."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client import outline
from orch_tui.plan.dag import Graph
from orch_tui.testing.stage import Stage


def drawn(tmp_path: Path, *edges: str) -> list[str]:
    """The tree of a plan given as "B<-A,C"."""
    text = "# Plan\n\n"
    for edge in edges:
        name, _, needs = edge.partition("<-")
        listed = ", ".join(f"Section {up}" for up in needs.split(",") if up) or "none"
        text += f"## Section {name}: {name}\nDependencies: {listed}\n\n"
    rows = outline.tree(outline.graph_of(Stage(root=tmp_path, text=text).state))
    return [
        row.words
        or row.guides
        + ("→ " if row.kind == "reference" else "")
        + row.section
        + (f" +{','.join(row.others)}" if row.others else "")
        for row in rows
    ]


def test_each_section_stands_once_under_what_finishes_last(tmp_path):
    assert drawn(tmp_path, "A", "B<-A", "C<-A,B", "D") == ["A", "├ → C", "└ B", "  └ C +A", "D"]


def test_a_diamond_refers_to_the_section_that_stands_elsewhere(tmp_path):
    assert drawn(tmp_path, "A", "B<-A", "C<-A", "D<-B,C") == ["A", "├ B", "│ └ → D", "└ C", "  └ D +B"]


def test_a_long_chain_is_not_indented_without_end(tmp_path):
    lines = drawn(tmp_path, "S0", *(f"S{n}<-S{n - 1}" for n in range(1, 60)))
    assert len(lines) == 60
    assert max(map(len, lines)) < 2 * outline.DEEPEST + 8


def test_a_cycle_and_what_is_behind_it_stand_at_the_end(tmp_path):
    lines = drawn(tmp_path, "A", "B<-C", "C<-B", "D<-C")
    assert lines == ["A", "Can never start: in or behind a cycle", "B +C", "C +B", "D +C"]


def test_waves_are_rounds(tmp_path):
    text = "# P\n\n## Section A: a\nDependencies: none\n\n## Section B: b\nDependencies: Section A\n"
    text += "\n## Section C: c\nDependencies: none\n"
    rows = outline.waves(outline.graph_of(Stage(root=tmp_path, text=text).state))
    assert [row.words or row.section for row in rows] == [
        "Wave 1 · 2 side by side",
        "A",
        "C",
        "Wave 2 · 1 section",
        "B",
    ]


@pytest.mark.timeout(60)  # it is not quadratic; the benchmark has the figure
@pytest.mark.parametrize("layout", [outline.tree, outline.waves])
def test_ten_thousand_sections_are_laid_out_at_once(tmp_path, layout):
    text = "# P\n\n" + "\n".join(
        f"## Section S{n}: s\nDependencies: " + (f"Section S{n - 50}, Section S{n - 49}" if n >= 50 else "none") + "\n"
        for n in range(10_000)
    )
    state = Stage(root=tmp_path, text=text).state
    rows = layout(outline.graph_of(state))
    assert sum(row.kind == "section" for row in rows) == 10_000


def test_by_what_is_going_on_the_groups_hold_every_section_once(tmp_path):
    stage = Stage(
        root=tmp_path, text="# P\n\n## Section A: a\n\n## Section B: b\nDependencies: Section A\n\n## Section C: c\n"
    )
    stage.approve()
    stage.start("C")
    rows = outline.by_status(stage.state)
    assert [row.words or row.section for row in rows] == ["Running · 1", "C", "Next · 1", "A", "Waiting · 1", "B"]


@pytest.mark.parametrize(
    ("edges", "either", "under", "others"),
    [
        ("AS BS CS", ((("A",), ("B",)),), "C", "A or B"),
        ("AS BS", ((("A",), ("B",)),), "A", "or B"),
        ("AS BS CS", ((("A", "B"), ("C",)),), "B", "A or C"),
        ("AS BS CS DS", ((("A",), ("C",)), (("B",), ("D",))), "B", "or D, A or C"),
        ("AS BS CS XS", ((("A",), ("B",)),), "C", "X, A or B"),
        ("XA AS CS BS", ((("B",), ("A",)),), "C", "B or A"),
        ("XA AS BS CS", ((("A",), ("B", "C")),), "C", "or A, B"),
        ("AS BS", (), "B", "A"),
    ],
)
def test_alternatives_are_told_with_or(
    edges: str, either: tuple[tuple[tuple[str, ...], ...], ...], under: str, others: str
):
    pairs = [(edge[0], edge[1]) for edge in edges.split()]
    rows = outline.tree(Graph("XABCDS", pairs, {"S": either} if either else None))
    at = next(at for at, row in enumerate(rows) if row.kind == "section" and row.section == "S")
    above = [row.section for row in rows[:at] if row.kind == "section"][-1]
    assert (above, rows[at].listed(rows[at].others)) == (under, others)
