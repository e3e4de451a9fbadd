"""Prompt templates: Jinja2 in a sandbox, undefined names are errors. Templates come from prompt files only, never from
a plan: plan text goes in as values and is never interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from orch_tui.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

VALUES = ("plan", "section", "upstreams", "isolated", "previous", "told", "phases", "conflict")
"""What the brief of a session can use."""


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
    from jinja2 import TemplateSyntaxError, meta

    try:
        used = meta.find_undeclared_variables(_environment().parse(template))
    except TemplateSyntaxError as error:
        raise ConfigError(f"{name}, line {error.lineno}: {error.message}") from error
    if unknown := sorted(used - frozenset(VALUES)):
        raise ConfigError(f"{name}: {unknown[0]!r} is undefined", hint=f"there are: {', '.join(VALUES)}")


@lru_cache(maxsize=32)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
