"""A journal that an earlier version wrote is read, approved as it was, and goes on by today's rules. Never edit one."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.core.apply import apply
from orch_tui.core.codec import decode_event
from orch_tui.core.commands import Approve
from orch_tui.core.decide import decide
from orch_tui.core.run_events import CommandRefused, PlanRead, RevisionRead
from orch_tui.core.state import State
from orch_tui.engine.approved import NotApproved, check_graph
from orch_tui.plan.either import choices
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.replay import Replay, write_snapshot

LINES = (Path(__file__).parent / "journals" / "version-1.jsonl").read_bytes().splitlines(keepends=True)
"""5 needs "1 or 2, and 3 or 4"; 3 was done in the plan, 4 failed, and 5 began when both 1 and 2 were done."""
FIRST_DONE = 1 + next(at for at, line in enumerate(LINES) if b'"SectionDone"' in line)


def replayed(run: RunDir, records: int = len(LINES)) -> Replay:
    run.journal.mkdir(parents=True)
    journal.segment(run.journal, 1).write_bytes(b"".join(LINES[:records]))
    found = Replay(run)
    found.read_all()
    return found


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    return RunDir(tmp_path / "run")


def statuses(state: State) -> str:
    return " ".join(f"{name}:{section.status.value}" for name, section in state.sections.items())


def test_a_run_of_version_1_is_what_it_was(run: RunDir) -> None:
    state = replayed(run).state
    assert statuses(state) == "1:done 2:done 3:done 4:failed 5:done"
    assert state.phase.value == "failed"
    assert state.sections["5"].choices == ((("1",), ("2",)), (("3",), ("4",)))


def test_a_run_of_version_1_is_the_one_that_was_approved(run: RunDir) -> None:
    found = replayed(run, FIRST_DONE)
    assert found.state.approval is not None
    assert found.state.approval.form == 1
    check_graph(found.state)
    write_snapshot(run, found.state, found.position)
    again = Replay(run).state
    assert again == found.state
    check_graph(again)
    again.sections["5"].upstream.remove("1")
    with pytest.raises(NotApproved, match="is not the one that kim approved"):
        check_graph(again)


def test_what_a_run_of_version_1_waits_for_goes_by_the_rules_of_today(run: RunDir) -> None:
    assert statuses(replayed(run, FIRST_DONE).state) == "1:done 2:running 3:done 4:failed 5:ready"


def test_what_a_run_of_version_1_was_approved_as_is_not_approved_once_more(run: RunDir) -> None:
    state = replayed(run, FIRST_DONE).state
    assert state.edition is not None
    again = RevisionRead(read=state.edition.read, by="kim")
    apply(state, again, seq=state.seq + 1, at=0.0)
    asked = Approve(plan_sha=state.plan_sha, graph_sha=state.graph_sha)
    (told,) = decide(state, asked, command_id="x", actor="kim")
    assert isinstance(told, CommandRefused)
    assert "nothing changed" in told.reason


@pytest.mark.parametrize(
    ("alternatives", "found"),
    [
        ({"A": "B", "B": "A"}, ((("A",), ("B",)),)),
        ({"A": "B", "B": "A", "C": ""}, ((("A",), ("B",)),)),
        ({"A": "BC", "B": "AC", "C": "AB"}, ((("A",), ("B",), ("C",)),)),
        ({"A": "B", "B": "A", "C": "D", "D": "C"}, ((("A",), ("B",)), (("C",), ("D",)))),
        ({"A": "B", "B": "A", "C": "A"}, ((("A",), ("B",)), (("C",), ("A",)))),
        ({"A": "", "B": "A"}, ((("B",), ()),)),
        ({"A": ""}, ()),
    ],
)
def test_alternatives_of_version_1_are_choices(alternatives: dict[str, str], found: object) -> None:
    edges = [
        {
            "upstream": name,
            "downstream": "S",
            "kind": "stated",
            "evidence": {"line": 1, "quote": "q"},
            "alternatives": list(others),
        }
        for name, others in alternatives.items()
    ]
    data = {"plan_sha": "", "title": "", "reader": "", "sections": [], "findings": [], "dependencies": edges}
    read = decode_event("PlanRead", 1, dict(data))
    assert isinstance(read, PlanRead)
    assert choices(read.dependencies).get("S", ()) == found
    revised = decode_event("RevisionRead", 1, {"read": data, "by": "me"})
    assert isinstance(revised, RevisionRead)
    assert revised.read == read
