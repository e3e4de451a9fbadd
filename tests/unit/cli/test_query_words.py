"""`query` finds the right run from its words alone, and imports next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orch_tui.cli.query import query


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two runs of two plans; `newer` was written last."""
    root = tmp_path / "project"
    for age, (name, plan) in enumerate([("newer", "two.md"), ("older", "one.md")]):
        run = root / ".orch" / "runs" / name
        run.mkdir(parents=True)
        (run / "status.json").write_text(json.dumps({"run": name, "plan": str(root / plan)}))
        os.utime(run / "status.json", (1000 - age, 1000 - age))
    return root


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], "newer"),
        (["--json"], "newer"),
        (["--run", "older"], "older"),
        (["--run=older"], "older"),
        (["one.md"], "older"),
        (["two.md"], "newer"),
        (["one.md", "--run", "older"], "older"),
    ],
)
def test_the_run_that_is_meant(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str], found: str
) -> None:
    monkeypatch.chdir(project)
    assert query(words) == 0
    assert json.loads(capfd.readouterr().out)["run"] == found


def test_a_project_is_found_from_below_and_by_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    below = project / "src" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert query([]) == 0
    monkeypatch.chdir("/")
    assert query(["-C", str(below)]) == 0
    assert query([f"-C{project}"]) == 0
    assert capfd.readouterr().out.count('"newer"') == 3


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--run"], "--run needs a value"),
        (["--nonsense"], "unknown argument '--nonsense'"),
        (["one.md", "two.md"], "unknown argument 'two.md'"),
        (["--run", "missing"], "no run called 'missing'"),
        (["--run", "../runs/newer"], "no run called '../runs/newer'"),
        (["three.md"], "no run of 'three.md'"),
        (["-C", "/"], "no .orch in '/' or above it"),
        (["--run", "a\x1b[31m\n"], "no run called 'a\\x1b[31m\\n'"),
    ],
)
def test_what_cannot_be_answered_is_one_clean_line(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(project)
    assert query(words) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert complaint in err
    assert err.startswith("orch-tui: ")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_a_damaged_status_file_does_not_hide_the_other_runs(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / ".orch" / "runs" / "newer" / "status.json").write_text("{broken")
    monkeypatch.chdir(project)
    assert query(["one.md"]) == 0
    assert json.loads(capfd.readouterr().out)["run"] == "older"


@pytest.mark.parametrize("words", [["query"], ["status", "--json"]], ids=" ".join)
def test_the_quick_commands_import_nothing_heavy(project: Path, words: list[str]) -> None:
    heavy = {"click", "pydantic", "textual", "rich", "asyncio", "pathlib", "yaml", "psutil", "markdown_it"}
    code = (
        f"import sys; sys.argv = ['orch-tui', *{words!r}]; before = set(sys.modules); from orch_tui.main import main; "
        f"assert main() == 0; found = ({heavy!r} & set(sys.modules)) - before; assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
