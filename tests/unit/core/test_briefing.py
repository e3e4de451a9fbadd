"""What a fresh session is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui import resources
from orch_tui.agents.result import Result
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptLost, WorktreeReady
from orch_tui.core.briefing import Template, argv_of, phases_of, write_brief
from orch_tui.core.decision_events import DecisionAdded, DecisionPinned, DecisionStruck
from orch_tui.core.plan_text import PlanText
from orch_tui.core.run_events import PlanRead, RuleFile, RunCreated, SectionEntry, Settings
from orch_tui.core.section_events import SectionDone
from orch_tui.core.state import State
from orch_tui.core.work_events import WorkCommitted
from orch_tui.errors import ConfigError
from orch_tui.plan.parsing import parse
from orch_tui.tokens import size

PLAN = """---
agent: script
---
# The big plan

Words for everybody: use tabs.

## Section A: Ground
Dependencies: none

Lay the ground.

## Section B: House
Dependencies: Section A (tests must pass)

```bash
make\tall
```
"""


def state_of(text: str) -> State:
    plan = parse(text)
    state = State()
    entries = tuple(
        SectionEntry(id=s.id, slug=s.slug, title=s.title, lines=s.lines, agent="script", hints=s.hints, around=s.around)
        for s in plan.sections
    )
    read = PlanRead(
        plan_sha="p",
        title=plan.title,
        reader="headed",
        sections=entries,
        dependencies=plan.dependencies,
        findings=(),
        settings=Settings(),
        preamble=plan.preamble,
    )
    for number, event in enumerate([RunCreated(run="r", plan_path="plan.md"), read], 1):
        apply(state, event, seq=number, at=1.0)
    return state


def happened(state: State, *events: object) -> None:
    for event in events:
        apply(state, event, seq=state.seq + 1, at=2.0)  # type: ignore[arg-type]


def brief_of(state: State, name: str, text: str, root: Path, *, budget: int = 50_000) -> str:
    """What the agent of a section would be told now."""
    file, prompt = resources.found("prompts", "brief.md", root=root)
    section = state.sections[name]
    number = max(1, len(section.attempts))
    template = Template(text=prompt, name=str(file))
    return write_brief(state, section, PlanText(text), template, attempt=number, budget=budget)


def attempt(state: State, section: str, number: int = 1) -> None:
    happened(
        state,
        AttemptIntended(section=section, attempt=number, agent="script", session_id="s", marker="m"),
        WorktreeReady(section=section, attempt=number, path="/p", branch="b", base="0"),
    )


@pytest.mark.parametrize(("title", "head"), [("Plan: a garden", "# Plan: a garden"), ("Garden", "# Plan: Garden")])
def test_the_head_of_a_brief_says_plan_once(tmp_path: Path, title: str, head: str):
    text = PLAN.replace("The big plan", title)
    state = state_of(text)
    attempt(state, "A")
    brief = brief_of(state, "A", text, tmp_path)
    assert f"\n{head}\n" in brief


@pytest.mark.parametrize(("preamble", "heads"), [("Use tabs.", ["# The plan"]), ("", [])])
def test_a_plan_without_a_title_gets_no_empty_head(tmp_path: Path, preamble: str, heads: list[str]):
    state = state_of(PLAN)
    state.title, edition = "", state.edition
    assert edition is not None
    edition.read = replace(edition.read, preamble=preamble)
    attempt(state, "A")
    brief = brief_of(state, "A", PLAN, tmp_path)
    before = brief.partition("# Your section")[0].splitlines()
    assert [line for line in before if line.startswith("#")] == heads


def test_the_brief_has_the_plans_words_the_section_and_what_its_upstream_left(tmp_path: Path):
    state = state_of(PLAN)
    attempt(state, "A")
    ended = AttemptEnded(
        section="A",
        attempt=1,
        outcome="succeeded",
        failure="",
        message="",
        summary="I chose \x1b[31mslate\x1b[0m.",
        cost_usd=0.1,
        exit_code=0,
    )
    work = WorkCommitted(
        section="A", attempt=1, commit="c", files=("ground.py",), file_count=3, insertions=1, deletions=0
    )
    happened(state, ended, work, SectionDone(section="A", summary=ended.summary))
    attempt(state, "B")
    brief = brief_of(state, "B", PLAN, tmp_path)
    assert "\n# The big plan\n" in brief
    assert "Words for everybody: use tabs." in brief
    assert "agent: script" not in brief
    assert "# Your section: House (B)" in brief
    assert "make\tall" in brief
    assert "## Ground (A): done" in brief
    assert "What you need of it: tests must pass" in brief
    assert "I chose slate." in brief
    assert "- ground.py" in brief
    assert "- and 2 more" in brief
    assert "\x1b" not in brief
    assert without_air(brief) == []
    assert "Lay the ground." not in brief.split("# Your section")[1].split("# What was done before")[0]


def test_a_brief_tells_of_the_alternative_that_is_done_and_of_no_other(tmp_path: Path):
    text = (
        "# P\n\n## Section A: Kettle\n\n## Section B: Pan\n\n## Section C: Pour\nDependencies: Section A or Section B\n"
    )
    state = state_of(text)
    attempt(state, "A")
    attempt(state, "B")
    happened(state, SectionDone(section="A", summary=""))
    brief = brief_of(state, "C", text, tmp_path)
    assert "## Kettle (A): done" in brief
    assert "Pan" not in brief.split("# Your section")[1]
    happened(state, SectionDone(section="B", summary=""))
    brief = brief_of(state, "C", text, tmp_path)
    assert "## Pan (B): done" in brief


def without_air(brief: str) -> list[str]:
    """Headings that touch the lines above or below; an agent reads Markdown as people do."""
    lines = brief.split("\n")
    touching = [n for n, line in enumerate(lines) if line.startswith("#") and (lines[n - 1] or lines[n + 1])]
    return [lines[n] for n in touching if not lines[n].startswith("## Section ")] + ["\n\n\n"] * ("\n\n\n" in brief)


def test_another_attempt_is_told_why_the_last_one_ended(tmp_path: Path):
    state = state_of(PLAN)
    attempt(state, "A")
    happened(state, AttemptLost(section="A", attempt=1, why="the session host was killed", swept=2, counted=True))
    attempt(state, "A", 2)
    brief = brief_of(state, "A", PLAN, tmp_path)
    assert "Attempt 1 (implement): lost: the session host was killed" in brief
    assert without_air(brief) == []


def test_a_template_of_the_users_own_comes_first(tmp_path: Path):
    own = tmp_path / ".orch" / "prompts"
    own.mkdir(parents=True)
    (own / "brief.md").write_text("Only {{ section.id }}.")
    state = state_of(PLAN)
    attempt(state, "B")
    brief = brief_of(state, "B", PLAN, tmp_path)
    assert brief == "Only B."


def test_blocks_are_the_plans_own_with_their_lines():
    state = state_of(PLAN)
    (block,) = PlanText(PLAN).blocks(state.sections["B"])
    assert (block.shell, block.text) == ("bash", "make\tall\n")
    assert PLAN.splitlines()[block.line - 1] == "```bash"


def test_what_is_shown_is_what_runs_whatever_separators_a_line_holds():
    from orch_tui.client import passages

    plan = PLAN.replace("Lay the ground.", "Lay\x0cthe\u2028ground.").replace(
        "make\tall", "printf 'a\x0cb\u2028c'\r\nmake"
    )
    state = state_of(plan)
    (block,) = PlanText(plan).blocks(state.sections["B"])
    assert block.text == "printf 'a\x0cb\u2028c'\nmake\n"
    (row,) = passages.will_run(PlanText(plan), state.sections["B"])
    assert (row.hidden, [line.text for line in row.lines]) == (True, ["printf 'ab", "c'", "make"])


def test_a_template_of_ones_own_that_names_what_there_is_not_is_told_with_its_file(tmp_path: Path):
    own = tmp_path / ".orch" / "prompts" / "brief.md"
    own.parent.mkdir(parents=True)
    own.write_text("{{ section.title }}: {{ sections }}")
    state = state_of(PLAN)
    with pytest.raises(ConfigError) as told:
        brief_of(state, "A", PLAN, tmp_path)
    known = "run, plan, section, upstreams, isolated, previous, told, phases, decisions, rules, conflict, earlier"
    assert told.value.line() == f"{own}: 'sections' is undefined (there are: {known})"


def test_a_template_of_ones_own_can_say_of_which_run_it_is(tmp_path: Path):
    own = tmp_path / ".orch" / "prompts" / "brief.md"
    own.parent.mkdir(parents=True)
    own.write_text("{{ plan.title }} in {{ run }}")
    assert brief_of(state_of(PLAN), "A", PLAN, tmp_path) == "The big plan in r"


def test_a_row_of_a_table_comes_with_the_names_of_its_columns():
    rows = ["| ID | Task | Depends on |", "|----|------|------------|", "| T1 | Sow | none |", "| T2 | Reap | T1 |"]
    state = state_of("# Farm\n\nWords.\n\n" + "\n".join(rows) + "\n")
    text = PlanText("# Farm\n\nWords.\n\n" + "\n".join(rows) + "\n")
    assert text.told(state.sections["T1"]).split("\n") == rows[:3]
    assert text.told(state.sections["T2"]).split("\n") == [*rows[:2], rows[3]]


@pytest.mark.parametrize(
    ("lines", "told"),
    [((5, 7), "| ID | Task |\n|----|------|\n| T1 | Sow |"), ((6, 6), "|----|------|"), ((3, 3), "| and no table")],
)
def test_nothing_comes_twice_with_a_table_and_nothing_with_bars_that_are_none(lines: tuple[int, int], told: str):
    text = "| words\n| in bars\n| and no table\n\n| ID | Task |\n|----|------|\n| T1 | Sow |\n"
    section = state_of(PLAN).sections["A"]
    section.lines = lines
    assert PlanText(text).told(section) == told


FULL = PLAN.replace("Words for everybody: use tabs.", "\n".join(f"House rule {n}: use tabs." for n in range(60)))


def much(tmp_path: Path, *, budget: int) -> str:
    """The second brief of B, where each part that can be cut has some thousand bytes."""
    state = state_of(FULL)
    attempt(state, "A")
    ended = AttemptEnded(
        section="A",
        attempt=1,
        outcome="succeeded",
        failure="",
        message="",
        summary="\n".join(f"I did thing {n} of many." for n in range(100)),
        cost_usd=0.1,
        exit_code=0,
    )
    files = tuple(f"src/a/rather/long/path/to/file{n}.py" for n in range(60))
    work = WorkCommitted(section="A", attempt=1, commit="c", files=files, file_count=60, insertions=1, deletions=0)
    happened(state, ended, work, SectionDone(section="A", summary=ended.summary))
    attempt(state, "B")
    printed = "\n".join(f"test {n} went wrong" for n in range(120))
    lost = replace(ended, section="B", outcome="failed", failure="script", message="code 2", summary=printed)
    happened(state, lost)
    attempt(state, "B", 2)
    return brief_of(state, "B", FULL, tmp_path, budget=budget)


def test_a_brief_within_its_budget_is_whole(tmp_path: Path):
    brief = much(tmp_path, budget=50_000)
    assert "Left out" not in brief
    assert "file59.py" in brief
    assert "test 119 went wrong" in brief


def test_what_matters_least_is_left_out_first_and_that_is_said(tmp_path: Path):
    whole = size(much(tmp_path, budget=50_000)) // 10
    files = much(tmp_path, budget=(whole - 500) // 3)
    assert files.endswith(" tokens: the files that A changed (in part).\n")
    assert "file0.py" in files
    assert "file59.py" not in files
    assert f"- and {60 - files.count('- src/')} more" in files
    assert "I did thing 99 of many." in files
    summary = much(tmp_path, budget=(whole - 3000) // 3)
    assert summary.endswith(": the files that A changed; the result of A (in part).\n")
    assert "test 1 went wrong" in summary
    output = much(tmp_path, budget=(whole - 6000) // 3)
    assert output.endswith(": the files that A changed; the result of A; what the attempt before printed (in part).\n")
    assert "test 119 went wrong" in output, "the end of what was printed says most"
    assert "test 1 went wrong" not in output
    assert "House rule 59" in output
    assert all(size(brief) // 10 <= whole - less for brief, less in [(files, 500), (summary, 3000), (output, 6000)])


def test_a_section_is_never_cut_however_small_the_budget(tmp_path: Path):
    brief = much(tmp_path, budget=10)
    assert "make\tall" in brief
    assert "code 2" in brief
    assert "House rule" not in brief
    assert "the words before the plan's sections.\n" in brief


def test_what_a_template_does_not_use_is_not_said_to_be_left_out(tmp_path: Path):
    own = tmp_path / ".orch" / "prompts"
    own.mkdir(parents=True)
    (own / "brief.md").write_text("{{ section.body }}\n{{ plan.preamble }}\n")
    brief = much(tmp_path, budget=300)
    assert brief.splitlines()[-1] == (
        "Left out to keep this within about 300 tokens: the words before the plan's sections."
    )


def test_of_many_left_out_not_all_are_named(tmp_path: Path):
    names = [f"S{n}" for n in range(80)]
    text = "# P\n\n" + "".join(f"## Section {name}: T\n\n" for name in names)
    text += f"## Section Z: Z\nDependencies: {', '.join(f'Section {name}' for name in names)}\n"
    state = state_of(text)
    for name in names:
        happened(state, SectionDone(section=name, summary="Words of a section. " * 50))
    attempt(state, "Z")
    note = brief_of(state, "Z", text, tmp_path, budget=1000).splitlines()[-1]
    assert note.startswith("Left out to keep this within about 1000 tokens: the result of S0")
    assert len(note) < 800
    assert note.split("; ")[-1].startswith("and ")


def test_a_brief_says_what_the_phases_before_said_and_what_previous_tells_only_once(tmp_path: Path):
    state = state_of(PLAN)
    for number, (phase, told) in enumerate(
        [
            ("plan", {"summary": "Change roof.py."}),
            ("implement", {"summary": "Roof changed."}),
            ("verify", {"summary": "roof leaks", "outcome": "failed", "failure": "script", "exit_code": 1}),
        ],
        1,
    ):
        fields = {"outcome": "succeeded", "failure": "", "message": told.get("failure", ""), "exit_code": None, **told}
        happened(
            state,
            AttemptIntended(section="A", attempt=number, agent="script", session_id="s", marker="m", phase=phase),
            WorktreeReady(section="A", attempt=number, path="/p", branch="", base=""),
            AttemptEnded(section="A", attempt=number, cost_usd=0.0, **fields),  # type: ignore[arg-type]
        )
    happened(state, AttemptIntended(section="A", attempt=4, agent="script", session_id="s", marker="m", visit=2))
    brief = brief_of(state, "A", PLAN, tmp_path)
    assert "## plan\n\nChange roof.py.\n\n## implement\n\nRoof changed." in brief
    assert brief.count("roof leaks") == 1
    assert phases_of(state.sections["A"], 4) == {"plan": "Change roof.py.", "implement": "Roof changed.", "verify": ""}


def test_an_agent_that_has_outcomes_is_asked_for_one(tmp_path: Path):
    template = Template(text="Look.\n", name="own", outcomes=("ready", "changes"))
    brief = write_brief(state_of(PLAN), state_of(PLAN).sections["A"], PlanText(PLAN), template, attempt=1, budget=10)
    asked = "End your last message with a line of its own: `Outcome: ready` or `Outcome: changes`."
    assert brief == f"Look.\n\n{asked}\n"


def test_arguments_of_a_program_are_filled_in_one_by_one(tmp_path: Path):
    state = state_of(PLAN.replace("Ground", "Ground; rm -rf {{ x }}"))
    attempt(state, "A")
    at = state.sections["A"].attempts[0]
    run = ["forge", "open", "--title={{ section.title }}", "{{ branch }} {{ run }}", "{ not one }"]
    filled = argv_of(state, state.sections["A"], PlanText(PLAN), at, run)
    assert filled == ("forge", "open", "--title=Ground; rm -rf {{ x }}", "b r", "{ not one }")
    with pytest.raises(ConfigError, match="'run' of phase 'implement': 'dict object' has no attribute 'plan'"):
        argv_of(state, state.sections["A"], PlanText(PLAN), at, ["{{ phases.plan }}"])


def test_of_decisions_the_oldest_go_first_and_pinned_ones_never(tmp_path: Path):
    state = state_of(PLAN)
    attempt(state, "A")
    happened(state, *(DecisionAdded(text=f"Rule {n} of this house. " + "So it is. " * 20, by="kim") for n in range(40)))
    happened(state, DecisionPinned(number=1, by="kim"), DecisionStruck(number=40, by="kim"))
    whole = brief_of(state, "A", PLAN, tmp_path)
    assert "# Decided so far\n\n" in whole
    assert "Rule 38 of" in whole
    assert "Rule 39 of" not in whole, "struck ones go nowhere"
    short = brief_of(state, "A", PLAN, tmp_path, budget=2000)
    assert short.index("Rule 0 of") < short.index("Rule 38 of")
    assert "Rule 1 of" not in short
    assert "decisions that nobody pinned (in part)" in short
    least = brief_of(state, "A", PLAN, tmp_path, budget=100)
    assert "Rule 0 of" in least
    assert "Rule 38 of" not in least


RULED = """# Shop

