"""Which section is which in another text of the plan, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.client.changes import change_words
from orch_tui.plan.difference import Change, difference, match, renaming, text_sha
from orch_tui.plan.edits import Note
from orch_tui.plan.parsing import parse


@dataclass(frozen=True)
class Known:
    id: str
    title: str = ""
    text_sha: str = ""
    upstream: tuple[str, ...] = ()
    choices: tuple[tuple[tuple[str, ...], ...], ...] = ()
    planned: str = ""
    agent: str = "claude"
    model: str = ""
    effort: str = ""
    budget_usd: float | None = None
    workflow: str = ""
    repository: str = ""
    merge: str = ""
    priority: int = 0
    notes: tuple[Note, ...] = field(default=())
    text: str | None = None


def known(*words: str) -> list[Known]:
    """ "2 Build the wall/bricks" is section 2 with a title and a text."""
    return [
        Known(id=word.split()[0], title=word.partition(" ")[2].partition("/")[0], text_sha=word.partition("/")[2])
        for word in words
    ]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (["A one", "B two"], ["B two", "A one"], {"A": "A", "B": "B"}),
        (["1 a", "2 b", "3 c"], ["1 a", "2 x", "3 b", "4 c"], {"1": "1", "2": "3", "3": "4"}),
        (["1 a", "2 b", "3 c"], ["1 b", "2 c"], {"2": "1", "3": "2"}),
        (["B Parser"], ["B Parser and lexer"], {"B": "B"}),
        (["B Parser/text"], ["Q Something else/text"], {"B": "Q"}),
        (["3 Deploy/one"], ["3 Write the docs/two"], {}),
        (["A x/", "B y/"], ["C z/", "D w/"], {}),
        (["1.1 Tests", "2.1 Tests"], ["1.1 Tests", "3.1 Tests"], {"1.1": "1.1", "2.1": "3.1"}),
        (["A Tests/1", "B Tests/2"], ["C Tests/2", "D Tests/1"], {"A": "D", "B": "C"}),
        (["A"], ["A"], {"A": "A"}),
        ([], ["A"], {}),
    ],
)
def test_sections_are_found_again_by_id_and_title_then_title_then_text(old: list[str], new: list[str], same: object):
    assert match(known(*old), known(*new)) == same


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_no_section_is_found_twice(before: list[str], after: list[str]):
    old = [Known(id=str(at), title=f"Do {name}") for at, name in enumerate(before)]
    new = [Known(id=str(at), title=f"Do {name}") for at, name in enumerate(after)]
    same = match(old, new)
    assert len(set(same.values())) == len(same)
    assert set(same) <= {one.id for one in old}
    assert set(same.values()) <= {one.id for one in new}


def test_what_is_done_to_a_section_that_is_gone_is_not_done_to_another():
    assert renaming(known("1 a", "2 b"), known("1 b")) == {"2": "1", "1": "1 (gone)"}
    assert renaming(known("1 a", "2 b"), known("2 b")) == {}


def changes(old: list[Known], new: list[Known]) -> list[Change]:
    return list(difference({one.id: one for one in old}, {one.id: one for one in new}))


def test_nothing_changed_is_no_change():
    assert changes(known("A one", "B two"), known("B two", "A one")) == []


def test_every_kind_of_change_is_told():
    old = [Known("A", "Alpha", "1"), Known("B", "Beta", "2", ("A",)), Known("C", "Gamma", "3", ("A", "B"))]
    new = [
        Known("A", "Alpha", "x", agent="script", budget_usd=2.0),
        Known("C", "Gammas", "3", ("A", "D"), notes=(Note(text="hm", by="me", at=0.0),)),
        Known("D", "Delta", "4", ("A",)),
    ]
    first, second, third, fourth = changes(old, new)
    assert (first.id, first.what, first.run) == (
        "A",
        ("reworded", "run"),
        ("agent: claude -> script", "budget: none -> 2"),
    )
    assert (second.id, second.what, second.old_title) == ("C", ("renamed", "order", "run"), "Gamma")
    assert (second.waits_more, second.waits_less, second.run) == (("D",), ("B",), ("note: hm",))
    assert (third.kind, third.id, third.waits_more) == ("new", "D", ("A",))
    assert (fourth.kind, fourth.id, fourth.title) == ("gone", "B", "Beta")


def test_edges_to_renumbered_sections_are_the_same_edges():
    old = [Known("1", "a"), Known("2", "b", "", ("1",))]
    new = [Known("1", "x"), Known("2", "a"), Known("3", "b", "", ("2",))]
    assert [(one.id, one.kind, one.what) for one in changes(old, new)] == [
        ("1", "new", ()),
        ("2", "changed", ("renumbered",)),
        ("3", "changed", ("renumbered",)),
    ]


PLAN = """# P

## Section A: One
Depends on: nothing.

Lay {} stone.
- [{}] a box

## Section B: Two
Depends on: Section A
"""


def shas(text: str) -> list[str]:
    return [text_sha(section) for section in parse(text).sections]


def test_layout_and_ticks_are_no_rewording_and_words_are():
    first = shas(PLAN.format("a", " "))
    assert shas(PLAN.format("a\n", "x")) == first
    assert shas(PLAN.format("a", " ").replace("\n", "\r\n")) == first
    other = shas(PLAN.format("the", " "))
    assert other[0] != first[0]
    assert other[1] == first[1]


def test_a_choice_that_came_or_went_is_told_and_one_of_renumbered_sections_is_the_same() -> None:
    def chosen(first: str, second: str, *, choice: bool = True) -> dict[str, Known]:
        either = (((first,), (second,)),) if choice else ()
        pour = Known(id="S", title="Pour", upstream=(first, second), choices=either)
        return {one.id: one for one in (Known(id=first, title="Boil"), Known(id=second, title="Fetch"), pour)}

    said = {change.id: change for change in difference(chosen("A", "B"), chosen("1", "2"))}
    assert "S" not in said
    (came,) = difference(chosen("A", "B", choice=False), chosen("A", "B"))
    assert (came.what, came.chooses_more, came.chooses_less) == (("order",), ((("A",), ("B",)),), ())
    assert change_words(came) == ("of A, B one is enough",)
    (went,) = difference(chosen("A", "B"), chosen("A", "B", choice=False))
    assert change_words(went) == ("no longer one of A, B",)
