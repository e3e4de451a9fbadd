"""Before approval: what is shown, and that nothing runs without it."""

from __future__ import annotations

import pytest
from conftest_cockpit import PLAN, Table, opened, said, screen, until

from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.run import Run
from orch_tui.core.state import Phase
from orch_tui.flow.workflow import AgentPhase, ScriptPhase, TerminalPhase, Workflow


async def test_sections_stand_in_waves_with_what_they_wait_for_in_the_plans_words(lay):
    async with lay().cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("j", "j")
        shown = screen(pilot)
        assert "Wave 1 · 2 side by side" in shown
        assert "Wave 4 · 1 section" in shown
        assert "› · B  Warm the pot" in shown
        assert "needs: hot water" in shown
        assert "11   “Dependencies: Section A (hot water)”" in shown


async def test_a_approves_exactly_what_is_shown_and_the_run_screen_opens(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert isinstance(pilot.app.screen, Review)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run screen")
        assert table.sent == [("approve", {"plan_sha": table.stage.sha, "graph_sha": table.stage.state.graph_sha})]
        assert table.stage.state.phase is Phase.RUNNING
        await until(pilot, lambda: said(pilot) == "approved: the run begins", "the answer")


async def test_after_approval_the_selection_goes_to_what_runs(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("G", "a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run screen")
        table.stage.start("C").close()
        await until(pilot, lambda: pilot.app.screen.section == "C", "C selected")
        table.stage.finish("C", cost=0.1)
        table.stage.start("A").close()
        await until(pilot, lambda: pilot.app.screen.section == "A", "A selected")


async def test_a_cycle_is_named_first_and_cannot_be_approved(lay):
    text = PLAN.replace("Dependencies: none\n\n```bash", "Dependencies: Section D\n\n```bash")
    words = "A (line 3) -> B (line 10) -> D (line 16) -> A"
    table: Table = lay(text)
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert f"× {words}" in screen(pilot)
        assert "cannot start: a cycle" in screen(pilot)
        assert "Can never start" in screen(pilot)
        assert "a approve" not in screen(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert words in said(pilot)
        assert table.sent == []


async def test_a_script_section_shows_exactly_the_blocks_that_will_run(lay):
    async with lay(agents={"A": "script"}).cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        shown = screen(pilot)
        assert "Will run, exactly this" in shown
        assert "7 │ echo boiling" in shown


@pytest.mark.parametrize(
    ("checks", "shown"),
    [(("make a && make b",), "│ make a && make b"), ((), "Checked by what the project's own files say by then")],
)
async def test_the_commands_that_check_a_section_are_shown_before_it_is_approved(lay, checks, shown):
    checking = Workflow(
        name="checking",
        start="do",
        phases={
            "do": AgentPhase(to={"success": "check"}),
            "check": ScriptPhase(do="checks", to={"success": "end"}),
            "end": TerminalPhase(),
        },
    )
    table = lay(workflows=(checking,), workflow="checking", checks=checks)
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert shown in screen(pilot)


async def test_a_block_with_invisible_characters_says_so(lay):
    text = PLAN.replace("echo boiling", "echo boil\u202eing")
    async with lay(text, agents={"A": "script"}).cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "invisible characters" in screen(pilot)


async def test_a_plan_edited_since_it_was_read_is_told_and_can_be_read_again(lay):
    table: Table = lay()
    table.changed = "plan.md was edited since it was read; read it again before you approve"
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "plan.md was edited" in screen(pilot), "the banner")
        table.stage.plan.write_text(PLAN.replace("Pour", "Pour slowly"))
        table.changed = ""
        await pilot.press("r")
        await until(pilot, lambda: "Pour slowly" in screen(pilot), "the new text")
        assert "the plan was read again" in said(pilot)
        await until(pilot, lambda: "plan.md was edited" not in screen(pilot), "the end of the banner")


async def test_reading_again_an_unchanged_plan_says_so(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("r")
        await until(pilot, lambda: "says what is shown" in said(pilot), "the answer")
        assert table.sent == []


async def test_unapproved_the_run_screen_is_not_to_be_had(lay):
    async with lay().cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Review)
        assert "nothing runs before" in said(pilot)


async def test_another_terminal_approves_and_this_one_follows(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        table.stage.approve(by="somebody@else")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run screen")


async def test_a_section_of_data_is_shown_as_the_text_and_the_blocks_made_of_its_fields(lay):
    made = {"A": "Boil it.\n\n```sh\necho boiled\n```"}
    async with lay(agents={"A": "script"}, made=made).cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        rows = [row.partition("││")[2].rstrip("│ ").strip() for row in screen(pilot).splitlines()]
        at = rows.index("Will run, exactly this")
        assert rows[at + 1 : at + 6] == ["│ echo boiled", "", "Text · made of lines 3 to 9", "Boil it.", ""]


async def test_a_section_of_data_that_is_only_a_title_says_so_and_not_that_its_text_is_missing(lay):
    async with lay(made={"A": ""}).cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "it has nothing but its title" in screen(pilot)
        assert "missing" not in screen(pilot)
