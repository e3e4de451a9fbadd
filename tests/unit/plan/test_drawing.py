"""A graph as Mermaid and Graphviz source, whatever the titles hold."""

from __future__ import annotations

import re

import pytest

from orch_tui.plan.drawing import Drawn, DrawnSection, dot, mermaid
from orch_tui.plan.model import Dependency, Evidence, Exclusion

HOSTILE = [
    '"]; click s1 "javascript:alert(1)"',
    "`rm -rf`\nend",
    "#quot; %%{init: {}}%%",
    "a\\",
    'x" shape=none URL="http://e',
    "\x1b[31mred\x1b[0m \u202egnp",
    "<script>",
    "|}{|",
    "日本 — ü",
]


def drawn(*titles: str) -> Drawn:
    evidence = Evidence(line=1, quote="q")
    return Drawn(
        title='T "quoted" \\',
        sections=(
            DrawnSection(id="A", title="First", mark="done"),
            *(DrawnSection(id=f"-{at}];", title=title) for at, title in enumerate(titles)),
            DrawnSection(id="Z", title="Last"),
        ),
        dependencies=(
            Dependency(upstream="A", downstream="Z", kind="stated", evidence=evidence),
            Dependency(upstream="A", downstream="Z", kind="table", evidence=evidence),
            Dependency(upstream="Z", downstream="unknown", kind="stated", evidence=evidence),
            Dependency(upstream="-0];", downstream="Z", kind="mended", evidence=evidence),
        ),
        exclusions=(Exclusion(one="A", other="-0];", evidence=evidence),),
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_every_mermaid_line_is_a_node_an_edge_or_a_style(title: str):
    lines = list(mermaid(drawn(title)))
    shape = re.compile(
        r'flowchart TD|  s\d+\["(?:[\w .,:/()?!+-]|#\d+;)*"\]|  s\d+ (?:-->|==>|-\.-) s\d+'
        r"|  class(?:Def)? [\w:,.-]+ ?[\w:,.-]*",
        re.ASCII,
    )
    assert [line for line in lines if not shape.fullmatch(line)] == []


@pytest.mark.parametrize("title", ["style s1 fill:#f00", "restyle:<b>", "classDef x:#1"])
def test_no_escape_of_a_title_is_taken_for_a_colour(title: str):
    assert not [line for line in mermaid(drawn(title)) if re.search(r"(?:style|classDef).*:\S*#.*;", line)]


@pytest.mark.parametrize("title", HOSTILE)
def test_every_dot_line_is_whole_and_its_strings_are_closed(title: str):
    lines = list(dot(drawn(title)))
    text = r'"(?:[^"\\\x00-\x1f]|\\["\\])*"'
    shape = re.compile(
        rf"digraph plan {{|}}|  label={text};|  node \[shape=box\];|  s\d+ \[label={text}(?:, style=dashed)?\];"
        r"|  s\d+ -> s\d+(?: \[[\w=, ]+\])?;"
    )
    assert [line for line in lines if not shape.fullmatch(line)] == []


def test_an_edge_stands_once_and_mends_and_exclusions_look_different():
    lines = [line.strip() for line in mermaid(drawn("x"))]
    assert [line for line in lines if re.match(r"s\d+ [-=]", line)] == ["s1 --> s3", "s2 ==> s3", "s1 -.- s2"]
    assert "class s1 over" in lines


def test_a_graph_without_anything_is_still_one():
    empty = Drawn(title="", sections=(), dependencies=())
    assert list(mermaid(empty)) == ["flowchart TD"]
    assert list(dot(empty))[-1] == "}"
