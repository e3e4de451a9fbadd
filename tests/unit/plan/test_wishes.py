"""A wish beside a need in one sentence: what is needed makes an edge, what is wished for makes none."""

import pytest

from orch_tui.plan.parsing import parse


@pytest.mark.parametrize(
    "item",
    [
        "Delta: needs 1 and 2, ideally after 3",
        "Delta. Depends on 1 and 2, preferably after 3.",
        "Delta. Depends on 1 and 2 and ideally after 3.",
        "Delta (after 1 and 2, ideally after 3)",
        "Delta. Needs 1 and 2. Ideally after 3.",
        "Delta：依赖1和2，最好在3之后",
        "Delta braucht 1 und 2, idealerweise nach 3.",
    ],
)
def test_a_wish_behind_a_need_leaves_the_need_alone(item: str) -> None:
    read = parse(f"# Plan\n\n1. Alpha\n2. Beta\n3. Gamma\n4. {item}\n")
    assert {(e.downstream, e.upstream) for e in read.dependencies} == {("4", "1"), ("4", "2")}
    assert all(word not in e.evidence.quote for e in read.dependencies for word in ("ideal", "prefer"))


def test_a_wish_that_is_no_part_of_the_next_words_is_one_of_the_first() -> None:
    read = parse("# Plan\n\n1. Alpha\n2. Beta\n3. Gamma: ideally after 1, but needs 2\n")
    assert {(e.downstream, e.upstream) for e in read.dependencies} == {("3", "2")}
