"""Merging in runs with real processes and a real repository: what is proven, what is red, and killed in between."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager

from running import GATE, Bench, sections

from orch_tui.core.state import Phase

WAITS = 'until [ -e "$ROOT/begin" ]; do sleep 0.05; done'
ROOT = 'ROOT="$(git rev-parse --path-format=absolute --git-common-dir)/../.."; '


async def begin(bench: Bench, *parts: str, check: str, **wishes: object) -> None:
    """Approve a plan by the workflow local, with a command that checks its sections."""
    await bench.open(
        sections(*parts).replace("agent: script\n", f"agent: script\nworkflow: local\nchecks: ['{check}']\n"), **wishes
    )
    await bench.approve()


def own(bench: Bench, phases: str) -> None:
    """A workflow `local` of the project, which has these phases besides `done`."""
    path = bench.root / ".orch" / "workflows" / "local.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"name: local\nstart: a\nphases:\n{phases}  done: {{type: terminal}}\n")


def journalled(bench: Bench) -> list[str]:
    """The lines of the run's journal."""
    return [line for file in sorted(bench.run.journal.iterdir()) for line in file.read_text().splitlines()]


def on_the_branch(bench: Bench) -> list[str]:
    """The files of the integration branch."""
    return sorted(bench.git("ls-tree", "-r", "--name-only", f"orch/{bench.run.name}").split())


