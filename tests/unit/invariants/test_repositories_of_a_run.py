"""Work that is gone breaks an invariant; worktrees, branches, refs and locks that are left are told of."""

from __future__ import annotations

import os

from run_in_git import stage, tree

from orch_tui.invariants.directory import look
from orch_tui.invariants.finding import Finding
from orch_tui.testing.stage import Stage
from orch_tui.testing.staged_repository import git

__all__ = ["stage"]


def findings(stage: Stage) -> list[Finding]:
    found = look(stage.run, transcripts=False).findings
    return [one for one in found if one.invariant != "I21" and "status.json" not in one.text]


def only(stage: Stage) -> Finding:
    (found,) = findings(stage)
    return found


def test_a_run_whose_work_is_all_there_has_nothing_to_tell(stage: Stage):
    assert findings(stage) == []


def test_a_merge_that_the_integration_branch_does_not_hold_any_more_is_lost_work(stage: Stage):
    git(stage.root, "update-ref", f"refs/heads/orch/{stage.name}", "main")
    found = only(stage)
    assert (found.invariant, found.section) == ("I1", "A")
    assert "does not hold that" in found.text


def test_an_integration_branch_that_was_landed_and_removed_is_nothing_to_tell(stage: Stage):
    git(stage.root, "merge", "-q", "--ff-only", f"orch/{stage.name}")
    git(stage.root, "branch", "-D", f"orch/{stage.name}")
    assert findings(stage) == []


def test_an_integration_branch_that_is_gone_with_its_work_is_told_how_to_put_back(stage: Stage):
    git(stage.root, "branch", "-D", f"orch/{stage.name}")
    found = only(stage)
    assert found.invariant == "I1"
    assert found.helps.startswith(f"`git branch orch/{stage.name} ")


def test_a_commit_that_nobody_has_any_more_is_lost_work(stage: Stage):
    git(stage.root, "worktree", "remove", "--force", str(tree(stage, "B")))
    git(stage.root, "branch", "-D", f"orch/{stage.name}", *(f"orch-work/{stage.name}/{name}/1" for name in "AB"))
    git(stage.root, "reflog", "expire", "--expire=now", "--all")
    git(stage.root, "gc", "-q", "--prune=now")
    assert {one.invariant for one in findings(stage)} == {"I1"}
    assert any("is in the repository no more" in one.text for one in findings(stage))


def test_a_worktree_that_nobody_needs_is_left_over_and_that_of_a_failed_section_is_not(stage: Stage):
    git(stage.root, "worktree", "add", "-q", str(tree(stage, "A")), f"orch-work/{stage.name}/A/1")
    found = only(stage)
    assert (found.invariant, found.repair, found.path) == ("", "release worktree", str(tree(stage, "A")))


def test_a_worktree_and_a_branch_of_no_attempt_are_told(stage: Stage):
    git(stage.root, "worktree", "add", "-q", "-b", f"orch-work/{stage.name}/C/1", str(tree(stage, "C")), "main")
    words = [one.text for one in findings(stage)]
    assert [word.rpartition(" is ")[2] for word in words] == ["of no attempt", "of no attempt of this run"]


def test_a_rescue_ref_is_told_while_nobody_merged_it(stage: Stage):
    ref = f"refs/orch/rescue/{stage.name}/B/1"
    git(stage.root, "update-ref", ref, f"orch/{stage.name}")
    assert findings(stage) == []
    saved = git(stage.root, "commit-tree", "-p", "main", "-m", "saved", "main^{tree}")
    git(stage.root, "update-ref", ref, saved)
    found = only(stage)
    assert (found.invariant, found.harmless) == ("", True)
    assert "holds work that nobody merged" in found.text


def test_a_lock_that_a_git_left_is_told_once_it_is_old(stage: Stage):
    lock = stage.root / ".git" / "worktrees" / "1" / "index.lock"
    lock.write_text("")
    assert findings(stage) == []
    os.utime(lock, (1, 1))
    assert only(stage).repair == "unlock git"


def test_a_repository_that_is_gone_is_told(stage: Stage):
    (stage.root / ".git").rename(stage.root / "moved")
    assert only(stage).invariant == "I1"
