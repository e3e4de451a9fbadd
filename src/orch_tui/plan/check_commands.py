"""Commands that check a section's work, in the words of a plan: told from prose, and kept sign for sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

_COMMAND = re.compile(r"(?:[!\[]|\./|(?:[A-Z][A-Z0-9_]*=\S* )*[a-z0-9_.+-]+(?:/[\w.+-]+)*)(?:\s+\S|$)")
_SPAN = re.compile(r"`([^`\n]{1,4000})`")
_WHOLE = re.compile(r"`[^`\n]+`[.;]?")
_PROGRAM_NAMES = """
    pytest python python3 pip uv poetry tox nox ruff mypy pyright npm npx pnpm yarn bun node deno tsc vitest
    jest cargo go make cmake just bash sh curl git docker kubectl terraform mvn gradle gradlew dotnet rake
    bundle rails php composer swift xcodebuild flutter dart mix elixir ctest bazel pre-commit playwright cypress
    eslint biome grep test ls cat psql sqlite3 ansible helm openspec spec-kitty bd hatch
    [ ! cd env time timeout printf echo diff cmp find awk sed head tail wc sort jq yq perl ruby java javac
    tsx zig meson ninja pdm phpunit rspec shellcheck
"""
_PROGRAMS = frozenset(_PROGRAM_NAMES.split())
_VERDICTS = ("true", "false")
"""Commands only where they are all that is said: "returns `false`" tells of a value."""
_PROSE_WORDS = """
    a all also and any are as at be can each every green have if in is it its manually must no of on or pass passes
    passing should sure that the then there this through to under we when with without work works you your
"""
_PROSE = frozenset(_PROSE_WORDS.split())
"""Words of a sentence, which no argument of a command is that stands without marks of code."""
_ENDLESS = re.compile(
    r"&\s*$|\b(?:npm|pnpm|yarn|bun)(?: run)? (?:start|dev|serve|watch)\b|\b(?:next|vite|astro|nuxt) dev\b"
    r"|\bcompose (?:\S+ )*up\b(?!.*\s(?:-d|--detach|--wait)\b)|\brails s(?:erver)?\b|\bflask run\b|\bhttp\.server\b"
    r"|\btail -[fF]|\bport-forward\b|\brunserver\b|\s--watch\b"
)
"""What runs until somebody ends it."""
_ACTS = re.compile(r"git (?:-\S+ )*(?:add|commit|push|merge|rebase|checkout|switch|tag|worktree|reset|stash|pull)\b")
"""What is a step of the work, and a check of nothing."""
_GOES_ON = re.compile(r"(?:\\|[|({]|&&|\bdo|\bthen)$")


def coded(value: str) -> tuple[str, ...]:
    """The commands that stand between backticks in a sentence."""
    return tuple(one for span in _SPAN.findall(value) if _is_command(one := _bare(span)))


def named(value: str) -> tuple[str, ...]:
    """The commands in the value of a field: what stands in backticks, or a value that is one as a whole.

    A value that is nothing but one span is meant as a command, whatever program it begins with.
    """
    only = _bare(_SPAN.findall(value)[0]) if _WHOLE.fullmatch(value.strip()) else ""
    if only in _VERDICTS:
        return (only,)
    if " " in only:
        return (only,) if _COMMAND.match(only) and _checks(only) else ()
    if found := coded(value):
        return found
    bare = _bare(value)
    spoken = not bare.isascii() or not _PROSE.isdisjoint(bare.rstrip(".").lower().split())
    return (bare,) if "`" not in bare and not spoken and _is_command(bare) else ()


def listed(lines: Sequence[str]) -> tuple[str, ...]:
    """The commands in a shell block: each by itself where every line is one, else the block as it is.

    Where lines begin with a prompt ("$ "), the others are what was printed.
    """
    prompted = [line for line in lines if line.lstrip().startswith("$ ")]
    alone = [bare for line in prompted or lines if (bare := _bare(line)) and not bare.startswith("#")]
    if all(_is_command(one) and not _GOES_ON.search(one) and not one.startswith("cd ") for one in alone):
        return tuple(alone)
    return (dedent("\n".join(lines)).strip("\n"),)


def _bare(text: str) -> str:
    return text.strip().removeprefix("$ ").strip()


def _is_command(text: str) -> bool:
    words = text.split()
    first = next((word for word in words if not re.fullmatch(r"[A-Z][A-Z0-9_]*=\S*", word)), "")
    known = first.rpartition("/")[2] in _PROGRAMS or first.startswith("./")
    return known and bool(_COMMAND.match(text)) and _checks(text)


def _checks(text: str) -> bool:
    """Whether a command comes to an end by itself and looks at the work, instead of doing some of it."""
    return not _ENDLESS.search(text) and not _ACTS.match(text)
