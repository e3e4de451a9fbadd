"""A person at a terminal: mending what was read, approving it, and approving the plan again after an edit."""

from __future__ import annotations

import asyncio
import secrets
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
from cli_project import LIMIT, PROGRAM, Project, over

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
PLAN = """---
agent: simulated
isolation: none
checks: ['true']
---
# Garden

## Section A: Dig
Dependencies: none

The bed by the wall.

## Section B: Sow
Dependencies: Section A

Carrots.

## Section C: Fence
Dependencies: Section A

Against rabbits.

## Section D: Harvest
Dependencies: Section B

In autumn.
"""


class Screen:
    """The program in a terminal of its own, with a server of its own."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._socket = f"orch-{secrets.token_hex(4)}"

    def tmux(self, *words: str) -> str:
        argv = ["tmux", "-L", self._socket, "-f", "/dev/null", *words]
        env = {**self._project.env, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        done = subprocess.run(argv, env=env, cwd=self._project.root, capture_output=True, text=True, check=False)
        return done.stdout

    def open(self, *words: str, size: tuple[int, int] = (120, 40)) -> None:
        width, height = map(str, size)
        self.tmux("new-session", "-d", "-s", "it", "-x", width, "-y", height, *PROGRAM, *words)

    @property
    def shown(self) -> str:
        return self.tmux("capture-pane", "-p", "-t", "it")

    async def until(self, *parts: str, without: str = "\0") -> str:
        end = asyncio.get_running_loop().time() + LIMIT
        while without in (shown := self.shown) or not all(part in shown for part in parts):
            assert asyncio.get_running_loop().time() < end, f"never came: {parts}\n{shown}"
            await asyncio.sleep(0.05)
        return shown

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", "-t", "it", *keys)

    def type(self, words: str) -> None:
        self.tmux("send-keys", "-t", "it", "-l", words)

    def close(self) -> None:
        self.tmux("kill-server")


@pytest.fixture
async def terminal(newcomer: Project) -> AsyncIterator[Screen]:
    newcomer.config("agents: {simulated: {duration: 0.3}}\n")
    newcomer.text(PLAN)
    made = Screen(newcomer)
    yield made
    made.close()


async def test_a_plan_is_mended_approved_edited_and_approved_again(newcomer: Project, terminal: Screen) -> None:
    terminal.open("plan.md")
    await terminal.until("Wave 1 · 1 section", "waits for your approval")

    terminal.press("j", "j", "e")  # C waits for …
    terminal.type("sow")
    terminal.press("Tab")
    terminal.type("rabbits come with the carrots")
    terminal.press("Enter")
    await terminal.until("B  Sow · mended", "rabbits come with the carrots")

    terminal.press("G", "e")
    terminal.type("c")
    terminal.press("Enter")
    await terminal.until("C  Fence · mended")
    terminal.press("u")
    await terminal.until("taken back", "nothing waits for it")

    terminal.press("g", "e")  # A would wait for D
    terminal.type("harv")
    terminal.press("Enter")
    await terminal.until("that closes a circle: A (line 8) -> B (line 13) -> D (line 23) -> A")
    terminal.press("Escape")

    await terminal.until("a approve", without="esc give up")
    terminal.press("a")
    await terminal.until("Garden", "running")
    state = await newcomer.until(lambda state: state.sections["A"].verdict == "done")
    assert "B" in state.sections["C"].upstream
    await newcomer.until(over)

    newcomer.text(
        PLAN.replace("Carrots.", "Carrots and peas.") + "\n## Section E: Eat\nDependencies: Section D\n\nAll.\n"
    )
    terminal.press("r")
    await terminal.until("What changed", "New · 1", "Reworded · 1", "keep")
    terminal.press("j", "c")
    shown = await terminal.until("redo: it is done again from the new text")
    assert "+ Carrots and peas." in shown
    assert "- Carrots." in shown
    terminal.press("a")
    await terminal.until("5 of 5", "done")
    state = await newcomer.until(lambda state: over(state) and "E" in state.sections)
    assert {name: found.verdict for name, found in state.sections.items()} == dict.fromkeys("ABCDE", "done")
    assert [len(state.sections[name].attempts) for name in "ABE"] == [2, 4, 2]

    terminal.press("q")
    await newcomer.free()


async def test_why_a_file_is_no_plan_is_all_that_is_left_on_the_terminal(newcomer: Project, terminal: Screen) -> None:
    newcomer.text("Dear diary,\n\ntoday I did nothing.\n")
    command = shlex.join([*PROGRAM, "plan.md"])
    terminal.tmux("new-session", "-d", "-s", "it", "-x", "400", "-y", "24", f"{command}; echo left: $?; sleep {LIMIT}")
    shown = await terminal.until("left: 1")
    assert shown.split()[:6] == ["orch-tui:", "'plan.md'", "is", "not", "a", "plan:"]
    assert len([line for line in shown.splitlines() if line]) == 2
