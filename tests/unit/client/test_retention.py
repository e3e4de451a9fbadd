"""What finished runs let go, in real repositories: with a proof for each, and never work that nobody merged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orch_tui import git as program
from orch_tui.client.retention import Retention, let_go, look
from orch_tui.core.run_events import RunFinished, RunnerStarted, RunnerStopped, Settings
from orch_tui.store import journal
from orch_tui.store.layout import runs
from orch_tui.store.lock import Lock
from orch_tui.testing.stage import Stage
from orch_tui.testing.staged_repository import git, in_git, merged, works

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Warm the pot
Dependencies: none
"""
MONTH = 30 * 86_400.0


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A run of which A and B are merged, and which is over."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    top = tmp_path / "project"
    top.mkdir()
    made = Stage(root=top, text=PLAN, settings=Settings(agent="claude"))
    in_git(made)
    for section in "AB":
        work(made, section)
        merged(made, section)
    made.happens(RunFinished(outcome="done"))
    return made


def tree(stage: Stage, section: str) -> Path:
    repo = program.repo.standing_at(stage.root)
    return program.worktrees.worktree_root(repo, stage.name) / section / "1"


def work(stage: Stage, section: str, *, commits: bool = True) -> Path:
    return works(stage, section, {f"{section}.txt": b"done\n"}, tree=tree(stage, section), commits=commits)


def land(stage: Stage) -> None:
    git(stage.root, "merge", "-q", "--no-ff", "-m", "Land", f"orch/{stage.name}")


def looked(stage: Stage, *, later: float = 2 * MONTH) -> Retention:
    return look(stage.run, now=stage.clock.now + later, older=MONTH)


def going(found: Retention) -> list[str]:
    return [one.name.rpartition("/")[2] if one.kind == "worktree" else one.name for one in found.going]


def staying(found: Retention) -> dict[str, str]:
    return {one.name: one.why for one in found.items if not one.goes}


def collect(stage: Stage) -> list[str]:
    now = stage.clock.now + 2 * MONTH
    return list(let_go(look(stage.run, now=now, older=MONTH), now=now, older=MONTH))


def refs(stage: Stage) -> set[str]:
    return set(git(stage.root, "for-each-ref", "--format=%(refname)").split())


def test_a_run_that_was_landed_goes_whole_and_says_where_its_work_is(stage: Stage):
    land(stage)
    found = looked(stage)
    name = stage.name
    assert going(found) == ["1", "1", f"orch-work/{name}/A/1", f"orch-work/{name}/B/1", f"orch/{name}", name]
    proofs = {one.name: one.why for one in found.items}
    main = git(stage.root, "rev-parse", "main")[:12]
    assert proofs[f"orch-work/{name}/A/1"] == proofs[f"orch/{name}"] == f"merged into main at {main}"
    assert proofs[name] == "over for 60d 0:00:00, and all it merged is on your branches"
    said = collect(stage)
    assert said[-1] == f"removed run {name}"
    assert refs(stage) == {"refs/heads/main"}
    assert runs(stage.root) == []
    assert not tree(stage, "A").exists()
    assert (stage.root / "A.txt").read_text() == "done\n"


def test_looking_removes_nothing(stage: Stage):
    land(stage)
    before = refs(stage)
    looked(stage)
    assert refs(stage) == before
    assert tree(stage, "A").exists()


def test_work_that_was_not_landed_keeps_its_run_and_what_is_merged_goes(stage: Stage):
    found = looked(stage)
    name = stage.name
    assert staying(found)[f"orch/{name}"] == "no branch of yours has all of it: `orch-tui land` brings it there"
    assert staying(found)[name] == f"orch/{name} stays"
    collect(stage)
    assert refs(stage) == {"refs/heads/main", f"refs/heads/orch/{name}"}
    assert [run.name for run in runs(stage.root)] == [name]


def test_a_branch_that_nobody_merged_stays_with_its_run(stage: Stage):
    land(stage)
    branch = f"orch-work/{stage.name}/A/2"
    git(stage.root, "branch", branch, git(stage.root, "commit-tree", "-p", "main", "-m", "late", late(stage)))
    assert staying(looked(stage)) == {
        branch: f"nobody merged it: `git log -p {branch}` shows it",
        stage.name: f"{branch} stays",
    }
    collect(stage)
    assert f"refs/heads/{branch}" in refs(stage)
    assert stage.run.journal.is_dir()


