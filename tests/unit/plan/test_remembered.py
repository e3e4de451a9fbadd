"""What is remembered of words while a plan is read, and freed when it is read."""

from __future__ import annotations

import pytest

from orch_tui.plan import remembered
from orch_tui.plan.parsing import parse


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that a function is really asked about; of its answers two may stay."""
    monkeypatch.setattr(remembered, "_KEPT", 2)
    monkeypatch.setattr(remembered, "_ALL", [])
    return []


def test_the_same_words_are_asked_about_once(asked: list[str]) -> None:
    length = remembered.remembered(lambda text: asked.append(text) or len(text))
    assert [length("one"), length("one"), length("three")] == [3, 3, 5]
    assert asked == ["one", "three"]


def test_what_a_large_plan_leaves_is_freed_when_it_is_read(asked: list[str]) -> None:
    length = remembered.remembered(lambda text: asked.append(text) or len(text))
    for text in ("one", "two", "three"):
        length(text)
    parse("# Plan\n\n## Task 1: Dig\n\n## Task 2: Sow\n")
    length("one")
    assert asked == ["one", "two", "three", "one"]


def test_a_little_may_stay_for_the_next_plan(asked: list[str]) -> None:
    length = remembered.remembered(lambda text: asked.append(text) or len(text))
    length("one")
    remembered.forget()
    length("one")
    assert asked == ["one"]
