"""Titles told in other words: in fields, where one title fits, and two of them that share their last word."""

import pytest

from orch_tui.plan.parsing import parse

TITLES = (
    "Set up the framework",
    "Migrate the database",
    "Write tests",
    "Datenbank einrichten",
    "Configurar el servidor",
    "Plan the release",
)


def edges(value: str, *, titles: tuple[str, ...] = TITLES, field: str = "Blocked By: ") -> set[str]:
    """Edges of a plan with these titles and one more task, which says `field` and `value`."""
    tasks = "".join(f"## Task {n}: {title}\n\nDo it.\n\n" for n, title in enumerate((*titles, "Deploy"), 1))
    read = parse(f"# P\n\n{tasks}{field}{value}\n")
    return {f"{e.downstream}<-{e.upstream}" for e in read.dependencies}


@pytest.mark.parametrize(
    ("value", "upstream"),
    [
        ("Framework setup", "1"),
        ("setting up of the framework", "1"),
        ("Database migration", "2"),
        ("migration of the database", "2"),
        ("Test writing", "3"),
        ("Einrichtung der Datenbank", "4"),
        ("Release planning", "6"),
        ("Configuración del servidor", "5"),
    ],
)
def test_a_field_may_tell_a_title_in_other_words(value: str, upstream: str) -> None:
    assert edges(value) == {f"7<-{upstream}"}


@pytest.mark.parametrize("value", ["Test reading", "Kubernetes upgrade", "Writing of news"])
def test_words_that_are_not_all_in_a_title_name_none(value: str) -> None:
    assert not edges(value, titles=("Write tests", "Migrate the old wiki"))


def test_words_that_fit_two_titles_name_none() -> None:
    assert not edges("Test writing", titles=("Write tests", "Write one test for names"))


def test_a_title_with_much_more_in_it_is_another_one() -> None:
    assert not edges("Test writing", titles=("Write wiki pages, forum posts, release notes and tests", "Import"))


def test_in_a_sentence_other_words_name_none() -> None:
    assert not edges("It needs test writing on the side.", titles=("Write tests", "Import"), field="")


@pytest.mark.parametrize(
    "sentence",
    ["Start once auth/data foundations are stable.", "Start once the auth and data foundations are stable."],
)
def test_two_titles_may_share_their_last_word(sentence: str) -> None:
    assert edges(sentence, titles=("Auth foundation", "Data foundation"), field="") == {"3<-1", "3<-2"}


def test_with_a_slash_the_first_words_of_two_titles_are_enough() -> None:
    titles = ("Auth, members and roles", "Data and services")
    assert edges("Start once auth/data foundations are stable.", titles=titles, field="") == {"3<-1", "3<-2"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Start once auth/billing foundations are stable.",
        "Start once read/write access is granted.",
        "Start after and/or.",
    ],
)
def test_of_two_words_both_must_be_of_titles(sentence: str) -> None:
    assert not edges(sentence, titles=("Auth, members and roles", "Data and services"), field="")
