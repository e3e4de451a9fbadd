"""The key table: complete, free of clashes, remappable."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from textual.binding import Binding

import orch_tui.cockpit
from orch_tui.cockpit import keys
from orch_tui.cockpit.app import Cockpit
from orch_tui.cockpit.screens.ask import Permission, Question
from orch_tui.cockpit.screens.assign import Assigning
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.decisions import Decisions
from orch_tui.cockpit.screens.difference import Difference
from orch_tui.cockpit.screens.picker import Choose, Picker
from orch_tui.cockpit.screens.preview import Preview
from orch_tui.cockpit.screens.proposals import Proposals
from orch_tui.cockpit.screens.reading import Reading
from orch_tui.cockpit.screens.review import Review
from orch_tui.cockpit.screens.run import Run
from orch_tui.cockpit.screens.steer import Steer
from orch_tui.cockpit.widgets.lines_view import LinesView
from orch_tui.cockpit.widgets.section_list import SectionList
from orch_tui.core.commands import OPS, SCOPES
from orch_tui.errors import ConfigError

TOGETHER = (
    ("cockpit", "board", "run", "move", "lines"),
    ("cockpit", "board", "review", "move", "lines"),
    ("cockpit", "board", "difference", "move", "lines"),
    ("picker",),
    ("choose",),
    ("form",),
    ("proposals",),
    ("decisions",),
    ("reading", "move", "lines"),
    ("preview", "move", "lines"),
    ("permission", "move"),
    ("question",),
    ("confirm",),
)
OWNERS = {
    "cockpit": (Cockpit,),
    "move": (LinesView, SectionList, Permission),
    "lines": (LinesView,),
    "board": (Run, Review, Difference),
    "review": (Review,),
    "difference": (Difference,),
    "picker": (Picker,),
    "choose": (Choose,),
    "form": (Assigning,),
    "proposals": (Proposals,),
    "decisions": (Decisions,),
    "reading": (Reading,),
    "preview": (Preview,),
    "run": (Run,),
    "permission": (Permission,),
    "question": (Question,),
    "prompt": (Steer,),
    "confirm": (Confirm,),
}


def test_every_command_a_person_may_send_has_a_key_for_every_scope():
    reachable = {(key.op, key.scope) for key in keys.KEYS if key.op}
    wanted: set[tuple[str, str]] = set()
    by_line = {"mend", "unmend", "remend", "accept", "dismiss", "discard"}  # or by dialogs, so far
    for op in set(OPS) - {"create"} - by_line:  # a run is created by opening a plan
        scope = SCOPES[op]
        wanted |= {(op, one) for one in (("run", "section") if scope == "either" else (scope,))}
    wanted -= {("resume", "run"), ("resume", "section")}  # the pause key resumes what is paused
    assert wanted <= reachable


def test_ids_are_unique():
    ids = [key.id for key in keys.KEYS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("places", TOGETHER)
def test_no_key_means_two_things_at_once(places):
    taken: dict[str, str] = {}
    for key in keys.KEYS:
        if key.place in places:
            for one in key.keys.split(","):
                assert taken.setdefault(one, key.id) == key.id, f"{one!r} is {taken[one]!r} and {key.id!r}"


def test_every_action_exists_where_its_key_works():
    for key in keys.KEYS:
        name = re.sub(r"\(.*", "", key.action)
        owners = (Cockpit,) if name.startswith("app.") else OWNERS[key.place]
        for owner in owners:
            assert hasattr(owner, f"action_{name.removeprefix('app.')}"), f"{owner.__name__} cannot {key.action!r}"


def test_keys_that_terminals_take_are_not_used():
    used = set(itertools.chain.from_iterable(key.keys.split(",") for key in keys.KEYS))
    assert not used & {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+c", "ctrl+z", "alt+left", "ctrl+enter"}


def test_bindings_stand_in_no_other_place():
    for path in Path(orch_tui.cockpit.__file__).parent.rglob("*.py"):
        if path.name not in {"keys.py", "help.py"}:
            assert not re.search(r"\bBinding\(", path.read_text()), f"{path} binds keys beside the table"


def test_a_remapped_action_works_by_its_id_and_an_unknown_one_is_refused():
    assert keys.keymap({"approve": "A", "help": "?"}) == {"approve": "A", "help": "question_mark"}
    with pytest.raises(ConfigError, match="no action 'aprove'") as raised:
        keys.keymap({"aprove": "A"})
    assert "approve" in raised.value.hint


def test_every_binding_can_be_remapped():
    for places in TOGETHER:
        for binding in keys.bindings(*places):
            assert isinstance(binding, Binding)
            assert binding.id
