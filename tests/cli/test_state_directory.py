"""A state directory that cannot be used, commands dropped into it by anyone, and what the machine does not have."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_project import PROGRAM, over

from orch_tui.core.state import Phase

if TYPE_CHECKING:
    from cli_project import Project

ROOT = os.geteuid() == 0
NOBODY = 65534


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that other users can reach, unlike the test's own."""
    place = Path(tempfile.mkdtemp(prefix="orch-tui-open-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def as_nobody(project: Project, place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program in `place` without any rights of root."""
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if ROOT else []
    return subprocess.run(
        [*drop, *PROGRAM, *words], cwd=place, env=project.env, capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_file_in_the_place_of_the_state_directory(project: Project) -> None:
    project.text("not a directory\n", name=".orch")
    told = project.call("run", project.plan("A", "B"), "--headless", "--yes")
    assert told.code == 1
    assert "is not a directory (move it out of the way)" in told.line


async def test_a_link_in_the_place_of_the_state_directory(project: Project) -> None:
    (project.root / "elsewhere").mkdir()
    (project.root / ".orch").symlink_to("elsewhere")
    told = project.call("run", project.plan("A", "B"), "--headless", "--yes")
    assert told.code == 1
    assert "is a link (replace it by a real directory)" in told.line


@pytest.mark.skipif(ROOT and not shutil.which("setpriv"), reason="cannot drop the rights of root here")
async def test_a_project_that_cannot_be_written(project: Project, open_place: Path) -> None:
    shutil.copy(project.plan("A", "B"), open_place / "plan.md")
    open_place.chmod(0o555)
    told = as_nobody(project, open_place, "run", "plan.md", "--headless", "--yes")
    open_place.chmod(0o755)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "cannot make the state directory" in told.stderr
    assert "Permission denied (check the rights and the free space)" in told.stderr


@pytest.mark.skipif(not ROOT, reason="only root can give a directory away")
async def test_a_state_directory_of_another_user(project: Project) -> None:
    plan = project.plan("A", "B")
    (project.root / ".orch").mkdir(mode=0o700)
    os.chown(project.root / ".orch", NOBODY, NOBODY)
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 1
    assert f"belongs to another user (uid {NOBODY}) (`sudo chown -R 0 " in told.line


async def test_a_full_or_unwritable_place_for_worktrees_asks_a_person(project: Project) -> None:
    project.repository()
    plan = project.plan("A", "B<-A")
    plan.write_text(plan.read_text().replace("isolation: none\n", ""))
    blocked = Path(project.env["XDG_STATE_HOME"])
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file where a directory has to be\n")
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    assert str(blocked) in told.out
    assert f"orch-tui retry A --run {project.run.name}" in told.out
    blocked.unlink()
    assert project.call("retry").code == 0
    assert (await project.until(over)).phase is Phase.DONE


async def test_hostile_files_in_the_inbox_do_not_stop_the_runner(project: Project) -> None:
    run = await project.open(project.simulated("A", "B<-A", duration=300))
    new = run.inbox / "new"
    secret = project.text("secret", name="secret.json")
    texts = {
        "not-json.json": b"{",
        "array.json": b"[1, 2]",
        "deep.json": b'{"a":' * 50_000,
        "binary": bytes(range(256)),
        "unknown-op.json": json.dumps({"id": "x1", "op": "explode", "args": {}, "actor": "m"}).encode(),
        "unknown-field.json": json.dumps({"id": "x2", "op": "stop", "args": {}, "actor": "m", "sudo": 1}).encode(),
        "bad-args.json": json.dumps({"id": "x3", "op": "skip", "args": {"section": ["A"]}, "actor": "m"}).encode(),
        "extra-args.json": json.dumps({"id": "x4", "op": "stop", "args": {"force": True}, "actor": "m"}).encode(),
        "huge.json": b" " * 300_000,
        "path.json": json.dumps({"id": "../../x", "op": "stop", "args": {}, "actor": "m"}).encode(),
        "surrogate.json": b'{"id": "x5", "op": "steer", "args": {"section": "A", "text": "\\ud800"}, "actor": "m"}',
        "surrogate-actor.json": b'{"id": "x7", "op": "skip", "args": {"section": "Q"}, "actor": "\\ud800"}',
        "numbers.json": b'{"id": "x6", "op": "pause", "args": {"section": ""}, "actor": "m", "if_seq": 1e999}',
        ".hidden": b"{}",
        "new\nline.json": b"{}",
    }
    for name, data in texts.items():
        (new / name).write_bytes(data)
    os.mkfifo(new / "pipe.json")
    (new / "link.json").symlink_to(secret)
    os.link(secret, new / "hard.json")
    (new / "directory.json").mkdir()
    async with asyncio.timeout(60):
        while any(new.iterdir()):
            await asyncio.sleep(0.05)
    state = project.state(run)
    assert state.phase is Phase.RUNNING
    assert "A" in state.live
    refused = [reason for reason in state.commands.values() if reason]
    assert len(refused) >= len(texts) - 2, refused
    assert secret.read_text() == "secret"
    assert project.call("pause").code == 0, "the runner still listens"


async def test_a_damaged_journal_makes_the_run_read_only_and_says_where(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    run = project.run
    (segment,) = run.journal.iterdir()
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(lines[0] + lines[1].replace(b'"type"', b'"tyqe"') + b"".join(lines[2:]))
    run.snapshot.unlink(missing_ok=True)
    told = project.call("status")
    assert told.code == 1
    assert "000001.jsonl, record 2 (byte " in told.out
    assert "The run is read-only" in told.out
    refused = project.call("cancel")
    assert refused.code == 1
    assert "is damaged: 000001.jsonl, record 2" in refused.line
    assert "is damaged" in project.call("run", plan, "--headless").err


async def test_damage_in_what_a_snapshot_stands_for_is_told_too_and_nothing_more_is_written(project: Project) -> None:
    project.config("idle_exit: 0.1\n")
    plan = project.plan("A", "B<-A")
    project.call("run", plan, "--headless")
    run = project.run
    await project.free()
    assert run.snapshot.exists()
    (segment,) = run.journal.iterdir()
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(lines[0] + lines[1].replace(b'"type"', b'"tyqe"') + b"".join(lines[2:]))
    before = segment.read_bytes()
    for words in (("status",), ("cancel",), ("run", plan, "--headless", "--yes")):
        told = project.call(*words)
        assert told.code == 1
        assert "000001.jsonl, record 2 (byte " in told.out + told.err
        assert "The run is read-only" in told.out + told.err
    assert segment.read_bytes() == before


async def test_records_that_were_acknowledged_and_are_gone_are_told_and_nothing_is_done_twice(project: Project) -> None:
    """Cut behind a whole record, a journal looks like one that never went on: a runner would carry it out once more."""
    project.config("idle_exit: 0.1\n")
    plan = project.plan("A|echo A >>../ledger", "B<-A|echo B >>../ledger; exit 3")
    project.call("run", plan, "--headless", "--yes")
    run = project.run
    await project.free()
    (segment,) = run.journal.iterdir()
    lines = segment.read_bytes().splitlines(keepends=True)
    begun = next(at for at, line in enumerate(lines) if b'"AttemptStarted"' in line)
    segment.write_bytes(b"".join(lines[:begun]))
    for words in (("status",), ("resume",), ("retry", "B")):
        told = project.call(*words)
        assert told.code == 1
        assert f"ends behind record {begun} of 000001.jsonl" in told.out + told.err
        assert f"record {len(lines)} was safe" in told.out + told.err
    assert segment.read_bytes() == b"".join(lines[:begun])
    assert (project.root.parent / "ledger").read_text() == "A\nB\n"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("agents: {claude: {cli: /nowhere/claude}}\n", "/nowhere/claude"),
        ("", "log"),
    ],
    ids=["not installed", "no credentials"],
)
async def test_an_agent_that_cannot_work_says_how_to_set_it_up(project: Project, config: str, words: str) -> None:
    project.config(config)
    plan = project.plan("A", "B<-A")
    plan.write_text(plan.read_text().replace("agent: script", "agent: claude"))
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 10
    (line,) = [line for line in told.out.splitlines() if line.startswith("  ▲ A attention: ")]
    assert words in line.lower(), line
    assert any(word in line for word in ("npm install", "install", "ANTHROPIC_API_KEY", "claude auth", "/login")), line
    assert f"orch-tui retry A --run {project.run.name}" in told.out


async def test_the_script_agent_needs_bash(project: Project, open_place: Path) -> None:
    (open_place / "git").symlink_to(shutil.which("git") or "")
    told = project.call("run", project.plan("A", "B<-A"), "--headless", "--yes", env={"PATH": str(open_place)})
    assert told.code == 10
    assert "agent 'script' needs bash, which is not on PATH: install it" in told.out
