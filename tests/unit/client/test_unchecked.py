"""What is said before the approval about sections that nothing checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client import unchecked
from orch_tui.config import Config
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out
from orch_tui.core.run_events import RunCreated
from orch_tui.engine.planning import read_event
from orch_tui.flow.workflow import USUAL
from orch_tui.plan.parsing import parse
from orch_tui.store.layout import run_dir

PLAN = """# P

## Section A: One
Dependencies: none

## Section B: Two
Dependencies: Section A

## Section C: Three
Dependencies: Section B
"""


def read(root: Path, text: str = PLAN, **settings: object) -> Edition:
    created = RunCreated(run="r", plan_path="plan.md", usual_workflow=USUAL)
    return Edition(read=read_event(run_dir(root, "r"), parse(text), "sha", created, Config(**settings)))  # type: ignore[arg-type]


def told(root: Path, text: str = PLAN, **settings: object) -> str:
    edition = read(root, text, **settings)
    return unchecked.words(edition, lay_out(edition))


def test_a_plan_that_nothing_checks_says_how_many_sections_will_ask_and_what_helps(tmp_path: Path) -> None:
    words = told(tmp_path)
    assert words.startswith("Nothing checks any of the 3 sections so far: after its work each will ask you")
    for helps in ("`Verify: COMMAND`", "`checks: [COMMAND]`", "`workflow: minimal`"):
        assert helps in words


def test_sections_that_say_what_verifies_them_are_not_counted_and_the_others_named(tmp_path: Path) -> None:
    text = PLAN.replace("Section A\n", "Section A\nVerify: `make test`\n")
    assert told(tmp_path, text).startswith("Nothing checks 2 of 3 sections (A, C) so far: after its work each")
    text = text.replace("Section B\n", "Section B\nVerify: `make test`\n")
    assert told(tmp_path, text).startswith("Nothing checks 1 of 3 sections (A) so far: after its work it")


@pytest.mark.parametrize(
    ("front", "settings"),
    [
        ("checks: [make test]", {}),
        ("workflow: minimal", {}),
        ("workflow: standard", {}),
        ("agent: script", {"checks": ("make test",)}),
        ("agent: script", {"workflow": "minimal"}),
    ],
)
def test_nothing_is_said_where_something_checks_or_nobody_is_asked(
    tmp_path: Path, front: str, settings: object
) -> None:
    assert told(tmp_path, f"---\n{front}\n---\n{PLAN}", **settings) == ""  # type: ignore[arg-type]


def test_what_the_projects_files_say_checks_all_sections(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("test:\n\ttrue\n")
    edition = read(tmp_path)
    assert unchecked.words(edition, lay_out(edition)) == ""
    found = unchecked.checked_by(edition, lay_out(edition)["A"])
    assert found == unchecked.Checked(by="project", commands=("make test",))


def test_what_is_done_or_goes_another_way_asks_nobody(tmp_path: Path) -> None:
    text = PLAN.replace("Section A: One", "Section A: One ✅").replace("Section B\n", "Section B\nWorkflow: minimal\n")
    assert told(tmp_path, text).startswith("Nothing checks 1 of 2 sections (B) so far")


def test_the_one_section_that_is_left_is_told_by_name(tmp_path: Path) -> None:
    text = PLAN.replace("A: One", "A: One ✅").replace("B: Two", "B: Two ✅")
    assert told(tmp_path, text).startswith("Nothing checks section C so far: after its work it")


def test_a_run_from_before_the_projects_files_were_looked_at_says_only_what_it_knows(tmp_path: Path) -> None:
    edition = read(tmp_path)
    object.__setattr__(edition.read, "discovered", None)
    assert unchecked.words(edition, lay_out(edition)) == ""
    assert unchecked.checked_by(edition, lay_out(edition)["A"]) == unchecked.Checked(by="unseen")
