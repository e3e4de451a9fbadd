"""Which documents are plans: what tells, reports or explains is none, whatever its lists say."""

import pytest

from orch_tui.plan.model import Plan
from orch_tui.plan.parsing import parse

BULLETS = "- Reads the file\n- Writes the index after the file was read\n- Sorts\n- Prints\n- Waits\n- Ends\n"

OTHERS = {
    "readme": f"# paperboat\n\nA small indexer.\n\n## Features\n{BULLETS}\n## Install\n\n1. Clone it\n2. Build it\n",
    "changelog": "# Changelog\n\n## 1.2.0\n- Crash after the import\n- Sorting\n\n## 1.1.0\n- Import\n",
    "reference": f"# Index API Reference\n\n## open\n{BULLETS}\n## close\n- Must be called after open\n- Frees it\n",
    "report": "# Load Test - Final Report\n\n## Results\n### 1. Throughput\n900/s\n### 2. Latency\n40 ms after start\n",
    "guide": "# Installation Guide\n\n## Step 1: Download\nGet it.\n## Step 2: Unpack\nIt.\n## Step 3: Run\nRun it.\n",
    "minutes": "# Meeting notes 3 May\n\n1. Budget was discussed after lunch\n2. Hiring is on hold\n3. Next meeting\n",
    "architecture": "# Architecture\n\n## 1. Store\nHolds rows.\n## 2. Reader\nDepends on the store.\n## 3. Pen\nx\n",
    "essay": "# Why we wait\n\nFirst we learn, after that we build.\n\n## Patience\n\nIt is before skill.\n## Skill\n",
    "bericht": "# Abschlussbericht\n\n## 1. Ablauf\nNach der Messung wurde gewertet.\n## 2. Ergebnis\nGut.\n",
}

PLANS = {
    "silent phases": "# Auth rewrite\n\n## Phase 1: Tokens\nx\n\n## Phase 2: Sessions\ny\n",
    "silent numbers": "# Auth rewrite\n\n## Tasks\n1. Add tokens\n2. Drop sessions\n3. Tell users\n",
    "boxes": "# Auth rewrite\n\n- [ ] Add tokens\n- [ ] Drop sessions\n- [x] Tell users\n",
    "steps": "# Moving house\n\n## Step 1: Pack\nx\n\n## Step 2: Drive\ny\n",
    "a plan for a guide": "# Installation guide rewrite plan\n\n## Task 1: Text\nx\n## Task 2: Print\nDepends on: 1\n",
    "a plan called a report": "# Report\n\n## Task 1: Collect\nDepends on: none\n\n## Task 2: Write\nDepends on: 1\n",
    "sections": "# Overview\n\n## Section A: Store\nDepends on: none\n\n## Section B: Reader\nDepends on: A\n",
}


def told(plan: Plan) -> bool:
    return "not-a-plan" in {found.type for found in plan.findings}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_tells_reports_or_explains_is_no_plan(text: str) -> None:
    plan = parse(text)
    assert told(plan)
    assert not plan.sections
    assert not plan.dependencies


@pytest.mark.parametrize("text", PLANS.values(), ids=PLANS)
def test_work_with_numbers_boxes_or_generic_words_is_a_plan(text: str) -> None:
    plan = parse(text)
    assert not told(plan)
    assert len(plan.sections) >= 2


def test_the_message_says_what_the_document_was_taken_for_and_what_to_do() -> None:
    found = [one for one in parse(OTHERS["guide"]).findings if one.type == "not-a-plan"]
    assert "'Installation Guide' reads like a guide" in found[0].message
    assert "'Download' (line 3)" in found[0].message
    assert "Plan: ..." in found[0].message
