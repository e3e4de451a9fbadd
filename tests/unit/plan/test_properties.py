"""What holds for every text: reading ends, twice alike, and looks of a plan change nothing about its graph."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import as_json, graph_bytes, parse

PLANS = sorted((Path(__file__).parents[2] / "plans").glob("*.md"))
DATA = [path for path in (Path(__file__).parents[2] / "plans").iterdir() if path.suffix in {".json", ".jsonl"}]
FRAMEWORK = st.sampled_from(
    [
        *("- [ ] ", "- [x] ", "- [ ]* ", "* ", "1. ", "2. ", "## ", "### ", "#### "),
        *(
            "T001 ",
            "T002 ",
            "T003 [P] ",
            "[US1] ",
            "Phase 1: Setup",
            "Phase 2: Foundational",
            "User Story 1",
            "WP01 — x",
        ),
        *(
            "1.1 sub",
            "1.2 sub",
            "2. Task",
            "(P) ",
            "_Depends: 1.1_",
            "_Requirements: 1.1_",
            "**S01: x** ",
            "`depends:[S01]`",
        ),
        *(
            "Epic 1: e",
            "Story 1.1: s",
            "Story 1.2: s",
            "Task 1: t",
            "Task 2: t",
            "task-by-task",
            "Task Group 1: g",
            "**Blocks**: 2",
        ),
        *(
            "Wave 1 (x):",
            "**Blocked By**: Task 1",
            "Dependency Matrix",
            "- **1-3**: 2 - 4, 1",
            "before",
            "depends on",
            "blocks",
        ),
        *(
            "all user stories",
            "Phase 3+",
            " → ",
            " ← ",
            "| a | b |",
            "|---|---|",
            "```",
            "```json",
            '{"waves": [{"tasks": ["1.1"]}]}',
        ),
        *(
            '{"tasks": [{"id": 1}, {"id": 2, "dependencies": [1]}]}',
            '{"id": "a", "title": "b"}',
            "tasks:",
            "  - id: a",
            "---",
        ),
        *(
            "<task>",
            "<name>Task 1: x</name>",
            "</task>",
            "Files: `a.py`",
            "must land together",
            "not while 2 is running",
            "Option A:",
        ),
        *("Recommended order: ", "deprecated", "&a", "*a", "!!x", "[", "{", '"', "}", "]", "\u2028", "\t"),
    ]
)
SCRAPS = st.lists(st.tuples(FRAMEWORK, st.sampled_from(["", " ", "\n", "\n", "\n\n"])), max_size=50).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


def graph(plan: Plan) -> tuple[bytes, list[str]]:
    return graph_bytes(plan), [section.id for section in plan.sections]


@settings(max_examples=400, deadline=None)
@given(SCRAPS)
def test_scraps_of_frameworks_are_read_alike_twice_and_never_fail(text: str) -> None:
    plan = parse(text)
    assert plan == parse(text)
    ids = {section.id for section in plan.sections}
    assert len(ids) == len(plan.sections) != 1
    lines = len(re.split(r"\r\n|\n|\r", text))
    assert all(
        {edge.upstream, edge.downstream} <= ids and edge.upstream != edge.downstream for edge in plan.dependencies
    )
    assert all(1 <= edge.evidence.line <= lines for edge in plan.dependencies)
    assert all(1 <= section.lines[0] <= section.lines[1] <= lines for section in plan.sections)
    assert all({one.one, one.other} <= ids and one.one != one.other for one in plan.exclusions)
    assert all(set(proposal.ids) <= ids for proposal in plan.proposals)
    assert all(0 <= found.line <= lines and found.message for found in plan.findings)
    json.dumps(as_json(plan))


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "title", "tasks", "dependencies", "status", "subtasks", "master", "blocks", "phases"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=30,
    )
)
def test_any_json_is_read_without_failing(value: object) -> None:
    plan = parse(json.dumps(value, indent=1))
    assert len(plan.sections) != 1
    as_json(plan)


def outside_fences(text: str, change: str, by: str) -> str:
    """`text` with a change in every line that stands in no fenced block and no front matter."""
    front, rest = re.match(r"((?:---\n.*?\n---\n)?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    out: list[str] = []
    fenced = False
    for line in rest.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        out.append(line if fenced else re.sub(change, by, line))
    return front + "\n".join(out)


def noisy(path: Path, change: str, by: str) -> tuple[Plan, Plan]:
    text = path.read_text(encoding="utf-8")
    return parse(text), parse(outside_fences(text, change, by))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.parametrize("marker", ["*", "+"])
def test_other_list_markers_change_nothing(path: Path, marker: str) -> None:
    plain, changed = noisy(path, r"^(\s*)- (?!-)", rf"\1{marker} ")
    assert graph(changed) == graph(plain)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_deeper_headings_change_nothing(path: Path) -> None:
    plain, changed = noisy(path, r"^(#{1,5}) ", r"#\1 ")
    assert graph(changed) == graph(plain)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.parametrize("dash", ["–", "—", "−"])
def test_other_dashes_change_nothing(path: Path, dash: str) -> None:
    plain, changed = noisy(path, r" [–—] ", f" {dash} ")
    assert graph(changed) == graph(plain)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_blank_lines_at_both_ends_change_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lead = "" if text.startswith("---\n") else "\n\n"
    assert graph(parse(f"{lead}{text}\n\n\n")) == graph(parse(text))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_wrapped_paragraphs_change_nothing(path: Path) -> None:
    """Drawings and code are no paragraphs: where their lines break is what they say."""
    text = path.read_text(encoding="utf-8")
    fenced = False
    wrapped: list[str] = []
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        paragraph = not fenced and re.match(r"[A-Z][a-z]", line) and ":" not in line
        wrapped.append(re.sub(r"(.{40,}?\S) ", r"\1\n", line) if paragraph else line)
    assert graph(parse("\n".join(wrapped))) == graph(parse(text))


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_the_layout_of_json_changes_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    values = [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
    spaced = "\r\n".join(json.dumps(value, ensure_ascii=True, separators=(" , ", " : ")) for value in values)
    assert graph(parse("\ufeff" + spaced)) == graph(parse(text))
