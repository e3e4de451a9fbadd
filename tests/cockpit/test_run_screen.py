"""While it runs: what is shown, what the keys send, what is said about it."""

from __future__ import annotations

import re

from conftest_cockpit import opened, said, screen, until

from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.run import Run
from orch_tui.cockpit.screens.steer import Steer
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.state import Phase, Status
from orch_tui.core.work_events import StepFailed

SIZE = (120, 40)


async def test_the_tree_shows_each_section_once_and_refers_to_it_elsewhere(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        shown = screen(pilot)
        assert shown.count("D  Steep") == 1
        assert "→ D (*)" in shown
        assert "+1 dep: C running" in shown


async def test_the_selected_sessions_stream_is_followed_as_it_grows(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "A says 59" in screen(pilot), "the stream")
        writer = running.stage.transcript("A", 1)
        writer.append("text", text="and one more\n")
        await until(pilot, lambda: "and one more" in screen(pilot), "the new line")


async def test_scrolled_back_the_stream_stays_where_it_is_and_says_what_is_new(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "A says 59" in screen(pilot), "the stream")
        await pilot.press("tab", "g")
        await until(pilot, lambda: "A says 0" in screen(pilot), "the beginning")
        writer = running.stage.transcript("A", 1)
        for number in range(7):
            writer.append("text", text=f"news {number}\n")
        await until(pilot, lambda: "new · G follows" in screen(pilot), "the pill")
        assert "A says 0" in screen(pilot)
        await pilot.press("G")
        await until(pilot, lambda: "news 6" in screen(pilot), "the end")
        assert "new · G follows" not in screen(pilot)


async def test_the_selection_stays_where_the_person_put_it(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G")
        assert pilot.app.screen.section == "D"  # the reference below C
        await pilot.press("k", "k")
        assert pilot.app.screen.section == "E"
        running.stage.finish("A", cost=0.1)
        await until(pilot, lambda: "✓ 1" in screen(pilot), "A done")
        assert pilot.app.screen.section == "E"


async def test_a_waiting_section_says_what_it_waits_for(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running_screen = pilot.app.screen
        running_screen.sections.select("D")
        await until(pilot, lambda: "waiting for 2 of 2: B waiting, C running" in screen(pilot), "the reason")


async def test_a_section_that_could_not_be_started_says_the_whole_reason_on_a_narrow_screen(lay):
    table = lay()
    table.stage.approve()
    begun = AttemptIntended(section="A", attempt=1, agent="claude", session_id="s", marker="m")
    why = "Claude Code is not logged in: run `claude` once and log in"
    table.stage.happens(begun, StepFailed(section="A", attempt=1, step="start", message=why))
    async with table.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "logged in: run `claude` once and log" in screen(pilot), "the reason")


async def test_digits_jump_to_running_sections(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "C says 59" in screen(pilot), "C's stream")
        await pilot.press("5")
        await pilot.pause()
        assert said(pilot) == "2 sections running"


async def test_p_pauses_and_resumes_the_section(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await until(pilot, lambda: said(pilot) == "A paused", "the answer")
        assert running.stage.state.sections["A"].held
        await pilot.press("p")
        await until(pilot, lambda: said(pilot) == "A goes on", "the answer")
        assert [op for op, _ in running.sent] == ["pause", "resume"]


async def test_capital_p_pauses_and_resumes_the_run(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("P")
        await until(pilot, lambda: said(pilot) == "the run paused", "the answer")
        await pilot.press("j")
        await until(pilot, lambda: "P go on" in screen(pilot), "the hint")
        await pilot.press("P")
        await until(pilot, lambda: running.stage.state.phase is Phase.RUNNING, "running again")


async def test_skipping_what_waits_asks_nothing_and_skipping_what_runs_does(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("E")
        await pilot.press("S")
        await until(pilot, lambda: running.stage.state.sections["E"].status is Status.SKIPPED, "skipped")
        pilot.app.screen.sections.select("A")
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "back")
        assert len(running.sent) == 1
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        await pilot.press("y")
        await until(pilot, lambda: ("skip", {"section": "A"}) in running.sent, "the command")


async def test_cancel_stop_and_cancel_run_ask_first(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        for key, op, args in (("x", "cancel", {"section": "A"}), ("X", "stop", {}), ("ctrl+x", "cancel", {})):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), f"the question of {key}")
            assert (op, args) not in running.sent
            await pilot.press("enter")  # nothing is focused: only y says yes
            assert isinstance(pilot.app.screen, Confirm)
            await pilot.press("y")
            await until(pilot, lambda sent=(op, args): sent in running.sent, f"the command of {key}")


async def test_steering_sends_what_was_typed_with_its_lines(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(pilot.app.screen, Steer), "the prompt")
        await pilot.press(*"use q", "ctrl+j", *"tea")
        await pilot.press("enter")
        await until(pilot, lambda: said(pilot) == "A was told", "the answer")
        assert running.sent == [("steer", {"section": "A", "text": "use q\ntea"})]


async def test_esc_discards_what_was_typed(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(pilot.app.screen, Steer), "the prompt")
        await pilot.press("h", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "back")
        assert running.sent == []


async def test_a_key_that_makes_no_sense_says_why_and_sends_nothing(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert said(pilot) == "cannot retry A: section 'A' is running; cancel it first to start it again"
        pilot.app.screen.sections.select("E")
        await pilot.press("i")
        await until(pilot, lambda: "no running agent" in said(pilot), "the reason")
        await pilot.press("z")
        await pilot.pause()
        assert said(pilot) == "'z' does nothing here · ? lists the keys"
        assert running.sent == []


async def test_a_failed_section_shows_why_and_is_retried_with_one_key(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.fail("A")
        await until(pilot, lambda: "× failed · block 1 ended with code 2" in screen(pilot), "the reason")
        assert "■ B" in screen(pilot)
        assert "ctrl+r retry" in screen(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: said(pilot) == "A will be tried again", "the answer")


async def test_what_a_runner_refuses_is_said_with_its_reason(running, monkeypatch):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        monkeypatch.setattr("orch_tui.cockpit.outcomes.foreseen", lambda *_: "")
        await pilot.press("R")
        await until(pilot, lambda: said(pilot).startswith("cannot retry: no section failed"), "the refusal")


async def test_a_runner_that_died_under_way_is_started_again_and_told(running, monkeypatch):
    alive = False
    monkeypatch.setattr("orch_tui.client.follow.Follower.runner_alive", lambda _: alive)
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app._tick()
        running.stage.clock.now += 3
        await until(pilot, lambda: running.revived == 1, "another runner")
        await until(pilot, lambda: "the runner is gone; the agents work on" in screen(pilot), "the banner")
        alive = True
        await until(pilot, lambda: said(pilot) == "another runner took over", "the news")
        assert "the runner is gone" not in screen(pilot)


async def test_when_no_runner_stays_the_last_words_of_one_are_on_the_screen(running, monkeypatch):
    monkeypatch.setattr("orch_tui.client.follow.Follower.runner_alive", lambda _: False)
    running.stage.run.log.write_text("orch-tui runner: the disk is on fire\n")
    async with running.cockpit().run_test(size=(200, 40)) as pilot:
        await opened(pilot)
        pilot.app._tick()
        running.stage.clock.now += 3
        await until(pilot, lambda: running.revived == 1, "another runner")
        running.stage.clock.now += 6
        words = "no runner stays (1 tried); runner.log ends with: orch-tui runner: the disk is on fire"
        await until(pilot, lambda: words in screen(pilot), "the banner")


async def test_a_command_that_no_runner_takes_in_starts_one_also_when_nothing_is_under_way(lay):
    table = lay()
    table.answers = False
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await until(pilot, lambda: table.sent, "the command")
        pilot.app._tick()
        table.stage.clock.now += 4
        pilot.app._tick()
        await until(pilot, lambda: table.revived == 1, "another runner")


async def test_a_runner_that_does_not_answer_is_named_dead_or_alive(running):
    running.answers = False
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("P")
        await until(pilot, lambda: running.sent, "the command")
        running.stage.clock.now += 2.5
        await until(pilot, lambda: "no runner answers (pause): any command starts it again" in screen(pilot), "banner")


async def test_search_in_the_stream_marks_and_walks(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "A says 59" in screen(pilot), "the stream")
        await pilot.press("tab", "g", "slash", *"says 4", "enter")
        await until(pilot, lambda: "line 6 holds 'says 4'" in said(pilot), "the first match")
        await pilot.press("n")
        await until(pilot, lambda: "line 42 holds" in said(pilot), "the next match")
        await pilot.press("N")
        await until(pilot, lambda: "line 6 holds" in said(pilot), "the one before")
        await pilot.press("N")
        await until(pilot, lambda: "is not above" in said(pilot), "no more")


async def test_search_in_the_list_goes_to_the_section(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"pour", "enter")
        await until(pilot, lambda: pilot.app.screen.section == "E", "E")
        await pilot.press("slash", *"coffee", "enter")
        await until(pilot, lambda: said(pilot) == "no section holds 'coffee'", "no match")


async def test_enter_on_a_reference_goes_to_its_section(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        sections = pilot.app.screen.sections
        await pilot.press("G")
        while not sections.on_reference:
            await pilot.press("j" if sections._cursor == 0 else "k")
        name = sections.section
        await pilot.press("enter")
        await pilot.pause()
        assert not sections.on_reference
        assert sections.section == name


async def test_v_shows_the_plan_beside_the_run_and_goes_back(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen.sections.select("B")
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review) and "Waits for" in screen(pilot), "the plan")
        assert pilot.app.screen.section == "B"
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        assert pilot.app.screen.section == "B"


async def test_t_f_w_and_space_change_how_the_right_side_looks(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "A says 59" in screen(pilot), "the stream")
        await pilot.press("t")
        time = re.compile(r"│ \d\d:\d\d:\d\d A says 59")
        await until(pilot, lambda: time.search(screen(pilot)), "times")
        await pilot.press("f")
        await until(pilot, lambda: "Sections" not in screen(pilot), "the stream alone")
        await pilot.press("escape")
        await until(pilot, lambda: "Sections" in screen(pilot), "both")
        writer = running.stage.transcript("A", 1)
        writer.append("text", text="begin " + "x" * 200 + " end\n")
        await until(pilot, lambda: "x end" in screen(pilot), "a long line, wrapped")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen.sections.has_focus, "the list to have the keys")
        await pilot.press("w")
        await until(pilot, lambda: "begin x" in screen(pilot) and "x end" not in screen(pilot), "the line cut")
        await pilot.press("space")
        await pilot.pause()
        assert pilot.app.screen.has_class("-peek")


async def test_the_cost_nobody_knows_is_not_shown_as_nothing(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        running.stage.use("C", 1.234)
        running.stage.fail("A")
        await until(pilot, lambda: "$1.23+?" in screen(pilot), "the cost")


async def test_q_leaves_and_the_run_is_not_touched(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running, "the end")
    assert running.sent == []


async def test_help_lists_remapped_keys_and_esc_closes(running):
    async with running.cockpit(key_overrides={"skip": "K"}).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: "skip the section" in screen(pilot), "the help")
        assert "K  skip the section" in screen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "back")
        pilot.app.screen.sections.select("E")
        await pilot.press("S")
        await pilot.pause()
        assert running.sent == []
        await pilot.press("K")
        await until(pilot, lambda: running.sent == [("skip", {"section": "E"})], "the command")


async def test_the_palette_runs_actions_and_finds_sections(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: "what to do, or a section" in screen(pilot), "the palette")
        await pilot.press(*"pour")
        await until(pilot, lambda: "→   E  Pour" in screen(pilot), "the section")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run) and pilot.app.screen.section == "E", "E")


async def test_two_cockpits_show_the_same(running):
    async with running.cockpit().run_test(size=SIZE) as one, running.cockpit().run_test(size=SIZE) as two:
        await opened(one)
        await opened(two)
        await one.press("P")
        for pilot in (one, two):
            await until(pilot, lambda shown=pilot: " paused " in screen(shown), "paused")


async def test_damage_makes_it_read_only_and_says_so(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        segment = running.stage.run.journal / "000001.jsonl"
        good = segment.read_bytes()
        lines = good.splitlines(keepends=True)
        segment.write_bytes(good + lines[-1].replace(b'"seq"', b'"sex"') + lines[-1])
        await until(pilot, lambda: "read-only: the journal of run" in screen(pilot), "the banner")
        await pilot.press("P")
        await pilot.pause()
        assert said(pilot) == "cannot pause: the run is read-only"
        assert running.sent == []


async def test_good_news_make_room_for_the_keys_after_a_while(running):
    async with running.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await until(pilot, lambda: said(pilot) == "A paused", "the answer")
        running.stage.clock.now += 6
        pilot.app._tick()
        await until(pilot, lambda: said(pilot) == "", "the keys")


async def test_a_deep_tree_leaves_room_for_titles_in_a_narrow_terminal(lay):
    chain = "".join(
        f"## Section S{n}: Title {n}\nDependencies: {f'Section S{n - 1}' if n else 'none'}\n\n" for n in range(12)
    )
    table = lay(f"# Chain\n\n{chain}")
    table.stage.approve()
    async with table.cockpit().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "S11  Title 11" in screen(pilot), "the last title")
        await pilot.resize_terminal(160, 40)
        await until(pilot, lambda: re.search(r" {12}└ · S8  Title 8", screen(pilot)), "deeper with more room")


async def test_news_that_come_while_the_cockpit_closes_are_not_drawn(lay):
    cockpit = lay().cockpit()
    async with cockpit.run_test(size=SIZE) as pilot:
        await opened(pilot)
        board = pilot.app.screen
        assert board.ready
    assert not board.ready
    cockpit.say("too late")
    cockpit._warn()
    cockpit._look_at_stream()
    cockpit._tick()
    cockpit.settle()
