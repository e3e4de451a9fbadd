"""Spawning, finding and ending child processes, with real ones."""

import asyncio
import gc
import os
import signal
import stat
import subprocess
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest

from orch_tui import process
from orch_tui.environment import allowed_env
from orch_tui.errors import MachineError
from orch_tui.process import MARKER, RUN_MARKER

PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def marker() -> Iterator[str]:
    marker = uuid4().hex
    yield marker
    for pid in process.marked(marker):
        os.kill(pid, signal.SIGKILL)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


def sleeper(marker: str, tmp_path: Path, *, code: str = "") -> int:
    script = f"import time, signal, os, sys, subprocess\n{code}\ntime.sleep(60)"
    return process.spawn_detached(
        [sys.executable, "-c", script], cwd=tmp_path, env={**PATH, MARKER: marker}, log=tmp_path / "log"
    )


class TestRun:
    def test_collects_code_and_both_outputs(self):
        done = process.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
        assert (done.code, done.out, done.err) == (3, b"out\n", b"err\n")

    def test_reads_end_of_file_unless_input_is_given(self):
        assert process.run(["cat"]).out == b""
        assert process.run(["cat"], stdin=b"words").out == b"words"

    def test_uses_the_given_directory_and_environment_only(self, tmp_path: Path):
        done = process.run(["sh", "-c", "pwd; echo $ONLY$HOME"], cwd=tmp_path, env={**PATH, "ONLY": "this"})
        assert done.out.decode().splitlines() == [str(tmp_path), "this"]

    def test_runs_in_a_session_of_its_own(self):
        done = process.run([sys.executable, "-c", "import os; print(os.getsid(0) == os.getpid())"])
        assert done.out == b"True\n"

    async def test_ends_the_whole_tree_after_its_time(self, marker: str):
        argv = ["sh", "-c", f"{sys.executable} -c 'import os, time; os.setsid(); time.sleep(60)' & sleep 60"]
        with pytest.raises(MachineError, match=r"took longer than 0\.5 seconds"):
            await asyncio.to_thread(process.run, argv, env={**PATH, MARKER: marker}, timeout=0.5)
        await until(lambda: not process.marked(marker))

    def test_waits_for_a_program_that_closed_its_output_before_its_end(self):
        assert process.run(["sh", "-c", "exec >&- 2>&-; sleep 0.1; exit 3"], timeout=30).code == 3

    def test_ends_a_program_that_closed_its_output_after_its_time(self):
        with pytest.raises(MachineError, match="took longer"):
            process.run(["sh", "-c", "exec >&- 2>&-; sleep 60"], timeout=0.2)

    def test_says_which_program_is_missing(self):
        with pytest.raises(MachineError, match="program 'no-such-program' is not installed"):
            process.run(["no-such-program"])

    def test_says_which_directory_is_missing(self, tmp_path: Path):
        with pytest.raises(MachineError, match=r"directory .*gone' does not exist"):
            process.run(["true"], cwd=tmp_path / "gone")

    def test_says_what_is_wrong_with_an_argument(self):
        with pytest.raises(MachineError, match="null byte"):
            process.run(["echo", "a\0b"])


