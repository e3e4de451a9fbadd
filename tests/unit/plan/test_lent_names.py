"""What the first name of a list lends to the bare numbers behind it, and participles that name nobody."""

import pytest

from orch_tui.plan.parsing import parse

TITLES = ("Alpha parser", "Beta store", "Gamma screen", "Delta export", "Epsilon log")


def plan(ids: list[str], needed: str) -> str:
    """A table of items, of which the last waits for what is `needed`."""
    rows = [f"| {one} | {title} | – |" for one, title in zip(ids, TITLES, strict=True)]
    rows[-1] = rows[-1].replace("–", needed)
    return "\n".join(["# Plan", "", "| Item | What | Depends on |", "|---|---|---|", *rows, ""])


def upstreams(text: str) -> list[str]:
    """Whom the last section waits for."""
    graph = parse(text)
    last = graph.sections[-1].id
    return [edge.upstream for edge in graph.dependencies if edge.downstream == last]


@pytest.mark.parametrize(
    ("ids", "needed", "found"),
    [
        (["A1", "A2", "B1", "B2", "B3"], "A1, 2", ["A1", "A2"]),
        (["A1", "A2", "B1", "B2", "B3"], "A1/2, B1", ["A1", "A2", "B1"]),
        (["API-1", "API-2", "UI-1", "UI-2", "UI-3"], "API-1, 2 and UI-1, 2", ["API-1", "API-2", "UI-1", "UI-2"]),
        (["API-1", "API-2", "API-3", "UI-2", "UI-3"], "UI-2, API-1, 2-3", ["UI-2", "API-1", "API-2", "API-3"]),
        (["T01", "T02", "T02a", "T03", "T04"], "T01, 02, 03", ["T01", "T02", "T03"]),
    ],
)
def test_a_number_behind_an_id_has_its_letters(ids: list[str], needed: str, found: list[str]) -> None:
    assert upstreams(plan(ids, needed)) == found


def test_a_number_that_is_an_id_of_its_own_keeps_its_meaning() -> None:
    assert upstreams(plan(["E1", "E2", "1", "2", "3"], "E1, 2")) == ["E1", "2"]


@pytest.mark.parametrize(
    "needed",
    [
        "1 y 2 mergeados",
        "1 y 2 cerradas",
        "1 e 2 mergeados",
        "1 et 2 fusionnées",
        "1 e 2 terminate",
        "1 und 2 gemerged",
        "1 y 2 mergeados (usa ambos)",
    ],
)
def test_what_became_of_them_is_no_part_of_their_names(needed: str) -> None:
    headings = "".join(f"## Phase {at}: {title}\n\nText.\n\n" for at, title in enumerate(TITLES, 1))
    assert upstreams(f"# Plan\n\n{headings}**Depends on:** Phase {needed}\n") == ["1", "2"]
