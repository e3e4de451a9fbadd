"""What foreign text looks like after the sanitiser."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.clean import clean, one_line

FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "\x1b\x07\x08\x0c\r\n\t\x18\x1a\x85\x90\x98\x9b\x9c\x9d\x9e\x9f[]P^_X\\;0?1mHJ52c\u202e\u2066\u2069\u200d\ufeff\ud800\udfff"
        ),
        st.characters(codec=None),
    )
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ümlaut, 日本語\n", "plain text, ümlaut, 日本語\n"),
        ("[bold] stays [/nope]", "[bold] stays [/nope]"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b[38:2::255:0:0mcolour\x1b[m", "colour"),
        ("\x1b[?1049h\x1b[2J\x1b[Hscreen", "screen"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]52;c;c3RvbGVu\x1b\\text", "text"),
        ("\x9d52;c;c3RvbGVu\x9ctext", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0;2;0\x1b\\after", "after"),
        ("\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\after", "after"),
        ("\x90dcs\x9c\x9fapc\x9c\x9epm\x9c\x98sos\x9cafter", "after"),
        ("\x1b]0;never ends", ""),
        ("\x1b]0;never ends\nnext line", "\nnext line"),
        ("\x1b[31", ""),
        ("\x1b[31\nnext", "\nnext"),
        ("end\x1b", "end"),
        ("\x1b(B\x1b=\x1b7\x1bctext", "text"),
        ("\x1b\x1b[31m[32mtext", "[32mtext"),
        ("a\x00b\x7fc\x0bd", "abcd"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("10%\r50%\r100%\n", "100%\n"),
        ("10%\r100%\r\x00\r\n", "100%\n"),
        ("N\bNA\bA_\bM_\bE", "NAME"),
        ("\b\bx\b\b\by\n\bz", "y\nz"),
        ("a\tb", "a       b"),
        ("\u202egnp.exe\u202c \u2066x\u2069\u200e", "gnp.exe x"),
        ("line\u2028separator\u2029here\x85now", "line\nseparator\nhere\nnow"),
        ("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
)
def test_foreign_text_is_shown_without_what_a_terminal_obeys(text: str, shown: str):
    assert clean(text) == shown


@given(HOSTILE)
def test_nothing_a_terminal_obeys_is_left(text: str):
    cleaned = clean(text)
    assert not FORBIDDEN.search(cleaned)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned.replace("\n", ""))
    cleaned.encode()


@given(HOSTILE)
def test_cleaning_twice_changes_nothing(text: str):
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_printable_text_is_returned_as_it_is(text: str):
    assert clean(text) is text


@given(HOSTILE, st.integers(1, 40))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int):
    line = one_line(text, limit)
    assert "\n" not in line
    assert len(line) <= limit


def test_tabs_are_kept_for_text_that_is_handed_on():
    assert clean("all:\n\t\x1b[1mmake\x1b[0m", tab_size=0) == "all:\n\tmake"


def test_one_line_collapses_white_space_and_shows_that_it_cut():
    assert one_line("  two\n\n words ") == "two words"
    assert one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    "unit",
    [
        "\x1b",
        "\x1b[",
        "\x1b]",
        "\x1b[31;",
        "\x9d",
        "\r",
        "\b",
        "a\b",
        "a\r",
        "\t",
        "x\x1b[0m",
        "\x1b]0;t",
        "é\x00",
        "\x1bP\x18",
    ],
)
def test_time_grows_with_the_length_and_not_faster(unit: str):
    def seconds(count: int) -> float:
        text = unit * count
        begun = time.process_time()
        clean(text)
        return time.process_time() - begun

    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(320_000) for _ in range(2))
    assert large < 16 * max(small, 0.001) * 6  # a quadratic pattern would take 256 times as long
