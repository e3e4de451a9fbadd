"""`orch-tui validate` as a user meets it; the service behind it is scripted, on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cli_project import LIMIT, Project, Told

from orch_tui.store import layout
from orch_tui.testing.agent_env import agent_env
from orch_tui.testing.messages_server import ScriptedMessages
from orch_tui.testing.playbook import Fault, Turn
from orch_tui.testing.reviewing import PLAN, answered, proposed


@asynccontextmanager
async def service(project: Project, *turns: Turn, key: str = "dummy") -> AsyncIterator[ScriptedMessages]:
    """A scripted service that the project's environment knows."""
    async with ScriptedMessages(turns) as server:
        env = agent_env(Path(project.env["HOME"]), base_url=server.url, ANTHROPIC_API_KEY=key)
        project.env |= {name: value for name, value in env.items() if name != "PATH"}
        project.text(PLAN)
        yield server


async def call(project: Project, *words: str) -> Told:
    """Run the program without keeping the service from answering."""
    return await asyncio.to_thread(project.call, *words)


async def test_proposals_stand_beside_the_edges_they_touch_with_the_cost_and_what_was_thrown_out(project: Project):
    wrong = proposed(kind="wrong-edge", upstream="A", downstream="B", quote="file structure must exist")
    async with service(project, Turn(say=answered(proposed(), wrong, proposed(upstream="Z")))):
        told = await call(project, "validate", "plan.md")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        told.out.splitlines()[0],
        "v1-1  missing-edge: C should wait for B",
        "      line 13: “Reads the hooks that B installs”",
        "      C reads what B installs.",
        "      now: C waits for A (line 12: “Dependencies: Section A”)",
        "v1-2  wrong-edge: B does not wait for A",
        "      line 8: “file structure must exist”",
        "      C reads what B installs.",
        "      now: B waits for A (line 8: “Dependencies: Section A (file structure must exist)”)",
        "thrown out: 1 name sections that do not exist",
        told.out.splitlines()[-2],
        f"nothing is changed yet; then: orch-tui proposals accept ID --run {project.run.name}  (or dismiss)",
    ]
    assert told.out.startswith("second reader: asking claude-haiku-5-5 (anthropic): about ")
    assert told.out.splitlines()[-2].startswith("anthropic claude-haiku-5-5, $0.0")


async def test_as_json_it_holds_the_same_and_nothing_else_is_on_the_output(project: Project):
    async with service(project, Turn(say=answered(proposed()))):
        told = await call(project, "validate", "plan.md", "--json")
    data = json.loads(told.out)
    assert (told.code, data["outcome"], data["thrown"]) == (0, "ok", {})
    assert data["proposals"][0]["words"] == "C should wait for B"
    assert data["cost_usd"] > 0
    assert "asking claude-haiku-5-5" in told.err


async def test_the_proposals_are_in_the_review_of_that_plan_shown_again_and_accepted_by_their_ids(project: Project):
    async with service(project, Turn(say=answered(proposed()))):
        await call(project, "validate", "plan.md")
        again = await call(project, "validate")
        listed = await call(project, "proposals")
        status = await call(project, "status")
        accepted = await call(project, "proposals", "accept", "v1-1")
    assert "thrown out: 1 were proposed before" in again.out
    assert len(layout.runs(project.root)) == 1
    assert listed.out.splitlines() == [
        "v1-1  open  (from anthropic claude-haiku-5-5)",
        "  missing-edge: C should wait for B",
        "  line 13: “Reads the hooks that B installs”",
        "  C reads what B installs.",
        "  now: C waits for A (line 12: “Dependencies: Section A”)",
    ]
    assert "1 proposal to decide: `orch-tui proposals`" in status.out
    assert accepted.out.startswith("v1-1  accepted by ")
    assert project.state().sections["C"].upstream == ["A", "B"]


async def test_a_plan_that_was_edited_since_is_read_again_first(project: Project):
    async with service(project, Turn(say=answered())) as server:
        await call(project, "validate", "plan.md")
        project.text(PLAN.replace("Acceptance", "Approval"))
        told = await call(project, "validate", "plan.md")
    assert told.code == 0
    assert "it would change nothing" in told.out
    assert "Section D: Approval" in server.requests[1].body["messages"][0]["content"]


