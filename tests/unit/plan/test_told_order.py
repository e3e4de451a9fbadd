"""An order told in sentences: first and then, lists behind "order:", sequences of some items or in each phase."""

import pytest

from orch_tui.plan.parsing import parse

STEPS = "".join(f"## Step {n}: {title}\n\n" for n, title in enumerate(("Schema", "Importer", "Search", "Deploy"), 1))


def edges(text: str) -> set[str]:
    """Edges of a plan as it is read."""
    return {f"{e.downstream}<-{e.upstream}" for e in parse(text).dependencies}


def of_steps(sentence: str) -> set[str]:
    """Edges of a plan of four steps whose last section, which is no step, holds the sentence."""
    return edges(f"# P\n\n{STEPS}## How it hangs\n\n{sentence}\n")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Step 1 first, then Step 2, then Step 3.", {"2<-1", "3<-2"}),
        ("Start with Step 1, then do Steps 2 and 3.", {"2<-1", "3<-1"}),
        ("Land **Step 1** and then Step 2.", {"2<-1"}),
        ("Schema first, then the importer.", {"2<-1"}),
        ("Land 1 and 2 first; 3 and 4 follow.", {"3<-1", "3<-2", "4<-1", "4<-2"}),
        ("Build order: Step 1, Step 3, then Step 2.", {"3<-1", "2<-3"}),
        ("Do the steps in this order: 1, 3, 2, 4.", {"3<-1", "2<-3", "4<-2"}),
        ("Order: 1 > 2 > 3.", {"2<-1", "3<-2"}),
        ("Zuerst Schritt 1, danach Schritt 2 und 3.", {"2<-1", "3<-1"}),
        ("Primero Paso 1, luego Paso 2.", {"2<-1"}),
        ("D'abord l'étape 1, puis l'étape 2.", {"2<-1"}),
        ("先完成步骤1，再做步骤2。", {"2<-1"}),
        ("まずステップ1、次にステップ2。", {"2<-1"}),
    ],
)
def test_first_and_then_make_a_chain(sentence: str, expected: set[str]) -> None:
    assert of_steps(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Ideally Step 1 first, then Step 2.",
        "A suggested order: Step 1, Step 2, Step 3.",
        "The wizard asks for a name first, then for a date.",
        "Run the tests first, then commit.",
        "If Step 1 fails, then look at the log.",
        "Rows are sorted in this order: name, date, size.",
    ],
)
def test_words_about_other_things_make_none(sentence: str) -> None:
    assert of_steps(sentence) == set()


def test_only_those_that_are_named_run_one_after_another() -> None:
    assert of_steps("Steps 1-3 are strictly sequential; Step 4 can run at any time.") == {"2<-1", "3<-2"}


def test_steps_in_order_in_spanish() -> None:
    assert of_steps("Los pasos se ejecutan en orden.") == {"2<-1", "3<-2", "4<-3"}


@pytest.mark.parametrize(
    "said",
    ["Within each phase, tasks run in order.", "Dentro de cada fase, las tareas van en orden."],
)
def test_an_order_within_each_phase_does_not_cross_them(said: str) -> None:
    phases = "## Phase 1\n\n- [ ] 1.1 Table\n- [ ] 1.2 Index\n\n## Phase 2\n\n- [ ] 2.1 Page\n- [ ] 2.2 Form\n"
    assert edges(f"# P\n\n{said}\n\n{phases}") == {"1.2<-1.1", "2.2<-2.1"}


def test_the_word_before_the_first_number_holds_for_the_whole_chain() -> None:
    tasks = ("- [ ] 1.1 Table\n- [ ] 1.2 Index", "- [ ] 2.1 Page", "- [ ] 3.1 Form")
    phases = "\n\n".join(f"## Phase {n}\n\n{listed}" for n, listed in enumerate(tasks, 1))
    said = "Order of phases: Phase 1 → 3 → 2.\n\nTasks within each phase run in order."
    assert edges(f"# P\n\n{said}\n\n{phases}") == {"1.2<-1.1", "3.1<-1.1", "3.1<-1.2", "2.1<-3.1"}


@pytest.mark.parametrize("heading", ["Sequencing", "Implementation order", "Ausführungsreihenfolge"])
def test_headings_numbered_below_one_that_gives_the_order_are_a_chain(heading: str) -> None:
    told = "### 0. Safety net\n\nTests.\n\n### 1. Branch\n\nWork there.\n\n### 2. Cutover\n\nSwitch.\n"
    assert edges(f"# P\n\n## {heading}\n\n{told}") == {"1<-0", "2<-1"}


def test_headings_below_a_suggested_order_are_none() -> None:
    told = "### Step 1: Safety net\n\nTests.\n\n### Step 2: Cutover\n\nSwitch.\n"
    assert edges(f"# P\n\n## Suggested implementation order\n\n{told}") == set()


def test_phases_that_hold_groups_are_not_the_groups_of_their_number() -> None:
    groups = "".join(
        f"## Phase {n}\n\n" + "".join(f"### {at}. Part\n\n- [ ] {at}.1 Do\n\n" for at in (2 * n - 1, 2 * n))
        for n in (1, 2, 3)
    )
    said = "## Dependencies\n\n- Phase 3: it builds on Phase 1 & 2\n- Phase 3 depends on Phases 1 & 2\n"
    found = edges(f"# Tasks\n\n{groups}{said}")
    assert found == {f"{late}<-{early}" for late in (5, 6) for early in (1, 2, 3, 4)}


