"""Files for users that come with the program: themes, workflows, prompts, examples. The user's own come before them.

Search order for `<kind>/<name>`: the project's `.orch/`, the user's configuration directory, then what is packaged
(`orch_tui/data/` in an installed wheel, the top of the repository in an editable checkout).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from orch_tui.directories import config_dir
from orch_tui.errors import ConfigError

Kind = Literal["themes", "workflows", "prompts", "examples"]
LARGEST = 4 * 1024 * 1024
"""Bytes such a file may have."""
_PACKAGE = Path(__file__).parent


def find(kind: Kind, name: str, *, root: Path | None = None) -> Path:
    """The file `name` (with its extension) of a kind; `root` is the project. Raises ConfigError when there is none."""
    if Path(name).name != name or name in ("", ".", ".."):
        raise ConfigError(f"{name!r} is not the name of a file in {kind}", hint="give the name alone, without a path")
    for folder in _folders(kind, root):
        if (folder / name).is_file():
            return folder / name
    present = ", ".join(names(kind, root=root)) or "none"
    raise ConfigError(f"there is no {name!r} in {kind}", hint=f"there are: {present}")


def names(kind: Kind, *, root: Path | None = None) -> list[str]:
    """The names of all files of a kind, sorted, each once however often it is overridden."""
    return sorted(
        {
            path.name
            for folder in _folders(kind, root)
            if folder.is_dir()
            for path in folder.iterdir()
            if path.is_file() and not path.name.startswith(".")
        }
    )


def read(kind: Kind, name: str, *, root: Path | None = None) -> str:
    """The text of `find(kind, name)`. Raises ConfigError when there is none or it is no text."""
    return found(kind, name, root=root)[1]


def found(kind: Kind, name: str, *, root: Path | None = None) -> tuple[Path, str]:
    """`find(kind, name)` and its text. Raises ConfigError as that and `read` do."""
    path = find(kind, name, root=root)
    return path, read_file(path)


def read_file(path: Path) -> str:
    """The text of such a file, wherever it is. Raises ConfigError when it is no text."""
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"{str(path)!r} is larger than {LARGEST} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{str(path)!r} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error.strerror}", hint="check its rights") from error


def is_packaged(path: Path) -> bool:
    """Whether such a file came with the program."""
    return path.is_relative_to(_packaged())


def _folders(kind: Kind, root: Path | None) -> list[Path]:
    own = [] if root is None else [root / ".orch" / kind]
    return [*own, config_dir(os.environ) / kind, _packaged() / kind]


def _packaged() -> Path:
    wheel = _PACKAGE / "data"
    return wheel if wheel.is_dir() else _PACKAGE.parents[1]
