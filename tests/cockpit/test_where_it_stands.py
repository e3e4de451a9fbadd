"""Where a run stands, at a glance: what is going on, what comes next, what a person can do about it."""

from __future__ import annotations

from conftest_cockpit import opened, screen, until

from orch_tui.cockpit.screens.ask import Permission
from orch_tui.cockpit.screens.run import Run
from orch_tui.core.run_events import RunFinished, RunHalted, RunPaused, RunStopped

SIZE = (120, 40)


async def test_the_list_by_what_is_going_on_puts_what_needs_the_person_first(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("L")
        await until(pilot, lambda: "Running · 2" in screen(pilot), "the groups")
        assert "2 ▶ C  Choose leaves" in screen(pilot)
        running.ask("C")
        await until(pilot, lambda: "Asks you · 1" in screen(pilot), "who asks")
        shown = "\n".join(line[:46] for line in screen(pilot).splitlines()[3:])  # the list alone
        groups = ["Asks you · 1", "C  Choose leaves", "Running · 1", "A  Boil water", "Waiting · 3", "B  Warm the pot"]
        places = [shown.index(group) for group in groups]
        assert places == sorted(places)
        assert "→" not in shown
        await pilot.press("L")
        await until(pilot, lambda: "→ D (*)" in screen(pilot), "the tree")


async def test_the_selection_stays_with_its_section_while_groups_change(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("L", "2")
        assert isinstance(pilot.app.screen, Run)
        await until(pilot, lambda: pilot.app.screen.section == "C", "C is selected")
        running.stage.finish("A", cost=None)
        await until(pilot, lambda: "Done · 1" in screen(pilot), "A is done")
        assert pilot.app.screen.section == "C"


async def test_a_section_that_was_never_tried_shows_what_it_is_about(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("D")
        await until(pilot, lambda: "waiting for 2 of 2: B waiting, C running" in screen(pilot), "the reason")
        assert "16 ## Section D: Steep" in screen(pilot)
        running.stage.finish("C", cost=None)
        await until(pilot, lambda: "waiting for 1 of 2: B waiting" in screen(pilot), "the reason as it is now")


async def test_a_halted_run_says_why(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.happens(RunHalted(why="the stored plan is not what was approved; approve it again"))
        await until(pilot, lambda: "× halted: the stored plan is not what was approved" in screen(pilot), "the reason")


async def test_a_paused_and_a_stopped_run_name_the_key_that_goes_on(running):
    async with running.cockpit(key_overrides={"pause_run": "O"}).run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.happens(RunPaused(by="you@pts/1"))
        await until(pilot, lambda: "paused by you@pts/1: nothing new starts · O goes on" in screen(pilot), "paused")
        running.stage.happens(RunStopped())
        await until(pilot, lambda: "no process is left · O goes on" in screen(pilot), "stopped")


async def test_a_finished_run_says_where_the_work_is(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.finish("A", cost=None, files=("tea",))
        running.stage.happens(RunFinished(outcome="done"))
        words = "✓ done · M (or `orch-tui land`) brings the work to your branch"
        await until(pilot, lambda: words in screen(pilot), "what comes next")


async def test_a_run_that_was_cancelled_before_anything_was_merged_offers_nothing_to_merge(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.happens(RunFinished(outcome="cancelled"))
        await until(pilot, lambda: "cancelled for good · nothing was merged" in screen(pilot), "what comes next")


async def test_a_run_that_failed_names_the_keys_that_help(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.fail("A")
        running.stage.happens(RunFinished(outcome="failed"))
        await until(pilot, lambda: "1 failed, nothing else can run · R tries again what failed" in screen(pilot))


async def test_changes_are_offered_only_when_there_are_some(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "i steer" in screen(pilot), "the keys")
        assert "r changes" not in screen(pilot)
        running.changed = "plan.md was edited"
        await until(pilot, lambda: "r changes" in screen(pilot), "the offer")


async def test_dialogs_and_the_counter_name_the_keys_as_they_are(running):
    app = running.cockpit(key_overrides={"answer": "O", "allow": "y", "later": "f9"})
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.ask("A")
        await until(pilot, lambda: "? 1 asking: O" in screen(pilot), "the counter")
        await pilot.press("O")
        await until(pilot, lambda: isinstance(pilot.app.screen, Permission), "the dialog")
        await until(pilot, lambda: "y allow  r reject  tab reason  f9 later" in screen(pilot), "its keys")


async def test_a_dialog_says_how_long_the_agent_waits_by_now(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.ask("A")
        await pilot.press("o")
        await until(pilot, lambda: "waiting 0s" in screen(pilot), "the dialog")
        running.stage.clock.now += 65
        await until(pilot, lambda: "waiting 1:05" in screen(pilot), "a minute later")


async def test_a_narrow_header_keeps_what_runs_and_what_failed(running):
    running.stage.fail("A")
    async with running.cockpit().run_test(size=(52, 24)) as pilot:
        await opened(pilot)
        header = screen(pilot).splitlines()[0]
        assert "▶ 1" in header
        assert "· " not in header


async def test_what_else_a_section_waits_for_never_costs_it_its_title(lay):
    table = lay()
    table.stage.approve()
    table.stage.start("A")
    async with table.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "D  Steep  +1 dep" in screen(pilot)
        assert "D  Steep…" not in screen(pilot)
        assert "dep:" not in screen(pilot)


async def test_a_dialog_leaves_the_looks_of_what_is_below_it_alone(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pane = pilot.app.screen.query_one("#plan")
        before = pane.get_component_styles("lines--margin").color
        await pilot.press("question_mark")
        await until(pilot, lambda: "Keys" in screen(pilot), "the help")
        assert pane.get_component_styles("lines--margin").color == before


async def test_a_title_that_just_fits_keeps_its_distance_from_the_clock(lay):
    width = 19  # cells the list has for this title in a terminal of 80 columns
    table = lay(f"# P\n\n## Section A: {'x' * width}\n\n## Section B: b\nDependencies: Section A\n")
    table.stage.approve()
    table.stage.start("A")
    async with table.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "xx… 0s" in screen(pilot)


async def test_in_a_narrow_terminal_the_help_has_room_for_words(running):
    async with running.cockpit().run_test(size=(60, 24)) as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: "o  open what an agent asks; the" in screen(pilot), "the words beside their key")
