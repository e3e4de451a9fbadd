"""Every quick look before an expensive pattern lets through whatever the pattern finds: no word of it is missing."""

import importlib
import pkgutil
import re
from types import ModuleType
from typing import NamedTuple, cast

import pytest
from ways_through import Gate, let_through

import orch_tui.plan
from orch_tui.plan import (
    beside,
    counting,
    first_last,
    first_words,
    order_words,
    phrases,
    required,
    sequence,
    spelled,
    told_order,
    wording,
)
from orch_tui.plan.checks import alternatives, atomic, exclusive
from orch_tui.plan.names import LABEL
from orch_tui.plan.trie import Phrases, told_by

EVERYTHING = Gate()
"""A gate without a word, which lets nothing through."""


class Look(NamedTuple):
    """A pattern of a module that is asked only when a gate lets a text through."""

    module: ModuleType
    pattern: str
    gate: Gate


def phrase_tables() -> list[tuple[str, Phrases]]:
    """Every pattern with a gate of its own, by where it stands."""
    names = [found.name for found in pkgutil.walk_packages(orch_tui.plan.__path__, "orch_tui.plan.")]
    modules = [importlib.import_module(name) for name in names]
    tables = {id(value): (f"{m.__name__}.{name}", value) for m in modules for name, value in vars(m).items()}
    return [(name, value) for name, value in tables.values() if isinstance(value, Phrases)]


TABLES = phrase_tables()
TOLD = first_last._TELLING.telling
FIRST = first_words._HOLDS.pattern.replace("(?:any|every)thing else", "anything else|everything else").split("|")
LOOKS = [
    Look(first_last, "_LAST", Gate(TOLD)),
    Look(first_last, "_ALONE", Gate(TOLD)),
    Look(first_last, "_FIRST", Gate(TOLD)),
    Look(first_last, "_FIRST_GLUED", Gate(TOLD)),
    Look(first_last, "_NOTHING_BEFORE", Gate(TOLD)),
    *(Look(first_words, told, Gate(TOLD)) for told in ("_THIS", "_ALONE", "_BRACKET", "_TITLE")),
    *(Look(first_words, told, Gate(parts=FIRST)) for told in ("_THIS", "_ALONE", "_BRACKET", "_TITLE")),
    Look(first_last, "_LAST", Gate(parts=first_last._LAST_HOLDS)),
    Look(first_last, "_ALONE", Gate(parts=(*first_last._LAST_HOLDS, *first_last._ALONE_HOLDS))),
    Look(first_last, "_FIRST", Gate(parts=["first"])),
    Look(first_last, "_FIRST_GLUED", Gate(parts=first_last._FIRST_GLUED_HOLDS)),
    Look(first_last, "_NOTHING_BEFORE", Gate(parts=["no"])),
    Look(first_last, "_NOTHING_BEFORE", Gate(parts=first_last._BEFORE)),
    Look(required, "_REQUIRED", Gate(required._WORDS.telling)),
    Look(counting, "_ANY_COUNTED", Gate(counting._SPOTTER.telling)),
    Look(counting, "_ORDINAL", Gate(counting._SPOTTER.telling)),
    Look(counting, "_SPELLED", Gate(counting._SPOTTER.telling)),
    Look(counting, "_BEFORE_WORD", Gate(parts=["第", "단계"])),
    Look(spelled, "_RANGE", Gate(spelled._MAY_BE_RANGE.telling, ["-", "~", ".."])),
    Look(told_order, "_TELLS", Gate(told_order._WORDS.telling)),
    Look(told_order, "_ORDER", Gate(told_order._WORDS.telling)),
    Look(phrases, "_INLINE_FIELD", Gate(order_words.FIELD_WORDS.telling)),
    Look(sequence, "_COUNTED", Gate(parts=["+"])),
    Look(wording, "_CONJUNCTION", Gate(wording._JOINING, wording._SIGNS, any_script=True)),
    Look(beside, "_TOGETHER", Gate(parts=beside._PARTS)),
]


def written(look: Look) -> tuple[str, int]:
    """A pattern with one name and one generic word in place of all, which are no words of a gate, and its flags."""
    pattern = getattr(look.module, look.pattern)
    if isinstance(pattern, Phrases):
        return pattern.written.replace(LABEL, "step"), re.IGNORECASE
    compiled = cast(re.Pattern[str], pattern.match.__self__)
    plain = compiled.pattern
    for part, example in (("_NAME", "1"), ("_NOTE", "")):
        plain = plain.replace(getattr(look.module, part, "\0"), example)
    return plain.replace(LABEL, "step"), compiled.flags


HINTED = [
    (alternatives, (*alternatives._AMONG, *alternatives._TO_ANOTHER, alternatives._OF_TITLES)),
    (atomic, atomic._PATTERNS),
    (exclusive, (*exclusive._AMONG, *exclusive._WITH_EACH)),
]


@pytest.mark.parametrize(("check", "said"), [(check, said) for check, all_said in HINTED for said in all_said])
def test_no_sentence_of_a_check_is_let_go_by_its_hint(check: ModuleType, said: re.Pattern[str]) -> None:
    compiled = cast(re.Pattern[str], said.match.__self__)
    assert let_through(compiled.pattern, Gate(check._HINT.telling), compiled.flags) == []


@pytest.mark.parametrize("table", [table for _, table in TABLES], ids=[name for name, _ in TABLES])
def test_no_text_of_a_table_of_phrases_is_let_go_by_its_own_spotter(table: Phrases) -> None:
    pattern = table.written if table is spelled.LABELLED else table.written.replace(LABEL, "step")
    assert let_through(pattern, Gate(table.telling)) == []
    assert let_through(pattern, EVERYTHING)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.module.__name__}.{look.pattern}")
def test_no_text_of_a_pattern_is_let_go_by_the_look_for_words_before_it(look: Look) -> None:
    pattern, flags = written(look)
    assert let_through(pattern, look.gate, flags) == []
    assert let_through(pattern, EVERYTHING, flags)


def test_every_word_of_a_statement_of_order_makes_its_paragraph_worth_a_look() -> None:
    tables = (order_words.MARKER, order_words.FIELD_WORDS, phrases._FREE)
    assert all(table.telling <= order_words.WORTH_A_LOOK.telling for table in tables)


@pytest.mark.parametrize("missing", ["same", "wie"])
def test_a_word_that_a_spotter_lacks_is_found_with_a_text_that_shows_it(missing: str) -> None:
    pattern = r"(?:the )?same\b.{0,40}?\bas\b\s+\S.*|wie bei \S.*"
    gate = Gate({"same", "wie"} - {missing})
    assert all(missing in text for text in let_through(pattern, gate))
    assert let_through(pattern, gate)
    assert let_through(pattern, Gate({"same", "wie"})) == []


def test_a_word_that_goes_on_is_another_word_for_a_spotter() -> None:
    assert let_through(r"\bkeine?\b", Gate(told_by("kein", "").telling)) == ["keine"]
    assert let_through(r"\bbeginn\w*", Gate({"beginn"})) != []
    assert let_through(r"\bbeginn\w*", Gate(parts=["beginn"])) == []
