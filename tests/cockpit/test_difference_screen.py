"""A plan that changes while it runs: what is shown of it, what is to be decided, and what is sent."""

from __future__ import annotations

from conftest_cockpit import PLAN, Table, opened, said, screen, until

from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.difference import Difference
from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.run import Run

SIZE = (120, 40)
REWORDED = PLAN.replace("```bash\necho boiling\n```", "Use rain water.")


def under_way(lay) -> Table:
    """A is done, B and C are at work."""
    table: Table = lay()
    table.stage.approve()
    table.stage.start("A").close()
    table.stage.finish("A", cost=0.1)
    table.stage.start("B").close()
    table.stage.start("C").close()
    return table


async def difference(pilot, table: Table, text: str) -> None:
    table.stage.plan.write_text(text)
    await opened(pilot)
    await pilot.press("r")
    await until(pilot, lambda: isinstance(pilot.app.screen, Difference), "the difference")
    await until(pilot, lambda: pilot.app.screen.ready, "its drawing")
    await pilot.pause()


async def to(pilot, section: str) -> None:
    await until(pilot, lambda: not pilot.app._outbox.waiting, "the answer")
    for _ in range(12):
        if pilot.app.screen.section == section:
            return
        await pilot.press("j")
    raise AssertionError(f"{section} is not in the list:\n{screen(pilot)}")


async def test_the_banner_of_a_run_names_the_key_that_shows_the_difference(lay):
    table = under_way(lay)
    table.changed = "plan.md was edited since it was approved; the run goes on with the approved text"
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "the approved text · r shows what changed" in screen(pilot), "the banner")


async def test_every_kind_of_change_stands_under_its_heading(lay):
    text = REWORDED.replace("## Section E: Pour", "## Section F: Serve")
    text = (
        text.replace("Section B, Section C", "Section B") + "\n## Section G: Wash up\nDependencies: Section F\n\nAll.\n"
    )
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, text)
        shown = screen(pilot)
        assert "What changed" in shown
        assert "New · 1" in shown
        assert "Reworded · 2" in shown  # D's own line of dependencies is its text too
        assert "✓ A  Boil water" in shown
        assert "G  Wash up" in shown
        await to(pilot, "D")
        assert "- no longer waits for C  Choose leaves" in screen(pilot)
        await to(pilot, "F")
        assert "was “Pour”" in screen(pilot)
        assert "F  Serve" in screen(pilot)
        assert "E  Pour" not in screen(pilot)


async def test_what_changed_outside_the_sections_is_to_be_seen(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, PLAN.replace("# ", "# Green ", 1))
        assert "title: “" in screen(pilot)


async def test_the_text_stands_side_by_side_from_120_columns_and_in_one_below(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED)
        shown = screen(pilot)
        assert "As it runs" in shown
        assert "As it is now" in shown
        assert "+ Use rain water." in shown
        assert "- echo boiling" in shown
        await pilot.press("s")
        assert "Text · - as it runs, + as it is now" in screen(pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.press("s")
        await pilot.press("s")
        await pilot.pause()
        assert "+ Use rain water." in screen(pilot)


async def test_a_finished_section_stays_finished_unless_the_person_says_so(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED)
        await to(pilot, "A")
        assert "keep: it is finished and stays so · c or space chooses otherwise" in screen(pilot)
        await pilot.press("c")
        assert "redo: it is done again from the new text" in screen(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        await until(pilot, lambda: "goes on with the changed plan" in said(pilot), "the words")
        op, args = table.sent[-1]
        assert (op, args["redo"], args["running"]) == ("approve", ["A"], {})
        assert table.stage.state.sections["A"].verdict == ""


async def test_what_was_chosen_stands_after_a_look_at_the_other_boards_until_the_plan_is_given_up(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED)
        await to(pilot, "A")
        await pilot.press("c", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the plan")
        await pilot.press("r")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Difference) and pilot.app.screen.ready, "the difference"
        )
        await to(pilot, "A")
        assert "redo: it is done again from the new text" in screen(pilot)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        await difference(pilot, table, REWORDED + "\n")
        await to(pilot, "A")
        assert "keep: it is finished and stays so" in screen(pilot)


async def test_a_running_section_is_left_restarted_or_stopped_by_choice(lay):
    table = under_way(lay)
    text = PLAN.replace("Dependencies: Section A (hot water)", "Dependencies: Section A (hot water)\n\nWarm it well.")
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, text)
        await to(pilot, "B")
        for word in ("leave: it goes on", "restart: it is ended and begins", "stop: it is ended and held"):
            assert word in screen(pilot)
            await pilot.press("space")
        await pilot.press("space", "a")  # restart
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        assert table.sent[-1][1]["running"] == {"B": "restart"}
        assert "B" in table.stage.state.ending


