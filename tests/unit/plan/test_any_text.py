"""Whatever the text, reading it ends well and means the same twice."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch_tui.plan.document import scan
from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import as_json, graph_bytes, parse

PLANS = sorted((Path(__file__).parents[2] / "plans").glob("*.md"))
WORDS = st.sampled_from(
    [
        "## ",
        "### ",
        "# ",
        "Section A",
        "Section B",
        "Section C",
        "Phase 1",
        "Task 1.1",
        ": Title",
        "Depends on: ",
        "Dependencies: ",
        "[A, B]",
        "A-C",
        "2-5",
        "1. ",
        "2) ",
        "- [ ] ",
        "[x] ",
        "**T1** ",
        "**Big Title** — ",
        "(after 1)",
        "all previous",
        "except ",
        "OR ",
        "and ",
        "```",
        "---",
        "<!--",
        "-->",
        "none",
        "✅",
        "(",
        ")",
        "[",
        "]",
        "~",
        "Blocks: ",
        "Can parallel with: ",
        "Agent: ",
        "Budget: $2",
        "not ",
        "é",
        "a: &x *x",
        "!!int ",
        ", ",
        "\u2028",
        "\x0b",
        "\t",
    ]
)
SCRAPS = st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "\n", "\n\n", ", ", "\r\n"])), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
TEXTS = st.one_of(st.text(max_size=300), SCRAPS, SCRAPS.map(lambda text: "---\n" + text))


def shape(plan: Plan) -> tuple[bytes, list[str]]:
    return graph_bytes(plan), [section.title for section in plan.sections]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_read_alike_twice_and_its_edges_join_its_sections(text: str) -> None:
    plan = parse(text)
    assert plan == parse(text)
    ids = [section.id for section in plan.sections]
    assert len(set(ids)) == len(ids) != 1
    assert bool(ids) != ("not-a-plan" in {finding.type for finding in plan.findings})
    assert all(edge.upstream in ids and edge.downstream in ids for edge in plan.dependencies)
    assert all(edge.upstream != edge.downstream and 0 < edge.confidence <= 1 for edge in plan.dependencies)
    count = len(scan(text).lines)
    assert all(1 <= section.lines[0] <= section.lines[1] <= count for section in plan.sections)
    assert all(1 <= edge.evidence.line <= count for edge in plan.dependencies)
    as_json(plan)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_line_ends_trailing_blanks_and_a_byte_order_mark_change_nothing(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    ending = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    blanks = data.draw(st.lists(st.sampled_from(["", " ", "  ", "\t"]), min_size=1, max_size=7))
    noisy = ending.join(line + blanks[at % len(blanks)] for at, line in enumerate(text.split("\n")))
    assert shape(parse(data.draw(st.sampled_from(["", "\ufeff"])) + noisy)) == shape(parse(text))
