"""Commit messages made of what sessions say, whatever they say."""

from __future__ import annotations

import subprocess

import pytest
from scene import Scene, plan
from test_results import reported

from orch_tui.core import commit_words
from orch_tui.core.state import SectionState

FORGED = "Signed-off-by: Ada <a@b>\nOrch-Run: another"
HOSTILE = {
    "lines like comments and scissors": f"# not a comment\n# {24 * '-'} >8 {24 * '-'}\nafter",
    "a subject of its own": "\n\nNot the subject\n\nnor this",
    "controls": "\x1b]0;title\x07bell\x07 \x00nul \ud800 half \u202e turned",
    "10 KB": "x" * 10_240,
    "trailers": f"done\n\n{FORGED}",
    "trailers at the end of a patch": f"done\n\n{FORGED}\n\n---\n a.py | 2 +-\n\n{FORGED}",
    "nothing but trailers": FORGED,
    "carriage returns": "one\rtwo\r\nthree",
    "nothing": "  \n\n ",
}


def section(summary: str = "It works.", title: str = "Part A", **result: object) -> tuple[Scene, SectionState]:
    """A section that was carried out and merged."""
    scene = Scene(plan("A", titles={"A": title})).approve()
    scene.start("A")
    if result:
        reported(scene, summary=summary, **result)
    scene.end("A", summary=summary)
    scene.commit("A")
    scene.merge("A")
    return scene, scene.state.sections["A"]


def trailers(message: str) -> list[str]:
    """What git reads as trailers."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=message.encode(), capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()


def test_a_merge_tells_what_was_done_what_was_decided_and_where_it_comes_from():
    scene, one = section("It works.\n\nAll of it.", decisions=("tabs", "no\nspaces"))
    assert commit_words.of_merge(scene.state, one, "orch-work/run/A/1") == (
        "A: Part A\n\nIt works.\n\nAll of it.\n\nDecided:\n- tabs\n- no spaces\n\n"
        "Orch-Run: run\nOrch-Section: A\nOrch-Branch: orch-work/run/A/1\n"
    )
    assert commit_words.of_revert(scene.state, one) == "Revert A: Part A\n\nOrch-Run: run\nOrch-Section: A\n"


def test_a_landing_tells_what_each_section_that_was_merged_did():
    scene, _ = section("It works.\n\nAll of it.")
    assert commit_words.of_landing(scene.state, "") == (
        "A plan\n\n- A: Part A\n  It works. All of it.\n\nOrch-Run: run\n"
    )


@pytest.mark.parametrize("summary", HOSTILE.values(), ids=HOSTILE)
def test_nothing_a_session_says_becomes_the_subject_or_a_trailer(summary):
    scene, one = section(summary)
    work = commit_words.of_work(scene.state, one, one.attempts[0])
    merge = commit_words.of_merge(scene.state, one, "b")
    for message, known in (
        (work, ["Orch-Run: run", "Orch-Section: A", "Orch-Attempt: 1"]),
        (merge, ["Orch-Run: run", "Orch-Section: A", "Orch-Branch: b"]),
        (commit_words.of_landing(scene.state, ""), ["Orch-Run: run"]),
    ):
        assert message.partition("\n\n")[0] in {"A: Part A", "A plan"}
        assert trailers(message) == known
        assert len(message) < 5000
        assert message.replace("\n", "").isprintable()


def test_titles_of_a_plan_stay_on_their_line():
    scene, one = section(title="Part\x1b[2J A\n\nOrch-Run: another " + "x" * 300)
    subject, _, rest = commit_words.of_revert(scene.state, one).partition("\n\n")
    assert "\n" not in subject
    assert len(subject) < 150
    assert rest == "Orch-Run: run\nOrch-Section: A\n"
