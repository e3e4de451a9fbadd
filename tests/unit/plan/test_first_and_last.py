"""What is said of the first and the last item, by sentences and brackets that say so and by some that do not."""

import pytest

from orch_tui.plan.parsing import parse


def edges(sentence: str, *, fourth: str = "Deploy") -> set[str]:
    """Edges of a plan of four steps whose last section, which is no step, holds the sentence."""
    steps = "".join(f"## Step {n}: {title}\n\n" for n, title in enumerate(("Schema", "Importer", "Search", fourth), 1))
    read = parse(f"# P\n\n{steps}## How it hangs\n\n{sentence}\n")
    return {f"{e.downstream}<-{e.upstream}" for e in read.dependencies}


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 4 runs last.",
        "Step 4 comes last because it publishes everything.",
        "**Step 4 last**, since nothing reads it.",
        "Leave Step 4 for last.",
        "Step 4 is the last one.",
        "Step 4 closes the wave and therefore comes last.",
        "Schritt 4 kommt zuletzt.",
        "Schritt 4 kommt zum Schluss.",
        "Schritt 4 kommt als letzte.",
        "Paso 4 va al final.",
        "Paso 4 es la última.",
        "Paso 4 es el último.",
        "Étape 4 vient en dernier.",
        "步骤4最后执行。",
        "ステップ4は最後に実施する。",
    ],
)
def test_what_comes_last_waits_for_all_others(sentence: str) -> None:
    assert edges(sentence) == {"4<-1", "4<-2", "4<-3"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 1 must come first.",
        "Step 1 goes first because everything reads its tables.",
        "Nothing else can start before Step 1 is merged.",
        "No other step may begin until Step 1 has landed.",
        "Step 1 is the foundation for everything else.",
        "Nothing may ship without Step 1.",
        "第1步是基础设施，必须首先完成。",
        "第1步必须最先完成。",
        "第1步必须优先完成。",
        "第1步需要先行实施。",
    ],
)
def test_all_others_wait_for_what_comes_first(sentence: str) -> None:
    assert edges(sentence) == {"2<-1", "3<-1", "4<-1"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Step 4 was run last week.",
        "Step 4 need not come last.",
        "The last step of the wizard shows a summary.",
        "Step 3 is cut last when time runs out.",
        "Ideally Step 4 runs last.",
        "Perhaps Step 1 comes first.",
        "Write the first and the last name into Step 4.",
        "Tests come first.",
        "Step 1 was recommended to come first.",
    ],
)
def test_words_like_these_order_nothing(sentence: str) -> None:
    assert edges(sentence) == set()


def test_a_bracket_behind_a_title_says_it_too() -> None:
    assert edges("That is all.", fourth="Deploy (last, when all are happy)") == {"4<-1", "4<-2", "4<-3"}


@pytest.mark.parametrize(
    "sentence",
    ["At the end.", "Als letztes.", "Als allerletztes.", "Alla fine.", "Per ultimo.", "À la fin.", "最後に。"],
)
def test_a_section_whose_only_sentence_says_so_comes_last(sentence: str) -> None:
    read = parse(f"# P\n\n## Step 1: Schema\n\n{sentence}\n\n## Step 2: Importer\n\n## Step 3: Search\n")
    assert {f"{e.downstream}<-{e.upstream}" for e in read.dependencies} == {"1<-2", "1<-3"}


def test_two_that_come_last_do_not_wait_for_each_other() -> None:
    assert edges("Steps 3 and 4 run last.") == {"3<-1", "3<-2", "4<-1", "4<-2"}


def test_what_waits_for_the_last_one_is_not_waited_for() -> None:
    assert edges("Step 3 runs last. Step 4 depends on Step 3.") == {"3<-1", "3<-2", "4<-3"}


def test_what_says_itself_what_it_waits_for_need_not_wait_for_the_first_one() -> None:
    plan = (
        "# P\n\n## Step 1: Schema\n\n## Step 2: Importer\n\nDepends on: none\n\n## Step 3: Search\n\n"
        "## Order\n\nStep 1 must come first.\n"
    )
    assert [(e.upstream, e.downstream) for e in parse(plan).dependencies] == [("1", "3")]


def test_the_steps_before_may_be_meant_in_chinese() -> None:
    assert edges("第3步依赖前面的步骤。") == {"3<-1", "3<-2"}


def test_the_clause_about_the_last_one_is_not_what_the_one_before_waits_for() -> None:
    assert edges("Step 3 cannot proceed without Step 2, and Step 4 runs last.") == {"3<-2", "4<-1", "4<-2", "4<-3"}


