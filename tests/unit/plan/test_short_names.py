"""Ids that people shorten: without the word that opens all of them, or by the part that a group of them shares."""

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def test_what_all_ids_open_with_may_be_left_out() -> None:
    heads = "## M9-α-1 Schema\n\n## M9-α-2 Importer\n\nDepends on α-1.\n\n## M9-β-1 Search\n\nDepends on α-2.\n"
    assert edges(f"# P\n\n{heads}") == {"M9-α-2<-M9-α-1", "M9-β-1<-M9-α-2"}


def test_what_only_some_open_with_may_not() -> None:
    heads = "## REL-A-1 Schema\n\n## REL-A-2 Importer\n\n## OPS-A-1 Search\n\nDepends on A-1. Depends on REL-A-2.\n"
    assert edges(f"# P\n\n{heads}") == {"OPS-A-1<-REL-A-2"}


P0 = "# P\n\n## P0-1 Login\n\n## P0-2 Home\n\n## P1-1 Search\n\nDepends on: {}\n"


def test_the_part_that_several_ids_open_with_names_all_of_them() -> None:
    for said in ("P0 main flow done", "all P0 items", "P0", "P0-* merged", "P0 complete"):
        assert edges(P0.format(said)) == {"P1-1<-P0-1", "P1-1<-P0-2"}, said


def test_with_other_words_behind_it_the_part_names_none() -> None:
    for said in ("P0 bugs of the old app", "the P0 label", "P2 main flow done"):
        assert edges(P0.format(said)) == set(), said
