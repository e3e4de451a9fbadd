"""Groups that only list their items by id, and orders told in such a list."""

import pytest

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


PLAN = """# Rack
## Sprint 1
{first}
## Sprint 2
Depends on: Sprint 1
Tickets: AB-3
## Tickets
### AB-1 Schema
### AB-2 Importer
### AB-3 Search
"""


@pytest.mark.parametrize("first", ["Tickets: AB-1, AB-2", "- **Tickets:** AB-1 and AB-2.", "Includes: `AB-1`, `AB-2`"])
def test_a_group_holds_what_it_lists(first: str) -> None:
    assert edges(PLAN.format(first=first)) == {"AB-3<-AB-1", "AB-3<-AB-2"}


@pytest.mark.parametrize("first", ["Tickets: AB-1, AB-9", "Tickets: two, AB-1", "Seen: AB-1"])
def test_a_list_with_other_words_or_strange_ids_says_nothing(first: str) -> None:
    assert edges(PLAN.format(first=first)) == {"2<-1"}


def test_a_list_far_below_the_head_of_a_group_is_not_its_own() -> None:
    lines = "\n".join(["It is about racks.", ""] * 5)
    assert edges(PLAN.format(first=f"{lines}\nTickets: AB-1, AB-2")) == {"2<-1"}


def test_tasks_with_ids_are_what_sprints_order() -> None:
    plan = """# Rack
## Sprint 1: Base
### Task 1: Schema
### Task 2: Importer
## Sprint 2: Top
**Depends on:** Sprint 1
### Task 3: Search
"""
    assert edges(plan) == {"3<-1", "3<-2"}


def test_sprints_whose_tasks_have_no_names_are_the_work() -> None:
    plan = "# R\n## Sprint 1\n- [ ] Schema\n- [ ] Importer\n## Sprint 2 (after Sprint 1)\n- [ ] Search\n"
    assert edges(plan) == {"2<-1"}


def test_a_list_may_say_that_it_is_in_order() -> None:
    heads = "### AB-1 Schema\n### AB-2 Importer\n### AB-3 Search\n"
    assert edges(f"# R\n\nTickets (in order): AB-1, AB-2, AB-3\n\n{heads}") == {"AB-2<-AB-1", "AB-3<-AB-2"}
    assert edges(f"# R\n\nTickets (in any order): AB-1, AB-2, AB-3\n\n{heads}") == set()