def test_bold_leads_numbered_below_such_a_heading_are_a_chain_too() -> None:
    told = "**PR 1**: Schema and scaffolding.\n\n**PR 2**: Content.\n\n**PR 3**: Docs.\n"
    assert edges(f"# P\n\n## Background\n\nText.\n\n## PR sequence\n\n{told}") == {"2<-1", "3<-2"}


def test_leads_that_say_what_they_wait_for_are_no_chain() -> None:
    titles = ("Step 1: Left", "Step 2: Right (no dependencies)", "Step 3: Join (after Step 1)")
    told = "".join(f"### {title}\n\nDo.\n\n" for title in titles)
    assert edges(f"# P\n\n## Execution order\n\n{told}") == {"3<-1"}


def test_those_said_to_run_side_by_side_are_one_step_of_a_listed_order() -> None:
    rows = "".join(f"| {n} | {title} |\n" for n, title in enumerate(("Schema", "Importer", "Search", "Deploy"), 1))
    table = f"## Execution order\n\n| Step | What |\n|---|---|\n{rows}\n"
    assert edges(f"# P\n\n{STEPS}{table}Steps 2-3 can be done in parallel.\n") == {"2<-1", "3<-1", "4<-2", "4<-3"}


@pytest.mark.parametrize(
    "value",
    [
        "Step 1 (for its tables); parallel with Step 2/3",
        "Step 1; can run in parallel with Steps 2 and 3",
        "Step 1. Parallel to Steps 2, 3",
    ],
)
def test_what_may_run_at_the_same_time_is_not_needed(value: str) -> None:
    steps = STEPS.replace("Step 4: Deploy\n", f"Step 4: Deploy\n\n**Dependencies:** {value}\n")
    assert edges(f"# P\n\n{steps}") == {"4<-1"}


def test_branches_below_the_stroke_of_an_arrow_leave_from_where_it_starts() -> None:
    rows = ("Step 1 (schema) ──→ Step 2 (import)", "├─→ Step 3 (search)", "└─→ Step 4 (deploy)")
    drawn = "\n".join(row if row.startswith("Step") else f"{' ' * 18}{row}" for row in rows)
    assert edges(f"# P\n\n{STEPS}## Graph\n\n```\n{drawn}\n```\n") == {"2<-1", "3<-1", "4<-1"}


def test_a_list_of_the_order_of_work_is_the_work_where_nothing_else_is() -> None:
    assert edges("# Offline plan\n\n## Order of work\n\n1. **Cache** it.\n2. Draw it.\n3. Use it.\n") == {
        "2<-1",
        "3<-2",
    }


def test_a_column_of_states_may_say_what_is_waited_for() -> None:
    rows = (
        "| 0 — Accounts | not started; **blocks everything below** |\n| 1 — Scaffold | ✅ merged |\n"
        "| 2 — Lessons | in progress |\n| 3 — Review | blocked on Phase 2 |\n| 4 — Polish | needs all of the above |\n"
    )
    found = edges(f"# App\n\n## Status\n\n| Phase | State |\n|---|---|\n{rows}")
    assert found == {"1<-0", "2<-0", "3<-0", "4<-0", "3<-2", "4<-1", "4<-2", "4<-3"}


def test_a_state_that_names_nobody_orders_nothing() -> None:
    rows = (
        "| 1 | Scaffold | blocked on a decision |\n| 2 | Lessons | needs review |\n| 3 | Page | after the holidays |\n"
    )
    assert edges(f"# App\n\n## Tasks\n\n| # | Task | Status |\n|---|---|---|\n{rows}") == set()


def test_a_table_may_call_its_rows_by_the_head_of_their_column() -> None:
    rows = (
        "| 1. Research | Read the brief | the brief |\n| 2. Prototype | Draw it | Gate 1 |\n"
        "| 3. Feedback | Show it | Gate 2 plus real reviewers |\n| 4. Delivery | Ship it | Gates 2–3 |\n"
    )
    text = f"# Site\n\n## Milestones\n\n| Gate | Work | Depends on |\n|---|---|---|\n{rows}"
    assert [section.title for section in parse(text).sections] == ["Research", "Prototype", "Feedback", "Delivery"]
    assert edges(text) == {"2<-1", "3<-2", "4<-2", "4<-3"}


@pytest.mark.parametrize(
    "sentence",
    ["Update one file at a time, with tests passing after each.", "Step 4 is minor; it can be done last."],
)
def test_what_is_done_again_and_again_or_may_be_last_is_no_order(sentence: str) -> None:
    steps = STEPS.replace("Step 4: Deploy\n", f"Step 4: Deploy\n\n{sentence}\n")
    assert edges(f"# P\n\n{steps}") == set()


def test_what_is_done_together_with_another_one_is_not_needed() -> None:
    steps = STEPS.replace(
        "Step 4: Deploy\n", "Step 4: Deploy\n\nDepends on Step 1 and coordinates with Step 3 fixtures.\n"
    )
    assert edges(f"# P\n\n{steps}") == {"4<-1"}


def test_who_goes_beside_the_last_of_a_chain_waits_for_none_of_it() -> None:
    packages = "".join(f"## Package {at}: Part {at}\n\n" for at in (1, 2, 3, 4))
    found = {
        (one.upstream, one.downstream)
        for one in parse(f"# P\n\n{packages}Order: 1 → 2 → 4, with 3 alongside.\n").dependencies
    }
    assert found == {("1", "2"), ("2", "4")}


def test_what_is_not_required_is_no_field() -> None:
    said = "Waits for step 1. Recommended but not required: step 3 first."
    steps = f"## Step 1: Dig\n\n## Step 2: Line\n\n{said}\n\n## Step 3: Fill\n"
    assert [(one.upstream, one.downstream) for one in parse(f"# P\n\n{steps}").dependencies] == [("1", "2")]
