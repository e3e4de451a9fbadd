"""The service, installed and removed with programs that stand in for systemd and cron."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orch_tui.client import at_boot
from orch_tui.errors import UserError

SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$LOG"
wants="$XDG_CONFIG_HOME/systemd/user/default.target.wants"
case "$2" in
  enable) /bin/mkdir -p "$wants"; /bin/ln -sf ../orch-tui.service "$wants/orch-tui.service" ;;
  disable) /bin/rm -f "$wants/orch-tui.service" ;;
esac
"""
LOGINCTL = """#!/bin/sh
echo no
"""
CRONTAB = """#!/bin/sh
case "$1" in
  -l) [ -e "$TAB" ] || { echo "no crontab for you" >&2; exit 1; }; /bin/cat "$TAB" ;;
  -r) /bin/rm "$TAB" ;;
  -) /bin/cat > "$TAB" ;;
esac
"""


class Machine:
    """A home, a PATH with what is put there, and what was asked of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bin, self.log, self.tab = path / "bin", path / "log", path / "tab"
        self.bin.mkdir()
        (path / "config").mkdir()
        self.env = {
            "PATH": str(self.bin),
            "HOME": str(path),
            "XDG_CONFIG_HOME": str(path / "config"),
            "XDG_STATE_HOME": str(path / "state 100%"),
            "LOG": str(self.log),
            "TAB": str(self.tab),
        }

    def has(self, name: str, text: str) -> None:
        """A program is there."""
        file = self.bin / name
        file.write_text(text)
        file.chmod(0o755)

    def asked(self) -> list[str]:
        """What systemctl was asked, but for whether it is there."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if "show-environment" not in line]

    def files(self) -> list[Path]:
        """Everything in the user's configuration."""
        return sorted((self.path / "config").rglob("*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_unit_is_installed_and_removed_without_a_trace(machine: Machine):
    machine.has("systemctl", SYSTEMCTL)
    machine.has("loginctl", LOGINCTL)
    said = at_boot.install(machine.env)
    unit = at_boot.unit_file(machine.env).read_text()
    assert f'ExecStart="{sys.executable}" "-P" "-m" "orch_tui" "service" "run"' in unit
    assert f'Environment="XDG_STATE_HOME={machine.path}/state 100%%"' in unit
    assert "KillMode=process" in unit
    assert machine.asked() == ["--user daemon-reload", "--user enable --now orch-tui.service"]
    assert any("loginctl enable-linger" in line for line in said)
    assert "systemd user unit" in at_boot.installed(machine.env)[0]
    at_boot.remove(machine.env)
    assert machine.files() == []
    assert machine.asked()[2:] == ["--user disable --now orch-tui.service", "--user daemon-reload"]
    assert at_boot.installed(machine.env) == ["not installed"]


def test_installing_again_is_the_same(machine: Machine):
    machine.has("systemctl", SYSTEMCTL)
    at_boot.install(machine.env)
    before = [(path, path.read_bytes()) for path in machine.files() if path.is_file()]
    at_boot.install(machine.env)
    assert [(path, path.read_bytes()) for path in machine.files() if path.is_file()] == before


def test_a_unit_of_that_name_that_somebody_else_made_is_left_alone(machine: Machine):
    machine.has("systemctl", SYSTEMCTL)
    file = at_boot.unit_file(machine.env)
    file.parent.mkdir(parents=True)
    file.write_text("[Unit]\n")
    for what in (at_boot.install, at_boot.remove):
        with pytest.raises(UserError, match="is not ours"):
            what(machine.env)
    assert file.read_text() == "[Unit]\n"


def test_without_systemd_a_line_goes_into_the_crontab_and_out_again(machine: Machine):
    machine.has("systemctl", "#!/bin/sh\nexit 1\n")
    machine.has("crontab", CRONTAB)
    machine.tab.write_text("0 4 * * * backup\n")
    at_boot.install(machine.env)
    at_boot.install(machine.env)
    kept, ours = machine.tab.read_text().splitlines()
    assert kept == "0 4 * * * backup"
    assert ours.startswith("@reboot env PATH=")
    assert "state 100\\%'" in ours
    assert f"{sys.executable} -P -m orch_tui service run" in ours
    at_boot.remove(machine.env)
    assert machine.tab.read_text() == "0 4 * * * backup\n"


def test_a_crontab_that_held_nothing_else_is_gone_again(machine: Machine):
    machine.has("crontab", CRONTAB)
    at_boot.install(machine.env)
    at_boot.remove(machine.env)
    assert not machine.tab.exists()
    assert at_boot.remove(machine.env) == ["nothing was installed"]


def test_where_there_is_neither_the_command_is_told(machine: Machine):
    with pytest.raises(UserError) as told:
        at_boot.install(machine.env)
    assert "orch_tui service run" in told.value.hint


def test_what_would_be_done_can_be_seen_beforehand(machine: Machine):
    machine.has("systemctl", SYSTEMCTL)
    lines = at_boot.would(machine.env)
    assert at_boot.unit(machine.env).splitlines()[1] in lines
    assert "systemctl --user enable --now orch-tui.service" in lines
    assert (machine.files(), machine.asked()) == ([], [])