def late(stage: Stage) -> str:
    """A tree that no commit has."""
    blob = git(stage.root, "hash-object", "-w", "plan.md")
    index = {"GIT_INDEX_FILE": str(stage.root / ".git" / "late-index")}
    program.command.git(stage.root, "update-index", "--add", "--cacheinfo", f"100644,{blob},late.md", env=index)
    return program.command.text(stage.root, "write-tree", env=index)


def test_a_rescue_ref_stays_while_nobody_merged_it(stage: Stage):
    land(stage)
    ref = f"refs/orch/rescue/{stage.name}/A/1"
    git(stage.root, "update-ref", ref, git(stage.root, "commit-tree", "-p", "main", "-m", "saved", late(stage)))
    assert ref in staying(looked(stage))
    git(stage.root, "merge", "-q", "--no-ff", "-m", "Take it", ref)
    assert staying(looked(stage)) == {}
    collect(stage)
    assert ref not in refs(stage)


def test_a_worktree_with_what_nobody_committed_stays_with_its_branch(stage: Stage):
    land(stage)
    (tree(stage, "A") / "notes.txt").write_text("not committed\n")
    found = staying(looked(stage))
    assert found[str(tree(stage, "A"))] == "it has what nobody committed: notes.txt"
    assert "it is checked out at" in found[f"orch-work/{stage.name}/A/1"]
    collect(stage)
    assert (tree(stage, "A") / "notes.txt").exists()
    assert not tree(stage, "B").exists()


def test_a_squashed_landing_is_a_proof_too(stage: Stage):
    git(stage.root, "merge", "-q", "--squash", f"orch/{stage.name}")
    git(stage.root, "commit", "-qm", "All of it")
    assert staying(looked(stage)) == {}


def test_work_that_comes_between_look_and_removal_stays(stage: Stage):
    land(stage)
    now = stage.clock.now + 2 * MONTH
    found = look(stage.run, now=now, older=MONTH)
    (tree(stage, "B") / "late.txt").write_text("just now\n")
    said = list(let_go(found, now=now, older=MONTH))
    assert (tree(stage, "B") / "late.txt").exists()
    assert not any(line == f"removed run {stage.name}" for line in said)


def test_a_run_that_is_not_over_long_enough_or_not_over_at_all_stays(stage: Stage):
    land(stage)
    assert looked(stage, later=86_400.0).kept == "it is over for 1d 0:00:00 only"
    assert looked(stage, later=-86_400.0).kept.startswith("it ended in the future")
    lock = Lock(stage.run.lock)
    assert lock.acquire({})
    assert looked(stage).kept == "a runner is at work on it"
    assert collect(stage) == [f"run {stage.name} stays: somebody has just come to it"]
    lock.release()


def test_a_run_under_way_stays(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="claude", isolation="none"))
    stage.approve()
    assert looked(stage).kept == "it is not over, it is running"


def test_a_copy_of_a_run_stays_since_its_worktrees_are_those_of_the_other(stage: Stage, tmp_path: Path):
    land(stage)
    there = tmp_path / "there" / ".orch" / "runs" / stage.name
    (there / "journal").mkdir(parents=True)
    stage.happens(RunnerStarted(pid=1, epoch=1, version="", host="", home=str(there)), RunnerStopped(reason=""))
    assert looked(stage).kept.startswith(f"'{stage.run.path}' is a copy of the run in '{there}'")
    shutil.rmtree(there)
    assert looked(stage).kept == ""


def test_a_run_whose_journal_is_damaged_stays(stage: Stage):
    land(stage)
    segment = journal.segment(stage.run.journal, 1)
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join([*lines[:4], b"scribble\n", *lines[5:]]))
    assert looked(stage).kept == "its journal cannot be read whole (see `orch-tui doctor`)"


def test_a_run_in_place_goes_with_nothing_to_prove(tmp_path: Path):
    stage = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="claude", isolation="none"))
    stage.approve()
    stage.happens(RunFinished(outcome="failed"))
    assert looked(stage).items[0].why == "over for 60d 0:00:00, and it has nothing in git"
    assert collect(stage) == [f"removed run {stage.name}"]
    assert not (tmp_path / ".orch" / "gone").exists()


def test_a_repository_that_is_gone_keeps_the_run(stage: Stage):
    land(stage)
    (stage.root / ".git").rename(stage.root / "moved")
    assert "is no git repository any more" in staying(looked(stage))[str(stage.root)]
