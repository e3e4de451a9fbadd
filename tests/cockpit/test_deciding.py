"""Proposals, findings and the approval in the review."""

from __future__ import annotations

from dataclasses import replace

from conftest_cockpit import PLAN, Table, opened, said, screen, until

from orch_tui.client.second_reader import Asking
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.picker import Picker
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.run import Run
from orch_tui.core.validation_events import ValidationEnded, ValidationIntended, ValidationNoticed
from orch_tui.plan.edits import AddEdge, DropEdge, Proposal
from orch_tui.plan.model import Finding

SIZE = (120, 40)
MISSING = Proposal(
    id="p1",
    kind="missing-edge",
    ids=("B", "C"),
    line=13,
    quote="## Section C: Choose leaves",
    reason="the pot tells which leaves",
    source="anthropic claude-haiku-4-5",
    edits=(AddEdge(upstream="B", downstream="C"),),
)
WRONG = Proposal(
    id="p2",
    kind="wrong-edge",
    ids=("A", "B"),
    line=11,
    quote="Section A (hot water)",
    reason="a cold pot will do",
    source="reader",
    edits=(DropEdge(upstream="A", downstream="B"),),
)
UNWRITTEN = Proposal(
    id="p3",
    kind="missing-section",
    ids=("E",),
    line=19,
    quote="Pour",
    reason="nobody washes up",
    source="reader",
)
ALL = (MISSING, WRONG, UNWRITTEN)


def flat(pilot) -> str:
    """What a dialog says, without line breaks."""
    return " ".join(screen(pilot).replace("│", " ").split())


async def proposals(pilot) -> None:
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Proposals), "the proposals")
    await pilot.pause()


def fates(table: Table) -> dict[str, str]:
    return {name: one.fate for name, one in table.stage.state.edition.proposals.items()}


async def test_proposals_stand_beside_what_they_are_about(lay):
    async with lay(proposals=ALL).cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "p proposals" in screen(pilot)
        await pilot.press("j", "j")  # B
        shown = screen(pilot).splitlines()
        edge = next(at for at, line in enumerate(shown) if "→ A  Boil water" in line)
        beside = " ".join(line.partition("││")[2] for line in shown[edge + 2 : edge + 5])
        assert "? B does not wait for A" in beside
        assert "a cold pot will do — reader" in beside
        assert "“Section A (hot water)”" in beside
        await pilot.press("k")  # C
        assert "? C should wait for B" in screen(pilot)
        await pilot.press("G")
        assert "? a section is missing, beside E · only you can write it" in screen(pilot)


async def test_a_proposal_is_accepted_and_its_source_stays_with_it(lay):
    table: Table = lay(proposals=ALL)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("j")  # C: its own proposal comes first
        await proposals(pilot)
        await pilot.press("a")
        await until(pilot, lambda: fates(table)["p1"] == "accepted", "the acceptance")
        await until(pilot, lambda: "2 open" in screen(pilot), "the list")
        assert table.sent == [("accept", {"ids": ["p1"]})]
        await pilot.press("escape")
        await until(pilot, lambda: "by you@pts/1, 14:13: the pot tells which leaves" in screen(pilot), "the edge")
        assert "C  Choose leaves" in screen(pilot)


async def test_proposals_are_dismissed_one_by_one_or_all(lay):
    table: Table = lay(proposals=ALL)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await proposals(pilot)
        await pilot.press("j", "d")
        await until(pilot, lambda: list(fates(table).values()).count("dismissed") == 1, "one")
        await pilot.press("D")
        await until(pilot, lambda: list(fates(table).values()).count("dismissed") == 3, "all")
        await until(pilot, lambda: "0 open" in screen(pilot), "the list")
        await pilot.press("A")
        await until(pilot, lambda: "no proposal is open" in screen(pilot), "the reason")


async def test_all_that_fit_are_accepted_at_once_and_taken_back_one_by_one(lay):
    table: Table = lay(proposals=ALL)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await proposals(pilot)
        await pilot.press("A")
        await until(pilot, lambda: set(fates(table).values()) == {"accepted"}, "all")
        await pilot.press("escape", "u")
        await until(pilot, lambda: fates(table)["p2"] == "open", "the last one")


