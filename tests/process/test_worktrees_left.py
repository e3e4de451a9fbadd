"""What becomes of the worktrees of sections that came to nothing."""

from __future__ import annotations

from pathlib import Path

from running import GATE, Bench, sections

from orch_tui.core.state import Phase


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
