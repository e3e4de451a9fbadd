"""Order that titles state, by small plans: what comes after what they name, and after the phase they check."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


@pytest.mark.parametrize(
    "title",
    [
        "Publish it after 2",
        "Publish it once 2 is merged",
        "Publish, which needs 2",
        "Publish it after Step 2",
    ],
)
def test_a_title_names_what_comes_before_it(title: str) -> None:
    assert edges(f"# Steps\n\n- [ ] 1. Schema\n- [ ] 2. Importer\n- [ ] 3. {title}\n") == {"3<-2"}


@pytest.mark.parametrize(
    "title",
    [
        "Try again after 2 minutes",
        "Give up after 2 attempts",
        "Show step 2 after step 1 in the wizard",
        "Move step 2 before step 1",
        "Needs review",
        "Do not wait for 2",
        "After 2",
        "Retry after attempt 2",
        "Verify build 2",
    ],
)
def test_a_title_about_other_things_names_nothing(title: str) -> None:
    assert edges(f"# Steps\n\n- [ ] 1. Schema\n- [ ] 2. Importer\n- [ ] 3. {title}\n") == set()


@pytest.mark.parametrize("title", ["Publish it after 1 and 2", "Publish it after 1, 2", "Veröffentlichen nach 1 und 2"])
def test_a_title_names_several_that_come_before_it(title: str) -> None:
    assert edges(f"# Steps\n\n- [ ] 1. Schema\n- [ ] 2. Importer\n- [ ] 3. {title}\n") == {"3<-1", "3<-2"}


PHASES = """# Rack
## Phase 1: Base
- [ ] T1 Schema
- [ ] T2 Importer
- [ ] T3 {title}
## Phase 2: Top
- [ ] T4 Search (depends on T3)
- [ ] T5 Pages
"""


@pytest.mark.parametrize(
    "title",
    [
        "Verify Phase 1 complete",
        "Validate all of Phase 1",
        "Phase 1 checkpoint",
        "Review that Phase 1 works end to end",
        "Prüfe Phase 1",
        "Überprüfen Phase 1",
        "Verificar Fase 1",
        "Validar Fase 1",
        "Vérifier Phase 1",
        "Valider Phase 1",
    ],
)
def test_what_checks_a_phase_comes_after_all_else_in_it(title: str) -> None:
    assert edges(PHASES.format(title=title)) == {"T3<-T1", "T3<-T2", "T4<-T3"}


@pytest.mark.parametrize(
    "title", ["Review the Phase 1 plan", "Test runner of Phase 1 data", "Verify the totals", "Retry after error T2"]
)
def test_what_is_about_something_in_a_phase_does_not(title: str) -> None:
    assert edges(PHASES.format(title=title)) == {"T4<-T3"}


def test_what_comes_after_the_check_in_its_phase_stays_after_it() -> None:
    plan = "# R\n## Phase 1: Base\n- [ ] T1 Schema\n- [ ] T2 Verify Phase 1\n- [ ] T3 Ship (depends on T2)\n"
    assert edges(plan) == {"T2<-T1", "T3<-T2"}
