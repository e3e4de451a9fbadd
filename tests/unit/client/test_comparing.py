"""What leads from one text to another."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from orch_tui.client.comparing import Stretch, compare
from orch_tui.client.passages import PlanLine


def numbered(text: str, start: int = 1) -> list[PlanLine]:
    return [PlanLine(number=start + at, text=line) for at, line in enumerate(text.split())]


def told(stretches: tuple[Stretch, ...]) -> list[str]:
    lines: list[str] = []
    for part in stretches:
        if part.skipped:
            lines.append(f"…{part.skipped}")
        elif part.same:
            lines += [f"={line.text}" for line in part.new]
        else:
            lines += [f"-{line.number}{line.text}" for line in part.old] + [
                f"+{line.number}{line.text}" for line in part.new
            ]
    return lines


def test_a_changed_line_stands_between_three_that_are_the_same():
    old, new = numbered("a b c d e f g h i j"), numbered("a b c d e F g h i j", 11)
    assert told(compare(old, new)) == ["…2", "=c", "=d", "=e", "-6f", "+16F", "=g", "=h", "=i", "=j"]


def test_nothing_is_left_out_for_the_sake_of_one_line():
    assert told(compare(numbered("a b c d X"), numbered("a b c d Y"))) == ["=a", "=b", "=c", "=d", "-5X", "+5Y"]


def test_texts_that_are_the_same_have_nothing_to_show():
    assert told(compare(numbered("a b c"), numbered("a b c", 9))) == ["…3"]


def test_what_is_only_new_or_only_gone():
    assert told(compare([], numbered("a b"))) == ["+1a", "+2b"]
    assert told(compare(numbered("a b"), [])) == ["-1a", "-2b"]


words = st.lists(st.sampled_from("abc"), max_size=12).map(" ".join)


@given(words, words)
def test_both_texts_can_be_read_out_of_it(old: str, new: str):
    assume(old != new)
    parts = compare(numbered(old), numbered(new), context=99)
    assert [line.text for part in parts for line in part.old] == old.split()
    assert [line.text for part in parts for line in part.new] == new.split()
    assert all(bool(part.old or part.new or part.skipped) for part in parts)
