"""Work that only plain sentences below a heading ask for: which ask, and which tell."""

import pytest

from orch_tui.plan.parsing import parse


def found(below: str, *, heading: str = "Final verification before calling it done") -> bool:
    plan = (
        "# Plan: shop\n\n## Section A: Schema\n\nTables.\n\n## Section B: Import\n\nDepends on: A\n\n"
        f"## {heading}\n\n{below}\n"
    )
    return any(one.type == "unlabelled-work" for one in parse(plan).findings)


@pytest.mark.parametrize(
    "below",
    [
        "- Run the whole suite once more.\n- Open the shop and buy something.",
        "Run everything on a clean machine. Read the log. Ask Ann to look.",
        "- Run `make test`\n- Make sure nothing is left",
        "**Run tests:**\n\n```sh\nmake test\n```",
        "Alles noch einmal testen.",
        "Führe die Suite aus.",
        "Ejecutar todas las pruebas.",
        "Lancer toute la suite.",
        "Executar todos os testes.",
        "Eseguire tutti i test.",
        "运行所有测试。",
        "すべてのテストを実行する。",
    ],
)
def test_sentences_below_a_final_heading_ask_for_work_that_nobody_does(below: str) -> None:
    assert found(below)


@pytest.mark.parametrize(
    "below",
    [
        "The suite is green and Ann is happy.",
        "- Tests pass\n- Ann agrees",
        "- `make test` is green",
        "- [x] Run the suite.",
        "See RELEASING.md.",
        "Test results go to Ann.",
        "Open questions remain.",
        "Build artifacts land in dist.",
        "Review comments are closed.",
        "Die Tests müssen laufen.",
        "Prueba superada.",
        "测试结果在文档里。",
        "確認済み。",
        "Section B runs the suite. It is green. Ann has looked. Open the shop.",
        "",
    ],
)
def test_sentences_that_tell_how_it_is_ask_for_nothing(below: str) -> None:
    assert not found(below)


@pytest.mark.parametrize("heading", ["Verification strategy", "Acceptance criteria", "Testing", "Background"])
def test_below_other_headings_sentences_are_advice(heading: str) -> None:
    assert not found("Run the whole suite once more.", heading=heading)
