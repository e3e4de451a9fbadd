"""The workflow `standard` on a stand-in forge: a pull request is made, reviewed, seen to, merged and built upon."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import Bench, sections

from orch_tui.core.state import Phase, State
from orch_tui.testing.forge_stand_in import StandIn

ROUNDS = 'echo x >> "$ROOT/rounds"; n=$(wc -l < "$ROOT/rounds"); echo round $n >> work.txt; echo said in round $n'


@pytest.fixture
def forge(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A forge that the bench's repository has as its origin."""
    folder = bench.root.parent / "forge"
    folder.mkdir()
    made = StandIn(folder)
    bench.git("remote", "add", "origin", str(made.repository))
    bench.git("push", "-q", "origin", "main")
    monkeypatch.setenv("PATH", f"{made.program.parent}{os.pathsep}{os.environ['PATH']}")
    return made


async def begin(bench: Bench, *, settings: str = "") -> None:
    """A section A by the workflow with short waits, and B after it, which is skipped."""
    text = (Path(__file__).parents[2] / "workflows" / "standard.yaml").read_text()
    own = bench.root / ".orch" / "workflows" / "standard.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(text.replace("interval: 60", "interval: 0.2").replace("interval: 30", "interval: 0.2"))
    (bench.root / ".orch" / "config.yaml").write_text(settings)
    head = "agent: script\nworkflow: standard\nchecks: [test -s work.txt]\n"
    await bench.open(sections(f"A|{ROUNDS}", "B<-A").replace("agent: script\n", head))
    await bench.approve()
    assert await bench.send("skip", section="B") == ""


def way(state: State) -> list[str]:
    return [one.phase for one in state.sections["A"].attempts]


async def test_a_section_goes_through_its_review_into_the_forge_and_what_follows_builds_on_it(
    bench: Bench, forge: StandIn
):
    await begin(bench)
    await bench.until(lambda s: s.polling, "the review to be awaited")
    assert forge.pull["title"] == "A: Part A"
    assert forge.pull["base"] == "main"
    assert "said in round 1" in forge.pull["body"]
    first = forge.head()
    bench.kill_runner()
    await bench.free()
    await bench.open()
    forge.review("ada", "CHANGES_REQUESTED", "More words.", path="work.txt", line=2, remark="and here")
    await bench.until(lambda s: s.polling and "handle-review" in way(s), "the pushed change to be awaited")
    brief = bench.run.attempt("A", way(bench.state).index("handle-review") + 1).brief.read_text()
    assert "ada: More words.\nwork.txt:2: ada: and here" in brief
    assert forge.head() != first
    forge.check("build", "")
    forge.review("ada", "APPROVED")
    forge.check("build", "SUCCESS")
    state = await bench.done()
    assert state.phase is Phase.DONE, state.sections["A"].detail
    assert way(state)[-4:] == ["await-review", "merge-request", "await-merge", "clean-up"]
    merged = bench.git("-C", str(forge.repository), "rev-parse", "main")
    assert bench.git("merge-base", f"orch/{bench.run.name}", merged) == merged, "what follows builds on what was merged"
    assert bench.git("show", f"{merged}:work.txt").splitlines()[-1] == "round 4"
    assert bench.git("-C", str(forge.repository), "branch", "--format=%(refname:short)") == "main"
    assert bench.git("branch", "--show-current") == "main"
    assert way(state).count("create") == 2, "once for each push, whoever runs it"
    assert bench.left_over() == []


async def test_without_a_login_the_review_says_so_and_the_section_waits_for_a_person(bench: Bench, forge: StandIn):
    forge.log_out()
    own = bench.root / ".orch" / "workflows" / "own.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "name: own\nstart: publish\nphases:\n"
        "  publish: {type: script, run: [orch-forge, publish, '{{ branch }}'], codes: {6: unusable},\n"
        "    on_success: done, on: {unusable: unusable}}\n"
        "  unusable: {type: terminal, outcome: attention}\n"
        "  done: {type: terminal}\n"
    )
    await bench.open(sections("A", "B<-A"), workflow="own")
    told = "'gh', which makes pull requests, is not logged in: run `gh auth login`"
    assert any(notice.startswith(told) for notice in bench.state.notices)
    await bench.approve()
    state = await bench.until(lambda s: s.sections["A"].attention, "attention")
    assert told in state.sections["A"].detail