async def test_what_does_not_run_and_is_not_finished_has_nothing_to_choose(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, PLAN.replace("## Section E: Pour", "## Section E: Pour out"))
        await to(pilot, "E")
        assert "c choose" not in screen(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "nothing to choose" in said(pilot), "the words")


async def test_the_changed_plan_is_given_up_after_asking(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        assert table.sent[-1] == ("discard", {})
        assert table.stage.state.candidate is None
        await until(pilot, lambda: "was given up" in said(pilot), "the words")


async def test_mending_while_it_runs_makes_a_candidate_to_approve(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the plan")
        await until(pilot, lambda: pilot.app.screen.ready, "its drawing")
        await pilot.press("G", "x", "1")
        await until(pilot, lambda: table.stage.state.candidate is not None, "the candidate")
        assert table.stage.state.sections["E"].planned == ""  # what runs is as it was
        await until(pilot, lambda: "left out" in screen(pilot), "the mend")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Difference), "the difference")
        await until(pilot, lambda: "the text is the same" in screen(pilot), "the text")
        assert "Run otherwise · 1" in screen(pilot)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        await until(pilot, lambda: "a changed plan waits for your approval" in screen(pilot), "the banner")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, Difference), "the difference again")
        await until(pilot, lambda: pilot.app.screen.ready, "its drawing")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run again")
        assert table.stage.state.sections["E"].planned == "excluded"


async def test_an_unchanged_plan_has_no_difference_to_show(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("r")
        await until(pilot, lambda: "says what is shown" in said(pilot), "the words")
        assert isinstance(pilot.app.screen, Run)
        assert table.sent == []


async def test_another_terminal_approves_and_the_difference_closes(lay):
    table = under_way(lay)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED)
        state = table.stage.state
        shown = {"plan_sha": state.candidate.read.plan_sha, "graph_sha": state.candidate.graph_sha}
        table.stage.obey("approve", shown, actor="somebody@else")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")


async def test_both_columns_move_together(lay):
    table = under_way(lay)
    long = "\n".join(f"step {number}" for number in range(100))
    text = PLAN.replace("```bash\necho boiling\n```", long)
    table.stage.plan.write_text(text)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, text.replace("step", "stage"))
        await pilot.press("tab", "G")
        await pilot.pause()
        board = pilot.app.screen
        assert board.query_one("#old").place == board.query_one("#new").place > 0


async def test_w_cuts_the_lines_of_the_text_in_one_column(lay):
    table = under_way(lay)
    long = "begin " + "x" * 200 + " end"
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await difference(pilot, table, REWORDED.replace("Use rain water.", long))
        await pilot.press("s")
        await until(pilot, lambda: "x end" in screen(pilot), "the new text, wrapped")
        await pilot.press("w")
        await until(pilot, lambda: "begin x" in screen(pilot) and "x end" not in screen(pilot), "the line cut")
        await pilot.press("w")
        await until(pilot, lambda: "x end" in screen(pilot), "the line wrapped again")
