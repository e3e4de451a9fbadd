"""Sections in several repositories: which one each is in, what an approval covers, and what a revision changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core.attempt_events import AttemptStarted, WorktreeReady
from orch_tui.core.briefing import values_of
from orch_tui.core.codec import decode_event, encode_event
from orch_tui.core.commands import Approve, MendPlan, Undo
from orch_tui.core.edition import Edition
from orch_tui.core.effects import ReleaseWorktree
from orch_tui.core.graph import lay_out
from orch_tui.core.plan_text import PlanText
from orch_tui.core.repositories import checks, merged_in, title, worktree
from orch_tui.core.run_events import PlanRead, Repository, Settings
from orch_tui.core.undoing import tips
from orch_tui.flow.workflow import AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.edits import Assign, Exclude
from orch_tui.plan.findings import finding
from orch_tui.plan.model import Hints
from orch_tui.worktree_settings import WorktreeSettings

OWN = Repository(name="", path="/src/web", names=(".", "web"))
API = Repository(
    name="api",
    path="/src/api",
    names=("api", "../api"),
    checks=("make api",),
    worktree=WorktreeSettings(setup=("make deps",)),
)


def read(*sections: str, repositories: tuple[Repository, ...] = (OWN, API), **words: str) -> PlanRead:
    """A plan in which sections name repositories: B="api"."""
    found = plan(*sections)
    entries = (replace(one, hints=Hints(repository=words.get(one.id, ""))) for one in found.sections)
    return replace(found, sections=tuple(entries), repositories=repositories)


def sha(found: PlanRead) -> str:
    edition = Edition(read=found)
    lay_out(edition)
    return edition.graph_sha


def assign(scene: Scene, section: str, word: str) -> MendPlan:
    return MendPlan(edits=(Assign(section=section, what="repository", value=word),), why="")


def stands(scene: Scene, name: str, place: str) -> None:
    """The worktree of a section stands in a repository, and its host comes up."""
    number = len(scene.state.sections[name].attempts)
    ready = WorktreeReady(
        section=name, attempt=number, path=f"/{name}", branch=f"b/{name}", base="0" * 40, repository=place
    )
    scene.record([ready, AttemptStarted(section=name, attempt=number, pid=1, brief_sha="")], "start")


def finish(scene: Scene, name: str, place: str) -> None:
    stands(scene, name, place)
    scene.end(name)
    scene.commit(name, commit=f"commit of {name}")
    scene.merge(name)


def where(scene: Scene) -> dict[str, str]:
    return {name: one.repository for name, one in scene.state.sections.items()}


def test_every_word_for_a_repository_means_the_one():
    assert where(Scene(read("A", "B", "C", "D", B="api", C="../api", D="web"))) == {
        "A": "",
        "B": "api",
        "C": "api",
        "D": "",
    }


def test_the_plans_default_holds_for_sections_that_name_none():
    assert where(Scene(read("A", "B", A="."), repository="../api")) == {"A": "", "B": "api"}


def test_a_word_that_means_none_is_not_the_projects_own():
    assert where(Scene(read("A", A="apy")))["A"] == "apy"


def test_a_person_assigns_a_repository_and_takes_it_back():
    scene = Scene(read("A", "B"))
    scene.when(assign(scene, "B", "../api"))
    assert where(scene) == {"A": "", "B": "api"}
    scene.when(assign(scene, "B", ""))
    assert where(scene) == {"A": "", "B": ""}
    assert scene.refused(assign(scene, "B", "apy")) == "there is no repository 'apy'; known: ., web, api, ../api"


def test_a_section_in_an_unknown_repository_forbids_the_approval_until_somebody_says_where_it_is():
    told = finding("unknown-repository", ("B",), 2, "section 'B' is to be done in repository 'apy'")
    for edit in (Assign(section="B", what="repository", value="api"), Exclude(section="B")):
        scene = Scene(replace(read("A", "B", B="apy"), findings=(told,)))
        seen = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha, confirm=True)
        assert scene.refused(seen) == told.message
        scene.when(MendPlan(edits=(edit,), why=""))
        assert scene.state.findings == ()
        assert scene.approve().state.approval is not None


def test_an_approval_covers_where_sections_are_done_and_what_is_run_there():
    first = read("A", "B", B="api")
    others = (
        read("A", "B", A="api"),
        read("A", "B"),
        read("A", "B", repositories=(OWN, replace(API, path="/src/elsewhere")), B="api"),
        read("A", "B", repositories=(OWN, replace(API, checks=("true",))), B="api"),
        read("A", "B", repositories=(OWN, replace(API, worktree=WorktreeSettings())), B="api"),
        replace(first, settings=Settings(repository="api")),
    )
    assert len({sha(first), *map(sha, others)}) == 7
    moved_on = read("A", "B", repositories=(OWN, replace(API, base="1" * 40)), B="api")
    assert sha(moved_on) == sha(first), "its commits go on"


def test_journals_from_before_fold_to_the_projects_own():
    kind, data = encode_event(plan("A"))
    del data["repositories"]
    del data["settings"]["repository"]
    for one in data["sections"]:
        del one["hints"]["repository"]
    old = decode_event(kind, 2, data)
    assert isinstance(old, PlanRead)
    assert where(Scene(old)) == {"A": ""}
    assert sha(old) == sha(plan("A"))


def test_checks_and_set_up_are_those_of_its_repository():
    scene = Scene(read("A", "B", B="api"), checks=("make web",))
    a, b = scene.state.sections.values()
    assert (checks(scene.state, a), checks(scene.state, b)) == (("make web",), ("make api",))
    assert (worktree(scene.state, a).setup, worktree(scene.state, b).setup) == ((), ("make deps",))
    scene.approve()
    assert {name: one.last.phase for name, one in scene.state.sections.items() if one.last} == {
        "A": "implement",
        "B": "worktree setup",
    }


def test_what_was_done_in_each_repository_is_undone_and_released_there():
    scene = Scene(read("A", "B<-A", repositories=(OWN, replace(API, worktree=WorktreeSettings())), B="api")).approve()
    finish(scene, "A", "")
    finish(scene, "B", "/src/api")
    assert merged_in(scene.state.sections.values()) == ("", "/src/api")
    released = [one for one in scene.effects if isinstance(one, ReleaseWorktree)]
    assert [(one.section, one.repository) for one in released] == [("A", ""), ("B", "/src/api")]
    found = tips(scene.state, ["A", "B"])
    assert {place: list(commits) for place, commits in found.items()} == {
        "": ["commit of A"],
        "/src/api": ["commit of B"],
    }
    scene.when(Undo(section="A"))
    assert scene.state.undoing == ("A", "B")


def test_a_brief_tells_where_the_work_of_another_repository_can_be_read():
    scene = Scene(
        read("A", "B<-A", "C<-A", repositories=(OWN, replace(API, worktree=WorktreeSettings())), B="api")
    ).approve()
    finish(scene, "A", "")
    text = PlanText("A\nB\nC\n")
    b, c = (values_of(scene.state, scene.state.sections[name], text, 1) for name in "BC")
    assert (b["section"]["repository"], c["section"]["repository"]) == ("api", "web")
    assert b["upstreams"][0]["repository"] == "web"
    assert (b["upstreams"][0]["checkout"], b["upstreams"][0]["branch"]) == ("/src/web", "orch/run")
    assert c["upstreams"][0]["repository"] == ""
    alone = Scene(plan("A")).approve()
    assert title(alone.state, "") == "", "there is nothing to tell apart"


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_section_that_moves_to_another_repository_begins_there_anew(state: str):
    scene = Scene(read("A", "B<-A")).approve()
    if state == "done":
        finish(scene, "A", "")
    else:
        stands(scene, "A", "")
        scene.end("A", "failed", "script")
    scene.revise(read("A", "B<-A", A="api"))
    scene.when(scene.seen())
    section = scene.state.sections["A"]
    assert section.repository == "api"
    if state == "done":
        assert (section.verdict, section.stale) == ("done", True)
        assert section.detail == "its repository changed since it was done; retry does it again"
    else:
        assert (section.verdict, section.tree) == ("", 0)


def test_sections_of_different_repositories_are_not_proven_together():
    flow = Workflow(
        name="local",
        start="implement",
        phases={
            "implement": AgentPhase(to={"success": "merge"}),
            "merge": ScriptPhase(do="merge", verify=True, to={"success": "done"}),
            "done": TerminalPhase(),
        },
    )
    api = replace(API, worktree=WorktreeSettings())
    found = replace(read("Z", "A", "B", "C", repositories=(OWN, api), B="api"), workflows=(flow,))
    scene = Scene(found, workflow="local", merge_batch=8, concurrency=4).approve()
    for name in "ZABC":
        stands(scene, name, "/src/api" if name == "B" else "")
        scene.end(name)
        scene.commit(name, commit=f"work {name}")
    scene.merge("Z")
    assert (scene.state.merging, scene.state.batch.riders) == ("A", ("C",))
