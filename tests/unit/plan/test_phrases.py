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
