"""What a section changed, line by line: of a worktree, of a branch, of what was merged; and never too much of it."""

from __future__ import annotations

from threading import Event

import pytest
from conftest_cockpit import LIMIT, PLAN, opened, screen, until
from staged_git import git, in_git, merged, works

from orch_tui.client import section_work
from orch_tui.cockpit.screens.ask import Question
from orch_tui.cockpit.screens.reading import Reading
from orch_tui.core.run_events import RunPaused
from orch_tui.core.section_events import PhaseEntered
from orch_tui.core.state import Phase
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow

REVIEWED = Workflow(
    name="reviewed",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "review"}, max_visits=3),
        "review": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


@pytest.fixture
def table(lay):
    laid = lay(workflows=(REVIEWED,), workflow="reviewed")
    in_git(laid)
    return laid


async def reads(pilot, section: str, words: str) -> str:
    pilot.app.screen.sections.select(section)
    await pilot.press("D")
    await until(pilot, lambda: isinstance(pilot.app.screen, Reading) and words in screen(pilot), words)
    return screen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_work_of_an_agent_is_seen_while_it_is_at_it(table, size):
    works(table, "A", {"new.py": b"boil()\n", "plan.md": PLAN.replace("# Tea", "# Other").encode()}, commits=False)
    async with table.cockpit().run_test(size=size) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "A", "as it is now")
        assert "changed  plan.md" in shown
        assert "untracked  new.py" in shown
        assert "+# Other" in shown
        assert "-# Tea" in shown


async def test_what_was_committed_is_seen_before_and_after_it_is_merged(table):
    works(table, "A", {"kettle.py": b"boil()\n"})
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "new  kettle.py" in await reads(pilot, "A", "+boil()")
        await pilot.press("escape")
        merged(table, "A")
        works(table, "C", {"leaves.py": b"green\n"})
        merged(table, "C")
        shown = await reads(pilot, "A", ", merged")
        assert "+boil()" in shown
        assert "leaves" not in shown, "what others merged since is not this section's"


async def test_a_difference_that_is_huge_is_read_as_far_as_anybody_looks(table, monkeypatch):
    monkeypatch.setattr(section_work, "MOST", 1_000_000)
    works(table, "A", {"huge.txt": b"line after line\n" * 1_000_000, "long.txt": b"x" * 3_000_000 + b"\n"})
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "A", "the difference goes on after 1 MB")
        assert "huge.txt" in shown
        assert "long.txt" in shown
        assert len(pilot.app.screen._page.lines.items) < 70_000


async def test_hostile_names_and_lines_reach_no_terminal(table):
    works(table, "A", {"a\x1b[31m[/nope].py": "\x1b]0;EVIL\x07 [bold\u202e\n".encode()})
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        shown = await reads(pilot, "A", "[bold")
        assert not set(shown) & set("\x1b\x07\u202e")


async def test_a_section_without_a_branch_says_so(table):
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await reads(pilot, "D", "has no branch yet")


async def test_who_is_asked_to_review_sees_the_work_by_a_key(table):
    works(table, "A", {"kettle.py": b"boil()\n"})
    table.stage.happens(PhaseEntered(section="A", phase="review", visit=1))
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Question), "the question")
        assert "D diff" in screen(pilot)
        await pilot.press("D")
        await until(pilot, lambda: "+boil()" in screen(pilot), "the work")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Question), "the question again")
        await pilot.press("e")
        await until(pilot, lambda: "implement" in screen(pilot) and isinstance(pilot.app.screen, Reading), "the result")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, Question), "the question again")
        await until(pilot, lambda: not pilot.app.screen._guarded, "that keys count")
        await pilot.press("1")
        await until(pilot, lambda: table.sent, "the answer")
        assert table.sent[0][1]["choice"] == "success"
    git(table.stage.root, "fsck")


async def test_field_and_keys_of_a_question_are_seen_on_a_low_screen_however_much_is_told_beside_it(table):
    works(table, "A", {f"a-long-name-of-a-file-{number}.py": b"boil()\n" for number in range(12)})
    table.stage.happens(PhaseEntered(section="A", phase="review", visit=1))
    async with table.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Question), "the question")
        await until(pilot, lambda: "D diff" in screen(pilot), "the keys")
        assert "what whoever goes on with it should know" in screen(pilot)
        await pilot.press("ctrl+d", "ctrl+d", "ctrl+d")
        await until(pilot, lambda: "worktree " in screen(pilot), "where the work lies, further down")


async def test_the_run_goes_on_on_the_screen_while_a_difference_is_read(table, monkeypatch):
    works(table, "A", {"kettle.py": b"boil()\n"})
    may_end, look = Event(), section_work.look

    def slowly(*about):
        may_end.wait(LIMIT)
        return look(*about)

    monkeypatch.setattr(section_work, "look", slowly)
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        try:
            await pilot.press("D")
            await until(pilot, lambda: "looking it up" in screen(pilot), "the dialog")
            table.stage.happens(RunPaused(by="you"))
            await until(pilot, lambda: pilot.app.state.phase is Phase.PAUSED, "the news")
        finally:
            may_end.set()
        await until(pilot, lambda: "+boil()" in screen(pilot), "the difference")
