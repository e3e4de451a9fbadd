"""A plan whose sections are in two repositories, by real processes: each has its worktrees, branches and landing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from running import GATE, Bench, sections

from orch_tui.client import landing, undoing
from orch_tui.core.state import Phase

MARK = "Dependencies: Section A\n"


def git(at: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=True).stdout.strip()


def api_beside(bench: Bench) -> Path:
    """Another repository beside the project's own."""
    api = bench.root.parent / "api"
    git(bench.root.parent, "init", "-q", "-b", "trunk", "api")
    git(api, "config", "user.name", "T")
    git(api, "config", "user.email", "t@example.org")
    (api / "api.txt").write_text("api\n")
    (api / "Makefile").write_text("test:\n\ttest -e api.txt\n")
    git(api, "add", ".")
    git(api, "commit", "-qm", "start")
    return api


def files(at: Path, ref: str) -> set[str]:
    return set(git(at, "ls-tree", "-r", "--name-only", ref).split())


async def test_sections_build_on_each_other_across_repositories_and_land_in_each(bench: Bench):
    api = api_beside(bench)
    (bench.root / "Makefile").write_text("test:\n\ttest -e README.md\n")
    git(bench.root, "add", ".")
    git(bench.root, "commit", "-qm", "tested")
    looks = [git(at, "rev-parse", "HEAD") + git(at, "branch", "--show-current") for at in (bench.root, api)]
    text = sections("A", f"B<-A|test -e api.txt; {GATE}", "C<-B|test -e A.txt; test ! -e B.txt")
    head = "workflow: local\nrepositories: {api: ../api}\n---\n# Plan"
    await bench.open(text.replace(MARK, f"{MARK}Repo: api\n").replace("---\n# Plan", head))
    await bench.approve()
    await bench.until(lambda _: "B-begin" in bench.entries(), "B to be at work")
    bench.kill_runner()
    await bench.free()
    bench.go()
    await bench.open()
    assert await bench.send("pause") == ""
    assert await bench.send("resume") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE, {one.id: one.detail for one in state.sections.values()}
    assert bench.entries().count("B-begin") == 1, "its host was adopted"
    places = {name: {attempt.repository for attempt in one.attempts} for name, one in state.sections.items()}
    assert places == {"A": {""}, "B": {str(api)}, "C": {""}}
    assert {len(one.attempts) for one in state.sections.values()} == {2}, "each was checked by its project's own files"
    branch = f"orch/{bench.run.name}"
    assert files(bench.root, branch) == {"README.md", "Makefile", "A.txt", "C.txt"}
    assert files(api, branch) == {"api.txt", "Makefile", "B.txt"}
    assert [len(git(at, "worktree", "list").splitlines()) for at in (bench.root, api)] == [1, 1], "none is left"
    assert looks == [git(at, "rev-parse", "HEAD") + git(at, "branch", "--show-current") for at in (bench.root, api)]
    brief = bench.run.attempt("B", 1).brief.read_text()
    assert f"in another repository, {bench.root.name}: branch `{branch}` of {bench.root}" in brief
    assert "your own checkout of the repository api and holds" in brief

    assert [where for where, _ in undoing.look(bench.run, state, "B").merges] == ["api", bench.root.name]
    (api / "B.txt").write_text("mine\n")
    own, other = landing.look(bench.run, state, "merge", partial=False)
    assert (own.title, own.wrong, other.title, other.found) == (bench.root.name, None, "api", None)
    assert "would be overwritten: 'B.txt'" in str(other.wrong)
    landing.land(bench.run, state, own, "merge")
    (api / "B.txt").unlink()
    own, other = landing.look(bench.run, state, "merge", partial=False)
    assert (own.found, own.wrong) == (None, None)
    assert "holds everything" in own.words
    landing.land(bench.run, state, other, "merge")
    assert "- B: Part B" in git(api, "log", "-1", "--format=%B")
    assert "- A: Part A" not in git(api, "log", "-1", "--format=%B")
    assert files(api, "trunk") == files(api, branch)


async def test_an_undo_reverts_in_each_repository_and_does_both_again(bench: Bench):
    api = api_beside(bench)
    await bench.open(sections("A", "B<-A").replace(MARK, f"{MARK}Repo: ../api\n"))
    await bench.approve()
    await bench.done()
    assert await bench.send("undo", section="A") == ""
    await bench.until(lambda s: not s.undoing, "the undo to be through")
    state = await bench.done()
    assert {name: len(one.attempts) for name, one in state.sections.items()} == {"A": 2, "B": 2}
    for at, name in ((bench.root, "A"), (api, "B")):
        subjects = git(at, "log", "--first-parent", "--format=%s", f"orch/{bench.run.name}").splitlines()
        assert [one.split(":")[0] for one in subjects[:3]] == [f"Merge {name}", f"Revert {name}", f"Merge {name}"]


async def test_a_section_in_an_unknown_repository_is_never_started_anywhere(bench: Bench):
    api_beside(bench)
    await bench.open(sections("A", "B<-A").replace(MARK, f"{MARK}Repo: apy\n"))
    state = bench.state
    refused = await bench.send("approve", plan_sha=state.plan_sha, graph_sha=state.graph_sha)
    assert "section 'B' is to be done in repository 'apy', but there is no repository of that name" in refused
    edit = {"section": "B", "what": "repository", "value": ".", "edit": "assign"}
    assert await bench.send("mend", edits=[edit], why="a slip") == ""
    await bench.approve()
    assert (await bench.done()).phase is Phase.DONE
    assert "B.txt" in files(bench.root, f"orch/{bench.run.name}")