async def test_a_proposal_that_does_not_fit_says_why(lay):
    circle = Proposal(
        id="p9",
        kind="missing-edge",
        ids=("A", "E"),
        line=4,
        quote="Dependencies: none",
        reason="why not",
        source="reader",
        edits=(AddEdge(upstream="E", downstream="A"),),
    )
    table: Table = lay(proposals=(circle,))
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await proposals(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "that closes a circle" in screen(pilot), "the circle")
        assert table.sent == []


async def test_enter_goes_to_the_section_of_a_proposal(lay):
    async with lay(proposals=ALL).cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await proposals(pilot)
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the review")
        assert pilot.app.screen.section == "E"


async def test_without_proposals_the_key_says_so(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "p proposals" not in screen(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "nothing is proposed; V asks a second reader" in said(pilot), "the words")


# --- the second reader ---

ASKING = Asking(provider="anthropic", model="claude-haiku-5-5", tokens=12_345, estimate_usd=0.0123, limit_usd=0.25)
INTENDED = {"number": 1, "plan_sha": "", "graph_sha": "", "by": "you@pts/1"}


def answered(table: Table, **fields) -> None:
    ended = {"number": 1, "outcome": "ok", "provider": "anthropic", "model": "claude-haiku-5-5", **fields}
    table.stage.happens(ValidationEnded(**{"question_sha": "q", "cost_usd": 0.0042, **ended}))


async def asked(pilot) -> None:
    await opened(pilot)
    await pilot.press("V")
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
    await pilot.pause()


async def test_the_second_reader_is_asked_after_saying_whom_and_at_what_cost(lay):
    table: Table = lay()
    async with table.cockpit(asking=lambda *_: ASKING).run_test(size=(200, 60)) as pilot:
        await asked(pilot)
        shown = flat(pilot)
        assert "claude-haiku-5-5 (anthropic) reads plan and graph in one call, about 12,345 tokens" in shown
        assert "at most about $0.01" in shown
        await pilot.press("y")
        await until(pilot, lambda: "the second reader is at work" in screen(pilot), "its progress")
        assert table.sent == [("validate", {"confirm": False})]
        table.stage.happens(ValidationNoticed(number=1, text="asking claude-haiku-5-5: about 12,345 tokens"))
        await until(pilot, lambda: "asking claude-haiku-5-5: about" in screen(pilot), "the notice")
        thrown = {"quotes words that are not in the plan": 2}
        answered(table, proposals=(MISSING,), thrown=thrown)
        await until(pilot, lambda: "has answered: 1 proposal, $0.0042 · p shows them" in said(pilot), "the result")
        shown = screen(pilot)
        assert "has answered: anthropic claude-haiku-5-5 · $0.0042 · 1 proposal" in shown
        assert "thrown out: 2 quotes words that are not in the plan" in shown


async def test_a_cost_above_the_limit_is_said_and_agreed_to(lay):
    table: Table = lay()
    dear = replace(ASKING, estimate_usd=3.0)
    async with table.cockpit(asking=lambda *_: dear).run_test(size=SIZE) as pilot:
        await asked(pilot)
        assert "above your limit of $0.25" in flat(pilot)
        await pilot.press("y")
        await until(pilot, lambda: table.sent, "the command")
        assert table.sent == [("validate", {"confirm": True})]


async def test_without_anybody_to_ask_the_key_says_why(lay):
    table: Table = lay()
    nobody = replace(ASKING, lacking="ANTHROPIC_API_KEY is not set")
    async with table.cockpit(asking=lambda *_: nobody).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "there is no second reader: ANTHROPIC_API_KEY is not set" in said(pilot), "why")
        assert table.sent == []


async def test_the_second_reader_is_not_asked_twice_at_once(lay):
    table: Table = lay()
    table.stage.happens(ValidationIntended(**INTENDED))
    async with table.cockpit(asking=lambda *_: ASKING).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "is at work already" in said(pilot), "why not")
        answered(table, outcome="timeout", message="no answer within 120 s", cost_usd=None)
        await until(pilot, lambda: "took too long: no answer within 120 s" in said(pilot), "how it ended")


