"""The run in the pictures: a workspace pipeline of nine sections, two of them at work, one asking."""

from __future__ import annotations

from pathlib import Path

from orch_tui.agents.result import Evidence, Result
from orch_tui.core.attempt_events import AskRaised, AttemptEnded, ResultReported
from orch_tui.core.run_events import Settings
from orch_tui.core.section_events import PhaseFailed
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.edits import AddEdge, DropEdge, Proposal
from orch_tui.plan.model import Finding
from orch_tui.testing.stage import Stage

PLAN = """# Workspace update pipeline

Everything that keeps a workspace in step with its template.

## Section A: File structure
Dependencies: none

Create `workspace/` with `hooks/`, `agents/` and `reports/`, each with a README that says what belongs there.

```bash
mkdir -p workspace/hooks workspace/agents workspace/reports
for d in hooks agents reports; do echo "# $d" > "workspace/$d/README.md"; done
```

## Section B: Hook implementation
Dependencies: Section A (file structure must exist)
Can parallel with: Nothing - sequential

Hooks run before and after an update. Write `pre_update` and `post_update`, each with a dry run.

- a hook that fails stops the update and says which hook it was
- output goes to `reports/hooks.log`

## Section C: Agent updates
Dependencies: Section B (hooks must pass their tests)
Can parallel with: Section D

Bring the agents to the new hook interface. Do not change what they say.

## Section D: Configuration migration
Dependencies: Section B
Can parallel with: Section C

Read version 1 files, write version 2, keep a copy of what was there.

## Section E: Update command
Dependencies: Section C, Section D (migrated configuration)

`workspace update` runs hooks, migration and agents in this order and can be run twice.

## Section F: Rollback
Dependencies: Section D

`workspace rollback` puts the kept copy back.

## Section G: Status report
Dependencies: Section A (the reports folder)

`workspace status` prints what is out of date, as text and as JSON.

## Section H: End-to-end tests
Dependencies: Section E, Section F, Section G

A workspace of every version is updated, checked, rolled back and checked again.

## Section I: Documentation
Dependencies: Section E, Section G

README: what an update does, how to undo it, what the hooks are given.
"""