## Phase 1

Use UUIDs.

### Section A: Schema
Files: `db/schema.sql`

Write it.

## Phase 2

Use \x1b[31mhtmx.

### Section B: Pages
Files: `web/pages/index.html`

Write them.

## Ground rules

Never touch payments.
"""


def ruled(*files: RuleFile, text: str = RULED) -> State:
    state = state_of(text)
    edition = state.edition
    assert edition is not None
    edition.read = replace(edition.read, rules=files)
    attempt(state, "B")
    return state


def test_a_brief_has_the_words_of_its_phase_and_the_rules_for_all(tmp_path: Path):
    brief = brief_of(ruled(), "B", RULED, tmp_path)
    words = "# Rules that bear on it\n\n## Phase 2\n\nUse htmx.\n\n## Ground rules\n\nNever touch payments.\n"
    assert words in brief
    assert "UUID" not in brief


def test_a_brief_has_the_projects_words_to_agents_of_the_directories_its_files_are_in(tmp_path: Path):
    files = [
        RuleFile(path="AGENTS.md", below="", text="Run make check.\n"),
        RuleFile(path="copy/AGENTS.md", below="web", text="Run make check."),
        RuleFile(path="db/AGENTS.md", below="db", text="Migrations only."),
        RuleFile(path="web/AGENTS.md", below="web", text="No \x1b]0;inline\x07 styles."),
        RuleFile(path="we/AGENTS.md", below="we", text="Not this."),
    ]
    brief = brief_of(ruled(*files), "B", RULED, tmp_path)
    assert "## AGENTS.md\n\nRun make check.\n\n## web/AGENTS.md\n\nNo" in brief
    assert brief.count("Run make check.") == 1
    assert not any(words in brief for words in ("Migrations", "Not this", "\x1b"))


@pytest.mark.parametrize(
    ("file", "below"),
    [(".github/ci.yml", ".github"), ("./.github/ci.yml", ".github"), ("/web/a.py", "web"), ("web", "web")],
)
def test_rules_of_a_directory_bear_on_its_files_and_on_itself_whatever_its_name(tmp_path: Path, file: str, below: str):
    text = RULED.replace("web/pages/index.html", file)
    words = "Pin what is used."
    state = ruled(RuleFile(path=f"{below}/AGENTS.md", below=below, text=words), text=text)
    assert words in brief_of(state, "B", text, tmp_path)


def test_rules_go_when_a_brief_is_too_long_and_their_name_is_told(tmp_path: Path):
    long = RuleFile(path="AGENTS.md", below="", text="\n".join(f"Rule {n} is to be kept." for n in range(1000)))
    brief = brief_of(ruled(long), "B", RULED, tmp_path, budget=1500)
    assert "Rule 1 is" in brief
    assert "Rule 999 is" not in brief
    assert "Left out to keep this within about 1500 tokens: what 'AGENTS.md' says (in part)." in brief


def test_a_section_without_rules_has_no_head_for_them(tmp_path: Path):
    state = state_of(PLAN)
    attempt(state, "A")
    assert "Rules that bear" not in brief_of(state, "A", PLAN, tmp_path)


def planned(output: object, summary: str = "Planned.") -> State:
    """A run of which the phase "plan" handed over an output."""
    state = state_of(PLAN)
    attempt(state, "A")
    section = state.sections["A"]
    section.visits, section.attempts[0].phase = {"plan": 1}, "plan"
    section.attempts[0].summary = summary
    section.attempts[0].result = Result(status="done", summary=summary, output=output)
    return state


def told(state: State, prompt: str, budget: int = 50_000) -> str:
    template = Template(text=prompt, name="own.md")
    return write_brief(state, state.sections["A"], PlanText(PLAN), template, attempt=2, budget=budget)


def test_a_prompt_has_the_output_of_an_earlier_phase():
    state = planned({"steps": ["dig", "pour"]})
    prompt = "{{ phases.plan }} {% for step in phases.plan.output.steps %}- {{ step }} {% endfor %}"
    assert told(state, prompt) == "Planned. - dig - pour "
    with pytest.raises(ConfigError, match="has no attribute 'width'"):
        told(state, "{{ phases.plan.output.width }}")


def test_an_output_that_a_phase_did_not_hand_over_is_an_error_in_a_prompt():
    with pytest.raises(ConfigError, match="has no attribute 'output'"):
        told(planned(None), "{{ phases.plan.output }}")


def test_an_output_stays_when_the_words_beside_it_are_cut():
    state = planned(["dig"], summary="Long. " * 600)
    brief = told(state, "{{ phases.plan }} {{ phases.plan.output[0] }}", budget=1000)
    assert "dig" in brief
    assert "what phase plan said" in brief
