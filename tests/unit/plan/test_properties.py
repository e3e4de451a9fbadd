"""What holds for every text: reading ends, twice alike, and looks of a plan change nothing about its graph."""

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch_tui.plan.document import scan
from orch_tui.plan.export import as_json, graph_bytes
from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import parse

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


@settings(max_examples=400)
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


@settings(max_examples=200)
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


def lines(text: str) -> list[tuple[str, bool]]:
    """The lines of a plan, each with whether it is prose: not code, a drawing, a comment or front matter."""
    scanned = scan(text)
    return [(line, not scanned.hidden[at]) for at, line in enumerate(text.split("\n"), 1)]


def in_prose(pattern: str, by: str) -> Callable[[str], str]:
    return lambda text: "\n".join(re.sub(pattern, by, line) if prose else line for line, prose in lines(text))


def outside_code(pattern: str, by: str) -> Callable[[str], str]:
    """As `in_prose`, but for what stands in code spans and addresses."""
    kept = r"`[^`]*`|\]\([^)]*\)|https?://\S+"
    either = re.compile(f"(?P<kept>{kept})|{pattern}")
    return lambda text: "\n".join(
        either.sub(lambda found: found["kept"] or found.expand(by), line) if prose else line
        for line, prose in lines(text)
    )


def emphasis(sign: str, by: str) -> Callable[[str], str]:
    """What stands between two of these signs between two other ones."""
    once, kind = re.escape(sign), re.escape(sign[0])
    inner = rf"[^\s{kind}`](?:[^{kind}`]*[^\s{kind}`])?"
    return outside_code(rf"(?<![\w*_]){once}({inner}){once}(?![\w*_])", rf"{by}\2{by}")


def wrapped(width: int, *, lazy: bool = False) -> Callable[[str], str]:
    """Paragraphs and list items in lines of so many characters, but where one would begin with a sign of Markdown.

    `lazy`: further lines of list items are not indented. Drawings, tables and what stands below list items stay.
    """
    signs = re.compile(r"\s*(?:[-+*]\s|[>#|=]|-{3}|`{3}|\d+[.)]\s|\[[ xX]\])")
    bold, heads = re.compile(r"\*\*"), re.compile(r"\*\*[^*]*(?::\*\*|\*\*:|\*\*$)")

    def text(text: str) -> str:
        scanned = scan(text)
        starts = {item.line for item in scanned.items}
        below = {line for item in scanned.items for line in range(item.line, item.end + 1)}
        out: list[str] = []
        for at, line in enumerate(text.split("\n"), 1):
            sign = re.match(r"(\s*\S+\s+)(?:\[[^\]]\]\*?\s+)?", line) if at in starts else None
            drawn = re.match(r"[\s>\[<=`|-]", line) or re.search(r"[|─]", line)
            kept = at in below or scanned.hidden[at] or at in scanned.heading_lines or drawn
            lead = "" if lazy or not sign else " " * len(sign[1])
            done = sign[0] if sign else ""
            pieces = textwrap.wrap(line[len(done) :], width, break_long_words=False, break_on_hyphens=False)
            begins = any(signs.match(piece) or (heads if sign else bold).match(piece) for piece in pieces[1:])
            if not pieces or (kept and not sign) or begins:
                out.append(line)
            else:
                out.append(done + f"\n{lead}".join(pieces))
        return "\n".join(out)

    return text


NOISE: dict[str, Callable[[str], str]] = {
    "stars for lists": in_prose(r"^(\s*)[-+] (?!-)", r"\1* "),
    "pluses for lists": in_prose(r"^(\s*)[-*] (?![-*])", r"\1+ "),
    "brackets after numbers": in_prose(r"^(\s*\d+)\. ", r"\1) "),
    "tabs after signs": in_prose(r"^(#{1,6}|[-*+]|\d+[.)]) (?![-*])", "\\1\t"),
    "deeper headings": in_prose(r"^(#{1,5}) ", r"#\1 "),
    "closed headings": in_prose(r"^(#{1,6}) (.*[^#\s])$", r"\1 \2 \1"),
    "a blank line after headings": in_prose(r"^(#{1,6} .*)$", r"\1\n"),
    **{f"{dash} between words": in_prose(" [–—] ", f" {dash} ") for dash in "–—−―"},
    **{f"{hyphen!a} in words and ranges": outside_code(r"(?<=\w)-(?=\w)", hyphen) for hyphen in "\u2010\u2011"},
    **{f"{dash} in ranges": outside_code(r"(?<=\d)-(?=\d+\b(?![-.]))(?<!\d{4}-)", dash) for dash in "–−"},
    "__bold__": emphasis("**", "__"),
    "*emphasis*": emphasis("_", "*"),
    "wide tables": in_prose(r"(?<=\S) \| ", " \t|  "),
    **{f"lines of {width} characters": wrapped(width) for width in (20, 40, 72)},
    "lazy lines of 40 characters": wrapped(40, lazy=True),
    "trailing blanks": lambda text: text.replace("\n", "  \n"),
    "trailing tabs": lambda text: text.replace("\n", "\t\n"),
    "blank lines at both ends": lambda text: ("" if text.startswith("---") else "\n\n") + text + "\n\n\n",
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
}
TOGETHER = [
    (
        "stars for lists",
        "closed headings",
        "− between words",
        "'\\u2011' in words and ranges",
        "trailing blanks",
        "CRLF",
    ),
    ("pluses for lists", "brackets after numbers", "deeper headings", "lines of 72 characters", "a byte order mark"),
    ("tabs after signs", "– between words", "− in ranges", "a blank line after headings", "wide tables", "CR"),
    ("– in ranges", "― between words", "trailing tabs", "blank lines at both ends"),
    ("— between words", "'\\u2010' in words and ranges", "lines of 40 characters"),
    ("lines of 20 characters",),
    ("lazy lines of 40 characters", "__bold__", "*emphasis*"),
]


def test_every_noise_is_made_and_changes_some_plan() -> None:
    assert {name for names in TOGETHER for name in names} == set(NOISE)
    texts = [path.read_text(encoding="utf-8") for path in PLANS]
    assert [name for name, noise in NOISE.items() if all(noise(text) == text for text in texts)] == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.parametrize("names", TOGETHER, ids=" and ".join)
def test_the_looks_of_a_plan_change_nothing(path: Path, names: tuple[str, ...]) -> None:
    """Several at a time, for speed; the one to blame is looked for when they fail."""
    text = path.read_text(encoding="utf-8")
    plain = graph(parse(text))
    changed = text
    for name in names:
        changed = NOISE[name](changed)
    if graph(parse(changed)) != plain:
        assert [name for name in names if graph(parse(NOISE[name](text))) != plain] == []
        pytest.fail("only all together")


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_the_layout_of_json_changes_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    values = [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
    spaced = "\r\n".join(json.dumps(value, ensure_ascii=True, separators=(" , ", " : ")) for value in values)
    assert graph(parse("\ufeff" + spaced)) == graph(parse(text))
