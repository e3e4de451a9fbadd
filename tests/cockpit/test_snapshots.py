"""Pictures of the screens. `pytest --snapshot-update` after looking at the report; versions are pinned for it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import textual
from conftest_cockpit import opened, until

sys.path.insert(0, str(Path(__file__).parents[2]))

from screenshots import scene

from orch_tui.client.follow import Follower
from orch_tui.cockpit.app import Cockpit

pytestmark = pytest.mark.skipif(textual.__version__ != "8.2.8", reason="pictures are drawn with textual 8.2.8")
SIZES = [(80, 24), (120, 40)]


def cockpit(stage, words: str = "", **options) -> Cockpit:
    return Cockpit(stage.run, clock=stage.clock, plan_changed=lambda _: words, **options)


def pressed(*keys: str):
    async def press(pilot) -> None:
        await opened(pilot)
        await until(pilot, lambda: pilot.app.follower is not None and not pilot.app._outbox.waiting, "the state")
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.05)
        pilot.app._look_at_stream()
        await pilot.pause(0.3)

    return press


@pytest.mark.parametrize("size", SIZES)
def test_review(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.reviewed(tmp_path)), terminal_size=size, run_before=pressed("j"))


@pytest.mark.parametrize("size", [*SIZES, (200, 60)])
def test_mending(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.mended(tmp_path)), terminal_size=size, run_before=pressed("j", "j", "j"))


@pytest.mark.parametrize("size", SIZES)
def test_a_picker(snap_compare, tmp_path, size):
    keys = ("G", "k", "e", *"conf")
    assert snap_compare(cockpit(scene.reviewed(tmp_path)), terminal_size=size, run_before=pressed(*keys))


@pytest.mark.parametrize("size", SIZES)
def test_proposals(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.mended(tmp_path)), terminal_size=size, run_before=pressed("p"))


def test_a_form(snap_compare, tmp_path):
    assert snap_compare(cockpit(scene.mended(tmp_path)), terminal_size=(80, 24), run_before=pressed("s"))


@pytest.mark.parametrize("size", [*SIZES, (200, 60)])
def test_difference(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.changed(tmp_path)), terminal_size=size, run_before=pressed("r", "j", "j"))


@pytest.mark.parametrize("size", SIZES)
def test_run(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.under_way(tmp_path)), terminal_size=size, run_before=pressed())


def test_run_in_the_light(snap_compare, tmp_path):
    app = cockpit(scene.under_way(tmp_path), theme_name="orch-light")
    assert snap_compare(app, terminal_size=(120, 40), run_before=pressed("1"))


@pytest.mark.parametrize("size", SIZES)
def test_permission(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.under_way(tmp_path)), terminal_size=size, run_before=pressed("o"))


@pytest.mark.parametrize("size", SIZES)
def test_phases(snap_compare, tmp_path, size):
    assert snap_compare(cockpit(scene.phased(tmp_path)), terminal_size=size, run_before=pressed())


def test_sending_to_a_phase(snap_compare, tmp_path):
    assert snap_compare(cockpit(scene.phased(tmp_path)), terminal_size=(80, 24), run_before=pressed("d"))


@pytest.mark.parametrize("size", SIZES)
def test_a_result(snap_compare, tmp_path, size):
    keys = ("g", "j", "e")
    assert snap_compare(cockpit(scene.under_way(tmp_path)), terminal_size=size, run_before=pressed(*keys))


def test_the_brief_of_a_section_that_waits(snap_compare, tmp_path):
    keys = ("G", "b")
    assert snap_compare(cockpit(scene.under_way(tmp_path)), terminal_size=(80, 24), run_before=pressed(*keys))


def test_decisions(snap_compare, tmp_path):
    stage = scene.under_way(tmp_path)
    stage.obey("decide", {"text": "Version 1 files stay readable for one release"})
    stage.obey("decide", {"pin": 2})
    assert snap_compare(cockpit(stage), terminal_size=(80, 24), run_before=pressed("c"))


def test_help(snap_compare, tmp_path):
    app = cockpit(scene.under_way(tmp_path))
    assert snap_compare(app, terminal_size=(120, 40), run_before=pressed("question_mark"))


def test_an_edited_plan(snap_compare, tmp_path):
    app = cockpit(scene.reviewed(tmp_path), "plan.md was edited since it was read; read it again before you approve")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressed())


def test_a_damaged_journal(snap_compare, tmp_path):
    stage = scene.under_way(tmp_path)
    segment = stage.run.journal / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2].replace(b"D", b"d")
    segment.write_bytes(b"".join(lines))

    class AtHome(Follower):
        """Its messages name a directory that is the same everywhere."""

        def poll(self):
            seen = super().poll()
            home = self.damage.replace(str(tmp_path), "/home/you/project")
            self.damage = re.sub(r"byte \d+", "byte 13732", home)
            return seen

    app = cockpit(stage, open_follower=AtHome)
    assert snap_compare(app, terminal_size=(120, 40), run_before=pressed())
