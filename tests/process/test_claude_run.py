"""The real Claude Code program runs a plan's sections; only the model behind it is scripted, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import psutil
import pytest
from running import Bench

from orch_tui import process
from orch_tui.agents.claude.reporting import TOOL
from orch_tui.core.state import Phase, State
from orch_tui.store.transcripts import Reader
from orch_tui.testing.agent_env import agent_env
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Request, ToolUse, Turn

PLAN = """---
agent: claude
concurrency: 3
---
# Plan: a greeting program

## Section A: Skeleton
Dependencies: none

Write greeting.txt.

## Section B: Checked by a command
Dependencies: Section A (file must exist)

Run a command that needs a permission.

## Section C: Colour
Dependencies: Section A

Write colour.txt; a person will say which colour.

## Section D: Summary
Dependencies: Section B, Section C (its colour is named)

Write summary.txt.
"""

PROPOSES = ToolUse(
    name="mcp__orch__propose_section",
    input={"title": "Farewell", "text": "Write farewell.txt.", "why": "who greets leaves", "after": ["a"]},
)
COLOURS = "I think about colours for a while, one after the other. " * 6


def write(name: str, text: str) -> ToolUse:
    return ToolUse(name="Write", input={"file_path": "{cwd}/" + name, "content": text})


def model(request: Request) -> Turn:
    """Each section by the words of its brief; the colour is whatever a person said last."""
    brief = request.user_texts[0] if request.user_texts else ""
    at = request.answers
    if "section: Skeleton" in brief:
        turns = [
            Turn(say="I write the greeting.", tools=(write("greeting.txt", "hello\n"), PROPOSES)),
            Turn(say="Greeting written."),
        ]
    elif "section: Checked" in brief:
        command = ToolUse(name="Bash", input={"command": "python3 -c \"open('checked.txt','w').write('ok')\""})
        turns = [Turn(say="I check it.", tools=(command,)), Turn(say="Checked.")]
    elif "section: Colour" in brief:
        steered = any("make it blue" in text for text in request.texts)
        slow = COLOURS
        turns = [
            Turn(say=slow, delay=0.08, piece=8, tools=(write("colour.txt", "red\n"),)),
            Turn(say="Now as you said.", tools=(write("colour.txt", "blue\n"),)) if steered else Turn(say="Red it is."),
            Turn(say="Blue it is."),
        ]
        at = min(at, 2)
    elif "section: Farewell" in brief:
        turns = [Turn(tools=(write("farewell.txt", "bye\n"),)), Turn(say="Farewell written.")]
    elif "section: Summary" in brief:
        turns = [Turn(tools=(write("summary.txt", "all done\n"),)), Turn(say="Summary written.")]
    else:
        turns = []
    return turns[at] if at < len(turns) else Turn(say="done")


def hangs_in_a_tool(request: Request) -> Turn:
    """It starts a tool that stays; once it is told that it was interrupted it does the rest."""
    brief = request.user_texts[0] if request.user_texts else ""
    if "section: Skeleton" not in brief:
        return Turn(say="done", tools=()) if request.answers else Turn(tools=(write("b.txt", "b"),))
    if not any("This session was interrupted" in text for text in request.texts):
        command = "echo once >> tool.txt; touch $HOME/../hangs; sleep 300"
        return Turn(say="I begin.", tools=(ToolUse(name="Bash", input={"command": command}),))
    if request.just_called != ("Write",):
        return Turn(tools=(write("greeting.txt", "hello\n"),))
    return Turn(say="Greeting written.")


def words(pid: int) -> str:
    """The command line of a process."""
    return " ".join(psutil.Process(pid).cmdline())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scrubbed environment for runner, hosts and agents; set_url makes the scripted service known."""
    keep = {"PATH", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYTEST_CURRENT_TEST"}
    for name in list(os.environ):
        if name not in keep:
            monkeypatch.delenv(name)
    for name, value in agent_env(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.environ["PATH"])
    return tmp_path / "home"


def serve_at(url: str, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name, value in agent_env(home, base_url=url).items():
        if name != "PATH":
            monkeypatch.setenv(name, value)


def said(bench: Bench, section: str) -> str:
    lines = Reader(bench.run.attempt(section, 1)).lines(0, 10_000)
    return "\n".join(line.text for line in lines if line.kind == "text")


async def answer_permissions(bench: Bench) -> None:
    """A person who allows what B asks, by the id it asked with."""
    state = await bench.until(lambda s: s.asks, "a permission to be asked")
    (ask,) = state.asks.values()
    assert (ask.section, ask.kind) == ("B", "permission")
    assert "python3" in ask.detail or "python3" in ask.title
    assert await bench.send("answer", request_id=ask.request_id, choice="allow") == ""
    assert "answered it already" in await bench.send("answer", request_id=ask.request_id, choice="deny")


@pytest.mark.slow
async def test_claude_writes_files_asks_a_permission_is_steered_and_all_is_merged(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with ScriptedMessages(model) as server:
        serve_at(server.url, monkeypatch, home)
        await bench.open(PLAN)
        await bench.approve()
        await bench.until(lambda s: s.sections["C"].attempts and said(bench, "C"), "C to say something")
        assert await bench.send("steer", section="C", text="please make it blue") == ""
        await answer_permissions(bench)
        assert "N1" not in bench.state.sections, "nothing runs that nobody accepted"
        assert await bench.send("accept", ids=["N1"]) == ""
        accepted = bench.state.candidate
        assert accepted is not None
        assert await bench.send("approve", plan_sha=accepted.read.plan_sha, graph_sha=accepted.graph_sha) == ""
        state = await bench.done()
        briefs = {name: bench.run.attempt(name, 1).brief.read_text() for name in state.sections}
    assert state.phase is Phase.DONE, {n: s.detail for n, s in state.sections.items()}
    branch = f"orch/{bench.run.name}"
    assert bench.git("show", f"{branch}:greeting.txt") == "hello"
    assert bench.git("show", f"{branch}:checked.txt") == "ok"
    assert bench.git("show", f"{branch}:colour.txt") == "blue"
    assert bench.git("show", f"{branch}:summary.txt") == "all done"
    assert "file must exist" in briefs["B"]
    assert "Result:\nGreeting written." in briefs["B"]
    assert all(s.last and s.last.result and s.last.result.status == "done" for s in state.sections.values())
    assert "greeting.txt" in briefs["B"]
    assert all(s.last and s.last.cost_usd for s in state.sections.values())
    assert state.cost_usd == pytest.approx(
        sum(s.last.cost_usd for s in state.sections.values() if s.last and s.last.cost_usd)
    )
    assert (state.sections["N1"].title, state.sections["N1"].upstream) == ("Farewell", ["A"])
    assert bench.git("show", f"{branch}:farewell.txt") == "bye"
    assert "Write farewell.txt." in briefs["N1"]
    assert all(s.last and s.last.agent_session_id == s.last.session_id for s in state.sections.values())
    assert bench.left_over() == []


@pytest.mark.slow
async def test_killing_the_runner_while_claude_works_runs_every_section_once(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with ScriptedMessages(model) as server:
        serve_at(server.url, monkeypatch, home)
        await bench.open(PLAN)
        await bench.approve()
        await bench.until(lambda s: s.sections["C"].attempts and said(bench, "C"), "C to say something")
        bench.kill_runner()
        await bench.free()
        await bench.open()
        assert await bench.send("steer", section="C", text="please make it blue") == ""
        await answer_permissions(bench)
        state = await bench.done()
    assert state.phase is Phase.DONE
    assert {name: len(s.attempts) for name, s in state.sections.items()} == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert bench.git("show", f"orch/{bench.run.name}:colour.txt") == "blue"
    assert "adopted" in state.recovered
    assert said(bench, "C").replace("\n", "").startswith(COLOURS), "the transcript misses something"
    assert bench.left_over() == []


async def hanging(bench: Bench) -> None:
    """Section A is in the middle of a tool, which a person allowed."""
    await bench.open(PLAN.partition("## Section C")[0])
    await bench.approve()
    state = await bench.until(lambda s: s.asks, "a permission to be asked")
    assert await bench.send("answer", request_id=next(iter(state.asks)), choice="allow") == ""
    await bench.until(lambda s: (bench.root.parent / "hangs").exists(), "the tool to run")


def assert_gone_on_with(bench: Bench, state: State) -> None:
    """The second attempt went on with the session of the first, in its worktree, and all of both is merged."""
    assert state.phase is Phase.DONE, {n: s.detail for n, s in state.sections.items()}
    first, second = state.sections["A"].attempts
    assert (second.resumes, second.session_id, second.path) == (1, first.session_id, first.path)
    assert second.agent_session_id == first.session_id, "the program goes by that id, too"
    assert bench.git("show", f"orch/{bench.run.name}:greeting.txt") == "hello"
    assert bench.git("show", f"orch/{bench.run.name}:tool.txt") == "once", "what the tool did is there, and only once"
    told = bench.run.attempt("A", 2).brief.read_text().splitlines()
    assert len(told) == 5
    assert told[2] == (
        "The working tree is the truth: nothing differs from where the section began, 1 files that git does not know."
    )
    assert bench.left_over() == []


@pytest.mark.slow
async def test_killing_the_host_of_claude_ends_the_program_with_its_tools_and_its_session_is_gone_on_with(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with ScriptedMessages(hangs_in_a_tool) as server:
        serve_at(server.url, monkeypatch, home)
        await hanging(bench)
        marker = f"{bench.run.name}/A/1"
        assert any("sleep" in words(pid) for pid in process.marked(marker))
        os.kill(bench.host_of("A"), signal.SIGKILL)
        state = await bench.until(lambda s: s.sections["A"].attempts[0].failure, "the loss to be seen")
        assert state.sections["A"].attempts[0].failure == "lost"
        assert process.marked(marker) == []
        state = await bench.done()
    assert_gone_on_with(bench, state)


@pytest.mark.slow
async def test_claude_killed_in_the_middle_of_a_tool_goes_on_with_its_session(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with ScriptedMessages(hangs_in_a_tool) as server:
        serve_at(server.url, monkeypatch, home)
        await hanging(bench)
        (program,) = [pid for pid in process.marked(f"{bench.run.name}/A/1") if "--session-id" in words(pid)]
        os.kill(program, signal.SIGKILL)
        state = await bench.until(lambda s: s.sections["A"].attempts[0].failure, "the crash to be seen")
        assert state.sections["A"].attempts[0].failure == "crash"
        state = await bench.done()
    assert_gone_on_with(bench, state)
    told = [one for one in server.requests if any("This session was interrupted" in text for text in one.texts)]
    assert told[0].answers, "the talk goes on where it had got to"
    assert "I begin." in str(told[0].messages)


def does_the_rest_when_told_what_was_left(request: Request) -> Turn:
    """Section A hangs in a tool; a session of its own that finds what was left does the rest."""
    brief = request.user_texts[0] if request.user_texts else ""
    if "section: Skeleton" in brief and "The working tree is the truth" in brief:
        turns = [Turn(tools=(write("greeting.txt", "hello\n"),)), Turn(say="Greeting written.")]
        return turns[min(request.answers, 1)]
    return hangs_in_a_tool(request)


@pytest.mark.slow
async def test_a_session_that_claude_does_not_know_any_more_is_begun_anew_in_the_same_worktree_with_what_was_left(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with ScriptedMessages(does_the_rest_when_told_what_was_left) as server:
        serve_at(server.url, monkeypatch, home)
        await hanging(bench)
        assert await bench.send("pause") == ""
        os.kill(bench.host_of("A"), signal.SIGKILL)
        await bench.until(lambda s: s.sections["A"].attempts[0].failure, "the loss to be seen")
        shutil.rmtree(Path(os.environ["CLAUDE_CONFIG_DIR"]) / "projects")
        assert await bench.send("resume") == ""
        state = await bench.done()
    assert state.phase is Phase.DONE, {n: s.detail for n, s in state.sections.items()}
    lost, unknown, anew = state.sections["A"].attempts
    assert (lost.failure, unknown.failure, unknown.counted) == ("lost", "session", False)
    assert (unknown.resumes, anew.resumes, anew.path) == (1, 0, lost.path)
    assert anew.session_id != lost.session_id, "a session of its own has an id of its own"
    told = bench.run.attempt("A", 3).brief.read_text()
    assert "- tool.txt" in told.partition("Files that git does not know yet:")[2]
    assert "- Bash echo once >> tool.txt; touch $HOME/../hangs; sleep 300" in told
    assert "I begin." not in told.partition("Its last words")[0]
    assert bench.git("show", f"orch/{bench.run.name}:tool.txt") == "once"
    assert bench.git("show", f"orch/{bench.run.name}:greeting.txt") == "hello"
    assert bench.left_over() == []


def writes_though_it_may_not(request: Request) -> Turn:
    """Sent to look, it writes by a tool, by a shell, and commits; sent to write, it does."""
    asked = request.user_texts[0] if request.user_texts else ""
    if "Look." not in asked:
        return model(request)
    command = "echo sly > sly.txt && echo spoilt > greeting.txt && git add . && git commit -qm Sly"
    turns = [
        Turn(tools=(write("written.txt", "by a tool"),)),
        Turn(tools=(ToolUse(name="Bash", input={"command": "cat greeting.txt"}),)),
        Turn(tools=(ToolUse(name="Bash", input={"command": command}),)),
        Turn(say="Looked at."),
    ]
    return turns[request.answers] if request.answers < len(turns) else Turn(say="done")


@pytest.mark.slow
async def test_what_claude_wrote_where_it_was_only_to_read_is_undone_kept_aside_and_fails_its_phase(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    own = bench.root / ".orch"
    (own / "workflows").mkdir(parents=True)
    (own / "prompts").mkdir()
    (own / "prompts" / "look.md").write_text("Look.")
    (own / "config.yaml").write_text("deny: [cat]\nagents: {claude: {allowed_tools: [Bash, Write]}}\n")
    (own / "workflows" / "own.yaml").write_text(
        "name: own\nstart: write\nphases:\n"
        "  write: {type: agent, on_success: look}\n"
        "  look: {type: agent, role: read-only, prompt: look.md, on_success: done, on_failure: after}\n"
        "  after: {type: script, run: [cat, greeting.txt], on_success: done}\n"
        "  done: {type: terminal}\n"
    )
    async with ScriptedMessages(writes_though_it_may_not) as server:
        serve_at(server.url, monkeypatch, home)
        await bench.open(PLAN.partition("## Section C")[0], workflow="own")
        await bench.approve()
        assert await bench.send("skip", section="B") == ""
        state = await bench.done()
    written, looked, after = state.sections["A"].attempts
    kept = f"refs/orch/rescue/{bench.run.name}/A/2"
    assert (looked.outcome, looked.failure) == ("failed", "role")
    assert looked.message == f"it was only to read, and moved its branch: that was put back, kept as {kept}"
    assert looked.notice.startswith("put back what it changed: greeting.txt, sly.txt; ")
    lines = [line.text for line in Reader(bench.run.attempt("A", 2)).lines(0, 1000)]
    assert any("'cat' is denied by the settings" in line for line in lines)
    assert (after.phase, after.summary.strip()) == ("after", "hello"), "what the workflow itself says is not denied"
    assert bench.git("rev-parse", written.branch) == written.commit
    assert bench.git("show", f"{kept}:sly.txt") == "sly"
    assert bench.left_over() == []


def plans_in_steps(request: Request) -> Turn:
    """Hands over steps where it is asked to plan, and does them where it is given them."""
    asked = request.user_texts[0] if request.user_texts else ""
    if "Plan it." in asked:
        steps = {"status": "done", "summary": "Planned.", "output": {"steps": ["one.txt", "two.txt"]}}
        return Turn(tools=(ToolUse(name=TOOL, input=steps),)) if not request.answers else Turn(say="bye")
    named = [word for word in asked.split() if word.endswith(".txt")]
    turns = [Turn(tools=tuple(write(name, "x\n") for name in named)), Turn(say="Written.")]
    return turns[request.answers] if request.answers < len(turns) else Turn(say="done")


@pytest.mark.slow
async def test_what_one_phase_of_claude_hands_over_is_in_the_prompt_of_the_next(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    own = bench.root / ".orch"
    (own / "workflows").mkdir(parents=True)
    (own / "prompts").mkdir()
    (own / "prompts" / "plan.md").write_text("Plan it.")
    (own / "prompts" / "do.md").write_text("Write {% for one in phases.plan.output.steps %}{{ one }} {% endfor %}")
    (own / "prompts" / "steps.json").write_text(
        '{"type": "object", "properties": {"steps": {"type": "array", "items": {"type": "string"}}},'
        ' "required": ["steps"]}'
    )
    (own / "workflows" / "own.yaml").write_text(
        "name: own\nstart: plan\nphases:\n"
        "  plan: {type: agent, role: read-only, prompt: plan.md, output: steps.json, on_success: do}\n"
        "  do: {type: agent, prompt: do.md, on_success: merge}\n"
        "  merge: {type: script, do: merge, verify: false, on_success: done}\n"
        "  done: {type: terminal}\n"
    )
    async with ScriptedMessages(plans_in_steps) as server:
        serve_at(server.url, monkeypatch, home)
        await bench.open(PLAN.partition("## Section C")[0], workflow="own")
        await bench.approve()
        assert await bench.send("skip", section="B") == ""
        state = await bench.done()
    planned, _ = state.sections["A"].attempts
    assert planned.result is not None, planned.message
    assert planned.result.output == {"steps": ["one.txt", "two.txt"]}
    assert bench.git("show", f"orch/{bench.run.name}:two.txt") == "x"


@pytest.mark.slow
async def test_claude_that_gives_no_evidence_is_not_done_until_a_person_says_so(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
):
    first, section_b, rest = PLAN.partition("## Section C")[0].partition("## Section B")
    asks = f"{first}Acceptance:\n\n- It greets\n\n{section_b}{rest}"
    async with ScriptedMessages(model) as server:
        serve_at(server.url, monkeypatch, home)
        await bench.open(asks)
        await bench.approve()
        assert await bench.send("skip", section="B") == ""
        state = await bench.until(lambda s: s.sections["A"].attention, "attention")
        section = state.sections["A"]
        assert section.hints.acceptance == ("It greets",)
        assert (section.attention, section.attempts[0].named) == ("needs review", "unproven")
        assert section.detail.startswith("no evidence for: It greets; skip phase 'implement'")
        assert section.attempts[0].commit, "its work is kept"
        assert await bench.send("skip", section="A", phase="implement") == ""
        state = await bench.done()
    assert bench.git("show", f"orch/{bench.run.name}:greeting.txt") == "hello"
    assert state.sections["A"].detail == "no evidence for: It greets"


async def test_claude_without_credentials_says_how_to_set_it_up(bench: Bench, home: Path):
    await bench.open(PLAN)
    await bench.approve()
    state = await bench.until(lambda s: s.sections["A"].attention, "attention")
    assert "log in" in state.sections["A"].detail
    assert "ANTHROPIC_API_KEY" in state.sections["A"].detail
