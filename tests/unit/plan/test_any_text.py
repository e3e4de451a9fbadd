"""Whatever the text, reading it ends well and means the same twice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orch_tui.plan.document import scan
from orch_tui.plan.export import as_json
from orch_tui.plan.parsing import parse

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


@settings(max_examples=400)
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
