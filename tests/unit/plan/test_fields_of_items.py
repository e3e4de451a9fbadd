"""Fields that do not stand as a line of the item: in a table of their own, or behind a list and a blank line."""

import pytest

from orch_tui.plan.document import scan
from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def done(text: str) -> set[str]:
    return {section.id for section in parse(text).sections if section.done}


def carded(*cards: str, head: str = "| Property | Value |") -> str:
    """A plan of headed tasks, each with a table of its properties."""
    parts = [f"### T-{at}: Part {at}\n\n{head}\n|---|---|\n{rows}\n" for at, rows in enumerate(cards, 1)]
    return "# Plan\n\n" + "\n".join(parts)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("| Property | Value |", "Depends on"),
        ("| Field | Content |", "**Dependencies**"),
        ("| 属性 | 值 |", "依赖"),
        ("| 项 | 内容 |", "**前置依赖**"),
        ("| 項目 | 内容 |", "依存"),
        ("| Feld | Wert |", "Voraussetzung"),
        ("| Campo | Valor |", "Depende de"),
        ("| Champ | Valeur |", "Prérequis"),
    ],
)
def test_a_table_of_two_columns_below_a_task_holds_its_fields(head: str, name: str) -> None:
    owner = "| Owner | Ada |\n"
    assert edges(carded(owner, f"{owner}| {name} | T-1 |", head=head)) == {"T-2<-T-1"}


def test_such_a_table_may_say_that_a_task_waits_for_nothing_or_is_done() -> None:
    text = carded(
        "| Status | ✅ Done |\n| Depends on | None |", "| Status | open |\n| Blocked by | T-1 |\n| Blocks | T-3 |", ""
    )
    assert edges(text) == {"T-2<-T-1", "T-3<-T-2"}
    assert done(text) == {"T-1"}


def test_a_table_of_ids_with_what_they_wait_for_is_no_such_table() -> None:
    text = "# Plan\n\n### T-1: a\n\n### T-2: b\n\n## Order\n\n| Task | Depends on |\n|---|---|\n| T-2 | T-1 |\n"
    assert edges(text) == {"T-2<-T-1"}
    assert scan(text).lines[-2] == "| T-2 | T-1 |"


def test_evidence_of_such_a_field_is_the_row_as_it_was_written() -> None:
    (edge,) = parse(carded("", "| Depends on | T-1 |")).dependencies
    assert edge.evidence.quote == "Depends on | T-1"


SLICES = """# Slices

1. [x] **(901) Inlet**
Three changes:

1. The grid.
2. The lock.

**Status:** complete · **Risk:** low · **Dependencies:** none

2. [ ] **(902) Basin** — Lined.

**Status:** open · **Dependencies:** [901, 903]

3. [ ] **(903) Pump**
Two parts.

**Dependencies:** [901]
"""


def test_fields_behind_a_list_and_a_blank_line_are_those_of_the_item_before() -> None:
    assert edges(SLICES) == {"902<-901", "902<-903", "903<-901"}
    assert "Dependencies" in parse(SLICES).sections[0].body


def test_a_paragraph_without_fields_behind_a_list_is_no_part_of_its_last_item() -> None:
    text = "# Tasks\n\n- [ ] T1 Dig\n- [ ] T2 Line (after T1)\n\nAll of this is done by hand.\n"
    assert "by hand" not in parse(text).sections[1].body


def test_a_mark_beside_several_items_in_one_cell_is_the_mark_of_none() -> None:
    rows = "| Day | What | Tasks | Covered |\n|---|---|---|---|\n| 1 | digging | T1 + T2 | ✅ |\n"
    assert done(f"# Plan\n\n### Task T1: Dig\n\n### Task T2: Line\n\nDepends on: T1\n\n## Days\n\n{rows}") == set()


