"""Prompt templates: Jinja2 in a sandbox, undefined names are errors. Templates come from prompt files only, never from
a plan: plan text goes in as values and is never interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from orch_tui.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

VALUES = (
    "run",
    "plan",
    "section",
    "upstreams",
    "isolated",
    "previous",
    "told",
    "phases",
    "decisions",
    "rules",
    "conflict",
    "earlier",
)
"""What the brief of a session can use."""
RUN_VALUES = (*VALUES, "branch", "base")
"""What the arguments of a phase's program can use: also the section's branch and the commit it began at."""


def render(template: str, values: Mapping[str, object], *, name: str) -> str:
    """The text of `template` with `values`. Raises ConfigError naming the file `name` and the line."""
    from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

    try:
        return _compiled(template).render(values)
    except TemplateSyntaxError as error:
        raise ConfigError(f"{name}, line {error.lineno}: {error.message}") from error
    except UndefinedError as error:
        raise ConfigError(f"{name}: {error.message}", hint=f"there are: {', '.join(values)}") from error
    except TemplateError as error:
        raise ConfigError(f"{name}: {error.message}") from error


def check_template(template: str, *, name: str) -> None:
    """Raises ConfigError, naming file and line, for a template that cannot be read or uses what no brief has."""
    if wrong := fault(template, VALUES):
        where = f", line {wrong.line}" if wrong.line else ""
        raise ConfigError(f"{name}{where}: {wrong.message}", hint=wrong.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a template; `line` is 0 where it is not of one line."""

    message: str
    line: int = 0
    hint: str = ""


def fault(template: str, known: Sequence[str]) -> Fault | None:
    """What would go wrong with a template that has the values `known`, as far as it shows beforehand."""
    from jinja2 import TemplateSyntaxError, meta

    try:
        used = meta.find_undeclared_variables(_environment().parse(template))
    except TemplateSyntaxError as error:
        return Fault(message=str(error.message), line=error.lineno)
    if unknown := sorted(used - frozenset(known)):
        return Fault(message=f"{unknown[0]!r} is undefined", hint=f"there are: {', '.join(known)}")
    return None


def is_template(text: str) -> bool:
    """Whether there is something to fill in; else the template engine need not even be imported."""
    return "{{" in text or "{%" in text or "{#" in text


def phases_named(template: str) -> list[str]:
    """The phases whose words a template that can be read uses: `phases.plan`, `phases["plan"]`."""
    from jinja2 import nodes

    found: list[str] = []
    for node in _environment().parse(template).find_all((nodes.Getattr, nodes.Getitem)):
        of = node.node
        if isinstance(of, nodes.Name) and of.name == "phases":
            if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
                found.append(str(node.arg.value))
            elif isinstance(node, nodes.Getattr) and node.attr not in dir(dict):
                found.append(node.attr)
    return found


@lru_cache(maxsize=32)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
