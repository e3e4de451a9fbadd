"""Prompt templates: Jinja2 in a sandbox, undefined names are errors. Templates come from prompt files only, never from
a plan: plan text goes in as values and is never interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from orch_tui.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Template


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


@lru_cache(maxsize=32)
def _compiled(template: str) -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
    return environment.from_string(template)