def test_all_of_two_phases_may_be_named_with_the_words_that_they_are_all_done() -> None:
    told = {"M1.1": "无", "M1.2": "M1.1", "M2.1": "M1.1", "M2.2": "M2.1", "M3.1": "M1、M2 全部完成", "M3.2": "M3.1"}
    parts = [
        ("" if name.endswith("2") else f"### {name[:2]} 里程碑\n\n") + f"#### {name} 任务\n\n- **依赖**: {said}\n"
        for name, said in told.items()
    ]
    found = edges("# 计划\n\n" + "\n".join(parts))
    assert {edge for edge in found if edge.startswith("M3.1")} == {f"M3.1<-{name}" for name in list(told)[:4]}


def test_a_mark_in_full_width_brackets_behind_a_title_counts() -> None:
    assert done("# 計画\n\n### タスク1: 調査（完了）\n\n### タスク2: 実装\n\n依存: タスク1\n") == {"1"}


def test_a_field_that_a_wish_leads_in_is_none() -> None:
    cards = "### T-1: Dig\n\n### T-2: Line\n\n- Needs: T-1\n\n### T-3: Map\n\n- Would be nicer after: T-2\n"
    assert edges(f"# Plan\n\n{cards}") == {"T-2<-T-1"}


def test_a_letter_and_a_bracket_make_a_wave() -> None:
    waves = "## Wave A (start right away)\n\n1. **A1 – Dig**\n2. **A2 – Tests**\n\n## Wave B (after wave A)\n\n"
    text = f"# Plan\n\n{waves}3. **B1 – Line**\n4. **B2 – Fill** – only needs A1\n"
    assert edges(text) == {"B1<-A1", "B1<-A2", "B2<-A1"}


def test_everything_but_one_and_what_goes_on_together_with_another() -> None:
    items = "- [ ] #1 Dig\n- [ ] #2 Line — after #1, together with #3\n- [ ] #3 Paint\n"
    text = f"# Tasks\n\n{items}- [ ] #4 Open — depends on everything else in this list but #3\n"
    assert edges(text) == {"2<-1", "4<-1", "4<-2"}


def test_marks_in_square_brackets_behind_a_heading_and_in_brackets_behind_a_short_title_count() -> None:
    assert done("# P\n\n## Section A: Import [DONE]\n\n## Section B: Sender\n\nDependencies: A\n") == {"A"}
    assert done("# P\n\n```\nK1 --> K2\n```\n\n* K1 Power supply (done)\n* K2 Screen (white)\n") == {"K1"}


def test_a_column_of_what_is_done_says_yes() -> None:
    head = "| Nr. | Paket | Wartet auf | Fertig? |\n|---|---|---|---|\n"
    rows = f"{head}| 1 | Graben | - | ja |\n| 2 | Füllen | 1 | nein |\n"
    assert done(f"# Plan\n\n{rows}") == {"1"}


def test_how_a_picture_is_looked_at_is_no_order() -> None:
    steps = "## Step 1: Dig\n\n## Step 2: Line\n\n## Step 3: Fill\n"
    assert edges(f"# P\n\nRead the chart from top to bottom.\n\n{steps}") == set()


@pytest.mark.parametrize("rule", ["|---|---|", "| - | - |", "|:-:|:-:|"])
def test_a_table_of_the_fields_of_one_item_may_have_any_rule(rule: str) -> None:
    table = f"| Item | Value |\n{rule}\n| Depends on | Step 1 |\n"
    assert edges(f"# P\n\n## Step 1: A\n\nx\n\n## Step 2: B\n\n{table}\n## Step 3: C\n\ny\n") == {"2<-1"}


@pytest.mark.parametrize(
    "table",
    [
        "| Item | Value |\n|---|---|\n| Depends on | Step 1 |\n| T1 | done |",
        "```\n| Depends on | Step 1 |\n|---|---|\n```",
        "```\n| Item | Value |\n|---|---|\n| Depends on | Step 1 |\n```",
    ],
)
def test_a_table_of_several_items_or_in_a_block_of_code_holds_no_fields(table: str) -> None:
    assert edges(f"# P\n\n## Step 1: A\n\nx\n\n## Step 2: B\n\n{table}\n\n## Step 3: C\n\ny\n") == set()
