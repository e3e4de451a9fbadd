"""What becomes of the worktrees of sections that came to nothing."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import GATE, Bench, sections

from orch_tui.core.state import Phase, Status


async def test_a_cancelled_run_leaves_no_worktree_and_keeps_what_was_not_committed(bench: Bench):
    await bench.open(sections(f"A|echo draft > draft.txt; {GATE}", f"B|{GATE}"))
    await bench.approve()
    state = await bench.until(lambda _: len(bench.entries()) == 2, "both at work")
    trees = [Path(section.attempts[0].path) for section in state.sections.values()]
    await bench.until(lambda _: (trees[0] / "draft.txt").exists(), "a draft")
    assert await bench.send("cancel") == ""
    state = await bench.done()
    assert state.phase is Phase.CANCELLED
    assert [tree for tree in trees if tree.exists()] == []
    assert len(bench.git("worktree", "list").splitlines()) == 1
    kept = f"refs/orch/rescue/{bench.run.name}/A/1"
    assert bench.git("show", f"{kept}:draft.txt") == "draft"
    assert kept in state.sections["A"].attempts[0].notice


async def test_the_worktree_of_a_section_that_failed_stays_until_it_is_skipped(bench: Bench):
    await bench.open(sections("A|echo draft > draft.txt; exit 3", f"B|{GATE}"))
    await bench.approve()
    state = await bench.until(lambda state: state.sections["A"].verdict, "A to fail")
    tree = Path(state.sections["A"].attempts[0].path)
    assert (tree / "draft.txt").exists()
    assert await bench.send("skip", section="A") == ""
    await bench.until(lambda state: state.sections["A"].attempts[0].notice, "its worktree to be removed")
    assert not tree.exists()
    bench.go()
    assert (await bench.done()).phase is Phase.DONE


async def test_work_in_a_worktree_that_was_deleted_under_it_is_missed_with_words(bench: Bench):
    deleting = '```bash\nrm -rf "$PWD"\n```\n'
    other = "## Section B: Two\n\n```bash\necho b > b.txt\n```\n"
    await bench.open(f"---\nagent: script\n---\n# P\n\n## Section A: One\n\n{deleting}\n{other}")
    await bench.approve()
    state = await bench.until(lambda state: state.sections["A"].attention, "a person to be asked")
    assert state.sections["A"].attention == "commit failed"
    branch = state.sections["A"].attempts[0].branch
    assert f"is gone, with whatever was not committed to '{branch}' (retry" in state.sections["A"].detail
    assert await bench.send("skip", section="A") == ""
    assert (await bench.done()).phase is Phase.DONE


@pytest.mark.parametrize("made", ["a worktree", "its branch only"])
async def test_what_a_runner_made_and_was_killed_before_it_told_of_is_removed_by_the_next_one(bench: Bench, made: str):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    state = await bench.until(lambda _: bench.entries(), "A at work")
    root = Path(state.sections["A"].attempts[0].path).parents[1]
    with held_repository(bench):
        assert await bench.send("skip", section="A") == ""
        await bench.until(lambda state: state.sections["B"].attempts, "the intent to start B")
        bench.kill_runner()
        await bench.free()
    branch = f"orch-work/{bench.run.name}/B/1"
    if made == "a worktree":
        bench.git("worktree", "add", "-q", "-b", branch, str(root / "B" / "1"))
    else:
        bench.git("branch", branch)
    bench.go()
    await bench.open()
    state = await bench.done()
    assert [bool(one.branch) for one in state.sections["B"].attempts] == [False, True]
    assert len(bench.git("worktree", "list").splitlines()) == 1
    assert bench.git("branch", "--list", branch) == ""
    assert bench.git("branch", "--list", "orch-work/*") != "", "what B did is there"


@contextmanager
def held_repository(bench: Bench) -> Generator[None]:
    """Whoever is about to make a worktree waits meanwhile."""
    lock = os.open(bench.root / ".git" / "orch-tui.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@pytest.mark.parametrize("phase", ["verify", "merge"])
async def test_what_a_failed_attempt_left_is_kept_when_a_person_sends_its_section_on(bench: Bench, phase: str):
    head = "agent: script\nworkflow: local\nchecks: ['test -e draft.txt']\n"
    await bench.open(sections("A|echo draft > draft.txt; exit 3", f"B|{GATE}").replace("agent: script\n", head))
    await bench.approve()
    await bench.until(lambda state: state.sections["A"].verdict, "A to fail")
    assert await bench.send("retry", section="A", phase=phase) == ""
    await bench.until(lambda state: state.sections["A"].status is Status.DONE, "A to be merged")
    assert bench.git("show", f"orch/{bench.run.name}:draft.txt") == "draft"
    assert await bench.send("skip", section="B") == ""
    assert (await bench.done()).phase is Phase.DONE