# --- findings ---


async def test_the_list_of_findings_leads_to_section_and_line(lay):
    findings = (
        Finding(type="contradiction", ids=("B",), line=11, message="odd words about B"),
        Finding(type="external-dependency", ids=("E",), line=19, message="somebody must pour"),
    )
    async with lay(findings=findings).cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "▲ 2" in screen(pilot)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the list")
        assert "▲ contradiction" in screen(pilot)
        await pilot.press(*"pour", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the review")
        assert pilot.app.screen.section == "E"


async def test_a_finding_about_no_section_says_so(lay):
    findings = (Finding(type="no-dependencies-stated", ids=(), line=0, message="nothing is stated"),)
    async with lay(findings=findings).cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("F", "enter")
        await until(pilot, lambda: "about the whole plan" in said(pilot), "the words")


# --- the approval ---


async def test_a_retired_plan_is_approved_only_after_being_asked_twice(lay):
    findings = (Finding(type="retired", ids=(), line=1, message="the plan says that it is retired"),)
    table: Table = lay(findings=findings)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the first question")
        assert "the plan says that it is retired" in screen(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Really?" in screen(pilot), "the second question")
        assert table.sent == []
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, Review), "the review")
        await pilot.press("a", "y")
        await until(pilot, lambda: "Really?" in screen(pilot), "the second question again")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        assert table.sent[0][1]["confirm"] is True


async def test_alternatives_say_why_not_and_are_answered_by_leaving_one_out(lay):
    findings = (Finding(type="alternatives", ids=("B", "C"), line=10, message="B or C, not both"),)
    table: Table = lay(findings=findings)
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "the question")
        assert "B or C, not both" in screen(pilot)
        assert "leave out what shall not run" in screen(pilot).replace("\n", " ")
        await pilot.press("n", "j", "x", "1")
        await until(pilot, lambda: table.stage.state.sections["C"].planned == "excluded", "the choice")
        await pilot.pause()
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")


async def test_what_is_approved_is_the_mended_graph(lay):
    table: Table = lay()
    async with table.cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        before = table.stage.state.graph_sha
        await pilot.press("G", "R", "enter")
        await until(pilot, lambda: table.stage.state.graph_sha != before, "the mend")
        await until(pilot, lambda: pilot.app.state.graph_sha == table.stage.state.graph_sha, "the news")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Run), "the run")
        assert table.sent[-1][1]["graph_sha"] == table.stage.state.graph_sha != before


# --- the whole ---


async def test_the_review_shows_waves_or_a_tree(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "─ Waves ─" in screen(pilot)
        await pilot.press("j", "t")
        assert "─ Tree ─" in screen(pilot)
        assert "└ · B  Warm the pot" in screen(pilot)
        assert pilot.app.screen.section == "C"
        await pilot.press("t")
        assert "Wave 1 · 2 side by side" in screen(pilot)


async def test_the_critical_path_is_marked_by_a_sign(lay):
    async with lay().cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        marked = {line.split()[2] for line in screen(pilot).splitlines()[3:] if "◆" in line.partition("││")[0]}
        assert {"A", "B", "D", "E"} <= marked | {line.split()[3] for line in screen(pilot).splitlines() if "› " in line}
        assert "C" not in marked


async def test_at_a_wide_terminal_the_signs_have_words(lay):
    findings = (Finding(type="contradiction", ids=("B",), line=11, message="odd"),)
    async with lay(findings=findings, proposals=ALL).cockpit().run_test(size=(200, 60)) as pilot:
        await opened(pilot)
        shown = screen(pilot)
        assert "◆ critical path" in shown
        assert "▲ 1" in shown
        assert "◆ 4 critical · ▲ 1 finding · ? 3 proposals" in shown


async def test_a_key_that_does_nothing_here_says_so(lay):
    async with lay(PLAN).cockpit().run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "'z' does nothing here" in said(pilot), "the words")
