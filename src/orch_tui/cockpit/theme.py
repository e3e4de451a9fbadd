"""The cockpit's themes: YAML files of colours from `themes/`, the user's own before the packaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from textual.app import App
from textual.color import Color, ColorParseError
from textual.theme import Theme

from orch_tui import resources
from orch_tui.errors import ConfigError, OrchError

DARK, LIGHT = "orch-dark", "orch-light"
_COLOURS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
)


def begin_with(app: App[Any], name: str, root: Path) -> str:
    """Give an app that does not run yet the theme `name`, the dark one where that cannot be had; then why not, else "".

    Given to a running one, every style would be worked out a second time before anything is seen.
    """
    found, wrong = _found(name, root)
    app.register_theme(found)
    app.set_reactive(App.theme, found.name)
    app.stylesheet.set_variables(app.get_css_variables())
    return wrong


def change(app: App[Any], name: str, root: Path) -> str:
    """Give a running app the theme `name`, else the dark one; then why not, else ""."""
    found, wrong = _found(name, root)
    app.register_theme(found)
    app.theme = found.name
    return wrong


def _found(name: str, root: Path) -> tuple[Theme, str]:
    try:
        return load(name, root), ""
    except OrchError as error:
        if name == DARK:
            raise
        return load(DARK, root), error.line()


def load(name: str, root: Path | None = None) -> Theme:
    """The theme `name` (without ending); `root` is the project. Raises ConfigError with the file and what is wrong."""
    import yaml

    file = f"{name}.yaml"
    try:
        data: object = yaml.safe_load(resources.read("themes", file, root=root))
    except yaml.YAMLError as error:
        raise ConfigError(f"themes/{file} is not YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"themes/{file} is not a list of colours", hint="see themes/orch-dark.yaml")
    return _theme(name, file, cast("dict[str, Any]", data))


def _theme(name: str, file: str, data: dict[str, Any]) -> Theme:
    unknown = [key for key in data if key not in {*_COLOURS, "dark", "variables"}]
    if unknown:
        raise ConfigError(f"themes/{file}: unknown colour {unknown[0]!r}", hint=f"there are {', '.join(_COLOURS)}")
    if "primary" not in data:
        raise ConfigError(f"themes/{file}: 'primary' is missing")
    colours: dict[str, Any] = {key: _colour(file, key, data[key]) for key in _COLOURS if key in data}
    variables = cast("dict[str, Any]", data.get("variables") or {})
    checked = {key: _colour(file, key, value) for key, value in variables.items()}
    return Theme(name=name, dark=bool(data.get("dark", True)), variables=checked, **colours)


def _colour(file: str, key: str, value: object) -> str:
    try:
        Color.parse(str(value))
    except ColorParseError as error:
        raise ConfigError(f"themes/{file}: {key!r} is {value!r}, which is no colour", hint="write '#7aa2c9'") from error
    return str(value)
