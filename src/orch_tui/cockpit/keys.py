"""Every key of the cockpit, in one table: help, hints, palette and remapping derive from it.

A binding's id is what `keys:` in the configuration remaps (`keys: {approve: A}`). Not used, because terminals and tmux
take them: ctrl+a, ctrl+b, ctrl+s, ctrl+q, alt+arrows.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

from orch_tui.errors import ConfigError

Place = Literal["cockpit", "move", "lines", "board", "review", "run", "permission", "question", "prompt", "confirm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One binding. `keys` are comma-separated; `does` is for the help, `hint` for the bottom line ("": not there).

    `op` names the command it sends (`core.commands.OPS`), "" when it sends none; `scope` says about what.
    """

    id: str
    keys: str
    action: str
    does: str
    place: Place
    hint: str = ""
    op: str = ""
    scope: Literal["", "run", "section", "ask"] = ""


KEYS: tuple[Key, ...] = (
    # everywhere
    Key(id="help", keys="question_mark", action="app.help", does="this help", place="cockpit", hint="help"),
    Key(id="palette", keys="ctrl+p,colon", action="app.palette", does="every action by name", place="cockpit"),
    Key(id="theme", keys="ctrl+t", action="app.next_theme", does="dark or light", place="cockpit"),
    Key(id="quit", keys="q", action="app.detach", does="leave; the run goes on", place="cockpit", hint="leave"),
    # moving, in lists and streams
    Key(id="down", keys="j,down", action="move(1)", does="down", place="move"),
    Key(id="up", keys="k,up", action="move(-1)", does="up", place="move"),
    Key(id="half_down", keys="ctrl+d", action="move_pages(0.5)", does="half a page down", place="move"),
    Key(id="half_up", keys="ctrl+u", action="move_pages(-0.5)", does="half a page up", place="move"),
    Key(id="page_down", keys="pagedown", action="move_pages(1)", does="a page down", place="move"),
    Key(id="page_up", keys="pageup", action="move_pages(-1)", does="a page up", place="move"),
    Key(id="top", keys="g,home", action="top", does="to the beginning", place="move"),
    Key(id="bottom", keys="G,end", action="bottom", does="to the end; a stream is followed again", place="move"),
    # streams and texts
    Key(id="left", keys="h,left", action="shift(-8)", does="left, in long lines", place="lines"),
    Key(id="right", keys="l,right", action="shift(8)", does="right, in long lines", place="lines"),
    Key(id="wrap", keys="w", action="wrap", does="wrap long lines or not", place="lines"),
    # both boards
    Key(id="next_pane", keys="tab", action="pane(1)", does="next pane", place="board"),
    Key(id="previous_pane", keys="shift+tab", action="pane(-1)", does="previous pane", place="board"),
    Key(id="open", keys="enter", action="open", does="into the text or stream; on → to the section", place="board"),
    Key(id="back", keys="escape", action="back", does="back; never leaves", place="board"),
    Key(id="search", keys="slash", action="search", does="search in this pane", place="board"),
    Key(id="next_match", keys="n", action="match(1)", does="next match", place="board"),
    Key(id="previous_match", keys="N", action="match(-1)", does="previous match", place="board"),
    Key(id="full", keys="f", action="full", does="the right pane alone, and back", place="board"),
    # review
    Key(
        id="approve",
        keys="a",
        action="approve",
        does="approve the plan as shown; only then anything runs",
        place="review",
        hint="approve",
        op="approve",
        scope="run",
    ),
    Key(
        id="revise",
        keys="r",
        action="revise",
        does="read the plan file again",
        place="review",
        hint="read again",
        op="revise",
        scope="run",
    ),
    Key(id="to_run", keys="v", action="app.show_run", does="back to the run, once approved", place="review"),
    # run
    Key(
        id="answer",
        keys="o",
        action="answer",
        does="open what an agent asks; the selected section's first",
        place="run",
        hint="answer",
        op="answer",
        scope="ask",
    ),
    Key(
        id="steer",
        keys="i",
        action="steer",
        does="tell the running agent something",
        place="run",
        hint="steer",
        op="steer",
        scope="section",
    ),
    Key(
        id="pause",
        keys="p",
        action="pause",
        does="pause or resume the section",
        place="run",
        hint="pause",
        op="pause",
        scope="section",
    ),
    Key(
        id="pause_run",
        keys="P",
        action="pause_run",
        does="pause or resume the whole run",
        place="run",
        hint="go on",
        op="pause",
        scope="run",
    ),
    Key(
        id="skip",
        keys="S",
        action="skip",
        does="skip the section; what waits for it goes on",
        place="run",
        hint="skip",
        op="skip",
        scope="section",
    ),
    Key(
        id="retry",
        keys="ctrl+r",
        action="retry",
        does="try the section again",
        place="run",
        hint="retry",
        op="retry",
        scope="section",
    ),
    Key(
        id="retry_all",
        keys="R",
        action="retry_all",
        does="try everything again that failed",
        place="run",
        op="retry",
        scope="run",
    ),
    Key(
        id="cancel",
        keys="x",
        action="cancel",
        does="end the section's attempt",
        place="run",
        hint="cancel",
        op="cancel",
        scope="section",
    ),
    Key(
        id="stop",
        keys="X",
        action="stop",
        does="end every process of the run; P goes on later",
        place="run",
        op="stop",
        scope="run",
    ),
    Key(
        id="cancel_run",
        keys="ctrl+x",
        action="cancel_run",
        does="end the run for good",
        place="run",
        op="cancel",
        scope="run",
    ),
    Key(id="times", keys="t", action="times", does="times beside the stream", place="run"),
    Key(id="peek", keys="space", action="peek", does="details larger or smaller", place="run"),
    Key(
        id="to_plan", keys="v", action="app.show_plan", does="the plan: text, edges, findings", place="run", hint="plan"
    ),
    *(
        Key(id=f"running_{n}", keys=str(n), action=f"running({n})", does=f"to running section {n}", place="run")
        for n in range(1, 10)
    ),
    # answering
    Key(
        id="allow",
        keys="a",
        action="allow",
        does="allow",
        place="permission",
        hint="allow",
        op="answer",
        scope="ask",
    ),
    Key(
        id="reject",
        keys="r",
        action="reject",
        does="reject",
        place="permission",
        hint="reject",
        op="answer",
        scope="ask",
    ),
    Key(id="reason", keys="tab", action="type", does="type a reason", place="permission", hint="reason"),
    Key(id="own_words", keys="tab", action="type", does="answer in own words", place="question", hint="own words"),
    Key(id="later", keys="escape", action="leave", does="answer later", place="permission", hint="later"),
    Key(id="next_option", keys="j", action="cursor(1)", does="next option", place="question"),
    Key(id="previous_option", keys="k", action="cursor(-1)", does="option before", place="question"),
    *(
        Key(
            id=f"option_{n}",
            keys=str(n),
            action=f"pick({n})",
            does=f"option {n}",
            place="question",
            op="answer",
            scope="ask",
        )
        for n in range(1, 10)
    ),
    Key(id="later_question", keys="escape", action="leave", does="answer later", place="question", hint="later"),
    Key(id="discard", keys="escape", action="leave", does="discard", place="prompt", hint="discard"),
    Key(id="yes", keys="y", action="yes", does="yes", place="confirm", hint="yes"),
    Key(id="no", keys="n,escape", action="leave", does="no", place="confirm", hint="no"),
)

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "esc",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def bindings(*places: Place) -> list[BindingType]:
    """The bindings of these places, for a class's `BINDINGS`."""
    return [Binding(key.keys, key.action, key.does, show=False, id=key.id) for key in KEYS if key.place in places]


