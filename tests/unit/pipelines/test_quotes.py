"""Quotes are found whatever became of spaces, punctuation, dashes and emphasis, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.pipelines.quotes import Found, Quotable, proves
from orch_tui.testing.reviewing import PLAN


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("Dependencies: Section A (file structure must exist)", 8),
        ('Writes the table "users" and the folder layout', 5),
        ("writes the table 'users' and", 5),
        ("Writes the «users» table", None),
        ("Dependencies B C", 17),
        ("Dependencies: C, B", None),
        ("Installs the pre-commit hooks - all of them.", 9),
        ("Installs  the\n**pre-commit**  hooks", 9),
        ("Reads the hooks that B installs", 13),
        ("“Reads the hooks that B installs.”", 13),
        ("…the folder layout…", 5),
        ("Reads the hooks that A installs", None),
        ("", None),
        ("...", None),
    ],
)
def test_a_quote_is_found_in_its_line_or_not_at_all(quote: str, line: int | None):
    found = Quotable(PLAN).find(quote)
    assert (found.line if found else None) == line


def test_what_is_found_are_the_words_of_the_document_on_one_line():
    assert Quotable(PLAN).find("reads the HOOKS that b") == Found(line=13, words="Reads the hooks that B")
    assert Quotable(PLAN).find("installs the pre-commit hooks - all") == Found(
        line=9, words="Installs the **pre-commit** hooks — all"
    )


def test_of_several_places_the_one_in_the_named_section_counts():
    plan = Quotable("needs the API\n\nother\n\nneeds the API\n")
    assert [plan.find("needs the API", near).line for near in ((), [(4, 6)], [(9, 9)])] == [1, 5, 1]  # pyright: ignore


def test_an_arrow_that_is_turned_around_is_not_the_same():
    plan = Quotable("| A | -> B |\n")
    assert plan.find("A -> B") == Found(line=1, words="A | -> B")
    assert plan.find("A <- B") is None


def test_lines_are_counted_as_editors_count_them():
    plan = Quotable("one\r\ntwo \u2028 still two\r\nthree words here\r\n")
    assert plan.find("three words here") == Found(line=3, words="three words here")


def test_escapes_of_a_plan_reach_neither_the_model_nor_a_quote():
    plan = Quotable("plain \x1b[31mred words\x1b[0m here\n")
    assert plan.text == "plain red words here\n"
    assert plan.find("red words here") == Found(line=1, words="red words here")


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ('Keep it "short". Use\ntabs', 2),
        (r"Keep it \"short\".\nUse\ttabs", 2),
        ("caf\u00e9 \U0001f600 open", 3),
        ("Keep it long", None),
    ],
)
def test_a_plan_in_json_is_quoted_as_it_stands_or_as_it_is_meant(quote: str, line: int | None):
    plan = Quotable('{\n"a": "Keep it \\"short\\".\\nUse\\ttabs",\n"b": "caf\\u00e9 \\ud83d\\ude00 open"}\n')
    found = plan.find(quote)
    assert (found.line if found else None) == line


@pytest.mark.parametrize(("quote", "enough"), [("A", False), ("…-- A,", False), ("B, C", False), ("files", True)])
def test_a_quote_of_a_letter_or_two_proves_nothing(quote: str, enough: bool):
    assert proves(quote) is enough
    assert proves("依赖")


@given(st.text(max_size=300), st.data())
def test_what_stands_in_a_text_is_found_in_it(text: str, data: st.DataObject):
    document = Quotable(text)
    start = data.draw(st.integers(0, len(document.text)))
    part = document.text[start : data.draw(st.integers(start, len(document.text)))]
    if any(character.isalnum() and character.isascii() for character in part):
        found = document.find(part)
        assert found is not None
        assert 1 <= found.line <= document.text.count("\n") + 1
