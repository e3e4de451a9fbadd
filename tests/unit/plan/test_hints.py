"""Hints in all the ways plans state them."""

import pytest

from orch_tui.plan.hints import read_hints
from orch_tui.plan.parsing import parse
from orch_tui.plan.paths import paths


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("**Agent:** script", "agent", "script"),
        ("- Modell: opus", "model", "opus"),
        ("| **Risk** | high |", "risk", "high"),
        ("Aufwand: 3 Tage", "estimate", "3 Tage"),
        ("Aufwand: 3 Tage", "effort", ""),
        ("Aufwand: hoch", "effort", "high"),
        ("**Effort:** Medium (new ground)", "effort", "medium"),
        ("Reasoning effort: xhigh", "effort", "xhigh"),
        ("**Complexity:** high", "estimate", "high"),
        ("**Complexity:** high", "effort", ""),
        ("**Concern**: x · **Risk**: low · **FR**: 1", "risk", "low"),
        ("**Merge strategy:** Squash (one commit)", "merge", "squash"),
        ("- Merge: `rebase`", "merge", "rebase"),
        ("| Merge | squash |", "merge", "squash"),
        ("Merge: when all checks are green", "merge", ""),
        ("Merge strategy: octopus", "merge", ""),
        ("Budget: $2.50", "budget_usd", 2.5),
        ("Budget: 2,50 USD", "budget_usd", 2.5),
        ("Budget: 5 €", "budget_usd", None),
        ("Files: `a.py`, src/b.ts:10-20", "files", ("a.py", "src/b.ts")),
        ("Files: none", "files", ()),
        ("Files: none", "changes_nothing", True),
        ("**Dateien:** keine", "changes_nothing", True),
        ("Files: none but `a.py`", "changes_nothing", False),
        ("It changes no files", "changes_nothing", False),
        ("**Files:**\n- Create: `a.py`\n- Test: `tests/test_a.py`", "files", ("a.py", "tests/test_a.py")),
        ("- Create `docs/x.md` with the contract", "files", ("docs/x.md",)),
        ("Some words. Edits `src/shared.py`, then `src/b.py`.", "files", ("src/shared.py", "src/b.py")),
        ("It also updates src/a.py and the docs.", "files", ("src/a.py",)),
        ("Ändert `a.py`.", "files", ("a.py",)),
        ("Do not edit `a.py`. Edit and/or move things.", "files", ()),
        ("### Abnahmekriterien\n1. es läuft\n2. es bleibt", "acceptance", ("es läuft", "es bleibt")),
        ("_Requirements: 1.1, 2.3_", "acceptance", ("Requirements: 1.1, 2.3",)),
        ("Run: `pytest -q tests`", "verify", ("pytest -q tests",)),
        ("**Verification**:\n```bash\n# all\nmake test\n```", "verify", ("make test",)),
        ("Verify: look at it", "verify", ()),
        ("Run: away", "verify", ()),
        ("**Files:**\n- Create: `a.py`\n\n- [ ] Run `make test` and commit", "verify", ("make test",)),
        ("**Files:**\n- Create: `a.py`\n\n- [ ] Run `make test` and commit", "files", ("a.py",)),
        ("### Files changed\n- `src/a.py` — new", "files", ("src/a.py",)),
        ("### Testing\n- A wrong password is refused", "acceptance", ("A wrong password is refused",)),
        ("Resources: database, gpu x2", "resources", ("database", "gpu x2")),
        ("**Ressourcen:** `database` und gpu (2).", "resources", ("database", "gpu (2)")),
        ("**Resources:**\n- database\n- two developers", "resources", ("database",)),
        ("Resources: the team, https://example.org", "resources", ()),
    ],
)
def test_a_hint_is_read_from_the_words_of_the_plan(text: str, name: str, value: object) -> None:
    assert getattr(read_hints(text.split("\n")), name) == value


def test_a_title_keeps_the_marks_of_its_code_and_names_files() -> None:
    plan = parse("# P\n\n1. Schema in `db.py`\n2. `load` and `store`, after 1\n3. `api.py`: after 2\n")
    assert [section.title for section in plan.sections] == ["Schema in `db.py`", "`load` and `store`", "api.py"]
    assert plan.sections[0].hints.files == ("db.py",)


def test_tags_and_running_text_hold_hints_too() -> None:
    hints = read_hints([], inline="text. Risk: Low (known). Effort: 2/5 `est:30m` `model:opus`")
    assert (hints.risk, hints.estimate, hints.model) == ("Low (known)", "30m", "opus")


def test_paths_are_files_and_not_addresses_products_or_versions() -> None:
    assert paths("Node.js 20.1 at https://x.org/a.py, see src/a.py and Makefile") == ("src/a.py", "Makefile")


def test_columns_of_the_plans_own_tables_fill_in_what_a_section_does_not_say_itself() -> None:
    table = (
        "| Task | Agent | Model | Effort | Files | Verify | Budget | Done |\n|---|---|---|---|---|---|---|---|\n"
        "| Task 1 | codex | gpt | low | `a.py`, `b.py` | `make test` | $2 | no |\n"
        "| Harvest | claude | opus | 3 days | – | – | n/a | no |\n| Task 9 | x | y | low | c.py | | | |\n"
    )
    tasks = "## Task 1: Sow\n\n## Task 2: Harvest\nDepends on: 1\n**Model:** haiku\n"
    one, two = (section.hints for section in parse(f"# P\n\n{tasks}\n## Who does what\n\n{table}").sections)
    assert (one.agent, one.model, one.effort, one.budget_usd) == ("codex", "gpt", "low", 2.0)
    assert (one.files, one.verify) == (("a.py", "b.py"), ("make test",))
    assert (two.agent, two.model, two.effort, two.estimate, two.files) == ("claude", "haiku", "", "3 days", ())


def test_a_table_within_a_section_is_its_own_detail() -> None:
    table = "| Task | Model |\n|---|---|\n| Task 2 | opus |\n"
    plan = parse(f"# P\n\n## Task 1: Sow\n\n{table}\n## Task 2: Harvest\nDepends on: 1\n")
    assert plan.sections[1].hints.model == ""
