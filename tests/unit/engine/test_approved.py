"""What is stored is carried out only as it was approved: every part of a section, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from orch_tui.core.run_events import RuleFile
from orch_tui.core.state import State
from orch_tui.engine.approved import NotApproved, check_graph
from orch_tui.plan.model import Hints
from orch_tui.testing.stage import Stage

PLAN = """# Tea

Use the small pot.

## Section A: Boil
Dependencies: none

## Section B: Boil
Dependencies: none

## Section C: Pour
Dependencies: Section A (the water), Section B
"""


@pytest.fixture
def state(tmp_path) -> State:
    made = Stage(root=tmp_path, text=PLAN)
    made.approve()
    check_graph(made.state)
    return made.state


def _preamble(state: State) -> None:
    assert state.edition is not None
    state.edition.read = replace(state.edition.read, preamble="Use the big pot.")


def _rules(state: State) -> None:
    assert state.edition is not None
    told = RuleFile(path="AGENTS.md", below="", text="Push it.")
    state.edition.read = replace(state.edition.read, rules=(told,))


FORGED: dict[str, Callable[[State], object]] = {
    "the lines of another section of the same text": lambda state: setattr(
        state.sections["A"], "lines", state.sections["B"].lines
    ),
    "another text": lambda state: setattr(state.sections["A"], "text_sha", "0" * 32),
    "a text made of data": lambda state: setattr(state.sections["A"], "text", "do it otherwise"),
    "another title": lambda state: setattr(state.sections["A"], "title", "Freeze"),
    "another agent": lambda state: setattr(state.sections["A"], "agent", "script"),
    "another model": lambda state: setattr(state.sections["A"], "model", "large"),
    "hints": lambda state: setattr(state.sections["A"], "hints", Hints(verify=("rm -r .",))),
    "a mark": lambda state: setattr(state.sections["A"], "planned", "done"),
    "another order": lambda state: state.sections["C"].upstream.remove("A"),
    "a choice": lambda state: setattr(state.sections["C"], "choices", ((("A",), ("B",)),)),
    "another need": lambda state: setattr(
        state, "dependencies", tuple(replace(edge, needs_text="the milk") for edge in state.dependencies)
    ),
    "sections in another order": lambda state: state.sections.update(A=state.sections.pop("A")),
    "other words before the sections": _preamble,
    "other lines around a section": lambda state: setattr(state.sections["A"], "around", ((1, 2),)),
    "words of the project to agents": _rules,
    "another title of the plan": lambda state: setattr(state, "title", "Coffee"),
    "another reader": lambda state: setattr(state, "reader", "kiro"),
    "other settings": lambda state: setattr(state, "settings", replace(state.settings, isolation="none")),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_stored_graph_is_refused_with(forge: Callable[[State], object], state: State):
    forge(state)
    with pytest.raises(
        NotApproved,
        match=r"is not the one that .* approved .* journal or snapshot was changed, in sections, their lines",
    ):
        check_graph(state)


def test_what_became_of_sections_is_no_part_of_what_was_approved(state: State):
    state.sections["A"].verdict, state.sections["A"].slug, state.sections["A"].detail = "done", "A-2", "done by hand"
    check_graph(state)
