"""How sections end: conflicts, failures, work in place, damaged journals, plans edited under way."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil

import pytest
from running import GATE, LIMIT, Bench, sections

from orch_tui.client.follow import Follower
from orch_tui.client.launch import Wishes, finished, open_plan, plan_changed
from orch_tui.core.state import Phase, Status
from orch_tui.errors import StateError


async def test_a_conflict_parks_the_section_with_both_sides_kept_and_retry_builds_on_top(bench: Bench):
    await bench.open(sections("A|echo from-a > shared.txt", f"B|echo from-b > shared.txt; {GATE}", "C<-B"))
    await bench.approve()
    await bench.until(lambda s: s.sections["A"].status is Status.DONE, "A merged")
    bench.go()
    state = await bench.until(lambda s: s.sections["B"].status is Status.ATTENTION, "the conflict")
    assert state.sections["B"].attention == "merge conflict"
    assert "shared.txt" in state.sections["B"].detail
    assert state.sections["C"].status is Status.WAITING
    branch = f"orch/{bench.run.name}"
    assert bench.git("show", f"{branch}:shared.txt") == "from-a"
    assert bench.git("show", f"{state.sections['B'].attempts[0].branch}:shared.txt") == "from-b"
    assert await bench.send("retry", section="B") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.git("show", f"{branch}:shared.txt") == "from-b"


async def test_a_failed_block_fails_the_section_and_its_words_say_which(bench: Bench):
    await bench.open(sections("A|exit 3", "B<-A", "C"))
    await bench.approve()
    state = await bench.done()
    assert state.phase is Phase.FAILED
    assert {name: s.status for name, s in state.sections.items()} == {
        "A": Status.FAILED,
        "B": Status.BLOCKED,
        "C": Status.DONE,
    }
    assert "ended with code 3" in state.sections["A"].detail
    assert "C.txt" in bench.git("ls-tree", "--name-only", f"orch/{bench.run.name}")
    assert await bench.send("skip", section="A") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE


async def test_without_git_sections_work_in_place_one_at_a_time_and_it_is_said(bench: Bench):
    shutil.rmtree(bench.root / ".git")
    plan = sections("A|sleep 0.3", "B|sleep 0.3").replace("|| pwd)/../..", "|| pwd)/..")
    await bench.open(plan)
    assert any("No git repository" in notice for notice in bench.state.notices)
    await bench.approve()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.entries() == ["A-begin", "A", "B-begin", "B"]
    assert (bench.root / "A.txt").exists()


async def test_a_plan_edited_after_approval_is_shown_and_not_used(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda s: bench.entries(), "A at work")
    bench.plan(sections(f"A|{GATE}", "B<-A|echo EDITED > edited.txt"))
    assert "edited since it was approved" in plan_changed(bench.state)
    await bench.open()  # the same run
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert "edited.txt" not in bench.git("ls-tree", "--name-only", f"orch/{bench.run.name}")


async def test_before_approval_an_edited_plan_is_read_again_on_request(bench: Bench):
    await bench.open(sections("A", "B<-A"))
    old = bench.state.plan_sha, bench.state.graph_sha
    bench.plan(sections("A", "B<-A", "C<-B"))
    sha = hashlib.sha256((bench.root / "plan.md").read_bytes()).hexdigest()
    assert await bench.send("revise", plan_sha=sha) == ""
    assert list(bench.state.sections) == ["A", "B", "C"]
    assert "look again" in await bench.send("approve", plan_sha=old[0], graph_sha=old[1])
    await bench.approve()
    assert (await bench.done()).phase is Phase.DONE


async def test_a_journal_damaged_in_the_middle_is_read_only_and_says_where(bench: Bench):
    await bench.open(sections("A", "B<-A"))
    await bench.approve()
    await bench.done()
    bench.run.snapshot.unlink()
    segment = bench.run.journal / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b'"seq":5', b'"seq":6')
    segment.write_bytes(b"".join(lines))
    follower = Follower(bench.run)
    follower.poll()
    assert "000001.jsonl, record 5" in follower.damage
    assert "read-only" in follower.damage
    before = segment.read_bytes()
    bench.follower = follower
    with pytest.raises(StateError, match=r"000001\.jsonl, record 5"):
        await bench.send("retry")
    await asyncio.wait_for(bench.free(), 10)
    assert segment.read_bytes() == before


async def test_simulated_agents_ask_are_steered_and_fail_by_policy(bench: Bench):
    (bench.root / ".orch").mkdir(mode=0o700)
    config = {"agents": {"simulated": {"duration": 1.5, "question": True, "lines_per_second": 20}}}
    (bench.root / ".orch" / "config.yaml").write_text(json.dumps(config))
    part = "## Section {0}: Part {0}\nDependencies: {1}\n\nDo it.\n\n"
    plan = "# Plan\n\n" + part.format("A", "none") + part.format("B", "Section A")
    await bench.open(plan, agent="simulated")
    await bench.approve()
    state = await bench.until(lambda s: s.asks, "a question")
    (ask,) = state.asks.values()
    assert "empty" in await bench.send("answer", request_id=ask.request_id, choice="")
    assert await bench.send("answer", request_id=ask.request_id, choice="yes") == ""
    assert await bench.send("steer", section="A", text="hurry") == ""
    assert await bench.send("pause", section="A") == ""
    await bench.until(lambda s: s.sections["A"].status is Status.PAUSED, "the pause")
    assert await bench.send("resume", section="A") == ""
    state = await bench.until(lambda s: s.asks, "the question of B")
    (ask,) = state.asks.values()
    assert await bench.send("cancel", section="B") == ""
    state = await bench.done()
    assert state.sections["A"].status is Status.DONE
    assert state.sections["B"].status is Status.FAILED
    assert state.asks == {}


async def test_whoever_comes_back_in_the_morning_sees_the_finished_run(bench: Bench):
    first = await bench.open(sections("A", "B<-A"))
    await bench.approve()
    await bench.done()
    plan = bench.root / "plan.md"
    assert await open_plan(plan, Wishes(), actor="tester", look_back=True) == first
    assert finished(bench.root, plan, Wishes(agent="simulated")) is None
    again = await open_plan(plan, Wishes(), actor="tester")
    assert again != first
    assert await open_plan(plan, Wishes(), actor="tester", look_back=True) == again  # unfinished comes first


async def test_an_edited_plan_is_not_the_finished_one(bench: Bench):
    await bench.open(sections("A", "B<-A"))
    await bench.approve()
    await bench.done()
    bench.plan(sections("A", "B<-A", "C"))
    assert finished(bench.root, bench.root / "plan.md", Wishes()) is None


async def test_state_is_private_and_what_a_section_writes_is_the_users_own(bench: Bench):
    shutil.rmtree(bench.root / ".git")
    old = os.umask(0o022)
    try:
        await bench.open(sections("A", "B<-A").replace("|| pwd)/../..", "|| pwd)/.."))
        await bench.approve()
        await bench.done()
    finally:
        os.umask(old)
    assert (bench.root / "A.txt").stat().st_mode & 0o777 == 0o644
    state = [path for path in (bench.root / ".orch").rglob("*") if not path.is_symlink()]
    open_to_others = [path for path in (bench.root / ".orch", *state) if path.stat().st_mode & 0o077]
    assert open_to_others == []


async def test_progress_says_the_last_thing_that_happened_while_the_run_waits_for_somebody(bench: Bench):
    await bench.open(sections("A", "B"), concurrency=1)
    await bench.approve()
    assert await bench.send("pause", section="B") == ""
    await bench.until(lambda state: state.sections["A"].status.value == "done")
    async with asyncio.timeout(LIMIT):
        while "[x] **A**" not in bench.run.progress.read_text():
            await asyncio.sleep(0.02)
    assert await bench.send("cancel") == ""
    await bench.done()
