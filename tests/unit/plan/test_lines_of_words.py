"""The line that evidence names is the one its words begin in, whatever signs stand in the lines before."""

import pytest

from orch_tui.plan.parsing import parse

SECTIONS = "# P\n\n## Section A: a\n\nx\n\n## Section B: b\n\ny\n\n## Section C: c\n\nz\n\n## Notes\n\n"
BEFORE = [
    "Plain words.",
    "**Important** and **really** so.",
    "See [the page](https://example.org/a/b/c) for more.",
    "- **Note:** see [the page](https://example.org/a/b/c).",
]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(
    "words", ["Section C depends on Section A.", "Section A first, then Section B, then Section C."]
)
def test_an_edge_names_the_line_its_words_begin_in(before: str, words: str) -> None:
    text = f"{SECTIONS}{before}\n{words}\n"
    edges = parse(text).dependencies
    assert edges
    assert {edge.evidence.line for edge in edges} == {line_of(text, words)}


@pytest.mark.parametrize("before", BEFORE)
def test_a_finding_names_the_line_its_words_begin_in(before: str) -> None:
    words = "Sections B and C must never run in parallel."
    text = f"{SECTIONS}{before}\n{words}\n"
    found = [one.line for one in parse(text).findings if one.type == "exclusive"]
    assert found == [line_of(text, words)]