def shown(keys: str) -> str:
    """Keys as people write them: "ctrl+p or :"."""
    return " or ".join(_NAMES.get(key, key) for key in keys.split(","))


def keymap(overrides: Mapping[str, str]) -> dict[str, str]:
    """The checked remapping, by id. Raises ConfigError for an id that does not exist."""
    known = {key.id for key in KEYS}
    for id_ in overrides:
        if id_ not in known:
            near = difflib.get_close_matches(id_, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"actions are {', '.join(sorted(known))}"
            raise ConfigError(f"the cockpit has no action {id_!r} to give a key", hint=hint)
    return {id_: _spelled(keys) for id_, keys in overrides.items()}


def _spelled(keys: str) -> str:
    """Keys as Textual names them: "?" is question_mark."""
    plain = {sign: name for name, sign in _NAMES.items()}
    return ",".join(plain.get(key.strip(), key.strip()) for key in keys.split(",")) if keys != "," else "comma"


def hints(
    places: Iterable[Place], keymap: Mapping[str, str], makes_sense: Callable[[Key], bool]
) -> list[tuple[str, str]]:
    """(key, word) for the bottom line: what has a hint and makes sense now."""
    return [
        (shown(keymap.get(key.id, key.keys).split(",")[0]), key.hint)
        for place in places
        for key in KEYS
        if key.place == place and key.hint and makes_sense(key)
    ]
