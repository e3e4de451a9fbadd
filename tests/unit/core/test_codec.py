"""Events, commands and snapshots survive the way to JSON and back."""

from __future__ import annotations

import json
import random
import re
from dataclasses import fields

import pytest
from scene import Scene, plan

from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptLost, UsageReported
from orch_tui.core.codec import (
    VERSION,
    decode_command,
    decode_event,
    decode_state,
    encode_command,
    encode_event,
    encode_state,
)
from orch_tui.core.commands import OPS, Cancel, Pause, Resume, Retry, Skip, Steer, Stop
from orch_tui.core.run_events import RunPaused
from orch_tui.core.state import State
from orch_tui.errors import CommandError, NewerError
from orch_tui.plan.edits import AddEdge, Exclude


def test_every_event_of_a_long_story_comes_back_equal():
    scene = story(seed=1)
    kinds = set()
    for event in scene.happened:
        type_, data = encode_event(event)
        kinds.add(type_)
        assert decode_event(type_, VERSION, json.loads(json.dumps(data))) == event
    assert len(kinds) > 15


@pytest.mark.parametrize("seed", range(20))
def test_a_snapshot_anywhere_and_the_rest_give_the_same_state_as_all(seed: int):
    scene = story(seed)
    cut = random.Random(seed).randrange(len(scene.happened))
    first = State()
    for number, (event, cause) in enumerate(zip(scene.happened[:cut], scene.causes[:cut], strict=True), 1):
        apply(first, event, seq=number, at=float(number), cause=cause)
    restored = decode_state(encode_state(first))
    assert restored == first
    assert restored is not None
    for number, (event, cause) in enumerate(zip(scene.happened[cut:], scene.causes[cut:], strict=True), cut + 1):
        apply(first, event, seq=number, at=float(number), cause=cause)
        apply(restored, event, seq=number, at=float(number), cause=cause)
    assert restored == first


@pytest.mark.parametrize("seed", range(20))
def test_the_indexes_agree_with_a_count_from_scratch(seed: int):
    state = story(seed).state
    for status, count in state.counts.items():
        assert count == sum(section.status is status for section in state.sections.values())
    for section in state.sections.values():
        above = [state.sections[up] for up in section.upstream]
        assert section.unmet == sum(up.status != "done" and (up.status != "skipped" or up.unmet > 0) for up in above)
        assert section.broken == sum(
            up.status in {"failed", "blocked"} or (up.status == "skipped" and up.broken > 0) for up in above
        )
    assert sorted(state.ready) == state.ready
    assert {key[-1] for key in state.ready} == {
        name for name, section in state.sections.items() if section.status.value == "ready"
    }


def test_an_event_of_a_newer_program_is_refused_with_words():
    with pytest.raises(NewerError, match="does not know"):
        decode_event("SectionTeleported", 1, {})
    with pytest.raises(NewerError, match="version 9"):
        decode_event("RunPaused", 9, {"by": "me"})
    with pytest.raises(NewerError, match="with other fields"):
        decode_event("RunPaused", 1, {})


def test_a_field_that_a_newer_program_added_and_an_older_one_may_ignore_is_left_out():
    assert decode_event("RunPaused", VERSION, {"by": "me", "mood": {"good": [1]}}) == RunPaused(by="me")


def test_a_snapshot_of_another_shape_is_no_snapshot():
    assert decode_state(b'{"sections": 3}') is None


def test_commands_with_unknown_or_missing_arguments_are_refused_with_words():
    with pytest.raises(CommandError, match="unknown command 'explode'"):
        decode_command("explode", {})
    with pytest.raises(CommandError, match=r"bad arguments for 'steer': text"):
        decode_command("steer", {"section": "A"})
    with pytest.raises(CommandError, match=r"bad arguments for 'pause': wat"):
        decode_command("pause", {"wat": 1})


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"section": "A"}, "edits.0: Unable to extract tag"),
        ({"edit": "explode", "section": "A"}, "edits.0: Input tag 'explode'"),
        ({"edit": "exclude", "section": "A", "dependants": "shoot"}, "edits.0.exclude.dependants"),
        ({"edit": "include", "section": "A", "dependants": "release"}, "edits.0.include.dependants"),
        ({"edit": "add-edge", "upstream": "A"}, "edits.0.add-edge.downstream"),
    ],
)
def test_an_edit_that_does_not_say_what_it_is_is_refused_and_not_guessed(edit: dict[str, object], words: str):
    with pytest.raises(CommandError, match=re.escape(f"bad arguments for 'mend': {words}")):
        decode_command("mend", {"edits": [edit]})


@pytest.mark.parametrize("op", OPS)
def test_every_command_comes_back_equal(op: str):
    values = {
        "concurrency": 2,
        "isolation": "none",
        "edits": (AddEdge(upstream="A", downstream="B"), Exclude(section="C", dependants="exclude")),
        "ids": ("p1", "p2"),
        "confirm": True,
        "unattended": True,
        "record": 41,
        "strike": 2,
        "pin": 3,
        "at": 1.5,
        "redo": ("A",),
        "running": {"B": "restart"},
    }
    kind = OPS[op]
    command = kind(**{field.name: values.get(field.name, f"some {field.name}") for field in fields(kind)})
    assert decode_command(op, encode_command(command)) == command


def story(seed: int) -> Scene:
    """A run in which a lot happens, by chance but repeatable."""
    chance = random.Random(seed)
    names = [f"S{i}" for i in range(12)]
    parts = [
        name + ("<-" + ",".join(chance.sample(names[:i], min(i, chance.randrange(3)))) if i else "")
        for i, name in enumerate(names)
    ]
    scene = Scene(plan(*(part.rstrip("<-") for part in parts)), concurrency=3).approve()
    for _ in range(120):
        _step(scene, chance)
        scene.now += chance.random() * 30
        scene.record([], "time")
    return scene


def _step(scene: Scene, chance: random.Random) -> None:
    state = scene.state
    live = list(state.live)
    name = chance.choice(list(state.sections))
    roll = chance.random()
    if live and roll < 0.7:
        name = chance.choice(live)
        number = state.live[name]
        if state.attempt(name, number).step != "working":
            scene.start(name)
        elif roll < 0.35:
            scene.end(name)
        elif roll < 0.45:
            scene.end(name, "failed", chance.choice(["agent", "overload", "script", "usage-limit", "auth"]))
        elif roll < 0.5:
            lost = AttemptLost(section=name, attempt=number, why="killed", swept=1, counted=chance.random() < 0.5)
            scene.record([lost], "host gone")
        else:
            used = UsageReported(
                section=name, attempt=number, n=1, cost_usd=chance.random(), input_tokens=1, output_tokens=1
            )
            scene.record([used], "agent")
    elif roll < 0.9 and (busy := [n for n, number in state.running.items() if n not in state.live]):
        name = chance.choice(busy)
        match state.attempt(name, state.running[name]).step:
            case "committing":
                scene.commit(name)
            case "merging":
                scene.merge(name)
            case _:
                pass
    else:
        own = [kind(section=name) for kind in (Pause, Resume, Skip, Retry, Cancel)]
        command = chance.choice([Pause(), Resume(), Retry(), Stop(), Steer(section=name, text="x"), *own])
        scene.when(command)


def test_a_snapshot_holds_names_of_files_that_are_no_text():
    scene = Scene(plan("A"), isolation="worktree").approve()
    scene.start("A")
    scene.end("A", summary="caf\udce9 done")
    scene.commit("A", files=("caf\udce9",))
    again = decode_state(encode_state(scene.state))
    assert again == scene.state
    assert again.sections["A"].attempts[0].files == ("caf\udce9",)