async def test_a_result_that_is_red_is_not_merged_and_what_was_printed_is_told(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    await begin(bench, "A", f"B<-|{GATE}", check="! test -e A.txt || ! test -e B.txt || (echo both are there; exit 3)")
    await bench.until(lambda s: s.sections["A"].verdict == "done", "A to be merged")
    merged = on_the_branch(bench)
    bench.go()
    state = await bench.until(lambda s: s.sections["B"].attention, "B to need somebody")
    assert state.sections["B"].attention == f"merged with orch/{bench.run.name} it is red"
    assert "both are there" in state.sections["B"].detail
    assert on_the_branch(bench) == merged == ["A.txt", "README.md"]
    proof = state.sections["B"].attempts[-1]
    assert "both are there" in bench.run.attempt("B", proof.number).transcript.read_text(), "its output is a stream"
    assert await bench.send("skip", section="B") == ""
    await bench.done()


async def test_killed_while_it_proves_a_merge_it_is_proven_again_and_merged(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    await begin(bench, "A", "B<-A", check=f'{ROOT}echo check-$(ls *.txt) >> "$ROOT/ledger"; {GATE}')
    await bench.until(lambda _: "check-A.txt" in bench.entries(), "the checks to run")
    bench.kill_runner()
    await bench.free()
    os.kill(bench.host_of("A", 2), signal.SIGKILL)
    bench.go()
    await bench.open()
    assert await bench.send("skip", section="B") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert [(one.phase, bool(one.proves)) for one in state.sections["A"].attempts] == [
        ("a", False),
        ("m", True),
        ("m", True),
    ]
    assert on_the_branch(bench) == ["A.txt", "README.md"]
    assert bench.left_over() == []
    assert len(bench.git("worktree", "list").splitlines()) == 1, "nothing of the proof stays"


async def test_what_passed_its_checks_is_not_checked_again_when_nothing_else_was_merged(bench: Bench):
    await begin(bench, "A", "B<-A", check=f'{ROOT}echo check >> "$ROOT/ledger"; test -s A.txt')
    assert await bench.send("skip", section="B") == ""
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert bench.entries().count("check") == 1


async def test_a_conflict_is_resolved_by_an_agent_in_the_worktree_of_its_section_and_merged(bench: Bench):
    resolving = f"if grep -q '<<<<<<<' same.txt; then echo both > same.txt; else echo B > same.txt; {GATE}; fi"
    await begin(bench, "A|echo A > same.txt", f"B<-|{resolving}", check="test -s same.txt")
    await bench.until(lambda s: s.sections["A"].verdict == "done", "A to be merged")
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    one = state.sections["B"].attempts[2]
    assert (one.phase, one.tree) == ("resolve", 1)
    [foreseen] = [line for line in journalled(bench) if '"ConflictForeseen"' in line]
    assert '"others":["A"],"files":["same.txt"]' in foreseen, "before its checks ran, and it was to be merged"
    brief = bench.run.attempt("B", one.number).brief.read_text()
    assert "- same.txt" in brief
    assert "The other side: Part A (A)" in brief
    assert bench.git("show", f"orch/{bench.run.name}:same.txt") == "both"


async def test_half_a_resolution_is_not_merged_when_a_person_sends_its_section_to_the_merge(bench: Bench):
    resolving = f"if grep -q '<<<<<<<' same.txt; then exit 4; else echo B > same.txt; {GATE}; fi"
    await begin(bench, "A|echo A > same.txt", f"B<-|{resolving}", check="test -s same.txt")
    await bench.until(lambda s: s.sections["A"].verdict == "done", "A to be merged")
    bench.go()
    stuck = await bench.until(lambda s: s.sections["B"].attention, "the resolver to fail")
    tried = len(stuck.sections["B"].attempts)
    assert await bench.send("retry", section="B", phase="merge") == ""
    await bench.until(lambda s: s.sections["B"].attention and len(s.sections["B"].attempts) > tried, "a second try")
    assert bench.git("show", f"orch/{bench.run.name}:same.txt") == "A"
    assert await bench.send("skip", section="B") == ""
    assert (await bench.done()).phase is Phase.DONE


async def test_a_section_in_conflict_is_done_again_on_top_of_what_was_merged(bench: Bench):
    own(
        bench,
        "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done, on: {conflict: again}}\n"
        "  again: {type: agent, anew: true, max_visits: 1, on_success: m}\n",
    )
    doing = f"if test -e same.txt; then echo more >> same.txt; else echo B > same.txt; {GATE}; fi"
    await begin(bench, "A|echo A > same.txt", f"B<-|{doing}", check="true")
    await bench.until(lambda s: s.sections["A"].verdict == "done", "A to be merged")
    bench.go()
    state = await bench.done()
    assert state.phase is Phase.DONE
    again = next(one for one in state.sections["B"].attempts if one.phase == "again")
    assert again.tree == again.number
    assert "+B\n" in bench.run.attempt("B", again.number).brief.read_text(), "the patch of what it had done"
    assert bench.git("show", f"orch/{bench.run.name}:same.txt").split() == ["A", "more"]
    assert len(bench.git("worktree", "list").splitlines()) == 1


async def test_those_who_wait_are_proven_together_and_the_one_to_blame_is_found(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    (bench.root / ".orch" / "config.yaml").write_text("merge_batch: 8\n")
    check = f'{ROOT}echo check-$(ls *.txt | tr -d "\\n") >> "$ROOT/ledger"; {GATE}; ! test -e C.txt'
    await begin(bench, *(f"{name}|test {name} = A || {WAITS}" for name in "ABCD"), check=check, concurrency=4)
    await bench.until(lambda s: s.merging == "A" and "check-A.txt" in bench.entries(), "A to be proven")
    (bench.root.parent / "begin").touch()
    await bench.until(lambda s: set(s.leaving) == {"B", "C", "D"}, "the others to wait for their merge")
    bench.go()
    state = await bench.until(lambda s: s.sections["C"].attention and s.sections["D"].verdict == "done", "the rest")
    tried = [entry.removeprefix("check-").replace(".txt", "") for entry in bench.entries() if "check" in entry]
    assert tried == ["A", "ABCD", "AB", "ABC", "ABD"]
    assert state.sections["C"].attention == f"merged with orch/{bench.run.name} it is red"
    assert on_the_branch(bench) == ["A.txt", "B.txt", "D.txt", "README.md"]
    assert await bench.send("undo", section="B") == ""
    await bench.until(lambda s: s.sections["B"].verdict == "" and not s.undoing, "B to be undone")
    for name in "BC":
        assert await bench.send("skip", section=name) == ""
    await bench.done()
    assert on_the_branch(bench) == ["A.txt", "D.txt", "README.md"]


async def test_a_kill_while_a_batch_is_proven_merges_all_of_it_in_the_end(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    (bench.root / ".orch" / "config.yaml").write_text("merge_batch: 8\n")
    check = f"{ROOT}{GATE}; [ $(ls *.txt | wc -l) = 1 ] || {WAITS}"
    await begin(bench, "A", "B", "C", check=check, concurrency=3)
    await bench.until(lambda s: s.merging in s.live and len(s.leaving) == 2, "two to wait for the one that is proven")
    bench.go()
    await bench.until(lambda s: s.batch.commits and s.merging in s.live, "the two to be proven together")
    bench.kill_runner()
    await bench.free()
    (bench.root.parent / "begin").touch()
    await bench.open()
    state = await bench.done()
    assert state.phase is Phase.DONE
    assert on_the_branch(bench) == ["A.txt", "B.txt", "C.txt", "README.md"]
    subjects = bench.git("log", "--first-parent", "--format=%s", f"orch/{bench.run.name}").splitlines()
    assert {f"Merge {name}: Part {name}" for name in "ABC"} <= set(subjects), "each by itself"


async def test_an_attempt_during_which_the_users_own_checkout_changed_says_so(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    stray = 'echo stray >> "$ROOT/project/README.md"'
    await begin(bench, "A", f"B<-A|{stray}", check="true")
    state = await bench.done()
    notices = {name: section.attempts[0].notice for name, section in state.sections.items()}
    assert "your own checkout is not as it was" in notices["B"]
    assert notices["A"] == ""


async def test_a_section_whose_agent_reached_into_the_users_own_checkout_is_not_silently_done(bench: Bench):
    own(bench, "  a: {type: agent, on_success: m}\n  m: {type: script, do: merge, on_success: done}\n")
    reaching = f"```bash\necho stray >> {bench.root}/README.md\necho A > A.txt\n```\n"
    await bench.open(
        f"---\nagent: script\nworkflow: local\nchecks: ['true']\n---\n# P\n\n## Section A: One\n\n{reaching}\n"
        "## Section B: Two\nDepends on: A\n\n```bash\ntrue\n```\n"
    )
    await bench.approve()
    state = await bench.until(lambda state: state.sections["A"].attention, "a person to be asked")
    assert state.sections["A"].attention == "needs review"
    assert "your own checkout changed, and this agent reached there: bash: echo stray" in state.sections["A"].detail
    assert await bench.send("skip", section="A", phase="a") == ""
    await bench.until(lambda state: state.sections["A"].verdict == "done", "it to be taken as it is")
    assert bench.git("ls-tree", "--name-only", f"orch/{bench.run.name}", "A.txt") == "A.txt"
    await bench.send("cancel")
    await bench.done()


@contextmanager
def git_held(bench: Bench) -> Generator[None]:
    """Whoever is about to move a branch waits meanwhile."""
    lock = os.open(bench.root / ".git" / "orch-tui.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


async def test_killed_while_a_section_is_undone_it_is_undone_by_the_next_runner(bench: Bench):
    await bench.open(sections("A", "B<-A", "C"))
    await bench.approve()
    await bench.done()
    with git_held(bench):
        assert await bench.send("undo", section="A") == ""
        assert bench.state.undoing == ("A", "B")
        bench.kill_runner()
        await bench.free()
    await bench.send("resume")  # refused or not: it starts a runner
    state = await bench.until(lambda s: not s.undoing and s.phase is Phase.DONE, "A and B to be done again")
    assert {name: len(section.attempts) for name, section in state.sections.items()} == {"A": 2, "B": 2, "C": 1}
    subjects = bench.git("log", "--first-parent", "--format=%s", f"orch/{bench.run.name}").splitlines()
    assert sum(subject.startswith("Revert ") for subject in subjects) == 2
    assert on_the_branch(bench) == ["A.txt", "B.txt", "C.txt", "README.md"]
    await bench.done()


async def test_killed_while_the_branch_is_about_to_be_moved_a_section_is_merged_once(bench: Bench):
    await bench.open(sections(f"A|{GATE}", "B<-A"))
    await bench.approve()
    await bench.until(lambda _: "A-begin" in bench.entries(), "A at work")
    with git_held(bench):
        bench.go()
        await bench.until(lambda s: s.merging == "A", "the merge to be intended")
        bench.kill_runner()
        await bench.free()
    await bench.send("resume")  # refused or not: it starts a runner
    state = await bench.done()
    assert {name: len(section.attempts) for name, section in state.sections.items()} == {"A": 1, "B": 1}
    subjects = bench.git("log", "--first-parent", "--format=%s", f"orch/{bench.run.name}").splitlines()
    assert subjects == ["Merge B: Part B", "Merge A: Part A", "start"]
