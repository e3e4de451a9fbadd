"""Single words and signs on which it hangs whether a sentence makes an order, and what becomes of it without them."""

import pytest

from orch_tui.plan.parsing import parse

TITLES = ("Red valve", "Blue valve", "Pump", "Roof")
STEPS = "".join(f"## Step {at}: {title}\n\n" for at, title in enumerate(TITLES, 1))


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def said_in_the_last(sentence: str) -> set[str]:
    return edges(f"# P\n\n{STEPS}{sentence}\n")


@pytest.mark.parametrize(
    "have_to", ["评审者需要步骤2的报告。", "我们还需要步骤2的账号。", "接口改动以后团队需要步骤2的人手。"]
)
def test_what_people_need_of_a_step_is_no_order_in_chinese(have_to: str) -> None:
    assert said_in_the_last(have_to) == set()
    assert said_in_the_last("需要步骤2的报告。") == {"4<-2"}


def test_a_wish_that_holds_a_word_of_order_makes_none() -> None:
    assert said_in_the_last("Wenn möglich nach Schritt 2.") == set()
    assert said_in_the_last("Nach Schritt 2.") == {"4<-2"}


def test_a_field_keeps_its_name_with_a_remark_in_brackets() -> None:
    hints = parse("# P\n\n## Step 1: Red\n\nModel (suggested): opus\n\n## Step 2: Blue\n\nFiles (new): a.py, b.py\n")
    assert [one.hints.model for one in hints.sections] == ["opus", ""]
    assert hints.sections[1].hints.files == ("a.py", "b.py")


def test_a_section_runs_alone_by_a_field_and_not_by_a_clause_about_something_else() -> None:
    alone = parse(f"# P\n\n{STEPS}Can run in parallel with: nothing\n").exclusions
    assert {(one.one, one.other) for one in alone} == {("4", "1"), ("4", "2"), ("4", "3")}
    assert parse(f"# P\n\n{STEPS}It is written in parallel with none of the code frozen.\n").exclusions == ()
