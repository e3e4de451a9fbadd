"""Every invariant is in the table and in the document, and what is said to look at it is there."""

from __future__ import annotations

import re
from pathlib import Path

from orch_tui.invariants.table import TABLE

TOP = Path(__file__).parents[3]


def test_all_of_them_are_listed_in_order():
    assert list(TABLE) == [f"I{number}" for number in range(1, 25)]
    document = (TOP / "docs" / "reliability.md").read_text()
    assert re.findall(r"^\| (I\d+) \|", document, re.MULTILINE) == list(TABLE)


def test_what_is_said_to_look_is_there():
    places = {place for row in TABLE.values() for place in row.looked_at}
    there = {place for place in places if (TOP / place).exists() or (TOP / "src" / "orch_tui" / place).exists()}
    assert there == places


def test_every_invariant_that_the_code_names_is_one_of_them():
    code = "".join(path.read_text() for path in (TOP / "src" / "orch_tui" / "invariants").glob("*.py"))
    assert set(re.findall(r'"(I\d+)"', code)) <= set(TABLE)
