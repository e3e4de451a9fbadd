"""A run is looked at whole: what is wrong is named, what is right is not, and nothing is changed or thrown."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orch_tui import process
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import SectionDone
from orch_tui.core.state import Status
from orch_tui.invariants import of_directory
from orch_tui.invariants.directory import Look, look
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay, write_snapshot
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Pour
Dependencies: Section A
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A run in place: A is done, B is at work; files as a runner makes them."""
    os.umask(0o077)
    made = Stage(root=tmp_path, text=PLAN, settings=Settings(agent="simulated", isolation="none"))
    made.approve()
    made.start("A").close()
    made.pass_on("A")
    made.happens(SectionDone(section="A"))
    made.start("B").close()
    return made


def found(run: RunDir) -> Look:
    return look(run)


def told(run: RunDir) -> str:
    return "\n".join(f"{one.invariant} {one.text}" for one in look(run).findings)


def snapshot_of(run: RunDir) -> Replay:
    replay = Replay(run)
    replay.read_all()
    return replay


def test_a_run_as_it_should_be_breaks_nothing(stage: Stage):
    assert of_directory(stage.run) == []
    replay = snapshot_of(stage.run)
    write_snapshot(stage.run, replay.state, replay.position)
    assert of_directory(stage.run) == []
    assert [one.text for one in look(stage.run).findings] == ["attempt 1 is under way, and its host is gone"]


def test_a_torn_tail_is_no_violation_and_is_told(stage: Stage):
    with journal.segment(stage.run.journal, 1).open("ab") as file:
        file.write(b'{"seq":99,"v":2,"ep')
    assert of_directory(stage.run) == []
    assert "the journal ends with 19 bytes of what was being written" in told(stage.run)


def test_damage_in_the_middle_is_told_with_what_can_still_be_read(stage: Stage):
    path = journal.segment(stage.run.journal, 1)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], lines[6].replace(b'"A"', b'"B"', 1), *lines[7:]]))
    looked = look(stage.run)
    assert not looked.whole
    assert [one.invariant for one in looked.findings if one.invariant] == ["I1"]
    assert "000001.jsonl, record 7" in told(stage.run)
    assert looked.state.seq == 6
    assert looked.state.sections["B"].status is Status.WAITING


def test_a_snapshot_that_says_something_else_is_told(stage: Stage):
    replay = snapshot_of(stage.run)
    replay.state.sections["A"].summary = "something else"
    write_snapshot(stage.run, replay.state, replay.position)
    assert [one.invariant for one in of_directory(stage.run)] == ["I12"]


def test_files_that_others_may_read_links_and_second_names_are_told(stage: Stage):
    run = stage.run
    run.journal.chmod(0o755)
    (run.path / "a-link").symlink_to("/etc/hostname")
    os.link(journal.segment(run.journal, 1), run.path / "second")
    assert {one.invariant for one in of_directory(run)} == {"I21"}
    words = told(run)
    for part in ("is open to other users (mode 0755)", "a-link' is a link", "second' has 2 names"):
        assert part in words


def test_what_an_agent_keeps_in_its_scratch_is_its_own(stage: Stage):
    scratch = stage.attempt_dir("B", 1).scratch
    scratch.mkdir()
    (scratch / "tool").symlink_to("/bin/sh")
    assert of_directory(stage.run) == []


def test_what_was_half_written_and_what_was_answered_is_left_over(stage: Stage):
    run = stage.run
    (run.path / ".status.json.999999999.0123abcd").write_text("{")
    command = stage.obey("pause", {"section": "B"})
    (run.inbox / "new" / f"{command}.json").write_text("{}")
    (run.inbox / "new" / "waiting.json").write_text("{}")
    assert of_directory(run) == []
    assert [one.repair for one in look(run).findings if one.repair] == ["remove", "remove"]
    assert "1 command waits in the inbox" in told(run)


def test_a_process_of_an_attempt_that_is_over_is_told(stage: Stage):
    marker = stage.state.sections["A"].attempts[0].marker
    own = {process.MARKER: marker, process.RUN_MARKER: str(stage.run.path)}
    with subprocess.Popen(["sleep", "60"], env={**own, "PATH": os.environ["PATH"]}) as child:
        try:
            while not process.marked(marker):
                pass
            assert [one.invariant for one in of_directory(stage.run)] == ["I15"]
            assert f"process {child.pid} of attempt 1, which is over, lives" in told(stage.run)
        finally:
            child.kill()


def test_a_transcript_that_does_not_read_is_told_and_a_torn_end_is_not(stage: Stage):
    transcript = stage.attempt_dir("A", 1).transcript
    with transcript.open("ab") as file:
        file.write(b'{"n":2,"t"')
    assert "does not read" not in told(stage.run)
    with transcript.open("ab") as file:
        file.write(b'\n{"n":3}\n')
    assert "the transcript of attempt 1 does not read: line 2 is no record" in told(stage.run)


def test_a_stored_plan_that_is_another_one_than_was_approved_is_told(stage: Stage):
    stage.run.plan(stage.sha).write_text("# Coffee\n")
    assert [one.invariant for one in of_directory(stage.run)] == ["I18"]


@pytest.mark.parametrize("what", ["a file", "nothing", "garbage", "directories", "loops"])
def test_whatever_lies_there_nothing_is_thrown(tmp_path: Path, what: str):
    run = RunDir(tmp_path / ".orch" / "runs" / "r")
    run.path.parent.mkdir(parents=True)
    if what == "a file":
        run.path.write_text("no directory")
    elif what == "garbage":
        for name in ("journal/000001.jsonl", "snapshot.json", "status.json", "lock", "inbox/new/x.json"):
            (run.path / name).parent.mkdir(parents=True, exist_ok=True)
            (run.path / name).write_bytes(b"\xff\x00{" * 40 + b"\n" + b'{"seq":1,"v":1}\n')
    elif what == "directories":
        for name in ("journal/000001.jsonl", "snapshot.json", "status.json", "lock", "inbox/new/x.json"):
            (run.path / name).mkdir(parents=True)
    elif what == "loops":
        run.path.mkdir()
        (run.path / "journal").symlink_to("journal")
        (run.path / "lock").symlink_to("lock")
        (run.path / "snapshot.json").symlink_to("/dev/zero")
    assert isinstance(look(run).findings, tuple)
