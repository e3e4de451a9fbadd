"""Items named by their number and title together, and chains of arrows that end with their sentence."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse

MARKET = """# Market
### 2.2 Trade post
x
### 3.1 Auction house
{said}
### 3.2 Seasons
y
"""


def edges(plan: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(plan).dependencies}


@pytest.mark.parametrize(
    "said",
    [
        "**Depends on:** 2.2 Trade post",
        "**Depends on:** 2.2 Trade",
        "Depends on 2.2 Trade post.",
        "**Abhängigkeiten:** 2.2 Trade post",
        "**Blocked by:** `2.2` Trade post",
    ],
)
def test_a_number_with_the_title_behind_it_names_the_item(said: str) -> None:
    assert edges(MARKET.format(said=said)) == {"3.1<-2.2"}


def test_a_list_of_numbers_with_titles_names_each() -> None:
    assert edges(MARKET.format(said="**Depends on:** 2.2 Trade post, 3.2 Seasons")) == {"3.1<-2.2", "3.1<-3.2"}


def test_a_number_with_other_words_behind_it_names_none() -> None:
    assert edges(MARKET.format(said="**Depends on:** 2.2 kernel headers")) == set()


@pytest.mark.parametrize(
    "said", ["Blocks everything below.", "**Blocks:** all later steps", "**Blocks:** all following steps"]
)
def test_everything_below_means_all_later_items(said: str) -> None:
    plan = f"# P\n## Step 1: Ask\nx\n## Step 2: Measure\n{said}\n## Step 3: Split\nx\n## Step 4: Join\nx\n"
    assert edges(plan) == {"3<-2", "4<-2"}


def test_rows_are_known_by_the_number_that_opens_their_title() -> None:
    plan = """# One reader
| step | depends on | kind |
|---|---|---|
| 1a. one reader | — | code |
| 4. doctor verb | 1a | code |
| 3. refusal | 1a, 4 | code |
| **1b. token in a file** | 1a | decision |
"""
    assert edges(plan) == {"4<-1a", "3<-1a", "3<-4", "1b<-1a"}


def test_a_chain_ends_with_its_sentence() -> None:
    plan = """# Wind
Order: Phase 1 (Fetch) → Phase 2 (Field) → Phase 3 (Tests/Checks). Phase 1+3 are one language, 2 another.

## Phase 1 — Fetch
x
## Phase 2 — Field
x
## Phase 3 — Tests
x
"""
    assert edges(plan) == {"2<-1", "3<-2"}


def test_a_bold_chain_ends_with_its_stars() -> None:
    plan = """# Figures
**Order: Phase 0 → 1 → 3 → 2.** (3 before 2 because the decals are needed.)

## Phase 0 — Base
x
## Phase 1 — Decals
x
## Phase 2 — Motion
x
## Phase 3 — Editor
x
"""
    assert {"1<-0", "3<-1", "2<-3"} <= edges(plan)
