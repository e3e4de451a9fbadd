"""Which run a command means, and how a run is named so that the words can be copied."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from orch_tui.cli import finding
from orch_tui.errors import UserError
from orch_tui.store.layout import RunDir


def made(root: Path, name: str, phase: str, age: int = 0) -> None:
    """A run in the state directory of `root`."""
    run = root / ".orch" / "runs" / name
    run.mkdir(parents=True)
    (run / "status.json").write_text(json.dumps({"run": name, "phase": phase, "plan": str(root / f"{name}.md")}))
    for path in (run / "status.json", run):
        os.utime(path, (1000 - age, 1000 - age))


def test_the_one_run_that_is_not_over_is_meant_though_another_is_newer(tmp_path: Path) -> None:
    made(tmp_path, "newest", "done")
    made(tmp_path, "going", "running", age=1)
    assert finding.unfinished("", tmp_path).name == "going"
    assert finding.newest("", tmp_path).name == "newest"


def test_when_every_run_is_over_the_newest_is_meant(tmp_path: Path) -> None:
    made(tmp_path, "newest", "failed")
    made(tmp_path, "older", "cancelled", age=1)
    assert finding.unfinished("", tmp_path).name == "newest"


def test_of_two_unfinished_runs_none_is_chosen(tmp_path: Path) -> None:
    made(tmp_path, "one", "paused")
    made(tmp_path, "two", "running")
    with pytest.raises(UserError, match="2 runs are not over: ") as told:
        finding.unfinished("", tmp_path)
    assert told.value.hint == "name one with --run"
    assert finding.unfinished("two", tmp_path).name == "two"


def test_a_run_is_found_by_its_plan(tmp_path: Path) -> None:
    made(tmp_path, "one", "done")
    made(tmp_path, "two", "done")
    assert finding.newest("", None, tmp_path / "two.md").name == "two"
    with pytest.raises(UserError, match="no run of "):
        finding.newest("", None, tmp_path / "three.md")


def test_a_run_without_a_readable_status_counts_as_not_over(tmp_path: Path) -> None:
    made(tmp_path, "broken", "done")
    (tmp_path / ".orch" / "runs" / "broken" / "status.json").write_text("{")
    made(tmp_path, "done", "done")
    assert finding.unfinished("", tmp_path).name == "broken"


def test_a_run_is_named_with_its_directory_only_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "my project", "one", "running")
    run = RunDir(tmp_path / "my project" / ".orch" / "runs" / "one")
    monkeypatch.chdir(tmp_path / "my project")
    assert finding.reference(run) == "--run one"
    monkeypatch.chdir(tmp_path)
    assert finding.reference(run) == f"--run one -C '{tmp_path}/my project'"
