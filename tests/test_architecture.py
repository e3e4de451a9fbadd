"""The rules of the project that neither the type checker nor the linter can see, each checked by a test."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from orch_tui.agents.base import SessionEvent
from orch_tui.cli.commands import ROOMS
from orch_tui.cockpit.keys import KEYS
from orch_tui.core.attempt_events import AttemptEvent
from orch_tui.core.codec import EVENTS
from orch_tui.core.commands import OPS, SCOPES, Command
from orch_tui.core.decision_events import DecisionEvent
from orch_tui.core.effects import Effect
from orch_tui.core.events import Event
from orch_tui.core.mend_events import MendEvent
from orch_tui.core.run_events import RunEvent
from orch_tui.core.section_events import SectionEvent
from orch_tui.core.validation_events import ValidationEvent
from orch_tui.core.work_events import WorkEvent
from orch_tui.host.session import KINDS

TOP = Path(__file__).parents[1]
SRC = TOP / "src" / "orch_tui"
MODULES = sorted(SRC.rglob("*.py"))

OTHERWISE = {
    "create": "`orch-tui PLAN` and `run` create the run",
    "unmend": "`mend undo`",
    "remend": "`mend redo`",
    "accept": "`proposals accept`",
    "dismiss": "`proposals dismiss`",
}
"""Commands without a subcommand of their own, and how a person gives them."""

WITHOUT_A_KEY = {
    "create": "opening the plan creates the run",
    "resume": "the pause keys resume what is paused",
}

LIMIT = 400
"""Lines of a file: what is longer holds two ideas."""

CLOCKS = {
    "clock.py": "the clock itself",
    "cli/text.py": "a front end's own clock, to say how long something waits",
    "store/inbox.py": "a command's id is sortable by time",
}
"""Files that may look at the wall clock, each with the reason."""


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def name(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def attributes(path: Path) -> Iterator[ast.Attribute]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute))


def _calls_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named_in_matches(*paths: str) -> set[str]:
    """Every class named in a `case X():` or in an isinstance test of these files."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(tree(SRC / path)):
            if isinstance(node, ast.MatchClass):
                names.add(ast.unparse(node.cls).rpartition(".")[2])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
                names.update(re.findall(r"\w+", ast.unparse(node.args[1])))
    return names


def names_of(union: Any) -> set[str]:
    return {kind.__name__ for kind in get_args(union)}


