"""Mending the graph in the review: what the keys ask, what they send, and what is to be seen afterwards."""

from __future__ import annotations

from conftest_cockpit import PLAN, Table, opened, said, screen, until

from orch_tui.cockpit.screens.assign import Assigning
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.picker import Choose, Picker
from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.steer import Steer

SIZE = (120, 40)


def edges(table: Table) -> set[tuple[str, str]]:
    return {(edge.upstream, edge.downstream) for edge in table.stage.state.dependencies}


async def dialog(pilot, kind) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), f"the {kind.__name__}")
    await pilot.pause()


async def closed(pilot) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the review")
    await until(pilot, lambda: not pilot.app._outbox.waiting, "the answer")
    await pilot.pause()


# --- edges ---


async def test_e_lets_a_section_wait_for_another_one_that_is_found_by_its_title(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("j", "e")  # C
        await dialog(pilot, Picker)
        assert "C  Choose leaves waits for …" in screen(pilot)
        await pilot.press(*"warm")
        assert "› B  Warm the pot" in screen(pilot)
        await pilot.press("tab", *"the kettle", "enter")
        await closed(pilot)
        edit = {"edit": "add-edge", "upstream": "B", "downstream": "C", "needs": ""}
        assert table.sent == [("mend", {"edits": [edit], "why": "the kettle"})]
        shown = screen(pilot)
        assert "› · C  Choose leaves" in shown
        assert "B  Warm the pot · mended" in shown
        assert "~ by you@pts/1, 14:13: the kettle" in shown
        assert "'C' waits for 'B'" in said(pilot)


async def test_the_picker_begins_at_a_section_that_makes_sense(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("j", "j", "e")  # B waits for A already
        await dialog(pilot, Picker)
        assert "› C  Choose leaves" in screen(pilot)
        await pilot.press("enter")
        await closed(pilot)
        assert ("C", "B") in edges(table)


async def test_the_other_direction_has_its_own_key(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("E")  # something waits for A
        await dialog(pilot, Picker)
        assert "… waits for A  Boil water" in screen(pilot)
        await pilot.press("C", "enter")
        await closed(pilot)
        assert ("A", "C") in edges(table)


async def test_a_mend_that_would_close_a_circle_shows_the_circle_and_asks_on(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("e", "D")  # A would wait for D
        await dialog(pilot, Picker)
        assert "closes a circle" in screen(pilot)
        await pilot.press("enter")
        await until(
            pilot, lambda: "that closes a circle: A (line 3) -> B (line 10) -> D" in screen(pilot), "the circle"
        )
        assert isinstance(pilot.app.screen, Picker)
        await pilot.press("escape")
        await closed(pilot)
        assert table.sent == []


async def test_d_drops_an_edge_which_stays_to_be_seen_with_who_and_why(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G", "k", "d")  # D
        await dialog(pilot, Picker)
        shown = screen(pilot)
        assert "› D waits for B" in shown
        assert "E waits for D" in shown
        assert "“Dependencies: Section B, Section C”" in shown
        await pilot.press("tab", *"no need", "enter")
        await closed(pilot)
        assert ("B", "D") not in edges(table)
        assert "- no longer waits for B  Warm the pot" in screen(pilot)
        assert "~ by you@pts/1, 14:13: no need" in screen(pilot)


async def test_r_turns_an_edge_round(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G", "R", "enter")  # E waits for D
        await closed(pilot)
        assert ("E", "D") in edges(table)
        assert ("D", "E") not in edges(table)


async def test_a_section_without_edges_has_none_to_drop(lay):
    table: Table = lay("# P\n\n## Section A: Alone\nDependencies: none\n")
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "waits for nothing" in said(pilot), "the reason")


# --- sections ---


async def test_leaving_out_asks_what_becomes_of_those_that_wait_and_names_them(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("j", "j", "x")  # B
        await dialog(pilot, Choose)
        shown = screen(pilot)
        assert "2 sections wait for it, directly or not: D  Steep, E  Pour." in shown
        await pilot.press("2")
        await closed(pilot)
        planned = {name: found.planned for name, found in table.stage.state.sections.items()}
        assert planned == {"A": "", "B": "excluded", "C": "", "D": "excluded", "E": "excluded"}
        assert "» B  Warm the pot" in screen(pilot)
        assert screen(pilot).count("left out ") >= 3
        await pilot.press("x")
        await closed(pilot)
        assert not table.stage.state.sections["B"].planned
        assert not table.stage.state.sections["E"].planned


async def test_leaving_out_alone_lets_the_others_go_on(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("j", "j", "x")
        await dialog(pilot, Choose)
        await pilot.press("tab", *"we have no pot", "enter")
        await closed(pilot)
        assert table.sent[0][1]["edits"] == [{"edit": "exclude", "section": "B", "dependants": "release"}]
        assert table.sent[0][1]["why"] == "we have no pot"
        assert "left out by you@pts/1: we have no pot" in screen(pilot)


async def test_a_section_is_marked_as_done_and_as_not_done_again(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("D")
        await dialog(pilot, Choose)
        await pilot.press("1")
        await closed(pilot)
        assert "✓ A  Boil water" in screen(pilot)
        assert "done already, says you@pts/1" in screen(pilot)
        await pilot.press("D")
        await dialog(pilot, Choose)
        assert "not done yet: to be carried out" in screen(pilot)
        await pilot.press("enter")
        await closed(pilot)
        assert table.stage.state.sections["A"].planned == ""


async def test_settings_are_given_to_all_marked_sections_and_taken_back(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("space", "m")  # A and C
        assert screen(pilot).count("●") == 2
        await pilot.press("s")
        await dialog(pilot, Assigning)
        assert "Set for 2 marked sections" in screen(pilot)
        await pilot.press(*"simulated", "tab", *"small", "tab", "tab", *"2.50", "enter")
        await closed(pilot)
        for name in ("A", "C"):
            found = table.stage.state.sections[name]
            assert (found.agent, found.model, found.budget_usd) == ("simulated", "small", 2.5)
        assert table.stage.state.sections["B"].agent == "claude"
        await pilot.press("c", "g")
        await until(pilot, lambda: "agent simulated · model small · budget $2.50" in screen(pilot), "the settings")
        await pilot.press("s")
        await dialog(pilot, Assigning)
        await pilot.press("tab", *["backspace"] * 5, "enter")
        await closed(pilot)
        assert table.stage.state.sections["A"].model == ""


async def test_a_setting_that_cannot_be_is_told_in_the_form(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await dialog(pilot, Assigning)
        await pilot.press("tab", "tab", "tab", *"lots", "enter")
        await until(pilot, lambda: "a number of US dollars" in screen(pilot), "the reason")
        assert isinstance(pilot.app.screen, Assigning)
        assert table.sent == []


async def test_where_settings_differ_a_dash_takes_them_back(lay):
    table: Table = lay()
    table.stage.obey("mend", {"edits": [{"edit": "assign", "section": "A", "what": "model", "value": "small"}]})
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("M", "s")  # A and C
        await dialog(pilot, Assigning)
        assert "they differ; '-' takes it back from all" in screen(pilot)
        await pilot.press("tab", "-", "enter")
        await closed(pilot)
        taken = {"edit": "assign", "section": "A", "what": "model", "value": ""}
        assert table.sent[-1][1]["edits"] == [taken]


async def test_a_note_is_shown_with_its_section(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("i")
        await dialog(pilot, Steer)
        await pilot.press(*"use rain water", "enter")
        await closed(pilot)
        assert table.stage.state.sections["A"].notes[0].text == "use rain water"
        assert "Note by you@pts/1, 14:13" in screen(pilot)
        assert "│ use rain water" in screen(pilot)


async def test_marks_come_by_section_and_by_wave_and_go_together(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("M")
        assert "2 marked" in said(pilot)
        await pilot.press("M")
        assert "no marks" in said(pilot)
        await pilot.press("space", "space", "space")
        assert "3 marked" in said(pilot)
        await pilot.press("c")
        assert "●" not in screen(pilot)


# --- back and forth, and others ---


async def test_undo_and_redo_say_what_they_do(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G", "R", "enter")
        await closed(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "taken back: " in said(pilot), "the undoing")
        assert ("D", "E") in edges(table)
        await pilot.press("U")
        await until(pilot, lambda: "again: " in said(pilot), "the redoing")
        assert ("E", "D") in edges(table)


async def test_steps_back_and_forth_that_are_typed_faster_than_they_are_answered_are_all_made(lay):
    table: Table = lay()
    for name in "ABC":
        table.stage.obey("mend", {"edits": [{"edit": "exclude", "section": name}]}, actor="you@pts/1")
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("u", "u", "u", "U", "u", "U", "U")
        await until(pilot, lambda: len(table.sent) == 7, "all steps")
        await closed(pilot)
        assert [status for status in table.stage.state.commands.values() if status] == []
        assert [section.id for section in table.stage.state.sections.values() if section.planned] == ["A", "B"]


async def test_what_another_cockpit_took_back_meanwhile_is_not_taken_back_with_the_one_before_it(lay):
    table: Table = lay()
    for name in "AB":
        table.stage.obey("mend", {"edits": [{"edit": "exclude", "section": name}]}, actor="you@pts/1")
    send = table.send

    def late(run, op, args):
        table.stage.obey("unmend", {}, actor="you@pts/2")  # who was quicker
        return send(run, op, args)

    table.send = late
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "is not the one you saw any more" in said(pilot), "the reason")
        assert [section.id for section in table.stage.state.sections.values() if section.planned] == ["A"]


async def test_nothing_to_undo_is_told(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "u undo" not in screen(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "no mend to take back" in said(pilot), "the reason")


async def test_somebody_elses_mend_is_taken_back_only_after_asking(lay):
    table: Table = lay()
    edit = {"edit": "drop-edge", "upstream": "D", "downstream": "E"}
    table.stage.obey("mend", {"edits": [edit]}, actor="somebody@else")
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("u")
        await dialog(pilot, Confirm)
        assert "The last mend is somebody@else's" in screen(pilot)
        await pilot.press("n")
        await closed(pilot)
        assert table.sent == []


async def test_a_second_cockpit_sees_a_mend_at_once_and_its_stale_edit_is_refused(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G", "d")  # E waits for D
        await dialog(pilot, Picker)
        edit = {"edit": "drop-edge", "upstream": "D", "downstream": "E"}
        table.stage.obey("mend", {"edits": [edit]}, actor="somebody@else")
        await until(
            pilot, lambda: ("D", "E") not in edges(table) and pilot.app.state.seq == table.stage.state.seq, "it"
        )
        await pilot.press("enter")
        await until(pilot, lambda: "'E' does not wait for 'D'" in screen(pilot), "the reason")
        await pilot.press("escape")
        await closed(pilot)
        assert table.sent == []
        assert "by somebody@else" in screen(pilot)


async def test_a_mend_the_runner_refuses_after_all_says_why(lay):
    table: Table = lay()
    send, edit = table.send, {"edit": "drop-edge", "upstream": "D", "downstream": "E"}

    def late(run, op, args):
        table.stage.obey("mend", {"edits": [edit]}, actor="somebody@else")  # who was quicker
        return send(run, op, args)

    table.send = late
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("G", "d", "enter")
        await until(pilot, lambda: "cannot mend" in said(pilot), "the refusal")
        assert "does not wait for 'D'" in said(pilot)


async def test_foreign_text_in_titles_and_reasons_is_cleaned(lay):
    evil = "\x1b]52;c;ZXZpbA==\x07\x1b[31m[/nope] [bold \u202e"
    table: Table = lay(PLAN.replace("Boil water", f"Boil {evil} water"))
    edit = {"edit": "add-edge", "upstream": "C", "downstream": "B"}
    table.stage.obey("mend", {"edits": [edit], "why": f"because {evil}"}, actor=f"some{evil}body")
    table.stage.obey("mend", {"edits": [{"edit": "add-note", "section": "B", "text": f"n\n{evil}"}]}, actor=evil)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        for keys in (("G", "k", "k"), ("e",), ("down",), ("escape",), ("d",), ("escape",), ("x",), ("escape",), ("s",)):
            await pilot.press(*keys)
            await pilot.pause(0.05)
            shown = screen(pilot)
            assert "\x1b" not in shown
            assert "\u202e" not in shown
        assert "[/nope] [bold" in shown
