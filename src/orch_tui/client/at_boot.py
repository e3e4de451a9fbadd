"""Having runs kept going after the machine was started anew: by a unit of systemd's user manager, else by crontab.

Each step is made of what there is, so that it may be taken again, and taken back: what was made here carries a mark.
"""

from __future__ import annotations

import getpass
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from orch_tui import process
from orch_tui.errors import MachineError, UserError

UNIT = "orch-tui.service"
MARK = "# made by `orch-tui service install`"
KEPT_ENV = ("PATH", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
"""What runners need of the environment and do not get at boot. Keys of services are not written down."""
Way = Literal["systemd", "cron", ""]


def way(env: Mapping[str, str]) -> Way:
    """What there is on this machine: the user manager of systemd answers, there is a crontab, or neither."""
    if shutil.which("systemctl", path=env.get("PATH")) and not _systemctl(env, "show-environment").code:
        return "systemd"
    return "cron" if shutil.which("crontab", path=env.get("PATH")) else ""


def unit_file(env: Mapping[str, str]) -> Path:
    """Where the unit is, installed or not."""
    base = env.get("XDG_CONFIG_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path(env.get("HOME", str(Path.home()))) / ".config"
    return home / "systemd" / "user" / UNIT


def unit(env: Mapping[str, str]) -> str:
    """The unit. Its end leaves runners and agents alone (`KillMode=process`)."""
    given = [f"Environment={_quoted(f'{name}={env[name]}')}" for name in KEPT_ENV if env.get(name)]
    command = " ".join(_quoted(word).replace("$", "$$") for word in _argv())
    return "\n".join(
        (
            MARK,
            "[Unit]",
            "Description=orch-tui: keeps runs going that are under way",
            "",
            "[Service]",
            f"ExecStart={command}",
            *given,
            "KillMode=process",
            "Restart=on-failure",
            "RestartSec=30",
            "",
            "[Install]",
            "WantedBy=default.target",
            "",
        )
    )


def crontab_line(env: Mapping[str, str]) -> str:
    """The line that starts it at boot."""
    given = [f"{name}={shlex.quote(env[name])}" for name in KEPT_ENV if env.get(name)]
    words = " ".join(("env", *given, shlex.join(_argv()), ">/dev/null", "2>&1"))
    return f"@reboot {words.replace('%', chr(92) + '%')} {MARK}"


def install(env: Mapping[str, str]) -> list[str]:
    """Make it so; returns what was done, and what is left to a person. Raises UserError, MachineError."""
    match way(env):
        case "systemd":
            file = unit_file(env)
            _refuse_foreign(file)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(unit(env))
            _done(env, "daemon-reload")
            _done(env, "enable", "--now", UNIT)
            return [f"installed and started {str(file)!r}", *_lingering(env)]
        case "cron":
            lines = [line for line in _crontab(env) if MARK not in line]
            _write_crontab(env, [*lines, crontab_line(env)])
            return ["added a line to your crontab; it works from the next boot on (until then: `orch-tui service run`)"]
        case _:
            raise UserError(
                "neither systemd's user manager nor crontab is there",
                hint=f"have this run when the machine starts: {shlex.join(_argv())}",
            )


def remove(env: Mapping[str, str]) -> list[str]:
    """Take back what `install` made, and nothing else; returns what was done."""
    done: list[str] = []
    file = unit_file(env)
    if file.exists():
        _refuse_foreign(file)
        if way(env) == "systemd":
            _done(env, "disable", "--now", UNIT)
        file.unlink()
        wanted = file.parent / "default.target.wants"
        (wanted / UNIT).unlink(missing_ok=True)  # where nobody is there to disable it
        for directory in (wanted, file.parent, file.parent.parent):
            if directory.is_dir() and not any(directory.iterdir()):
                directory.rmdir()
        if way(env) == "systemd":
            _done(env, "daemon-reload")
        done.append(f"removed {str(file)!r}")
    if shutil.which("crontab", path=env.get("PATH")):
        lines = _crontab(env)
        rest = [line for line in lines if MARK not in line]
        if rest != lines:
            _write_crontab(env, rest)
            done.append("removed the line from your crontab")
    return done or ["nothing was installed"]


def would(env: Mapping[str, str]) -> list[str]:
    """What `install` would do, for people to read or do themselves."""
    if way(env) == "systemd":
        file = unit_file(env)
        commands = ("systemctl --user daemon-reload", f"systemctl --user enable --now {UNIT}")
        return [f"write {str(file)!r}:", "", *unit(env).splitlines(), "", "run:", *commands]
    return ["add to your crontab:", crontab_line(env)]


def installed(env: Mapping[str, str]) -> list[str]:
    """What is installed, in words."""
    said = [f"systemd user unit: {str(unit_file(env))!r}"] if unit_file(env).exists() else []
    said += _lingering(env) if said and way(env) == "systemd" else []
    if shutil.which("crontab", path=env.get("PATH")) and any(MARK in line for line in _crontab(env)):
        said.append("a line in your crontab")
    return said or ["not installed"]


def _argv() -> list[str]:
    return [sys.executable, "-P", "-m", "orch_tui", "service", "run"]


def _quoted(word: str) -> str:
    """A word in a unit file, as systemd.service(5) and systemd.unit(5) have it."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _refuse_foreign(file: Path) -> None:
    if file.exists() and not file.read_text(errors="replace").startswith(MARK):
        raise UserError(f"{str(file)!r} is not ours", hint="move it out of the way")


def _lingering(env: Mapping[str, str]) -> list[str]:
    """Whether the user manager is there without a login, as far as loginctl tells."""
    if not shutil.which("loginctl", path=env.get("PATH")):
        return []
    said = process.run(["loginctl", "show-user", getpass.getuser(), "--property=Linger", "--value"], env=env).out
    if said.strip() == b"no":
        return ["it starts when you log in and ends when you log out; `loginctl enable-linger` makes that the boot"]
    return []


def _systemctl(env: Mapping[str, str], *arguments: str) -> process.Completed:
    return process.run(["systemctl", "--user", *arguments], env=env, timeout=30)


def _done(env: Mapping[str, str], *arguments: str) -> None:
    done = _systemctl(env, *arguments)
    if done.code:
        words = done.err.decode(errors="replace").strip()
        raise MachineError(
            f"systemctl --user {' '.join(arguments)} failed: {words}", hint="see `systemctl --user status`"
        )


def _crontab(env: Mapping[str, str]) -> list[str]:
    """The user's crontab, empty when there is none."""
    return process.run(["crontab", "-l"], env=env).out.decode(errors="surrogateescape").splitlines()


def _write_crontab(env: Mapping[str, str], lines: list[str]) -> None:
    if lines:
        text = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
        done = process.run(["crontab", "-"], env=env, stdin=text)
    else:
        done = process.run(["crontab", "-r"], env=env)
    if done.code:
        raise MachineError(f"crontab failed: {done.err.decode(errors='replace').strip()}", hint="see `crontab -l`")