def tracked() -> Iterator[Path]:
    """The files of the project: what git tracks, or what stands in an unpacked source distribution."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False)
    listed = [TOP / name for name in done.stdout.decode().split("\0") if name]
    return (path for path in listed or TOP.rglob("[!.]*") if path.is_file() and not hidden(path))


def hidden(path: Path) -> bool:
    folders = path.relative_to(TOP).parts[:-1]
    return any((part[0] == "." and part != ".ci") or part == "__pycache__" for part in folders)


# --- vocabularies ----------------------------------------------------------------------------------------------------


def test_every_event_is_folded():
    assert names_of(Event) <= named_in_matches(
        "core/apply.py", "core/apply_attempt.py", "core/apply_plan.py", "core/deciding.py", "core/validation.py"
    )


def test_every_event_is_in_exactly_one_group_and_known_to_the_codec():
    unions = (RunEvent, DecisionEvent, MendEvent, ValidationEvent, SectionEvent, AttemptEvent, WorkEvent)
    groups = [names_of(group) for group in unions]
    assert sum(map(len, groups)) == len(set[str]().union(*groups)) == len(EVENTS)
    assert set(EVENTS) == names_of(Event)


def test_every_class_written_down_as_an_event_is_in_the_union():
    files = (tree(path) for path in sorted((SRC / "core").glob("*events.py")))
    classes = {node.name for file in files for node in file.body if isinstance(node, ast.ClassDef)}
    assert classes - names_of(Event) == {"Asked", "Settings", "SectionEntry", "RuleFile", "Repository"}


def test_every_command_is_decided_and_has_a_name_and_a_scope():
    assert names_of(Command) <= named_in_matches("core/decide.py", "core/decide_plan.py", "core/decide_section.py")
    assert {kind.__name__ for kind in OPS.values()} == names_of(Command)
    assert set(SCOPES) == set(OPS)


def test_every_command_a_person_may_give_is_a_subcommand():
    assert set(OPS) - set(ROOMS) == set(OTHERWISE)


def test_every_command_a_person_may_give_has_a_key_in_the_cockpit():
    assert set(OPS) - {key.op for key in KEYS} == set(WITHOUT_A_KEY)


def test_every_effect_is_performed():
    assert names_of(Effect) <= named_in_matches("engine/perform.py")


def test_every_effect_is_the_reaction_to_an_event():
    trees = (tree(SRC / "core" / name) for name in ("rules.py", "releasing.py"))
    made = {node.func.id for one in trees for node in ast.walk(one) if _calls_a_name(node)}  # pyright: ignore
    assert names_of(Effect) <= made


def test_every_session_event_has_a_kind_in_the_transcript():
    assert set(KINDS) == names_of(SessionEvent)
    assert len(set(KINDS.values())) == len(KINDS)


@pytest.mark.parametrize(
    "kind", [*get_args(Event), *get_args(Command), *get_args(Effect)], ids=lambda kind: kind.__name__
)
def test_what_is_said_cannot_be_changed_afterwards(kind: type):
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # pyright: ignore
    assert "__slots__" in vars(kind)
    assert all(field.kw_only for field in fields(kind))


# --- layers ----------------------------------------------------------------------------------------------------------


def test_the_import_floors_hold():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("orch_tui.cli.query", ("pydantic", "textual", "click", "rich", "yaml", "asyncio")),
        ("orch_tui.main", ("pydantic", "textual", "click", "rich", "yaml", "asyncio")),
        ("orch_tui.cli.commands", ("pydantic", "textual", "asyncio", "yaml")),
        ("orch_tui.cli.opening", ("pydantic", "textual", "asyncio", "yaml")),
        ("orch_tui.cli.mending", ("textual", "claude_agent_sdk", "anthropic", "yaml", "orch_tui.plan.parsing")),
        ("orch_tui.cockpit.entry", ("pydantic", "claude_agent_sdk", "anthropic", "yaml", "orch_tui.core")),
        (
            "orch_tui.engine.runner",
            ("textual", "click", "rich", "claude_agent_sdk", "anthropic", "orch_tui.plan.document"),
        ),
        ("orch_tui.client.launch", ("textual", "click", "orch_tui.plan.parsing")),
        ("orch_tui.host.session", ("textual", "click", "rich", "pydantic", "claude_agent_sdk", "anthropic")),
    ],
)
def test_importing_is_light(module: str, heavy: tuple[str, ...]):
    code = f"import sys, {module}; print(*sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_only_process_starts_programs():
    starting = re.compile(
        r"^\s*(import subprocess|from subprocess)|create_subprocess_|os\.fork|os\.exec|posix_spawn", re.M
    )
    found = {name(path) for path in MODULES if starting.search(path.read_text(encoding="utf-8"))}
    assert found == {"process.py"}


def test_only_the_rim_looks_at_the_clock():
    looking = {"time.time", "time.time_ns", "datetime.now", "datetime.datetime.now", "datetime.utcnow", "date.today"}
    found = {name(path) for path in MODULES if any(ast.unparse(node) in looking for node in attributes(path))}
    assert found == set(CLOCKS)


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_holds_one_idea():
    long = {name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > LIMIT}
    assert long == set(), f"past {LIMIT} lines: split it"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_lives_in_it(path: Path):
    words = ast.get_docstring(tree(path))
    assert words
    assert words.splitlines()[0].rstrip().endswith((".", ":", "?", ")", ",", ";")) or len(words.splitlines()) > 1


def test_nothing_is_called_for_what_it_is_not():
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base_utils"}
    assert {name(path) for path in MODULES if path.stem in vague} == set()


def test_no_file_names_a_machine_of_its_author():
    roots = "|".join(("work", "root", "Users", "home/(?!you/|me/)[a-z]+", "opt/pypi", "tmp/v0"))
    hosts = "|".join(("pypi", "pythonhosted", "npmjs", "crates")) + r")\.(?:org|com|io"
    bound = re.compile(rf"(?<![\w.~}}-])/(?:{roots})/|\b(?:{hosts})\b|BEGIN [A-Z ]*PRIVATE KEY")
    found = [f"{path.relative_to(TOP)}: {hit[0]}" for path in tracked() for hit in bound.finditer(text(path))]
    assert found == []


def test_every_test_module_has_a_name_of_its_own():
    names = [path.name for path in (TOP / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == [], "pytest takes modules of one name for one"


# --- documents -------------------------------------------------------------------------------------------------------

DOCUMENTS = [TOP / "README.md", TOP / "AGENTS.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_what_a_document_points_at_exists(path: Path):
    links = [link for link in re.findall(r"\]\(([^)#]+)", text(path)) if "://" not in link]
    places = re.findall(r"`((?:src|tests|docs|prompts|themes|workflows|examples|benchmarks)/[\w./-]+)`", text(path))
    missing = [link for link in links if not (path.parent / link).exists()]
    missing += [place for place in places if not (TOP / place).exists()]
    assert missing == []


def test_the_readme_names_every_subcommand_and_every_command_key():
    words = text(TOP / "README.md")
    assert [command for command in ROOMS if f"`{command}" not in words and f"orch-tui {command}" not in words] == []
    keys = {key.keys.split(",")[0] for key in KEYS if key.op and key.place in {"review", "run"}}
    assert {key for key in keys if f"`{key}`" not in words} == set()
