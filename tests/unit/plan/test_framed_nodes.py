"""Charts whose frames are the items and whose nodes are details of these."""

from orch_tui.plan.parsing import parse

TITLES = ("Alpha parser", "Beta store", "Gamma screen")
HEADINGS = "".join(f"## Phase {at}: {title}\n\nText.\n\n" for at, title in enumerate(TITLES, 1))


def edges(chart: str, headings: str = HEADINGS) -> list[tuple[str, str]]:
    """Who comes before whom, by a chart below three phases."""
    text = f"# Plan\n\n{headings}## Flow\n\n```mermaid\ngraph TD\n{chart}\n```\n"
    return sorted((edge.upstream, edge.downstream) for edge in parse(text).dependencies)


def framed(opening: str, arrows: str) -> str:
    """Three frames with details in them, opened by `opening` with the number and the title of each."""
    frames = (f"  subgraph {opening.format(at, one)}\n    d{at}[Write it]\n  end" for at, one in enumerate(TITLES, 1))
    return "\n".join((*frames, arrows))


CHAIN = [("1", "2"), ("2", "3")]


def test_arrows_between_frames_are_arrows_between_their_items() -> None:
    assert edges(framed('P{0}["Phase {0}: {1}"]', "  P1 --> P2 --> P3")) == CHAIN


def test_details_stand_for_the_item_in_whose_frame_they_are() -> None:
    assert edges(framed("P{0}[Phase {0}: {1}]", "  d1 --> d2\n  d2 --> d3")) == CHAIN


def test_a_title_without_quotes_opens_a_frame_of_its_own() -> None:
    assert edges(framed("Phase {0}: {1}", "  d1 --> d2\n  d2 --> d3")) == CHAIN


def test_frames_without_ids_are_parts_of_the_thing_that_is_built() -> None:
    headings = "".join(f"## {title}\n\nText.\n\n" for title in TITLES)
    assert edges(framed("P{0}[{1}]", "  d1 --> d2\n  d2 --> d3"), headings) == []
