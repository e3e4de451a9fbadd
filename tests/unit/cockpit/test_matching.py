"""What a few typed letters find, and in which order."""

from __future__ import annotations

from orch_tui.cockpit.matching import Index

ENTRIES = [
    ("A", "File structure"),
    ("B", "Hook implementation"),
    ("AB", "Backups"),
    ("C.1", "Überblick und Bericht"),
    ("D", "Structured logging of file access"),
]


def found(query: str) -> list[str]:
    return [ENTRIES[at][0] for at in Index(ENTRIES).find(query)]


def test_nothing_typed_finds_everything_in_the_given_order():
    assert found("") == found("  ") == ["A", "B", "AB", "C.1", "D"]


def test_the_id_itself_comes_first_then_ids_that_begin_so():
    assert found("a")[:2] == ["A", "AB"]
    assert found("b")[0] == "B"


def test_words_count_in_any_order_and_whole_words_before_parts():
    assert found("structure file") == ["A", "D"]


def test_case_and_accents_do_not_matter():
    assert found("UBER") == ["C.1"]


def test_scattered_letters_find_what_nothing_else_does():
    assert found("hkimp") == ["B"]


def test_signs_are_letters_like_others():
    assert found("c.1") == ["C.1"]
    assert found("(") == []


def test_what_is_nowhere_finds_nothing():
    assert found("zzz") == []
