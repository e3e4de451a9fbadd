"""Files that are no plan, or none that can be run: one line that says what would help; nothing is left behind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from orch_tui.client.launch import Wishes, open_plan
from orch_tui.store import layout

if TYPE_CHECKING:
    from cli_project import Project

CALLS = (("parse",), ("run", "--headless", "--yes"))
each_way = pytest.mark.parametrize("words", CALLS, ids=lambda words: words[0])


@each_way
async def test_a_file_that_does_not_exist_is_named_with_the_nearest_that_does(
    project: Project, words: tuple[str, ...]
) -> None:
    project.plan("A", "B", name="roadmap.md")
    told = project.call(*words, "raodmap.md")
    assert told.code == 1
    assert told.line == "orch-tui: no such file: 'raodmap.md' (did you mean 'roadmap.md'?)"


async def test_a_file_that_is_like_no_other_is_named_with_the_plans_there_are(project: Project) -> None:
    assert project.call("parse", "x.md").line == "orch-tui: no such file: 'x.md' (no Markdown file is there)"
    project.plan("A", "B", name="roadmap.md")
    assert project.call("parse", "x.md").line == "orch-tui: no such file: 'x.md' (there are 'roadmap.md')"
    assert project.call("parse", "in/x.md").line == "orch-tui: no such file: 'in/x.md' (there is no directory 'in')"


async def test_a_plan_in_a_directory_that_does_not_exist_is_an_error(project: Project) -> None:
    assert "'" + str(project.root / "nowhere") + "'" in project.call("run", "nowhere/plan.md", "--headless").line


@each_way
async def test_a_directory_is_no_plan(project: Project, words: tuple[str, ...]) -> None:
    told = project.call(*words, project.root)
    assert told.code == 1
    assert "is a directory" in told.line
    assert "name the plan file in it" in told.line


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "the file is empty", id="empty file"),
        pytest.param(b"   \n\n\t\n", "the file is empty", id="only white space"),
        pytest.param(b"Dear diary,\n\ntoday I did nothing.\n", "is not a plan: no work items", id="prose"),
        pytest.param(bytes(range(256)) * 64, "binary file", id="binary"),
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(4000), "binary file", id="a program"),
    ],
)
async def test_what_is_not_a_plan_is_refused_with_the_reason(project: Project, data: bytes, why: str) -> None:
    plan = project.text(data)
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert plan.name in told.line
    assert why in told.line
    assert layout.runs(project.root) == []
    parsed = project.call("parse", plan)
    assert parsed.code == 1
    assert why.removeprefix("is not a plan: ") in parsed.out + parsed.err


async def test_a_cycle_is_named_with_its_lines_and_never_starts(project: Project) -> None:
    plan = project.plan("A<-C", "B<-A", "C<-B", "D")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert "drop a dependency" in told.line
    for name in "ABC":
        assert name in told.line
    headings = [n for n, line in enumerate(plan.read_text().splitlines(), 1) if re.match("## Section [ABC]", line)]
    assert [n for n in headings if f"line {n})" not in told.line] == [], told.line
    assert layout.runs(project.root) == [], "nobody would ever mend what waits in a review without a cockpit"
    told = project.call("parse", plan)
    assert told.code == 1
    assert "no wave: in a cycle or behind one\n  · A  Part A\n      after C, line " in told.out


async def test_a_cycle_in_a_plan_that_is_reviewed_already_is_named_and_never_starts(project: Project) -> None:
    """As the cockpit leaves it behind: there the plan can be mended and read again."""
    plan = project.plan("A<-B", "B<-A", "D")
    await open_plan(plan, Wishes(workflow="minimal"), actor="tester")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert "drop a dependency" in told.line
    looked = project.call("run", plan, "--headless")
    assert looked.code == 1
    assert "it cannot start: " in looked.out
    assert project.state().approval is None
    assert not project.state().sections["D"].attempts


async def test_a_reference_to_nothing_is_shown_before_the_run_starts(project: Project) -> None:
    plan = project.plan("A", "B<-A,Z")
    parsed = json.loads(project.call("parse", plan, "--json").out)
    assert any("Z" in json.dumps(finding) for finding in parsed["findings"]), parsed["findings"]
    told = project.call("run", plan, "--headless", "--yes")
    assert any(line.startswith("note: ") and "Z" in line for line in told.out.splitlines()), told.out


async def test_a_plan_of_five_megabytes_is_read_and_opened(project: Project) -> None:
    filler = "Some words about what has to be done here, and why, at length.\n" * 80
    parts = [f"S{n}<-S{n - 1}|true\n```\n{filler}\n```bash\ntrue" if n else "S0|true" for n in range(1000)]
    plan = project.plan(*parts)
    assert plan.stat().st_size > 5_000_000
    told = project.call("run", plan, "--headless")
    assert told.code == 10
    assert "waiting for approval" in told.out
    assert len(project.state().sections) == 1000


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("concurrency: many\n", "'concurrency' in the plan's front matter is a whole number, not 'many'"),
        ("agent: [script\n", "line 2"),
    ],
)
async def test_wrong_front_matter_is_refused(project: Project, head: str, words: str) -> None:
    plan = project.text(
        f"---\n{head}---\n# P\n\n## Section A: x\nDependencies: none\n\n## Section B: y\nDependencies: Section A\n"
    )
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert words in told.line
    assert layout.runs(project.root) == []


async def test_front_matter_that_is_no_yaml_names_its_line(project: Project) -> None:
    plan = project.text(
        "---\nagent: script\nmodel: [a, b\n---\n# P\n\n## Section A: x\n\n## Section B: y\nDependencies: Section A\n"
    )
    told = project.call("parse", plan)
    assert any(word in told.out + told.err for word in ("line 3", "line 4")), (told.out, told.err)


async def test_wrong_settings_are_named_with_file_and_line(project: Project) -> None:
    plan = project.plan("A", "B")
    project.config("agent: script\nconcurency: 3\n")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert "config.yaml:2: unknown setting 'concurency' (did you mean 'concurrency'?)" in told.line
    assert layout.runs(project.root) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("run", "plan.md", "--agent", "nobody", "--headless"), "there is no agent 'nobody' (known: "),
        (("run", "plan.md", "--concurrency", "0"), "--concurrency"),
        (("run", "plan.md", "--isolation", "moon"), "'worktree', 'none'"),
        (("run", "plan.md", "--isolation", "worktree", "--headless"), "run `git init` there, or use isolation 'none'"),
        (("run",), "Missing argument 'PLAN'. (see `orch-tui run --help`)"),
        (("stauts",), "there is neither a command nor a file 'stauts' (did you mean 'status'?)"),
        (("plan.md",), "the cockpit needs a terminal (use `orch-tui run plan.md --headless`)"),
        (("run", "plan.md", "-C", "nowhere"), "no such directory"),
    ],
)
async def test_wrong_words_on_the_command_line_are_one_line(
    project: Project, words: tuple[str, ...], expected: str
) -> None:
    project.text("# P\n\n## Section A: x\nDependencies: none\n\n## Section B: y\nDependencies: Section A\n")
    told = project.call(*words)
    assert told.code == 1
    assert expected in told.line


async def test_a_plan_edited_after_approval_is_shown_and_the_approved_text_runs(project: Project) -> None:
    plan = project.plan("A|until [ -e go ]; do read -rt 0.05 <> <(:) || true; done", "B<-A|echo approved > b.txt")
    run = await project.open(plan)
    await project.until(lambda state: state.sections["A"].status.value == "running", run)
    plan.write_text(plan.read_text().replace("echo approved", "echo edited"))
    follower = project.start("run", plan, "--headless")
    assert follower.stdout is not None
    said = ""
    while "note: plan.md was edited since it was approved; the run goes on with the approved text" not in said:
        line = follower.stdout.readline()
        assert line, said
        said += line
    (project.root / "go").touch()
    follower.communicate(timeout=60)
    assert follower.returncode == 0
    assert (project.root / "b.txt").read_text() == "approved\n"


async def test_a_plan_edited_while_it_waits_is_read_again_by_yes(project: Project) -> None:
    plan = project.plan("A", "B<-A|echo first > b.txt")
    assert project.call("run", plan, "--headless").code == 10
    project.plan("A", "B<-A|echo second > b.txt")
    looked = project.call("run", plan, "--headless")
    assert "was edited since it was read; read it again before you approve" in looked.out
    assert project.call("run", plan, "--headless", "--yes").code == 0
    assert (project.root / "b.txt").read_text() == "second\n"
