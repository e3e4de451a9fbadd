"""The tables of phrases by example: sentences of many languages, and the edges that a plan gets from them."""

import pytest

from orch_tui.plan.parsing import parse


def edges(sentence: str) -> set[str]:
    """Edges of a plan of four steps whose last section, which is no step, holds the sentence."""
    steps = "".join(f"## Step {n}: Part {'abcd'[n - 1]}{n}\n\n" for n in range(1, 5))
    return {
        f"{e.downstream}<-{e.upstream}" for e in parse(f"# P\n\n{steps}## How it hangs\n\n{sentence}\n").dependencies
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 3 depends on Step 1.",
        "Step 3 is blocked by Step 1.",
        "Step 3 waits for Step 1.",
        "Step 3 builds on Step 1.",
        "Step 1 must be finished before Step 3.",
        "Step 3 cannot start before Step 1 is done.",
        "Step 1 blocks Step 3.",
        "Once Step 1 has landed, Step 3 can start.",
        "Finish Step 1 before starting Step 3.",
        "Step 3 uses the output of Step 1.",
        "Step 3 cannot proceed without Step 1.",
        "Step 3 presupposes Step 1.",
        "Step 1 feeds Step 3.",
        "Schritt 3 hängt von Schritt 1 ab.",
        "Schritt 3 setzt Schritt 1 voraus.",
        "Paso 3 depende de Paso 1.",
        "Paso 3 requiere Paso 1.",
        "El paso 1 precede al paso 3.",
        "Paso 1 precede a Paso 3.",
        "Étape 3 nécessite Étape 1.",
        "Étape 1 précède Étape 3.",
        "步骤3依赖于步骤1。",
        "步骤1先于步骤3。",
        "第1步完成后，第3步可以开始。",
        "第3步依赖第1步。",
        "步骤1完成后，步骤3可以开始。",
        "ステップ3はステップ1の完了後に開始する。",
    ],
)
def test_a_sentence_about_third_items_makes_the_edge(sentence: str) -> None:
    assert edges(sentence) == {"3<-1"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 3 does not depend on Step 1.",
        "Step 3 is independent of Step 1.",
        "Ideally Step 3 runs after Step 1.",
        "Paso 3 no depende de Paso 1.",
    ],
)
def test_denials_and_wishes_make_none(sentence: str) -> None:
    assert edges(sentence) == set()


@pytest.mark.parametrize(
    "sentence",
    ["Steps 2 and 3 are independent of each other but both need Step 1.", "步骤1完成后，步骤2和步骤3可以并行。"],
)
def test_those_side_by_side_may_wait_for_a_third_one(sentence: str) -> None:
    assert edges(sentence) == {"2<-1", "3<-1"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Step 1 before Step 2 before Step 3.", {"2<-1", "3<-2"}),
        ("Merge 1 before 2 before 3 before 4.", {"2<-1", "3<-2", "4<-3"}),
        ("Step 4 after Step 3 after Step 1.", {"4<-3", "3<-1"}),
        ("1 before 2, 2 before 3.", {"2<-1", "3<-2"}),
        ("3 after 2, 4 after 3.", {"3<-2", "4<-3"}),
        ("1 before 2 and before 3.", {"2<-1", "3<-1"}),
        ("Step 1 must land before Step 2 begins and before Step 3 starts.", {"2<-1", "3<-1"}),
    ],
)
def test_a_word_said_again_goes_on_from_the_name_before_it(sentence: str, expected: set[str]) -> None:
    assert edges(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Hard dependency: 2 on 1.", {"2<-1"}),
        ("Dependencies: Step 2 on Step 1, Steps 3 and 4 on Step 2.", {"2<-1", "3<-2", "4<-2"}),
        ("Dependencies: the decision on 2 colours.", set()),
    ],
)
def test_a_dependency_may_tell_both_of_its_ends(sentence: str, expected: set[str]) -> None:
    assert edges(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Steps 1 and 2 are small. Step 4 depends on both.", {"4<-1", "4<-2"}),
        ("1 and 2 run side by side; 4 needs both of them.", {"4<-1", "4<-2"}),
        ("Schritt 1 und Schritt 2 laufen parallel. Schritt 4 braucht beide.", {"4<-1", "4<-2"}),
        ("Steps 1, 2 and 3 are small. Step 4 depends on both.", set()),
        ("Step 4 depends on both teams.", set()),
        ("Step 3 needs Step 1 and Step 4 needs both.", {"3<-1"}),
    ],
)
def test_both_are_the_two_that_were_named_last(sentence: str, expected: set[str]) -> None:
    assert edges(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2단계는 1단계 완료 후 시작한다.", {"2<-1"}),
        ("3단계는 1단계가 완료된 후에 시작한다.", {"3<-1"}),
        ("3단계는 1단계와 2단계 완료 후 시작한다.", {"3<-1", "3<-2"}),
        ("3단계는 1단계와 무관하다.", set()),
    ],
)
def test_korean_says_who_waits_before_what_it_waits_for(sentence: str, expected: set[str]) -> None:
    plan = "".join(f"## {n}단계: {title}\n\n" for n, title in enumerate(("표", "화면", "검색"), 1))
    found = parse(f"# 계획\n\n{plan}## 순서\n\n{sentence}\n").dependencies
    assert {f"{one.downstream}<-{one.upstream}" for one in found} == expected
