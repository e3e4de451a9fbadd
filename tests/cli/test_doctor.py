"""`doctor` as a user meets it: it tells of everything, changes nothing by itself, and puts right what is safe."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli_project import over

from orch_tui.core.state import Phase
from orch_tui.store import journal
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from cli_project import Project, Told


async def finished(project: Project, *parts: str) -> RunDir:
    """A run in place that is over, and whose runner left."""
    run = await project.open(project.plan(*(parts or ("A", "B<-A"))))
    await project.until(over, run)
    await project.free(run)
    return run


def of_run(told: Told) -> dict[str, Any]:
    (only,) = json.loads(told.out)["runs"]
    return only


def files(run: RunDir) -> dict[str, bytes]:
    paths = (path for path in run.path.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path): path.read_bytes() for path in paths}


async def test_a_run_that_is_over_is_all_well_and_so_is_a_project_without_runs(project: Project):
    told = project.call("doctor")
    assert told.code == 0, told.out
    assert told.out.splitlines()[-1] == "no runs here"
    run = await finished(project)
    told = project.call("doctor")
    assert told.code == 0, told.out
    assert told.out.splitlines()[-1] == f"run {run.name}: all is well"
    assert "  ok     git: " in told.out


async def test_what_is_left_is_told_and_put_right_when_asked(project: Project):
    run = await finished(project)
    segment = journal.segment(run.journal, 1)
    with segment.open("ab") as file:
        file.write(b'{"seq":')
    half = run.path / ".progress.md.999999999.0123abcd"
    half.write_text("half")
    half.chmod(0o600)
    run.status.write_bytes(b"\xff{")
    before = files(run)
    told = project.call("doctor", run.name)
    assert told.code == 10, told.out
    assert files(run) == before
    assert "the journal ends with 7 bytes of what was being written" in told.out
    told = project.call("doctor", run.name, "--fix", "--json")
    assert (told.code, of_run(told)["verdict"]) == (0, "good"), told.out
    assert [line.partition(" ")[0] for line in of_run(told)["done"]] == ["cut", "removed", "a"]
    assert of_run(told)["findings"] == []
    assert [path.read_bytes() for path in (run.path / "quarantine").iterdir()] == [b'{"seq":']


async def test_a_damaged_journal_is_shown_as_far_as_it_reads_and_never_touched(project: Project):
    run = await finished(project)
    segment = journal.segment(run.journal, 1)
    lines = segment.read_bytes().splitlines(keepends=True)
    done = next(at for at, line in enumerate(lines) if b'"SectionDone"' in line)
    segment.write_bytes(b"".join([*lines[: done + 1], b"scribbled over\n", *lines[done + 2 :]]))
    before = files(run)
    told = project.call("doctor", "--fix")
    assert told.code == 1
    assert f"000001.jsonl, record {done + 2} (byte " in told.out
    assert "I1: what was acknowledged is never lost" in told.out
    assert f"still  up to record {done + 1} (" in told.out
    assert "it reads: the run was running; 1 done, 1 running" in told.out or "1 done, 1 ready" in told.out
    after = files(run)
    assert {name: after[name] for name in before if "lock" not in name} == {
        name: data for name, data in before.items() if "lock" not in name
    }


async def test_a_run_at_work_is_looked_at_and_left_alone(project: Project):
    run = await project.open(project.plan("A|until [ -e go ]; do sleep 0.05; done", "B<-A"))
    await project.until(lambda state: state.live, run)
    run.journal.chmod(0o755)
    told = project.call("doctor", "--fix")
    assert told.code == 1
    assert "nothing was put right: a runner is at work on this run" in told.out
    assert "is open to other users (mode 0755)" in told.out
    project.text("", name="go")
    await project.until(over, run)
    await project.free(run)
    told = project.call("doctor", "--fix")
    assert told.code == 0
    assert run.journal.stat().st_mode & 0o777 == 0o700


async def test_a_journal_of_a_newer_version_is_said_to_be_one(project: Project):
    run = await finished(project)
    segment = journal.segment(run.journal, 1)
    at = journal.Tail(run.journal)
    while at.read():
        pass
    last = at.position
    record = journal.Record(
        seq=last.seq + 1, v=99, epoch=last.epoch, t=1.0, mono=1.0, boot="", type="Fortold", cause="", data={}
    )
    with segment.open("ab") as file:
        file.write(journal.encode(record, last.crc)[0])
    told = project.call("doctor")
    assert told.code == 1
    assert "newer orch-tui" in told.out
    assert f"still  up to record {last.seq} (" in told.out


@pytest.mark.parametrize("what", ["a file for the runs", "runs of garbage", "a link", "nothing to read"])
async def test_whatever_lies_in_the_state_directory_is_answered_in_words(project: Project, what: str, tmp_path: Path):
    runs = project.root / ".orch" / "runs"
    runs.parent.mkdir(mode=0o700)
    match what:
        case "a file for the runs":
            runs.write_text("no directory")
        case "runs of garbage":
            for name in ("journal/000001.jsonl", "snapshot.json", "status.json", "lock", "inbox/new/x.json"):
                (runs / "r" / name).parent.mkdir(parents=True, exist_ok=True)
                (runs / "r" / name).write_bytes(os.urandom(300) + b"\n" * 3)
            (runs / "s" / "journal" / "000001.jsonl").mkdir(parents=True)
            (runs / "\x1b[31m\n").mkdir()
        case "a link":
            runs.mkdir()
            (runs / "r").symlink_to(tmp_path)
        case _:
            (runs / "r").mkdir(parents=True)
    for words in ((), ("--fix",), ("--json",)):
        told = project.call("doctor", *words)
        assert told.code in {0, 1, 10}
        assert told.err == ""
        assert "\x1b" not in told.out
    assert project.call("doctor", "nobody").code == 1


async def test_a_run_is_named_by_itself_or_by_its_plan(project: Project):
    run = await finished(project)
    assert of_run(project.call("doctor", "plan.md", "--json"))["run"] == run.name
    assert of_run(project.call("doctor", run.name, "--json"))["run"] == run.name
    assert project.call("doctor", "other.md").line == (
        "orch-tui: there is no plan 'other.md' (name a run, or nothing for all of them)"
    )
    assert project.state(run).phase is Phase.DONE
