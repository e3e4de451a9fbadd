"""What a plan says of a section outside of its lines: words of its phases, and rules for all."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse
from orch_tui.plan.surroundings import are_rules

PLAN = """# Build the shop

We build a shop.

## Conventions

Python only.

## Phase 1: Data

All tables have UUID keys.

### 1.1 Schema

Write the schema.

### 1.2 Import

Depends on 1.1.

## Phase 2: Web

Use htmx.

---

### 2.1 Pages

After 1.2.

## Definition of done

- tests pass

### In short

Green.

## Open questions

- Which bank?
"""


def around(text: str) -> dict[str, list[str]]:
    lines = text.splitlines()
    return {one.id: ["\n".join(lines[first - 1 : last]) for first, last in one.around] for one in parse(text).sections}


DONE = "## Definition of done\n\n- tests pass\n\n### In short\n\nGreen."


def test_a_section_has_the_words_of_its_own_phase_and_the_rules_for_all():
    said = around(PLAN)
    assert said["1.1"] == said["1.2"] == ["## Phase 1: Data\n\nAll tables have UUID keys.", DONE]
    assert said["2.1"] == ["## Phase 2: Web\n\nUse htmx.", DONE]


def test_what_stands_before_the_phases_is_the_preamble_and_no_words_of_the_first_phase_are():
    assert parse(PLAN).preamble == "We build a shop.\n\n## Conventions\n\nPython only."


def test_the_outer_phase_comes_first():
    text = "# P\n\n## Part A\n\nDraw.\n\n### Phase 1\n\nSlowly.\n\n- [ ] 1.1 One\n- [ ] 1.2 Two (after 1.1)\n"
    assert around(text)["1.2"] == ["## Part A\n\nDraw.", "### Phase 1\n\nSlowly."]


def test_rules_that_stand_in_a_section_are_its_own():
    text = PLAN.replace("Write the schema.\n", "Write the schema.\n\n#### Rules\n\nNo triggers.\n")
    assert not any("No triggers" in words for said in around(text).values() for words in said)


def test_the_head_of_a_table_of_sections_is_no_word_of_the_phase():
    text = """# P

## Sprint 1

Small steps.

| Id | Task | Depends on |
|----|------|------------|
| A1 | Lay the ground | |
| A2 | Build the house | A1 |
"""
    assert around(text) == {"A1": ["## Sprint 1\n\nSmall steps."], "A2": ["## Sprint 1\n\nSmall steps."]}


def test_a_plan_that_is_data_has_no_lines_around_its_sections():
    assert around('{"tasks": [{"id": 1, "title": "A"}, {"id": 2, "title": "B", "dependencies": [1]}]}') == {
        "1": [],
        "2": [],
    }


@pytest.mark.parametrize(
    "title",
    [
        "Rules",
        "3. Ground rules",
        "Coding Conventions",
        "⚠️ Constraints",
        "Global constraints",
        "Definition of Done",
        "Notes for contributors",
        "Konventionen",
        "Définition du fini",
        "No objetivos del primer ciclo",
        "规范",
        "完了の定義",
    ],
)
def test_headings_that_say_what_holds_for_all_work(title: str):
    assert are_rules(title)


@pytest.mark.parametrize(
    "title", ["Open questions", "Timeline", "Ruler widget", "Risks", "Notes", "Rulesets table", "Phase 3: Constraints"]
)
def test_headings_that_do_not(title: str):
    assert not are_rules(title)
