"""Ranges whose ends are titles, and words that look like one."""

import pytest

from orch_tui.plan.parsing import parse


def edges(said: str) -> set[str]:
    """Edges of five tasks of which the last says something."""
    titles = ("Design", "Build", "Try out", "Rollout", "Hand over")
    tasks = "".join(f"### Task {n}: {title}\n\nDo it.\n\n" for n, title in enumerate(titles, 1))
    return {f"{e.downstream}<-{e.upstream}" for e in parse(f"# P\n\n{tasks}{said}\n").dependencies}


@pytest.mark.parametrize(
    "said",
    [
        "**Depends on:** Build through Rollout",
        "**Depends on:** from Build to Rollout",
        "**Depends on:** everything from Build to Rollout",
        "**Depends on:** all tasks from Build to Rollout",
        "Starts after everything from Build to Rollout.",
        "**Abhängig von:** von Build bis Rollout",
        "**Depende de:** desde Build hasta Rollout",
        "**Dépend de:** de Build à Rollout",
        "**依赖:** 从Build到Rollout",
        "**依存:** BuildからRolloutまで",
    ],
)
def test_a_range_may_be_told_by_the_titles_at_its_ends(said: str) -> None:
    assert edges(said) == {"5<-2", "5<-3", "5<-4"}


@pytest.mark.parametrize(
    "said",
    [
        "**Depends on:** from start to finish",
        "**Depends on:** from Rollout to Build",
        "**Depends on:** from Build to the vendor",
        "Moves the shop from Build to Rollout.",
    ],
)
def test_words_between_which_no_range_of_titles_lies_name_none(said: str) -> None:
    assert not {edge for edge in edges(said) if edge == "5<-3"}
