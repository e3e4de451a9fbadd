"""How the difference of two texts is laid out."""

from __future__ import annotations

from orch_tui.client.comparing import compare
from orch_tui.client.passages import PlanLine
from orch_tui.cockpit.difference_lines import in_one, side_by_side

OLD = [PlanLine(number=at, text=text) for at, text in enumerate(["one", "two", "three"], start=1)]
NEW = [PlanLine(number=at, text=text) for at, text in enumerate(["one", "two and a half", "2¾", "three"], start=11)]


def test_in_one_column_signs_tell_gone_from_new_without_colour():
    lines = [f"{line.margin} {line.lead}{line.text}" for line in in_one(compare(OLD, NEW))]
    assert lines == ["11   one", "2 - two", "12 + two and a half", "13 + 2¾", "14   three"]


def test_side_by_side_rows_stay_level_when_one_side_is_longer():
    left, right = side_by_side(compare(OLD, NEW), 12)
    assert [line.text for line in left] == ["  one", "- two", "", "", "  three"]
    assert [line.text for line in right] == ["  one", "+ two and a ", "  half", "+ 2¾", "  three"]
    assert [line.margin for line in right] == ["11", "12", "", "13", "14"]
