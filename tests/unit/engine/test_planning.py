"""Settings and graphs as they enter the journal."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from orch_tui.config import Config, load
from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_event
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out
from orch_tui.core.run_events import Asked, PlanRead, RunCreated
from orch_tui.core.state import State
from orch_tui.counted import Resource
from orch_tui.engine.planning import read_event, read_plan
from orch_tui.errors import ConfigError, PlanError
from orch_tui.flow.workflow import USUAL
from orch_tui.plan.parsing import parse
from orch_tui.store.layout import RunDir, run_dir

BODY = """# P

## Section A: One
Dependencies: none

## Section B: Two
Dependencies: Section A

## Section C: Three
Dependencies: Section B
"""


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    made = run_dir(tmp_path, "a-run")
    made.path.mkdir(parents=True)
    return made


def read(run: RunDir, front: str = "", body: str = BODY, config: Config | None = None, **asked: object) -> PlanRead:
    text = f"---\n{front}\n---\n{body}" if front else body
    return read_event(run, parse(text), "sha", created(**asked), config or Config())


def created(**asked: object) -> RunCreated:
    return RunCreated(run="a-run", plan_path="plan.md", asked=Asked(**asked), usual_workflow=USUAL)  # type: ignore[arg-type]


def graph_sha(found: PlanRead) -> str:
    edition = Edition(read=found)
    lay_out(edition)
    return edition.graph_sha


def test_the_command_line_wins_over_front_matter_and_that_over_the_configuration(run: RunDir):
    config = Config(agent="simulated")
    assert read(run, config=config).settings.agent == "simulated"
    assert read(run, "agent: script", config=config).settings.agent == "script"
    assert read(run, "agent: script", config=config, agent="claude").settings.agent == "claude"


def test_what_every_section_may_cost_is_said_by_the_plan_or_by_the_settings(run: RunDir):
    config = Config(section_budget=5.0)
    assert read(run).settings.section_budget == 0.0
    assert read(run, config=config).settings.section_budget == 5.0
    assert read(run, "section_budget: 2.5", config=config).settings.section_budget == 2.5


def test_nobody_names_an_agent_and_claude_does_it(run: RunDir):
    found = read(run)
    assert found.settings.agent == "claude"
    assert {entry.agent for entry in found.sections} == {"claude"}


def test_a_section_names_its_own_agent(run: RunDir):
    body = BODY.replace("Section A\n", "Section A\nAgent: script\n")
    assert [entry.agent for entry in read(run, body=body).sections] == ["claude", "script", "claude"]


def test_a_role_that_is_no_agent_is_a_notice_and_the_runs_agent_does_it(run: RunDir):
    body = BODY.replace("Section A\n", "Section A\nAgent: backend-developer\n")
    found = read(run, body=body)
    assert found.sections[1].agent == "claude"
    assert any("'backend-developer'" in notice and "B" in notice for notice in found.notices)


def test_without_git_it_is_in_place_one_at_a_time_and_said(run: RunDir):
    found = read(run)
    assert (found.settings.isolation, found.settings.concurrency) == ("none", 1)
    assert any("No git repository" in notice for notice in found.notices)
    assert read(run, concurrency=3).settings.concurrency == 3
    with pytest.raises(ConfigError, match="not a git repository"):
        read(run, isolation="worktree")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("agent: nobody", "no agent 'nobody'"),
        ("agent: [a, b]", "'agent' in the plan's front matter is a word"),
        ("isolation: vault", "isolation is 'worktree' or 'none', not 'vault'"),
        ("concurrency: 0x", "'concurrency' in the plan's front matter is a whole number"),
        ("concurrency: 999", "concurrency is 1 to 64, not 999"),
        ("section_budget: much", "'section_budget' in the plan's front matter is a number of US dollars"),
        ("section_budget: -1", "number of US dollars such as 2.50, not -1"),
        ("merge_strategy: octopus", "'merge_strategy' .* is 'merge' or 'squash' or 'rebase', not 'octopus'"),
        ("land_strategy: [ff]", "'land_strategy' in the plan's front matter is a word"),
        ("branches: none", "'branches' in the plan's front matter is 'section' or 'plan', not 'none'"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_words(run: RunDir, front: str, words: str):
    with pytest.raises(ConfigError, match=words):
        read(run, front)


def test_the_words_before_the_sections_are_kept_for_every_brief(run: RunDir):
    words = BODY.replace("# P\n", "# P\n\nUse tabs.\nNo new libraries.\n")
    assert read(run, "agent: script", words).preamble == "Use tabs.\nNo new libraries."


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("Dependencies: Section B", "Dependencies: Section A"),
        ("# P\n", "# P\n\nUse tabs.\n"),
        ("# P\n", "# Another title\n"),
        ("Section A\n", "Section A\n\n"),
        ("Section A\n", "Section A\nFiles: `a.py`\n"),
        ("Section A\n", "Section A\nMerge: squash\n"),
    ],
)
def test_the_graph_hash_changes_with_whatever_is_carried_out(run: RunDir, words: str, others: str):
    assert words in BODY
    assert graph_sha(read(run, body=BODY.replace(words, others))) != graph_sha(read(run))


def test_the_graph_hash_is_the_same_for_the_same(run: RunDir):
    assert graph_sha(read(run)) == graph_sha(read(run))


def test_how_work_comes_onto_branches_is_part_of_the_hash_as_soon_as_somebody_says_it(run: RunDir):
    front = "merge_strategy: squash\nland_strategy: rebase\nbranches: plan"
    found = read(run, front).settings
    assert (found.merge_strategy, found.land_strategy, found.branches) == ("squash", "rebase", "plan")
    assert read(run, config=Config(merge_strategy="rebase")).settings.merge_strategy == "rebase"
    assert read(run, front, config=Config(merge_strategy="rebase")).settings.merge_strategy == "squash"
    hashes = {
        graph_sha(read(run, config=Config(**one))) for one in ({}, {"branches": "plan"}, {"merge_strategy": "squash"})
    }
    assert len(hashes) == 3
    assert graph_sha(read(run, config=Config(merge_strategy="merge", branches="section"))) == graph_sha(read(run))


def test_a_plan_is_kept_by_its_hash_and_refused_when_it_was_edited_meanwhile(run: RunDir, tmp_path: Path):
    path = tmp_path / "plan.md"
    path.write_text(BODY)
    sha = hashlib.sha256(BODY.encode()).hexdigest()
    assert [section.id for section in read_plan(run, path, sha).sections] == ["A", "B", "C"]
    assert run.plan(sha).read_text() == BODY
    path.write_text(BODY + "more\n")
    with pytest.raises(PlanError, match="edited while it was being opened"):
        read_plan(run, path, sha)


def test_what_an_agent_cannot_be_told_is_known_before_it_runs(run: RunDir):
    agents = read(run).agents
    assert (agents["script"], agents["claude"]) == (("steer",), ())


def test_an_agent_that_is_not_set_up_is_told_before_the_approval(run: RunDir):
    missing = Config(agents={"claude": {"cli": "/nowhere/claude"}})
    text = BODY.replace("## Section A: One\n", "## Section A: One\nAgent: claude\n")
    found = read_event(
        run, parse(text), "sha", created(agent="script"), missing, {"PATH": "/usr/bin:/bin", "HOME": "/"}
    )
    assert [notice for notice in found.notices if "no section can start with the agent 'claude'" in notice]
    assert not [notice for notice in found.notices if "'script'" in notice]
    done = text.replace("## Section A: One", "## Section A: One ✅")
    found = read_event(
        run, parse(done), "sha", created(agent="script"), missing, {"PATH": "/usr/bin:/bin", "HOME": "/"}
    )
    assert not [notice for notice in found.notices if "'claude'" in notice], "what is done needs no agent"


def test_an_agent_that_a_phase_names_and_nobody_installed_is_told_before_the_approval(run: RunDir):
    flows = run.root / ".orch" / "workflows"
    flows.mkdir(parents=True)
    look = "{type: agent, role: read-only, agent: nobody, on_success: done}"
    (flows / "own.yaml").write_text(f"name: own\nstart: look\nphases: {{look: {look}, done: {{type: terminal}}}}\n")
    env = {"PATH": "/usr/bin:/bin", "HOME": "/"}
    found = read_event(run, parse(BODY), "sha", created(agent="script", workflow="own"), Config(), env)
    assert [notice for notice in found.notices if "no agent called 'nobody'" in notice]
    found = read_event(run, parse(BODY), "sha", created(agent="script"), Config(), env)
    assert not [notice for notice in found.notices if "'nobody'" in notice], "no section has that workflow"


def own_workflow(run: RunDir, name: str, phases: str) -> None:
    flows = run.root / ".orch" / "workflows"
    flows.mkdir(parents=True, exist_ok=True)
    (flows / f"{name}.yaml").write_text(f"name: {name}\nstart: a\nphases:\n{phases}  z: {{type: terminal}}\n")


def test_a_section_that_names_a_workflow_there_is_none_of_is_told_and_carried_out_by_that_of_the_run(run: RunDir):
    own_workflow(run, "half", "  a: {type: agent, on_success: nowhere}\n")
    body = BODY.replace("One\n", "One\nWorkflow: lcoal\n").replace("Two\n", "Two\nWorkflow: half\n")
    found = read(run, "agent: script\nworkflow: minimal", body=body)
    unknown, broken = [notice for notice in found.notices if "is no workflow" in notice]
    assert unknown == "'lcoal', which section A names, is no workflow: 'minimal' will do it."
    assert "half.yaml:4: there is no phase 'nowhere'" in broken


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (None, r"own\.yaml:4: phase 'a': there is no 'own\.json' in prompts"),
        ('{\n"type": 7}', r"own\.yaml:4: phase 'a': .*own\.json:2: it is no schema: 7"),
    ],
)
def test_a_workflow_whose_output_has_no_schema_is_refused_before_anything_runs(run: RunDir, schema, told):
    own_workflow(run, "own", "  a: {type: agent, output: own.json, on_success: z}\n")
    if schema is not None:
        prompts = run.root / ".orch" / "prompts"
        prompts.mkdir()
        (prompts / "own.json").write_text(schema)
    with pytest.raises(ConfigError, match=told):
        read(run, "workflow: own")


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        (None, r"own\.yaml:4: phase 'a': there is no 'own\.md' in prompts"),
        ("{{ sectoin }}", r"own\.yaml:4: phase 'a': .*own\.md: 'sectoin' is undefined"),
        ("{% if %}", r"own\.yaml:4: phase 'a': .*own\.md, line 1: "),
    ],
)
def test_a_workflow_whose_prompt_cannot_be_filled_in_is_refused_before_anything_runs(run: RunDir, prompt, told):
    own_workflow(run, "own", "  a: {type: agent, prompt: own.md, on_success: z}\n")
    if prompt is not None:
        prompts = run.root / ".orch" / "prompts"
        prompts.mkdir()
        (prompts / "own.md").write_text(prompt)
    with pytest.raises(ConfigError, match=told):
        read(run, workflow="own")


def test_who_chose_the_agent_of_the_run_is_known(run: RunDir):
    assert read(run, "agent: script", agent="simulated").agent_from == "command line"
    assert read(run, "agent: script", config=Config(agent="simulated")).agent_from == "plan"
    assert read(run, config=Config(agent="simulated")).agent_from == "settings"
    assert read(run).agent_from == ""


def test_a_circle_is_for_the_review_and_refused_where_nobody_will_look(run: RunDir, tmp_path: Path):
    path, text = tmp_path / "plan.md", BODY.replace("Dependencies: none", "Dependencies: Section C")
    path.write_text(text)
    sha = hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(PlanError, match=r"'plan\.md' cannot start: "):
        read_plan(run, path, sha, unattended=True)
    assert not run.plan(sha).exists()
    assert len(read_plan(run, path, sha).sections) == 3


def test_sections_claim_what_their_fields_and_the_settings_say(run: RunDir):
    config = Config(resources={"database": Resource(sections=("Three",))})
    body = BODY.replace("Section A\n", "Section A\nResources: gpu x2 and printer\n", 1)
    found = read(run, "resources: {gpu: 1}", body=body, config=config)
    assert [dict(entry.claims) for entry in found.sections] == [{}, {"gpu": 1}, {"database": 1}]
    assert found.settings.resources == {"database": 1, "gpu": 1}
    assert any("'printer', which section B claims, is not counted" in words for words in found.notices)
    assert any("section B claims 2 of 1 gpu" in words for words in found.notices)


def test_people_and_links_under_resources_claim_nothing(run: RunDir):
    body = BODY.replace("Section A\n", "Section A\nResources: two developers, https://example.org/a\n", 1)
    found = read(run, body=body)
    assert not any("not counted" in words for words in found.notices)


def test_a_new_run_that_chooses_no_workflow_has_the_one_that_checks(run: RunDir):
    assert read(run).settings.workflow == "local"
    assert read(run, config=Config(workflow="standard")).settings.workflow == "standard"
    assert read(run, "workflow: minimal", config=Config(workflow="standard")).settings.workflow == "minimal"
    assert read(run, "workflow: minimal", workflow="pipeline").settings.workflow == "pipeline"


def test_a_run_from_before_workflows_keeps_what_it_did_when_its_plan_is_read_again(run: RunDir):
    state = State()
    written = {"run": "a-run", "plan_path": "plan.md"}
    apply(state, decode_event("RunCreated", 1, written), seq=1, at=1.0, cause="test")
    old = RunCreated(run="a-run", plan_path="plan.md", usual_workflow=state.usual_workflow)
    assert read_event(run, parse(BODY), "sha", old, Config()).settings.workflow == "minimal"


def test_a_workflow_of_pull_requests_says_beforehand_that_nobody_can_make_them(run: RunDir):
    for workflow, told in (("standard", True), ("local", False)):
        plan = parse(f"---\nworkflow: {workflow}\nagent: script\n---\n{BODY}")
        found = read_event(run, plan, "sha", created(), Config(), {"PATH": "/nonexistent"})
        words = "'gh', which makes pull requests, is not installed"
        assert any(notice.startswith(words) for notice in found.notices) is told


def test_the_projects_words_to_agents_are_read_with_the_plan_unless_the_settings_name_none(run: RunDir):
    (run.root / "CLAUDE.md").write_text("Use tabs.")
    assert [(one.path, one.below, one.text) for one in read(run).rules] == [("CLAUDE.md", "", "Use tabs.")]
    (run.root / "CLAUDE.md").write_text("x" * 70_000)
    assert (read(run).rules, read(run).notices[-1]) == (
        (),
        "'CLAUDE.md' is too large for briefs (over 64 KB): agents are not told of it.",
    )
    (run.root / ".orch").mkdir(exist_ok=True)
    (run.root / ".orch" / "config.yaml").write_text("rules: []")
    assert not any("CLAUDE" in words for words in read(run, config=load(run.root)).notices)
