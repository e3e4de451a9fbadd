"""What must be there first, told in a clause of its own: which sentences say so, and which look as if they did."""

import pytest

from orch_tui.plan.parsing import parse


def edges(sentence: str) -> set[str]:
    """Edges of a plan of four sections of which the third, the screens, holds the sentence."""
    read = parse(
        "# P\n\n## Section A: Package the drivers\n\nBuild them.\n\n## Section B: Importer\n\nRead files.\n\n"
        f"## Section C: Screens\n\n{sentence}\n\n## Section D: Deploy\n\nShip it.\n"
    )
    return {f"{e.downstream}<-{e.upstream}" for e in read.dependencies}


@pytest.mark.parametrize(
    "sentence",
    [
        "Without this, Section D cannot begin.",
        "Without it, section D has to wait.",
        "Section D cannot begin without this.",
        "Ohne dies kann Abschnitt D nicht beginnen.",
        "Ohne diesen Schritt kann Abschnitt D nicht gestartet werden.",
        "Sin esto, la sección D no puede empezar.",
        "Sans cela, section D ne peut pas commencer.",
        "Sem isto, a seção D não pode começar.",
        "Senza questo, sezione D non può iniziare.",
        "没有这一步，D无法开始。",
        "これがないと、Dは開始できない。",
    ],
)
def test_without_the_one_that_speaks_another_cannot_begin(sentence: str) -> None:
    assert edges(sentence) == {"D<-C"}


def test_without_it_nothing_else_begins() -> None:
    assert edges("Without this, nothing else can start.") == {"A<-C", "B<-C", "D<-C"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Without Sections A and B, this cannot start.",
        "Without Sections A and B this cannot start.",
        "Given A and B are in place, draw the screens.",
        "Now that Sections A and B are done, draw the screens.",
        "Sections A and B have to be there first.",
        "With A and B in place, draw the screens.",
        "With A and B in place, C can start.",
        "A and B in place.",
        "Mit A und B fertig, kann C beginnen.",
        "Sind A und B abgeschlossen, werden die Masken gezeichnet.",
        "Con A y B listos, se dibujan las pantallas.",
        "Avec A et B en place, on dessine les écrans.",
        "Com A e B prontos, desenhar as telas.",
        "Con A e B pronti, disegnare le schermate.",
        "A、B就位后，开始画界面。",
        "AとBが揃ったら画面を作る。",
    ],
)
def test_what_is_in_place_comes_first(sentence: str) -> None:
    assert edges(sentence) == {"C<-A", "C<-B"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Drivers must be packaged before this can begin.",
        "The drivers need to be packaged before this step.",
        "Section A must be signed off before this can start.",
        "Section A must be signed off before we begin.",
        "Section A muss geprüft sein, bevor dies beginnen kann.",
        "Section A debe estar empaquetada antes de que esto pueda empezar.",
        "Section A doit être validée avant que ceci puisse commencer.",
        "Section A deve estar empacotada antes que isto possa começar.",
    ],
)
def test_what_must_be_so_before_this_can_begin_comes_first(sentence: str) -> None:
    assert edges(sentence) == {"C<-A"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Without tests, section D cannot be trusted.",
        "Without caching, the parser cannot read section D.",
        "It runs without a network; section D cannot begin a transaction.",
        "With Docker ready, log in.",
        "Given a list, all are ready to be drawn.",
        "Without these limits, npm may not work properly.",
        "With A and B side by side, compare them.",
        "Put the button in place of D.",
        "The form must be validated before this.",
        "Mit A und B vergleichen.",
        "Con A y B comparar.",
    ],
)
def test_words_like_these_wait_for_nothing(sentence: str) -> None:
    assert edges(sentence) == set()
