"""Hints in all the ways plans state them."""

import pytest

from orch_tui.plan.hints import read_hints
from orch_tui.plan.paths import paths


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("**Agent:** script", "agent", "script"),
        ("- Modell: opus", "model", "opus"),
        ("| **Risk** | high |", "risk", "high"),
        ("Aufwand: 3 Tage", "effort", "3 Tage"),
        ("**Concern**: x · **Risk**: low · **FR**: 1", "risk", "low"),
        ("Budget: $2.50", "budget_usd", 2.5),
        ("Budget: 2,50 USD", "budget_usd", 2.5),
        ("Budget: 5 €", "budget_usd", None),
        ("Files: `a.py`, src/b.ts:10-20", "files", ("a.py", "src/b.ts")),
        ("**Files:**\n- Create: `a.py`\n- Test: `tests/test_a.py`", "files", ("a.py", "tests/test_a.py")),
        ("- Create `docs/x.md` with the contract", "files", ("docs/x.md",)),
        ("### Abnahmekriterien\n1. es läuft\n2. es bleibt", "acceptance", ("es läuft", "es bleibt")),
        ("_Requirements: 1.1, 2.3_", "acceptance", ("Requirements: 1.1, 2.3",)),
        ("Run: `pytest -q tests`", "verify", ("pytest -q tests",)),
        ("**Verification**:\n```bash\n# all\nmake test\n```", "verify", ("make test",)),
        ("Verify: look at it", "verify", ()),
        ("Run: away", "verify", ()),
    ],
)
def test_a_hint_is_read_from_the_words_of_the_plan(text: str, name: str, value: object) -> None:
    assert getattr(read_hints(text.split("\n")), name) == value


def test_tags_and_running_text_hold_hints_too() -> None:
    hints = read_hints([], inline="text. Risk: Low (known). Effort: 2/5 `est:30m` `model:opus`")
    assert (hints.risk, hints.effort, hints.model) == ("Low (known)", "30m", "opus")


def test_paths_are_files_and_not_addresses_products_or_versions() -> None:
    assert paths("Node.js 20.1 at https://x.org/a.py, see src/a.py and Makefile") == ("src/a.py", "Makefile")
