"""Every key of the cockpit, in one table: help, hints, palette and remapping derive from it.

A binding's id is what `keys:` in the configuration remaps (`keys: {approve: A}`). Not used, because terminals and tmux
take them: ctrl+a, ctrl+b, ctrl+s, ctrl+q, alt+arrows.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from textual.binding import Binding, BindingType

from orch_tui.errors import ConfigError

Place = Literal[
    "cockpit",
    "move",
    "lines",
    "board",
    "review",
    "difference",
    "run",
    "permission",
    "question",
    "prompt",
    "confirm",
    "picker",
    "choose",
    "form",
    "proposals",
    "decisions",
    "reading",
    "preview",
]

Scope = Literal["", "run", "section", "ask"]


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
    scope: Scope = ""


Row = tuple[str, str, str, str] | tuple[str, str, str, str, str] | tuple[str, str, str, str, str, str, str]


def _at(place: Place, *rows: Row) -> tuple[Key, ...]:
    """Keys of one place; a row holds id, keys, action, does, then hint, then op and scope, where there are any."""
    return tuple(
        Key(
            place=place,
            id=row[0],
            keys=row[1],
            action=row[2],
            does=row[3],
            hint=row[4] if len(row) > 4 else "",
            op=row[5] if len(row) > 5 else "",
            scope=cast("Scope", row[6] if len(row) > 6 else ""),
        )
        for row in rows
    )


KEYS: tuple[Key, ...] = (
    # everywhere
    *_at(
        "cockpit",
        ("help", "question_mark", "app.help", "this help", "help"),
        ("palette", "ctrl+p,colon", "app.palette", "every action by name"),
        ("theme", "ctrl+t", "app.next_theme", "dark or light"),
        ("quit", "q", "app.detach", "leave; the run goes on", "leave"),
    ),
    # moving, in lists and streams
    *_at(
        "move",
        ("down", "j,down", "move(1)", "down"),
        ("up", "k,up", "move(-1)", "up"),
        ("half_down", "ctrl+d", "move_pages(0.5)", "half a page down"),
        ("half_up", "ctrl+u", "move_pages(-0.5)", "half a page up"),
        ("page_down", "pagedown", "move_pages(1)", "a page down"),
        ("page_up", "pageup", "move_pages(-1)", "a page up"),
        ("top", "g,home", "top", "to the beginning"),
        ("bottom", "G,end", "bottom", "to the end; a stream is followed again"),
    ),
    # streams and texts
    *_at(
        "lines",
        ("left", "h,left", "shift(-8)", "left, in long lines"),
        ("right", "l,right", "shift(8)", "right, in long lines"),
    ),
    # all boards
    *_at(
        "board",
        ("next_pane", "tab", "pane(1)", "next pane"),
        ("previous_pane", "shift+tab", "pane(-1)", "previous pane"),
        ("open", "enter", "open", "into the text or stream; on → to the section"),
        ("back", "escape", "back", "back; never leaves"),
        ("search", "slash", "search", "search in this pane"),
        ("next_match", "n", "match(1)", "next match"),
        ("previous_match", "N", "match(-1)", "previous match"),
        ("full", "f", "full", "the right pane alone, and back"),
        ("wrap", "w", "wrap", "wrap long lines or not"),
    ),
    # review
    *_at(
        "review",
        ("approve", "a", "approve", "approve the plan as shown; only then anything runs", "approve", "approve", "run"),
        (
            "revise",
            "r",
            "revise",
            "read the plan file again; once approved: show what changed",
            "read again",
            "revise",
            "run",
        ),
        ("layout", "t", "layout", "as waves, or as a tree"),
        ("findings", "F", "findings", "the list of findings; enter goes there", "findings"),
        ("proposals", "p", "proposals", "what was proposed: accept or dismiss", "proposals", "accept", "run"),
        ("wait_for", "e", "add_edge(1)", "let it wait for another section", "waits for", "mend", "run"),
        ("needed_by", "E", "add_edge(-1)", "let another section wait for it", "", "mend", "run"),
        ("drop", "d", "drop", "drop a dependency of it", "drop", "mend", "run"),
        ("reverse", "R", "reverse", "turn a dependency of it round", "", "mend", "run"),
        ("exclude", "x", "exclude", "leave it out, or take it in again", "leave out", "mend", "run"),
        ("mark_done", "D", "mark_done", "done already, or not done yet", "", "mend", "run"),
        ("assign", "s", "assign", "agent, model, effort, budget, workflow, priority, repository", "set", "mend", "run"),
        ("note", "i", "note", "a note for its agent", "", "mend", "run"),
        ("undo", "u", "undo", "take the last mend back", "undo", "unmend", "run"),
        ("redo", "U,ctrl+r", "redo", "make it again", "redo", "remend", "run"),
        ("mark", "space,m", "mark", "mark it: x D s i and e are about all marked ones"),
        ("mark_wave", "M", "mark_wave", "mark its wave, or unmark it"),
        ("clear_marks", "c", "clear_marks", "clear the marks"),
        (
            "validate",
            "V",
            "validate",
            "ask a second reader: one call of a cheap model",
            "second reader",
            "validate",
            "run",
        ),
        ("to_run", "v", "app.show_run", "back to the run, once approved"),
    ),
    # the difference between the plan that runs and the plan as it is now
    *_at(
        "difference",
        (
            "approve_revision",
            "a",
            "approve",
            "approve the changed plan with these choices",
            "approve",
            "approve",
            "run",
        ),
        (
            "discard_revision",
            "X",
            "discard",
            "give the changed plan up; the run goes on as approved",
            "discard",
            "discard",
            "run",
        ),
        ("fate", "c,space", "choose", "what becomes of a finished or running section", "choose"),
        ("reread", "r", "revise", "read the plan file again", "read again", "revise", "run"),
        ("split", "s", "split", "old and new side by side, or in one column"),
        ("to_review", "v", "app.show_plan", "the changed plan: text, edges, findings, mending", "plan"),
        ("leave_difference", "b", "app.show_run", "back to the run; the changed plan waits", "back to the run"),
    ),
    # run
    *_at(
        "run",
        ("answer", "o", "answer", "open what an agent asks; the selected section's first", "answer", "answer", "ask"),
        ("land", "M", "land", "bring what was merged to your branch, after a look at it", "land"),
        ("steer", "i", "steer", "tell the running agent something", "steer", "steer", "section"),
        ("pause", "p", "pause", "pause or resume the section", "pause", "pause", "section"),
        ("pause_run", "P", "pause_run", "pause or resume the whole run", "go on", "pause", "run"),
        ("skip", "S", "skip", "skip the section; what waits for it goes on", "skip", "skip", "section"),
        ("retry", "ctrl+r", "retry", "try the section again", "retry", "retry", "section"),
        ("dispatch", "d", "dispatch", "to a phase of its workflow, or past one", "phase", "dispatch", "section"),
        ("work", "D", "work", "what the section changed, line by line", "diff"),
        ("result", "e", "result", "what its attempts came to: evidence, decisions, files, follow-ups", "result"),
        ("brief", "b", "brief", "what its agent was told, or would be told now", "brief"),
        ("decisions", "c", "decisions", "what was decided: add, strike, pin", "", "decide", "run"),
        ("proposed_in_run", "a", "proposals", "what agents propose: accept or dismiss", "proposals", "accept", "run"),
        ("undo_section", "u", "undo", "take back what the section merged, after a look at it", "", "undo", "section"),
        ("retry_all", "R", "retry_all", "try everything again that failed", "", "retry", "run"),
        ("cancel", "x", "cancel", "end the section's attempt", "cancel", "cancel", "section"),
        ("stop", "X", "stop", "end every process of the run; it can go on later", "", "stop", "run"),
        ("cancel_run", "ctrl+x", "cancel_run", "end the run for good", "", "cancel", "run"),
        ("changes", "r", "changes", "what changed in the plan file", "changes"),
        ("layout_run", "L", "layout", "as a tree, or by what is going on", "list"),
        ("earlier_attempt", "left_square_bracket", "attempt(-1)", "the attempt before: another phase, or try"),
        ("later_attempt", "right_square_bracket", "attempt(1)", "the attempt after it"),
        ("times", "t", "times", "times beside the stream"),
        ("peek", "space", "peek", "details larger or smaller"),
        ("to_plan", "v", "app.show_plan", "the plan: text, edges, findings", "plan"),
        *((f"running_{n}", str(n), f"running({n})", f"to running section {n}") for n in range(1, 10)),
    ),
    # answering
    *_at(
        "permission",
        ("allow", "a", "allow", "allow", "allow", "answer", "ask"),
        ("always", "A", "always", "allow always, in this session", "always", "answer", "ask"),
        ("reject", "r", "reject", "reject", "reject", "answer", "ask"),
        ("never", "R", "never", "reject always, in this session", "never", "answer", "ask"),
        ("reason", "tab", "type", "type a reason", "reason"),
        ("later", "escape", "leave", "answer later", "later"),
    ),
    *_at(
        "question",
        ("own_words", "tab", "type", "answer in own words", "own words"),
        ("next_option", "j", "cursor(1)", "next option"),
        ("previous_option", "k", "cursor(-1)", "option before"),
        *((f"option_{n}", str(n), f"pick({n})", f"option {n}", "", "answer", "ask") for n in range(1, 10)),
        ("question_down", "ctrl+d", "move_pages(0.5)", "on in what is asked"),
        ("question_up", "ctrl+u", "move_pages(-0.5)", "back in what is asked"),
        ("question_work", "D", "work", "what the section changed, line by line", "diff"),
        ("question_result", "e", "result", "what its attempts came to", "result"),
        ("later_question", "escape", "leave", "answer later", "later"),
    ),
    *_at(
        "prompt",
        ("discard", "escape", "leave", "discard", "discard"),
    ),
    # dialogs
    *_at(
        "picker",
        ("picker_down", "down,ctrl+n", "cursor(1)", "down"),
        ("picker_up", "up,ctrl+p", "cursor(-1)", "up"),
        ("picker_page_down", "pagedown", "cursor_pages(1)", "a page down"),
        ("picker_page_up", "pageup", "cursor_pages(-1)", "a page up"),
        ("picker_field", "tab", "field(1)", "to the optional fields", "why"),
        ("picker_field_back", "shift+tab", "field(-1)", "a field back"),
        ("picker_leave", "escape", "leave", "give up", "give up"),
    ),
    *_at(
        "choose",
        ("choose_down", "j,down", "cursor(1)", "down"),
        ("choose_up", "k,up", "cursor(-1)", "up"),
        ("choose_take", "enter", "take", "choose", "choose"),
        ("choose_field", "tab", "field(1)", "to the optional fields", "why"),
        *((f"choice_{n}", str(n), f"pick({n})", f"way {n}") for n in range(1, 10)),
        ("choose_leave", "escape", "leave", "give up", "give up"),
    ),
    *_at(
        "form",
        ("form_next", "tab,down", "field(1)", "next field", "next"),
        ("form_back", "shift+tab,up", "field(-1)", "field before"),
        ("form_leave", "escape", "leave", "give up", "give up"),
    ),
    *_at(
        "proposals",
        ("accept", "a", "accept", "accept the proposal", "accept", "accept", "run"),
        ("dismiss", "d", "dismiss_one", "dismiss the proposal", "dismiss", "dismiss", "run"),
        ("accept_all", "A", "accept_all", "accept all that are open", "all", "accept", "run"),
        ("dismiss_all", "D", "dismiss_all", "dismiss all that are open", "none", "dismiss", "run"),
        ("proposal_open", "enter", "open", "to its section", "to its section"),
        ("proposal_down", "j,down", "cursor(1)", "down"),
        ("proposal_up", "k,up", "cursor(-1)", "up"),
        ("proposals_leave", "escape,p", "leave", "back", "back"),
    ),
    *_at(
        "decisions",
        ("decision_add", "a", "add", "decide something for all later sessions", "add", "decide", "run"),
        ("decision_strike", "x", "strike", "strike it: no later session is told it", "strike", "decide", "run"),
        ("decision_pin", "p", "pin", "pin it: no brief leaves it out", "pin", "decide", "run"),
        ("decision_open", "enter", "open", "to its section", "to its section"),
        ("decision_down", "j,down", "cursor(1)", "down"),
        ("decision_up", "k,up", "cursor(-1)", "up"),
        ("decisions_leave", "escape,c,q", "leave", "back", "back"),
    ),
    # texts over the board
    *_at(
        "reading",
        ("reading_search", "slash", "search", "search", "search"),
        ("reading_next", "n", "match(1)", "next match"),
        ("reading_previous", "N", "match(-1)", "previous match"),
        ("reading_wrap", "w", "wrap", "wrap long lines or not", "wrap"),
        ("reading_earlier", "left_square_bracket", "turn(-1)", "that of the attempt before", "before"),
        ("reading_later", "right_square_bracket", "turn(1)", "that of the attempt after it", "after"),
        ("reading_leave", "escape,q", "leave", "out of the search, then back", "back"),
    ),
    *_at(
        "preview",
        ("preview_yes", "y", "yes", "yes, to what is shown", "yes"),
        ("preview_no", "n,escape,q", "leave", "no", "no"),
    ),
    *_at(
        "confirm",
        ("yes", "y", "yes", "yes", "yes"),
        ("no", "n,escape", "leave", "no", "no"),
    ),
)

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
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


def of(id_: str, keymap: Mapping[str, str]) -> str:
    """The keys of an action as they are now."""
    return keymap.get(id_, next(key.keys for key in KEYS if key.id == id_))


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


def hint(id_: str, keymap: Mapping[str, str]) -> tuple[str, str]:
    """(key, word) of one action."""
    found = next(key for key in KEYS if key.id == id_)
    return shown(of(id_, keymap).split(",")[0]), found.hint


def hints(
    places: Iterable[Place], keymap: Mapping[str, str], makes_sense: Callable[[Key], bool]
) -> list[tuple[str, str]]:
    """(key, word) for the bottom line: what has a hint and makes sense now."""
    return [
        hint(key.id, keymap) for place in places for key in KEYS if key.place == place and key.hint and makes_sense(key)
    ]
