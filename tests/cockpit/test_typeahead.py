"""Keys that come all at once, as a busy machine and a slow line hand them over."""

from __future__ import annotations

from conftest_cockpit import opened, said, until
from textual import events
from textual.pilot import Pilot


def typed_at_once(pilot: Pilot[None], *keys: str) -> None:
    """All of them are there before the first is looked at."""
    for key in keys:
        name = {"/": "slash", " ": "space"}.get(key, key)
        character = key if len(key) == 1 else {"enter": "\r"}.get(key)
        pilot.app.post_message(events.Key(name, character))


async def test_what_is_typed_behind_the_search_key_is_searched_for_and_no_command(running):
    async with running.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "/", "p", "x", "S", "enter")
        await until(pilot, lambda: "'pxS'" in said(pilot), "the search")
    assert running.sent == []


async def test_what_is_typed_behind_the_steer_key_is_what_the_agent_is_told(running):
    async with running.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "i", *"pause it, X", "enter")
        await until(pilot, lambda: running.sent, "the message")
    assert running.sent == [("steer", {"section": "A", "text": "pause it, X"})]


async def test_keys_after_a_message_was_given_up_are_commands_again(running):
    async with running.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("i", "x", "escape")
        await pilot.press("p")
        await until(pilot, lambda: running.sent, "the pause")
    assert running.sent == [("pause", {"section": "A"})]


async def test_what_is_typed_behind_a_key_that_opens_a_picker_is_searched_for(lay):
    table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "j", "e", *"warm", "enter")
        await until(pilot, lambda: table.sent, "the mend")
    (edit,) = table.sent[0][1]["edits"]
    assert (edit["upstream"], edit["downstream"]) == ("B", "C")


async def test_a_digit_typed_behind_a_question_answers_it(lay):
    table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "x", "2")
        await until(pilot, lambda: table.sent, "the mend")
    assert table.sent[0][1]["edits"] == [{"edit": "exclude", "section": "A", "dependants": "exclude"}]


async def test_keys_behind_a_dialog_that_does_not_open_are_commands_again(lay):
    table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "p", "j", "j")  # nothing is proposed
        await until(pilot, lambda: pilot.app.screen.section == "B", "the movement")


async def test_what_is_typed_behind_tab_goes_into_the_next_field(lay):
    table = lay()
    async with table.cockpit().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        typed_at_once(pilot, "j", "e", *"warm", "tab", *"no x", "enter", "k", "x", "1")
        await until(pilot, lambda: len(table.sent) == 2, "both mends")
    assert table.sent[0][1]["why"] == "no x"
    assert [edit["edit"] for _, args in table.sent for edit in args["edits"]] == ["add-edge", "exclude"]
