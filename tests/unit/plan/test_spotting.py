"""The quick no before a search may only say no where the search finds nothing."""

import pytest

from orch_tui.plan.phrases import in_text
from orch_tui.plan.sequence import CHAIN
from orch_tui.plan.spotting import Spotter
from orch_tui.plan.trie import any_of
from orch_tui.plan.vocabulary import phrases

KINDS = ("needs", "blocks", "parallel", "later", "earlier", "needs_fields", "blocks_fields", "parallel_fields", "free")


@pytest.mark.parametrize("kind", KINDS)
def test_every_phrase_of_order_is_spotted_in_any_case_and_between_any_signs(kind: str) -> None:
    spotter = Spotter(phrase.replace("…", " ") for phrase in phrases(kind))
    said = [phrase.replace("…", " the other one ") for phrase in phrases(kind)]
    assert [phrase for phrase in said if not spotter.may_be_in(f"Then,({phrase.upper()}:x")] == []


def test_a_text_without_any_word_of_them_is_let_go() -> None:
    spotter = Spotter(["as soon as", "task-by-task"])
    assert not spotter.may_be_in("It comes sooner, as planned, and by itself.")
    assert spotter.may_be_in("Soon it comes.")
    assert not spotter.may_be_in("Bald, wenn möglich")


@pytest.mark.parametrize("text", ["先做A，soon再做B", "SOON, möglichst", "Soon3", "\u017foon"])
def test_words_are_told_from_the_signs_of_other_scripts_and_from_numbers_beside_them(text: str) -> None:
    assert Spotter(["as soon as"]).may_be_in(text)


def test_signs_of_scripts_without_blanks_are_words_of_their_own() -> None:
    spotter = Spotter(["依赖"])
    assert spotter.may_be_in("此任务依赖任务1")
    assert not spotter.may_be_in("此任务最先")


def test_phrases_are_found_as_by_the_pattern_alone() -> None:
    listed = any_of("in this order, one by one, 按顺序")
    assert listed.search("do them In This  Order please")
    assert listed.search("请按顺序执行")
    assert not listed.search("in this disorder")
    assert not listed.search("order of the day")
    assert CHAIN.search("The tasks run one after another.")


def test_everything_else_that_must_be_finished_needs_no_other_word_of_order() -> None:
    assert [phrase.text for phrase in in_text("Everything else in this document must be finished.")] == [
        "Everything else"
    ]
    assert [phrase.text for phrase in in_text("All other work has to be done.")] == ["All other work"]
