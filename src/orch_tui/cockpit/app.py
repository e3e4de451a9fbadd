"""The cockpit: a full-screen window on a run's state directory, and keys that send commands into it.

The app is the only part that touches the world: it follows the journal, opens transcripts and drops commands, in
threads where that may take time. Screens get the state and draw rows; leaving the cockpit leaves the run alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import BindingType
from textual.worker import Worker

from orch_tui.clean import one_line
from orch_tui.client.coming import Coming
from orch_tui.clock import Clock
from orch_tui.cockpit import boards, door, keys, theme
from orch_tui.cockpit.door import Following, Send
from orch_tui.cockpit.looking import Looking
from orch_tui.cockpit.presence import Attended, Presence
from orch_tui.cockpit.screens.dialog import Dialog
from orch_tui.cockpit.screens.opening import Opening
from orch_tui.cockpit.terminal import Title, hung_up, leave_for_good, leave_on_signals
from orch_tui.errors import OrchError
from orch_tui.store.layout import RunDir

if TYPE_CHECKING:
    from orch_tui.client.away import Memory
    from orch_tui.client.reviving import Reviving
    from orch_tui.client.second_reader import Asking
    from orch_tui.cockpit.outbox import Outbox
    from orch_tui.cockpit.screens.board import Board
    from orch_tui.cockpit.widgets.status_line import Tone
    from orch_tui.core.edition import Edition
    from orch_tui.core.state import State

_STREAM_HZ = 10  # looks at the visible stream a second, 1 when the terminal is not looked at
_SETTLE = 0.03  # seconds in which news of the journal gather
_SWEEP = 1.0  # seconds between looks at the journal without being woken


class Cockpit(Attended):
    """One run on the screen. What comes from `door` is handed in by tests."""

    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("cockpit")
    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0

    def __init__(
        self,
        run: RunDir | Coming,
        *,
        theme_name: str = "",
        key_overrides: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        open_follower: Callable[[RunDir], Following] = door.open_follower,
        send: Send = door.send,
        plan_changed: Callable[[State], str] = door.plan_changed,
        revive: Callable[[RunDir], None] = door.revive,
        asking: Callable[[RunDir, Edition], Asking] = door.asking,
        memory: Callable[[RunDir], Memory] | None = None,
        who: str = "",
    ) -> None:
        super().__init__()
        self._coming = run if isinstance(run, Coming) else None
        self._run_dir = run if isinstance(run, RunDir) else None
        self.clock = clock or Clock()
        self.remapped = keys.keymap(key_overrides or {})
        self.follower: Following | None = None
        self._open_follower, self._plan_changed = open_follower, plan_changed
        self._outbox: Outbox
        self._reviving: Reviving
        self.looking: Looking
        self._send, self._revive, self.asking = send, revive, asking
        self._theme_wrong = theme.begin_with(self, theme_name or theme.DARK, run.root)
        self._board: Board | None = None
        self.boards = boards.Boards()
        self._unsaid: tuple[str, Tone] | None = None
        self.changed = ""
        """That the plan file was edited, in words, or ""."""
        self._who = who
        self._title_bar: Title | None = None
        self._ticks = 0
        self._memory, self._presence = memory, cast("Presence | None", None)

    # --- starting ---

    def on_mount(self) -> None:
        """Show something at once; read the journal beside it."""
        if self._theme_wrong:
            self.say(self._theme_wrong, "warning")
        self.set_keymap(self.remapped)
        self._title_bar = Title(self._driver)
        leave_on_signals(self.exit)
        words = f"{self.run_dir.name}: reading the journal" if self._coming is None else self._coming.words
        self._opening = Opening(words, self.clock)
        self.push_screen(self._opening)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._follow()
        self.set_interval(1 / _STREAM_HZ, self._look_at_stream)
        self.set_interval(1.0, self._tick)

    def on_unmount(self) -> None:
        """Leave the terminal and the journal as they were."""
        if self._title_bar is not None:
            self._title_bar.restore()
        if self._presence is not None:
            self._presence.keep()
        if self.follower is not None:
            self.follower.close()

    @property
    def opened(self) -> bool:
        """Whether there is a run to look at."""
        return self._run_dir is not None

    @property
    def run_dir(self) -> RunDir:
        """The run's directory, once it is there."""
        assert self._run_dir is not None
        return self._run_dir

    @property
    def state(self) -> State:
        """The run as it is now."""
        from orch_tui.core.state import State

        return self.follower.state if self.follower is not None else State()

    @property
    def read_only(self) -> bool:
        """Whether damage was found: then the run can be looked at, and that is all."""
        return self.follower is not None and bool(self.follower.damage)

    # --- following ---

    @work(group="follow")
    async def _follow(self) -> None:
        """Wait for the run, read the journal in a thread once, then live with it."""
        if self._coming is not None and not await self._arrived(self._coming):
            return
        try:
            follower = await asyncio.to_thread(self._opened)
        except OrchError as error:
            if self.is_running:
                self._opening.say(error.line())
            return
        self._take_up(follower)
        while True:
            await follower.wait(_SWEEP)
            async with self.looking.still:
                news = follower.poll()
            if news:
                self.settle()
                await asyncio.sleep(_SETTLE)

    async def _arrived(self, coming: Coming) -> bool:
        coming.begin()
        arriving = asyncio.wrap_future(coming.run)
        await asyncio.wait([arriving])
        if arriving.exception() is None:
            self._run_dir = arriving.result()
        else:
            self.exit()  # whoever opened the cockpit tells why
        return self.opened

    def _opened(self) -> Following:
        boards.load()
        (follower := self._open_follower(self.run_dir)).catch_up()
        return follower

    def _take_up(self, follower: Following) -> None:
        from orch_tui.client.reviving import Reviving
        from orch_tui.cockpit.outbox import Outbox

        self._outbox = Outbox(lambda op, args: self._send(self.run_dir, op, args), self.say, self.clock)
        self._reviving = Reviving()
        self.follower, self.looking = follower, Looking(follower)
        if self._memory is not None:
            self._presence = Presence(self._memory(self.run_dir), self.state, self.clock)
            self.on_sign = self._sign
        self.settle()
        self._look_at_plan()

    def _sign(self) -> None:
        assert self._presence is not None
        self._presence.sign(self.state)
        self._warn()

    def settle(self) -> None:
        """Bring the screens in line with the state; there are none any more while the cockpit closes."""
        if self.follower is None or not self.is_running:
            return
        from orch_tui.cockpit.screens.board import Board

        if isinstance(self.screen, Opening | Board):
            self._choose_board()
        if self._board is not None and self._board.ready:
            self._board.show()
            if self._unsaid is not None:
                self._board.say(*self._unsaid)
                self._unsaid = None
        if isinstance(self.screen, Dialog) and self.screen.is_mounted:
            self.screen.settle()  # pyright: ignore[reportUnknownMemberType]
        self._hear_outcomes()
        self._warn()
        self._show_title()

    def _choose_board(self) -> None:
        kind = self.boards.choose(self.state)
        if not isinstance(self._board, kind):
            selected = self.boards.carried(self._board.section if self._board is not None else "")
            self._board = kind()
            self._board.start_at(selected)
            self.switch_screen(self._board)  # pyright: ignore[reportUnknownMemberType]

    def _show_title(self) -> None:
        if self._title_bar is not None:
            self._title_bar.show(door.title(self.state, self.clock.wall()))

    def _look_at_stream(self) -> None:
        self._ticks += 1
        if self._board is None or (self.blurred and self._ticks % _STREAM_HZ):
            return
        from orch_tui.cockpit.screens.run import Run

        if isinstance(self._board, Run) and self._board.ready:
            self._board.follow_stream()

    def _tick(self) -> None:
        if not self.is_running:
            return
        if hung_up(self._driver):
            leave_for_good()
            self.exit()
            return
        if self._board is not None and self._board.ready:
            self._board.tick()
        if isinstance(self.screen, Dialog) and self.screen.is_mounted:
            self.screen.tick()  # pyright: ignore[reportUnknownMemberType]
        self._keep_alive()
        self._warn()
        if self._ticks // _STREAM_HZ % 3 == 0:
            self._look_at_plan()

    def _keep_alive(self) -> None:
        """A run that is under way goes on, and commands are taken in, whatever became of the runner."""
        if self.follower is None or self.follower.damage:
            return
        was_gone, alive = bool(self._reviving.words), self.follower.runner_alive()
        wanted = door.under_way(self.state) or bool(self._outbox.waiting)
        if self._reviving.look(wanted=wanted, alive=alive, now=self.clock.mono()):
            self._start_runner()
        elif alive and was_gone:
            self.say("another runner took over", "good")

    @work(group="send")
    async def _start_runner(self) -> None:
        try:
            await asyncio.to_thread(self._revive, self.run_dir)
        except (OrchError, OSError) as error:
            self.say(f"cannot start a runner: {door.reason(error)}", "error")

    @work(exclusive=True, group="plan")
    async def _look_at_plan(self) -> None:
        """Whether the plan file still says what the run was given; reads it in a thread."""
        if self.follower is not None and self.state.plan_path:
            self.changed = await asyncio.to_thread(self._plan_changed, self.state)
            self._warn()

    @property
    def who(self) -> str:
        """Whose commands these are."""
        self._who = self._who or door.whoami()
        return self._who

    # --- messages ---

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Into the bottom line."""
        if self._board is not None and self._board.ready:
            self._board.say(words, tone)
        else:
            self._unsaid = (words, tone)

    def _warn(self) -> None:
        """The banner: what is wrong for longer than a moment."""
        if self._board is None or not self._board.ready or self.follower is None:
            return
        if self.follower.damage:
            self._board.banner(f"read-only: {self.follower.damage}", "error")
            return
        wrong = door.alarm(self._reviving, self.run_dir) or self._outbox.late(self.follower.runner_alive)
        away = self._presence.words(self.state) if self._presence is not None else ""
        news = (away, "plain") if away else self._board.news(one_line(self.changed, 300))
        self._board.banner(*((wrong, "warning") if wrong else news))

    # --- commands ---

    def command(self, op: str, args: Mapping[str, object], *, words: str = "") -> Worker[None] | None:
        """Send a command, unless the rules already say that it makes no sense now; then say why.

        `words` are said when it was accepted, in place of the usual ones.
        """
        if self.follower is not None and self.follower.damage:
            self.say(f"cannot {op}: the run is read-only", "error")
        elif self.follower is not None and not self._outbox.refuses(self.state, op, args):
            return self._drop(op, args, words)
        return None

    async def carry_out(self, op: str, args: Mapping[str, object], *, words: str = "") -> None:
        """The same, back when it is answered: what is typed next is about the plan as it is then."""
        if (sent := self.command(op, args, words=words)) is not None:
            await sent.wait()
            await self._outbox.answered()

    def refuses(self, op: str, args: Mapping[str, object]) -> bool:
        """Whether a command makes no sense now; then the person is told why."""
        return self._outbox.refuses(self.state, op, args)

    @work(group="send")
    async def _drop(self, op: str, args: Mapping[str, object], words: str) -> None:
        if await self._outbox.drop(op, args, words):
            self._hear_outcomes()

    def _hear_outcomes(self) -> None:
        heard = self._outbox.hear(self.state)
        if "revise" in heard:
            self.boards.revised(refusal=heard["revise"])
            self._look_at_plan()

    @work(exclusive=True, group="plan")
    async def revise(self) -> None:
        """Have the plan file read again; once approved, what changed is shown."""
        try:
            sha = await asyncio.to_thread(door.sha_of_plan, self.state.plan_path)
        except OSError as error:
            self.say(f"cannot read the plan: {error.strerror}", "error")
            return
        edition = self.state.candidate or self.state.edition
        if edition is None or sha != edition.read.plan_sha:
            self.boards.await_difference(awaits=self.state.approval is not None)
            self.command("revise", {"plan_sha": sha})
        elif self.state.candidate is None:
            self.say("the plan file says what is shown")
        else:
            self.show_difference()

    def show_difference(self) -> None:
        """The candidate beside what runs."""
        self.boards.want("difference")
        self.settle()

    # --- keys ---

    def action_help(self) -> None:
        """Every key."""
        from orch_tui.cockpit.screens.help import Help

        self.push_screen(Help(self._board.PLACE if self._board is not None else "cockpit"))

    def action_palette(self) -> None:
        """Every action by name."""
        from textual.command import CommandPalette

        from orch_tui.cockpit.palette import Actions

        if not isinstance(self.screen, Dialog | CommandPalette):
            self.push_screen(CommandPalette(providers=[Actions], placeholder="what to do, or a section"))

    def action_next_theme(self) -> None:
        """Dark or light."""
        root = self.run_dir.root if self._coming is None else self._coming.root
        if wrong := theme.change(self, theme.LIGHT if self.current_theme.dark else theme.DARK, root):
            self.say(wrong, "warning")

    def action_detach(self) -> None:
        """Leave; the run goes on."""
        self.exit()

    def action_show_plan(self) -> None:
        """The plan beside the run."""
        self.boards.want("plan")
        self.settle()

    def action_show_run(self) -> None:
        """Back to the run."""
        if self.state.approval is None:
            self.say(f"nothing runs before the plan is approved: {keys.hint('approve', self.remapped)[0]} approves")
            return
        self.boards.want("run")
        self.settle()