_LOCAL = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "verify"}, max_visits=3),
        "verify": ScriptPhase(do="checks", to={"success": "merge", "failure": "implement", "none": "review"}),
        "review": ApprovalPhase(ask="Merge it?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)

_WISH = """always means: Bash(git rm *)
{
  "command": "git rm -r workspace/legacy"
}"""


def reviewed(root: Path, *, agent: str = "claude", proposals: tuple[Proposal, ...] = ()) -> Stage:
    """The plan, waiting for approval."""
    finding = Finding(
        type="contradiction",
        ids=("B",),
        line=17,
        message="B says that it runs alone ('Nothing - sequential'), yet G does not wait for it",
    )
    settings = Settings(agent=agent, concurrency=3, workflow=_LOCAL.name, checks=("make test",))
    return Stage(
        root=root,
        text=PLAN,
        settings=settings,
        name="workspace-0412-a3f1",
        findings=(finding,),
        proposals=proposals,
        agents={"A": "script"},
        workflows=(_LOCAL,),
    )


def mended(root: Path) -> Stage:
    """The same a little later: a person mended it, and a second reader proposes more."""
    stage = reviewed(root, proposals=_PROPOSALS)
    edits = (
        ({"edit": "mark-done", "section": "A"}, "made by hand last week", "ana@pts/3"),
        ({"edit": "drop-edge", "upstream": "G", "downstream": "I"}, "the README says nothing of it", "ana@pts/3"),
        ({"edit": "add-edge", "upstream": "D", "downstream": "C"}, "agents read the new configuration", "you@pts/1"),
        ({"edit": "exclude", "section": "F", "dependants": "release"}, "not in this release", "you@pts/1"),
        ({"edit": "assign", "section": "C", "what": "model", "value": "claude-haiku-4-5"}, "", "you@pts/1"),
        (
            {"edit": "add-note", "section": "C", "text": "The old names stay as aliases for one release."},
            "",
            "you@pts/1",
        ),
    )
    for edit, why, who in edits:
        stage.clock.now += 71
        stage.obey("mend", {"edits": [edit], "why": why}, actor=who)
    stage.clock.now += 30
    return stage


def changed(root: Path) -> Stage:
    """The run as under way, and the plan edited meanwhile, waiting to be looked at."""
    stage = under_way(root)
    text = PLAN.replace(
        "Write `pre_update` and `post_update`, each", "Write `pre_update`, `during_update` and\n`post_update`, each"
    )
    text = text.replace("Do not change what they say.", "Keep their old names as aliases for one release.")
    text = text.replace("Section A (the reports folder)", "Section A (the reports folder), Section D")
    release = "## Section J: Release notes\nDependencies: Section H\n\nWhat changed for users.\n\n"
    text = text.replace("## Section I: Documentation", release + "## Section I: Documentation")
    start, end = text.index("## Section F"), text.index("## Section G")
    stage.plan.write_text((text[:start] + text[end:]).replace(", Section F,", ","))
    stage.obey("revise", {"plan_sha": ""})
    return stage


def under_way(root: Path) -> Stage:
    """Half an hour later: A, B and G merged, C and D at work, D asks for a permission."""
    stage = reviewed(root)
    stage.approve()
    with_words(stage, "A", ["mkdir -p workspace/hooks workspace/agents workspace/reports"])
    stage.clock.now += 4
    stage.finish("A", cost=0.0, files=("workspace/hooks/README.md", "workspace/agents/README.md"), summary="3 folders")
    with_words(stage, "B", ["I start with the interface both hooks share."])
    with_words(stage, "G", ["The report needs the template's version first."])
    stage.clock.now += 512
    stage.finish("G", cost=0.41, files=("workspace/status.py",), summary="status prints text and JSON")
    stage.clock.now += 207
    stage.happens(ResultReported(section="B", attempt=1, result=_REPORT, unanswered=()))
    stage.finish("B", cost=1.18, files=("workspace/hooks/pre.py", "workspace/hooks/post.py"), summary="hooks, tested")
    c = stage.start("C")
    d = stage.start("D")
    for number in range(40):
        stage.clock.now += 3
        c.append("text", text=f"agents/{number:02}.py: the old call is `run_hook(name)`\n")
    for kind, fields in _SESSION:
        stage.clock.now += 7
        d.append(kind, **fields)
    for kind, fields in _SESSION_C:
        stage.clock.now += 5
        c.append(kind, **fields)
    stage.use("C", 0.37, (48_210, 3_904))
    stage.use("D", 0.52, (61_007, 5_120))
    ask = {
        "request_id": "D-1-write",
        "ask": "permission",
        "title": "Bash: git rm -r workspace/legacy",
        "detail": _WISH,
        "options": ["allow", "always", "deny", "never"],
    }
    d.append("ask", **ask)
    stage.happens(
        AskRaised(
            section="D",
            attempt=1,
            n=40,
            request_id="D-1-write",
            kind="permission",
            title="Bash: git rm -r workspace/legacy",
            detail=_WISH,
            options=("allow", "always", "deny", "never"),
        )
    )
    stage.clock.now += 41
    return stage


_REPORT = Result(
    status="done",
    summary="Both hooks run before and after an update, each with a dry run. A hook that fails stops the update.",
    decisions=("Hooks are executables, called with the workspace as their only argument",),
    files=("workspace/hooks/pre.py", "workspace/hooks/post.py"),
    interfaces=("run_hook(name: str, *, dry: bool = False) -> int",),
    follow_ups=("hooks.log grows without end; something should turn it over",),
    evidence=(
        Evidence(
            criterion="a hook that fails stops the update and says which hook it was",
            how="tests/test_hooks.py::test_a_failing_hook_is_named: exit 1, “hook pre_update failed (code 3)”",
        ),
        Evidence(
            criterion="output goes to reports/hooks.log", how="tests/test_hooks.py::test_log, 2 lines for 2 hooks"
        ),
    ),
)


def with_words(stage: Stage, section: str, words: list[str]) -> None:
    """Start a section and let its agent say something."""
    writer = stage.start(section, model="" if stage.state.sections[section].agent == "script" else "claude-sonnet-4-5")
    for line in words:
        writer.append("text", text=line + "\n")
    writer.close()


_SESSION: list[tuple[str, dict[str, object]]] = [
    ("thinking", {"text": "Version 1 has no schema; I need to find every key that was ever written.\n"}),
    ("tool", {"name": "Grep", "input": '"workspace_version" in **/*.toml', "id": "1"}),
    ("tool_result", {"text": "templates/base/config.toml:3\ntests/data/v1/plain.toml:1", "id": "1"}),
    (
        "text",
        {"text": "Two shapes exist: flat keys up to 1.3, tables from 1.4 on. Both become one table in version 2.\n"},
    ),
    ("tool", {"name": "Write", "input": "workspace/migrate.py (118 lines)", "id": "2"}),
    ("tool_result", {"text": "written", "id": "2"}),
    ("tool", {"name": "Bash", "input": "pytest -q tests/test_migrate.py", "id": "3"}),
    (
        "tool_result",
        {"text": "..F.....\nFAILED tests/test_migrate.py::test_keeps_comments", "id": "3", "is_error": True},
    ),
    ("text", {"text": "Comments are lost because the writer sorts keys. I keep the order of the file instead.\n"}),
    ("tool", {"name": "Edit", "input": "workspace/migrate.py: write_table", "id": "4"}),
    ("tool_result", {"text": "1 change", "id": "4"}),
    ("tool", {"name": "Bash", "input": "pytest -q tests/test_migrate.py", "id": "5"}),
    ("tool_result", {"text": "........\n8 passed in 0.42s", "id": "5"}),
    ("usage", {"cost_usd": 0.52, "input_tokens": 61007, "output_tokens": 5120}),
    ("text", {"text": "The legacy folder holds only copies of what is migrated now; I would remove it.\n"}),
]
_SESSION_C: list[tuple[str, dict[str, object]]] = [
    ("tool", {"name": "Bash", "input": "pytest -q tests/agents", "id": "9"}),
    ("tool_result", {"text": "31 passed in 2.10s", "id": "9"}),
    ("notice", {"notice": "steer", "text": "you@pts/1: keep the old name as an alias", "until": 0}),
    ("text", {"text": "An alias stays in agents/__init__.py with a deprecation note.\n"}),
]
_SOURCE = "anthropic claude-haiku-4-5"
_PROPOSALS = (
    Proposal(
        id="p1",
        kind="missing-edge",
        ids=("G", "D"),
        line=49,
        quote="prints what is out of date, as text and as JSON",
        reason="what is out of date is known only after the configuration was migrated",
        source=_SOURCE,
        edits=(AddEdge(upstream="D", downstream="G"),),
    ),
    Proposal(
        id="p2",
        kind="lost-parallelism",
        ids=("B", "C"),
        line=25,
        quote="Section B (hooks must pass their tests)",
        reason="agents need the interface of the hooks, not their tests",
        source=_SOURCE,
        edits=(DropEdge(upstream="B", downstream="C"),),
    ),
    Proposal(
        id="p3",
        kind="missing-section",
        ids=("H",),
        line=54,
        quote="A workspace of every version is updated",
        reason="nothing in the plan makes workspaces of old versions to test with",
        source=_SOURCE,
    ),
)


def phased(root: Path) -> Stage:
    """Section A by a workflow: red once, mended, and being checked again."""
    chosen = Settings(agent="claude", workflow=_LOCAL.name)
    stage = Stage(root=root, text=PLAN, settings=chosen, name="workspace-0412-a3f1", workflows=(_LOCAL,))
    stage.approve()
    with_words(stage, "A", ["I make the three folders and say in each what belongs there."])
    stage.clock.now += 61
    stage.pass_on("A", cost=0.31, files=("workspace/hooks/README.md", "workspace/agents/README.md"))
    _checks(stage, "test -s workspace/reports/README.md", "reports/README.md is missing")
    stage.happens(
        AttemptEnded(
            section="A",
            attempt=2,
            outcome="failed",
            failure="script",
            message="block 1 ended with code 1",
            summary="test -s workspace/reports/README.md\nreports/README.md is missing",
            cost_usd=0.0,
            exit_code=1,
        )
    )
    stage.happens(PhaseFailed(section="A", phase="verify", outcome="failure", detail="reports/README.md is missing"))
    with_words(stage, "A", ["The checks miss reports/README.md; I add it."])
    stage.clock.now += 19
    stage.pass_on("A", cost=0.09, files=("workspace/reports/README.md",))
    _checks(stage, "test -s workspace/reports/README.md")
    stage.clock.now += 2
    return stage


def _checks(stage: Stage, *printed: str) -> None:
    writer = stage.start("A", phase="verify", agent="script", model="")
    for words in printed:
        writer.append("text", text=f"{words}\n")
    writer.close()
    stage.clock.now += 3