class TestSpawnDetached:
    async def test_appends_output_to_a_private_log(self, tmp_path: Path, marker: str):
        log = tmp_path / "log"
        for word in ("one", "two"):
            pid = process.spawn_detached(["sh", "-c", f"echo {word}; echo {word} >&2"], cwd=tmp_path, env=PATH, log=log)
            await until(lambda pid=pid: process.start_time(pid) is None)
        assert log.read_text() == "one\none\ntwo\ntwo\n"
        assert stat.S_IMODE(log.stat().st_mode) == 0o600

    def test_does_not_write_through_a_link(self, tmp_path: Path):
        (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(MachineError):
            process.spawn_detached(["true"], cwd=tmp_path, env=PATH, log=tmp_path / "log")
        assert not (tmp_path / "elsewhere").exists()

    async def test_gives_the_real_pid_of_a_session_leader(self, tmp_path: Path, marker: str):
        pid = sleeper(marker, tmp_path)
        await until(lambda: process.marked(marker) == [pid])
        assert os.getsid(pid) == pid

    async def test_survives_its_caller_killed(self, tmp_path: Path, marker: str):
        caller = (
            "import os, signal; from pathlib import Path; from orch_tui import process\n"
            f"env = {{**{PATH!r}, {MARKER!r}: {marker!r}}}\n"
            "process.spawn_detached(['sleep', '60'], cwd=Path('.'), env=env, log=Path('log'))\n"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        done = await asyncio.to_thread(process.run, [sys.executable, "-c", caller], cwd=tmp_path)
        assert done.code == -signal.SIGKILL
        await until(lambda: len(process.marked(marker)) == 1)

    async def test_leaves_no_zombie(self, tmp_path: Path):
        pid = process.spawn_detached(["true"], cwd=tmp_path, env=PATH, log=tmp_path / "log")
        await until(lambda: not process.alive(pid, 0.0) and not Path(f"/proc/{pid}").exists())

    def test_says_which_program_is_missing(self, tmp_path: Path):
        with pytest.raises(MachineError, match="'no-such-program' is not installed"):
            process.spawn_detached(["no-such-program"], cwd=tmp_path, env=PATH, log=tmp_path / "log")


class TestForkDetached:
    async def test_the_copy_works_on_in_a_session_of_its_own_and_ends_with_its_code(self, tmp_path: Path):
        parent = (
            "import os; from pathlib import Path; from orch_tui import process\n"
            "def work():\n"
            "    print(os.getsid(0) == os.getpid(), os.read(0, 1), flush=True)\n"
            "    return 3\n"
            "pid = process.fork_detached(work, log=Path('log'))\n"
            "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
        )
        done = await asyncio.to_thread(process.run, [sys.executable, "-c", parent], cwd=tmp_path)
        assert done.out == b"3\n"
        assert (tmp_path / "log").read_text() == "True b''\n"

    async def test_an_error_in_the_copy_is_in_its_log_and_nowhere_else(self, tmp_path: Path):
        parent = (
            "import os; from pathlib import Path; from orch_tui import process\n"
            "pid = process.fork_detached(lambda: 1 // 0, log=Path('log'))\n"
            "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
        )
        done = await asyncio.to_thread(process.run, [sys.executable, "-c", parent], cwd=tmp_path)
        assert (done.out, done.err) == (b"1\n", b"")
        assert "ZeroDivisionError" in (tmp_path / "log").read_text()


class TestSpawnPiped:
    async def test_talks_over_its_pipes(self, tmp_path: Path):
        child = await process.spawn_piped(["cat"], cwd=tmp_path, env=PATH, stdin=True)
        assert await child.communicate(b"words") == (b"words", b"")

    async def test_reads_end_of_file_without_stdin(self, tmp_path: Path):
        child = await process.spawn_piped(["cat"], cwd=tmp_path, env=PATH)
        assert child.stdin is None
        assert await child.wait() == 0
        await child.communicate()

    async def test_says_which_program_is_missing(self, tmp_path: Path):
        with pytest.raises(MachineError, match="'no-such-program' is not installed"):
            await process.spawn_piped(["no-such-program"], cwd=tmp_path, env=PATH)


class TestEndPiped:
    def test_closes_pipes_that_a_grandchild_holds_open_before_the_loop_ends(self, tmp_path: Path, marker: str):
        """It was told of when the pipes were collected, in the middle of something else."""

        async def ended() -> int:
            argv = ["sh", "-c", "exec 3<&0; sleep 60 <&3 & exec sleep 60"]
            child = await process.spawn_piped(argv, cwd=tmp_path, env={**PATH, MARKER: marker}, stdin=True)
            await until(lambda: len(process.marked(marker)) == 2)
            assert child.stdin is not None
            child.stdin.write(b"x" * 1_000_000)  # more than a pipe holds, and nobody reads
            await process.end_piped(child, patience=0.01)
            assert child.returncode == -signal.SIGKILL
            return child.pid

        with warnings.catch_warnings(record=True) as collected:
            warnings.simplefilter("always")
            pid = asyncio.run(ended())
            gc.collect()
        assert [str(one.message) for one in collected if f"pid={pid} " in str(one.message)] == []
        assert len(process.marked(marker)) == 1


class TestAlive:
    def test_this_process_is_alive_at_its_start_time_only(self):
        started = process.start_time(os.getpid())
        assert started is not None
        assert process.alive(os.getpid(), started)
        assert not process.alive(os.getpid(), started - 1)

    async def test_a_zombie_is_dead(self):
        child = subprocess.Popen(["true"])
        await until(lambda: process.start_time(child.pid) is None)
        assert child.poll() == 0

    def test_nobody_has_no_start_time(self):
        assert process.start_time(2**22 + 1) is None


class TestMarked:
    async def test_finds_the_whole_tree_and_nothing_else(self, tmp_path: Path, marker: str):
        pid = sleeper(marker, tmp_path, code="subprocess.Popen(['sleep', '60'], start_new_session=True)")
        other = sleeper(marker + "0", tmp_path)
        try:
            await until(lambda: len(process.marked(marker)) == 2)
            assert pid in process.marked(marker)
            assert process.marked(marker[:-1]) == []
            assert process.marked(marker, name=RUN_MARKER) == []
        finally:
            os.kill(other, signal.SIGKILL)

    async def test_signals_all_but_the_spared(self, tmp_path: Path, marker: str):
        first, second = sleeper(marker, tmp_path), sleeper(marker, tmp_path)
        await until(lambda: len(process.marked(marker)) == 2)
        assert process.signal_marked(marker, signal.SIGKILL, spare={first}) == 1
        await until(lambda: process.marked(marker) == [first])
        assert second != first


class TestEndMarked:
    @pytest.fixture
    def ready(self, tmp_path: Path) -> Callable[[int], Awaitable[None]]:
        async def seen(count: int) -> None:
            await until(lambda: len(list(tmp_path.glob("ready*"))) == count)

        return seen

    READY = "open(f'ready{os.getpid()}', 'w').close()"

    async def test_lets_a_process_tidy_up(self, tmp_path: Path, marker: str, ready):
        code = f"signal.signal(signal.SIGTERM, lambda *_: (open('tidied', 'w').close(), sys.exit()))\n{self.READY}"
        sleeper(marker, tmp_path, code=code)
        await ready(1)
        assert await process.end_marked(marker) == 1
        assert (tmp_path / "tidied").exists()

    async def test_kills_what_ignores_the_request(self, tmp_path: Path, marker: str, ready):
        sleeper(marker, tmp_path, code=f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{self.READY}")
        await ready(1)
        assert await process.end_marked(marker, grace=0.05) == 1
        assert process.marked(marker) == []

    async def test_ends_a_stopped_process_within_the_grace(self, tmp_path: Path, marker: str, ready):
        pid = sleeper(marker, tmp_path, code=self.READY)
        await ready(1)
        os.kill(pid, signal.SIGSTOP)
        async with asyncio.timeout(30):
            assert await process.end_marked(marker, grace=60) == 1

    async def test_ends_sessions_of_their_own_whose_parent_is_gone(self, tmp_path: Path, marker: str, ready):
        code = f"os.fork() and os._exit(0); os.setsid(); os.fork(); {self.READY}"
        sleeper(marker, tmp_path, code=code)
        await ready(2)
        assert await process.end_marked(marker) == 2
        assert process.marked(marker) == []

    async def test_ends_what_cleared_its_environment_below_what_is_marked(self, tmp_path: Path, marker: str, ready):
        shell = "echo $$ > pid; trap '' TERM; touch ready1; while :; do sleep 0.01; done"
        code = f"subprocess.Popen(['env', '-i', 'setsid', 'sh', '-c', 'sh -c \"$0\" & wait', {shell!r}])"
        sleeper(marker, tmp_path, code=code)
        await ready(1)
        pid = int((tmp_path / "pid").read_text())
        assert pid not in process.marked(marker)
        ended = await process.end_marked(marker, grace=0.2)
        if process.start_time(pid) is not None:
            os.kill(pid, signal.SIGKILL)
            pytest.fail("its parent went first, and it was forgotten")
        assert ended >= 3

    async def test_spares_the_named_also_below_what_is_marked(self, tmp_path: Path, marker: str, ready):
        shell = "echo $$ > pid; touch ready1; exec sleep 300"
        sleeper(marker, tmp_path, code=f"subprocess.Popen(['env', '-i', 'setsid', 'sh', '-c', {shell!r}])")
        await ready(1)
        pid = int((tmp_path / "pid").read_text())
        ended = await process.end_marked(marker, spare={pid})
        spared = process.start_time(pid) is not None
        if spared:
            os.kill(pid, signal.SIGKILL)
        assert (ended, spared) == (1, True)

    async def test_ends_what_is_forked_while_it_is_ending(self, tmp_path: Path, marker: str, ready):
        code = f"signal.signal(signal.SIGTERM, lambda *_: os.fork())\n{self.READY}\nwhile True: time.sleep(0.01)"
        sleeper(marker, tmp_path, code=code)
        await ready(1)
        assert await process.end_marked(marker, grace=0.2) >= 2
        assert process.marked(marker) == []

    async def test_spares_the_named(self, tmp_path: Path, marker: str):
        first, second = sleeper(marker, tmp_path), sleeper(marker, tmp_path)
        await until(lambda: len(process.marked(marker)) == 2)
        assert await process.end_marked(marker, spare={second}) == 1
        assert process.marked(marker) == [second]
        assert first != second

    async def test_has_nothing_to_do_when_nothing_is_marked(self, marker: str):
        assert await process.end_marked(marker) == 0


class TestAllowedEnv:
    SOURCE: ClassVar[Mapping[str, str]] = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "https_proxy": "http://proxy",
        "GIT_AUTHOR_NAME": "me",
        "GIT_DIR": "/elsewhere",
        "AWS_SECRET_ACCESS_KEY": "dummy",
        "GITHUB_TOKEN": "dummy",
        "ANTHROPIC_API_KEY": "dummy",
        "ANTHROPICS": "dummy",
    }

    def test_no_credential_passes_by_itself(self):
        assert set(allowed_env(self.SOURCE)) == {"PATH", "LC_ALL", "https_proxy", "GIT_AUTHOR_NAME"}

    def test_a_pattern_lets_more_pass(self):
        allowed = allowed_env(self.SOURCE, ["ANTHROPIC_*", "GITHUB_TOKEN"])
        assert {"ANTHROPIC_API_KEY", "GITHUB_TOKEN"} <= set(allowed)
        assert "ANTHROPICS" not in allowed


ADOPTING = """
import asyncio, os, subprocess, sys
from orch_tui import process, proctable

assert not process.alone()
assert process.adopt_orphans()
assert process.alone()
shell = subprocess.Popen(["sh", "-c", sys.argv[1]])
assert not process.alone()
shell.wait()
"""


def adopting(shell: str, then: str) -> None:
    """A process of its own adopts orphans, runs a shell to its end, and then does what `then` says."""
    done = process.run([sys.executable, "-c", ADOPTING + then, shell], env=dict(os.environ))
    assert (done.code, done.err) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
class TestAdoptingOrphans:
    def test_what_cleared_its_environment_is_ended_too(self):
        adopting(
            "env -i setsid sleep 300 & env -i setsid sh -c 'sleep 300 & exec sleep 300' &",
            "assert len(proctable.children()) == 2\n"
            "assert not process.alone()\n"
            "assert asyncio.run(process.end_marked('nobody has it')) >= 2\n"
            "process.reap_orphans(at_last=True)\n"
            "assert process.alone()\n",
        )

    def test_orphans_that_end_are_collected_and_our_own_children_left_to_those_who_wait_for_them(self):
        adopting(
            "setsid true & setsid true &",
            "own = subprocess.Popen(['true'])\n"
            "for pid in (*proctable.children(), *proctable.children(ended=True)):\n"
            "    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\n"
            "assert len(proctable.children(ended=True)) == 3\n"
            "process.reap_orphans()\n"
            "assert own.wait() == 0\n"
            "process.reap_orphans()\n"
            "assert process.alone()\n",
        )

    def test_whoever_adopts_nobody_never_claims_to_be_alone(self):
        assert not process.alone()


def test_a_program_that_prints_without_end_is_ended_when_enough_was_read(tmp_path):
    done = process.run([sys.executable, "-c", "while True: print('more' * 1000)"], most=100_000)
    assert (len(done.out), done.code) == (100_000, -signal.SIGKILL)


def test_a_program_that_prints_little_ends_by_itself_although_only_so_much_is_read():
    done = process.run([sys.executable, "-c", "print('that is all')"], most=100_000)
    assert (done.out, done.code) == (b"that is all\n", 0)
