"""Answers of a second reader: what holds becomes a proposal with edits, the rest is counted by reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.pipelines.answer import Unreadable, read_answer, schema
from orch_tui.pipelines.quotes import Quotable
from orch_tui.pipelines.told import Request
from orch_tui.plan.dag import Graph
from orch_tui.plan.edits import AddEdge, DropEdge, Proposal, ReverseEdge
from orch_tui.testing.reviewing import PLAN, as_request
from orch_tui.testing.reviewing import proposed as item

Read = Callable[..., tuple[tuple[Proposal, ...], dict[str, int]]]
PRD = "# PRD\n\nEverybody must be able to log out again.\n"


def chain() -> list[dict[str, object]]:
    """What makes a circle only together."""
    return [item(upstream="B", downstream="C"), item(upstream="C", downstream="B")]


@pytest.fixture
def read(request_of: Callable[..., Request]) -> Read:
    def reading(*items: object, prd: str = "", **more: Any) -> tuple[tuple[Proposal, ...], dict[str, int]]:
        request = request_of(prd=prd, **more)
        text = json.dumps({"proposals": list(items)})
        return read_answer(text, request, Quotable(PLAN), Quotable(prd) if prd else None, "anthropic haiku")

    return reading


def test_a_proposal_that_holds_has_its_line_its_words_and_its_edit(read: Read):
    assert read(item()) == (
        (
            Proposal(
                id="v1.1",
                kind="missing-edge",
                ids=("B", "C"),
                line=13,
                quote="Reads the hooks that B installs",
                reason="C reads what B installs.",
                source="anthropic haiku",
                edits=(AddEdge(upstream="B", downstream="C"),),
            ),
        ),
        {},
    )


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("wrong-edge", DropEdge(upstream="A", downstream="B")),
        ("lost-parallelism", DropEdge(upstream="A", downstream="B")),
        ("wrong-order", ReverseEdge(upstream="A", downstream="B")),
    ],
)
def test_each_kind_has_its_edit(read: Read, kind: str, edit: object):
    proposals, thrown = read(item(kind=kind, upstream="A", downstream="B"))
    assert [proposal.edits for proposal in proposals] == [(edit,)]
    assert thrown == {}


def test_a_missing_section_changes_nothing_by_itself_and_may_name_its_neighbours(read: Read):
    proposals, thrown = read(
        item(kind="missing-section", upstream="C", downstream=""),
        item(kind="missing-section", upstream="", downstream="", quote="Dependencies: B, C"),
    )
    assert [(proposal.ids, proposal.edits) for proposal in proposals] == [(("C",), ()), ((), ())]
    assert thrown == {}


def test_words_of_the_prd_are_looked_for_in_the_prd(read: Read):
    said = item(kind="missing-section", document="prd", quote="able to log out again")
    proposals, thrown = read(said, item(document="prd"), prd=PRD)
    assert [(one.document, one.line, one.quote) for one in proposals] == [("prd", 3, "able to log out again")]
    assert thrown == {"quote words that are not in the PRD": 1}
    assert read(said) == ((), {"quote words that are not in the PRD": 1})


THROWN: Mapping[str, tuple[list[object], str]] = {
    "a kind nobody knows": ([item(kind="better-name")], "do not fit the schema"),
    "a field too many": ([item(confidence=1)], "do not fit the schema"),
    "a field too few": ([{"kind": "missing-edge"}], "do not fit the schema"),
    "a number for an id": ([item(upstream=1)], "do not fit the schema"),
    "no object": (["B before C"], "do not fit the schema"),
    "a section nobody knows": ([item(upstream="Z")], "name sections that do not exist"),
    "no section": ([item(upstream="")], "name no section"),
    "a section twice": ([item(upstream="C")], "let a section wait for itself"),
    "words that are not there": ([item(quote="C needs the hooks of B")], "quote words that are not in the plan"),
    "words of the list of sections": ([item(quote='"id": "B"')], "quote words that are not in the plan"),
    "too few words": ([item(quote="B, C")], "quote too few words to prove anything"),
    "no words": ([item(quote=" ")], "quote words that are not in the plan"),
    "no reason": ([item(reason=" \n")], "give no reason"),
    "an edge that is there": ([item(upstream="A", downstream="B")], "propose an edge that is there already"),
    "an order that is there": (
        [item(upstream="A", downstream="D")],
        "propose an order that is there already, over other sections",
    ),
    "an edge that is not there": ([item(kind="wrong-edge")], "are about an edge that does not exist"),
    "an order of no edge": ([item(kind="wrong-order")], "are about an edge that does not exist"),
    "a circle": ([item(upstream="D", downstream="A")], "would make sections wait for each other in a circle"),
    "a circle by the one before": (chain(), "would make sections wait for each other in a circle"),
    "the same again": ([item(), item(reason="Once more.")], "repeat or contradict another one"),
    "the same by another kind": (
        [
            item(kind="wrong-edge", upstream="A", downstream="C"),
            item(kind="lost-parallelism", upstream="A", downstream="C"),
        ],
        "repeat or contradict another one",
    ),
    "away and back": (
        [
            item(kind="wrong-edge", upstream="A", downstream="C"),
            item(kind="wrong-order", upstream="A", downstream="C"),
        ],
        "repeat or contradict another one",
    ),
    "one away that was just added": ([item(), item(kind="wrong-edge")], "are about an edge that does not exist"),
    "the same section twice": (
        [item(kind="missing-section"), item(kind="missing-section", reason="Really.")],
        "repeat or contradict another one",
    ),
}


@pytest.mark.parametrize("story", THROWN)
def test_what_does_not_hold_is_thrown_out_and_counted(read: Read, story: str):
    items, reason = THROWN[story]
    proposals, thrown = read(*items)
    assert thrown == {reason: 1}
    assert len(proposals) == len(items) - 1


def test_one_that_does_not_hold_takes_no_other_with_it(read: Read):
    proposals, thrown = read("nonsense", item(upstream="Z"), item(), item(quote="not there at all"))
    assert [proposal.id for proposal in proposals] == ["v1.1"]
    assert sum(thrown.values()) == 3


def test_turning_an_edge_around_must_not_close_a_circle_over_another_path(read: Read):
    """A before B before D and A before C before D: with A to D stated too, D cannot come first."""
    plan = PLAN.replace("Dependencies: B, C", "Dependencies: A, B, C")
    _, thrown = read(item(kind="wrong-order", upstream="A", downstream="D"), plan=plan)
    assert thrown == {"would make sections wait for each other in a circle": 1}


def test_dropping_an_edge_that_another_path_replaces_wins_no_time(read: Read):
    plan = PLAN.replace("Dependencies: B, C", "Dependencies: A, B, C")
    proposals, thrown = read(
        item(kind="lost-parallelism", upstream="A", downstream="D"),
        item(kind="wrong-edge", upstream="A", downstream="D"),
        plan=plan,
    )
    assert thrown == {"would not let anything run earlier, because another path stays": 1}
    assert [proposal.kind for proposal in proposals] == ["wrong-edge"]


def test_ids_are_found_in_another_case_where_that_leaves_no_doubt(read: Read):
    proposals, _ = read(item(upstream=" b ", downstream="c"))
    assert proposals[0].ids == ("B", "C")


def test_what_was_proposed_before_is_not_proposed_again(read: Read):
    before, _ = read(item(), item(kind="missing-section"))
    proposals, thrown = read(item(), item(kind="missing-section"), known=before)
    assert (proposals, thrown) == ((), {"were proposed before": 2})


def test_reasons_are_shown_without_escapes_and_not_endlessly(read: Read):
    proposals, _ = read(item(reason="\x1b]0;owned\x07 C reads\n" + "x" * 5000))
    assert proposals[0].reason.startswith("C reads x")
    assert len(proposals[0].reason) <= 600


def test_an_endless_answer_is_read_so_far(read: Read):
    proposals, thrown = read(*[item(upstream=f"Z{n}") for n in range(300)])
    assert proposals == ()
    assert thrown == {"name sections that do not exist": 100, "came after the first 100": 200}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I think C should wait for B.",
        '{"proposals": [',
        "[]",
        "null",
        '{"proposals": null}',
        '{"edges": []}',
        '{"proposals": [], "note": "fine"}',
        "[" * 100_000,
    ],
)
def test_an_answer_that_is_none_is_unreadable_as_a_whole(request_of: Callable[..., Request], text: str):
    with pytest.raises(Unreadable):
        read_answer(text, request_of(), Quotable(PLAN), None, "x")


def test_a_fence_around_the_answer_is_forgiven(request_of: Callable[..., Request]):
    text = f"```json\n{json.dumps({'proposals': [item()]})}\n```\n"
    proposals, _ = read_answer(text, request_of(), Quotable(PLAN), None, "x")
    assert len(proposals) == 1


def test_the_schema_is_what_strict_services_take():
    """Every object closed, every field required: OpenAI and Anthropic refuse others."""
    whole = schema()
    for part in (whole, *whole["$defs"].values()):
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])


words = st.sampled_from(["A", "B", "C", "D", "Z", "", "Dependencies: B, C", "missing-edge", "wrong-order", "plan"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
items = st.builds(
    item,
    kind=st.sampled_from(["missing-edge", "wrong-edge", "wrong-order", "lost-parallelism", "missing-section"]) | words,
    upstream=words,
    downstream=words,
    quote=words,
)


@given(st.lists(items | anything, max_size=8))
def test_whatever_comes_is_kept_or_counted_and_accepting_all_makes_no_circle(given_: list[object]):
    with TemporaryDirectory() as directory:
        request = as_request(Path(directory))
    proposals, thrown = read_answer(json.dumps({"proposals": given_}), request, Quotable(PLAN), None, "x")
    assert len(proposals) + sum(thrown.values()) == len(given_)
    edges = {(edge.upstream, edge.downstream) for edge in request.edges}
    for edit in (edit for proposal in proposals for edit in proposal.edits):
        ends = (edit.upstream, edit.downstream)  # pyright: ignore
        edges -= set() if isinstance(edit, AddEdge) else {ends}
        if isinstance(edit, ReverseEdge):
            edges.add(ends[::-1])
        elif isinstance(edit, AddEdge):
            edges.add(ends)
    assert Graph([row.id for row in request.sections], edges).cycles() == []