def of_third(title: str, sentence: str = "Draw them.") -> set[str]:
    """Edges of three steps of which the third has this title, and this sentence below it."""
    steps = f"## Step 1: Schema\n\n## Step 2: Importer\n\n## Step 3: {title}\n\n{sentence}\n\n## Step 4: Deploy\n"
    return {f"{e.downstream}<-{e.upstream}" for e in parse(f"# P\n\n{steps}").dependencies}


@pytest.mark.parametrize(
    "sentence",
    [
        "Do this first.",
        "Draw them. Please do this first, because all else reads it.",
        "This step must be done first.",
        "Comes first.",
        "First of all.",
        "Do this before anything else.",
        "This should be done before anything else.",
        "Everything else depends on it.",
        "The rest depends on it.",
        "The screens come first.",
        "Kommt zuerst.",
        "Dies zuerst erledigen.",
        "Die Screens kommen zuerst.",
        "Esto va primero.",
        "Hacer esto primero.",
        "À faire en premier.",
        "Isto vem primeiro.",
        "Viene per primo.",
        "首先完成。",
        "先做这一步。",
        "これを最初に行う。",
    ],
)
def test_all_others_wait_for_a_section_that_says_of_itself_that_it_comes_first(sentence: str) -> None:
    assert of_third("Screens", sentence) == {"1<-3", "2<-3", "4<-3"}


@pytest.mark.parametrize(
    "title",
    [
        "Screens (first)",
        "Screens (do first)",
        "Screens (first step)",
        "Screens - do this first",
        "Screens (zuerst)",
        "画面（首先）",
    ],
)
def test_a_title_says_it_too(title: str) -> None:
    assert of_third(title) == {"1<-3", "2<-3", "4<-3"}


def test_of_two_that_come_first_the_second_waits_for_the_first() -> None:
    read = parse("# P\n\n## Step 1: Schema\n\nDo this first.\n\n## Step 2: Importer\n\nDo this first.\n")
    assert [(e.upstream, e.downstream) for e in read.dependencies] == [("1", "2")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Users see the banner. It comes first.",
        "The rest needs work.",
        "Escape quotes before anything else.",
        "Do this first iteration well.",
        "The header comes first in the file.",
        "First, draw.",
        "First: draw.",
        "Do the header first.",
        "This is the first of many.",
        "Ideally do this first.",
        "Do not do this first.",
        "Do this first if there is time.",
        "Sort them so that it comes first.",
        "Write a failing test first.",
        "Zuerst die Tabelle zeichnen.",
        "Primero dibujar.",
        "最初に表示する。",
    ],
)
def test_a_section_that_speaks_so_comes_not_first(sentence: str) -> None:
    assert of_third("Screens", sentence) == set()


@pytest.mark.parametrize(
    "title",
    [
        "Write the manual last",
        "Write the manual, last",
        "The manual, last of all",
        "Last: the manual",
        "Manual: last",
        "The manual comes last",
        "Das Handbuch zuletzt schreiben",
        "Escribir el manual por último",
        "Écrire le manuel en dernier",
        "Escrever o manual por último",
        "Scrivere il manuale per ultimo",
        "最后编写手册",
        "最後にマニュアルを書く",
    ],
)
def test_a_title_says_that_its_item_comes_last(title: str) -> None:
    assert of_third(title) == {"3<-1", "3<-2", "3<-4"}


@pytest.mark.parametrize(
    "title",
    [
        "Show who logged in last",
        "Move the file used last",
        "Update what was opened last",
        "Run the check that failed last",
        "Make it last",
        "Last mile: the courier",
        "last: the last address of a range",
        "Write the last chapter",
        "Determine what comes last",
        "Zuletzt geöffnete Dateien anzeigen",
        "Abrir el último fichero",
        "最后更新时间",
        "最後に開いたファイルを表示する",
    ],
)
def test_a_title_about_what_was_last_says_nothing_of_the_order(title: str) -> None:
    assert of_third(title) == set()


@pytest.mark.parametrize(
    "sentence", ["Do this at the end.", "Leave it for the end.", "This comes at the very end.", "Do it last."]
)
def test_a_section_says_of_itself_that_it_comes_at_the_end(sentence: str) -> None:
    assert of_third("Screens", sentence) == {"3<-1", "3<-2", "3<-4"}


@pytest.mark.parametrize(
    "sentence", ["Put this at the end of the page.", "The button comes at the very end.", "It ends here."]
)
def test_the_end_of_something_else_says_nothing_of_the_order(sentence: str) -> None:
    assert of_third("Screens", sentence) == set()
