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
    "report of tasks": "# Phase 3 Completion Report\n\n## Task 1: Keys ✅\nDone after Task 2.\n\n"
    "## Task 2: Doors ✅\nDone.\n",
    "deployment": "# Deployment Guide\n\n## 1. Build\nRun make.\n\n## 2. Configure\nAfter the build, edit it.\n\n"
    "## 3. Deploy\nx\n",
    "calls": "# Store API Reference\n\n"
    "| Call | Depends on | What |\n|---|---|---|\n| open | - | x |\n| read | open | y |\n",
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
    "guide by numbers": "# Coding Guide\n\n## 1. Schema\nx\n\n## 2. Store\nDepends on 1.\n\n## 3. Pages\nx\n"
    "\n## 4. Mail\nx\n\n## 5. Load\nx\n",
    "guide with open boxes": "# Release Guide\n\n- [ ] Freeze the branch\n- [ ] Sign the packages\n- [ ] Tell users\n",
    "guide with phases under way": "# Org Migration Guide\n\n## Phase 1: Builder\n**Status:** Complete\n\n"
    "## Phase 2: Theme\n**Status:** Complete\n",
    "report with work left": "# Sprint 4 Report\n\nOpen work:\n\n- **T1** Fix importer\n"
    "- **T2** Fix exporter (after T1)\n- **T3** Docs\n- **T4** Mail\n- **T5** Clean\n",
    "anleitung": "# Anleitung zum Umbau\n\n## Schritt 1: Abriss\nx\n\n## Schritt 2: Neubau\nErst nach Schritt 1.\n\n"
    "## Schritt 3: Test\nx\n\n## Schritt 4: Abnahme\nx\n\n## Schritt 5: Freigabe\nx\n",
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