async def test_a_prd_is_read_along(project: Project):
    project.text("People must be able to log out.\n", name="prd.md")
    missing = proposed(
        kind="missing-section",
        upstream="C",
        downstream="",
        document="prd",
        quote="able to log out",
        reason="No logout.",
    )
    async with service(project, Turn(say=answered(missing))):
        told = await call(project, "validate", "plan.md", "--prd", "prd.md")
    assert "v1-1  missing-section: a section is missing, beside C\n      PRD, line 1: “able to log out”" in told.out


async def test_a_prd_that_is_not_there_costs_nothing(project: Project):
    async with service(project) as server:
        told = await call(project, "validate", "plan.md", "--prd", "none.md")
    assert (told.code, server.requests) == (1, [])
    assert told.line == "orch-tui: no such file: 'none.md' (--prd names a text file)"


async def test_without_credentials_it_says_what_would_help(project: Project):
    project.config("second_reader: {codex: no-such-program}\n")
    async with service(project, key=""):
        told = await call(project, "validate", "plan.md")
    assert told.code == 1
    assert told.out.startswith("there is no second reader: nobody to ask (anthropic: ANTHROPIC_API_KEY is not set;")
    assert "what was set up since its runner was started is known to the next one" in told.out
    assert "nothing was asked" in told.out


async def test_above_the_limit_it_needs_a_word(project: Project):
    project.config("second_reader: {cost_limit_usd: 0.0001}\n")
    async with service(project, Turn(say=answered(proposed()))) as server:
        told = await call(project, "validate", "plan.md")
        assert (told.code, server.requests) == (10, [])
        assert "the limit is $0.0001" in told.out
        assert "ask all the same with --yes" in told.out
        agreed = await call(project, "validate", "plan.md", "--yes")
    assert agreed.code == 0
    assert "C should wait for B" in agreed.out


async def test_a_service_that_fails_is_told_in_its_words(project: Project):
    async with service(project, Turn(fault=Fault(status=400, message="credit balance is too low"))):
        told = await call(project, "validate", "plan.md")
    assert told.code == 1
    assert "the second reader failed: the service answered 400: credit balance is too low" in told.out


async def test_a_retry_is_shown_while_it_happens(project: Project):
    fault = Fault(status=429, message="slow down", retry_after=1, times=1)
    async with service(project, Turn(say=answered(), fault=fault)):
        told = await call(project, "validate", "plan.md")
    assert "second reader: the service answered 429: slow down; trying again in 1 s (1 of 4)" in told.out
    assert told.code == 0


async def test_what_is_approved_is_not_asked_about(project: Project):
    async with service(project) as server:
        project.text("---\nagent: simulated\n---\n" + PLAN)
        await project.open(project.root / "plan.md")
        told = await call(project, "validate", "--run", project.run.name)
    assert (told.code, server.requests) == (1, [])
    assert "there is nothing in review, the run is" in told.line


async def test_an_interrupt_leaves_the_second_reader_at_work_and_its_proposals_in_the_review(project: Project):
    async with service(project, Turn(say=answered(proposed()), fault=Fault(hang=3))) as server:
        child = project.start("validate", "plan.md")
        async with asyncio.timeout(LIMIT):
            while not server.requests:
                await asyncio.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, err = await asyncio.to_thread(child.communicate)
        state = await project.until(lambda state: state.validation and state.validation.outcome)
    assert child.returncode == 130
    assert "the second reader goes on; its proposals will be in the review" in err
    assert "Traceback" not in out + err
    assert state.edition is not None
    assert list(state.edition.proposals) == ["v1-1"]


async def test_a_runner_that_is_killed_meanwhile_is_followed_by_one_that_says_that_the_answer_is_lost(
    project: Project,
):
    async with service(project, Turn(fault=Fault(hang=60))) as server:
        child = project.start("validate", "plan.md")
        async with asyncio.timeout(LIMIT):
            while not server.requests:
                await asyncio.sleep(0.02)
        os.kill(json.loads(project.run.lock.read_text())["pid"], signal.SIGKILL)
        out, err = await asyncio.to_thread(child.communicate)
    assert (child.returncode, err) == (1, "")
    assert "the second reader's answer is lost: the runner ended" in out
    assert "cost not known" in out
