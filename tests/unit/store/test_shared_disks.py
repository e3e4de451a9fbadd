"""Where two machines could run the same plan, nobody does."""

import os
from pathlib import Path

import pytest

from orch_tui.errors import StateError
from orch_tui.store import shared_disks
from orch_tui.store.lock import Lock
from orch_tui.store.shared_disks import is_shared, refuse_other_machine

SHARED = """
nfs nfs4 cifs smb3 9p ceph lustre beegfs gpfs vboxsf vmhgfs virtiofs afs fuse fuse.sshfs fuse.s3fs fuse.gcsfuse
fuse.rclone fuse.glusterfs fuse.vmhgfs-fuse fuse.osxfs fuse.nobody-knows
"""
LOCAL = """
ext4 xfs btrfs zfs tmpfs overlay apfs f2fs fuseblk fuse.fuse-overlayfs fuse.ntfs-3g fuse.gocryptfs fuse.mergerfs exfat
vfat ntfs3 ecryptfs
"""


def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str) -> Path:
    """A state directory with a mount table, in which {0} is the directory as such tables have it."""
    path = tmp_path / "büro a" / ".orch"
    path.mkdir(parents=True)
    (tmp_path / "mounts").write_text(mounts.format(str(path.parent).replace(" ", "\\040")))
    monkeypatch.setattr(shared_disks, "_MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(shared_disks, "_fit", set())
    return path


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("disk / ext4 rw 0 0\nserver:/x {0} nfs4 rw 0 0\n", "nfs4"),
        ("disk / ext4 rw 0 0\nserver:/x {0} fuse.sshfs rw 0 0\n", "fuse.sshfs"),
        ("server:/ / nfs rw 0 0\ndisk {0} ext4 rw 0 0\n", ""),
        ("disk {0} ext4 rw 0 0\n//box/share {0} cifs rw 0 0\n", "cifs"),
        ("disk / ext4 rw 0 0\nserver:/x {0}x nfs rw 0 0\nbroken\n\n", ""),
    ],
)
def test_a_lock_is_not_taken_on_a_network_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, kind: str
):
    path = mounted(tmp_path, monkeypatch, mounts)
    mine = Lock(path / "lock")
    if kind:
        with pytest.raises(StateError, match=kind):
            mine.acquire({})
    else:
        assert mine.acquire({})
        mine.release()


@pytest.mark.parametrize("kind", SHARED.split())
def test_what_two_machines_can_have_is_shared(kind: str):
    assert is_shared(kind)


@pytest.mark.parametrize("kind", LOCAL.split())
def test_what_one_machine_has_is_not(kind: str):
    assert not is_shared(kind)


@pytest.mark.parametrize("name", [os.uname().nodename, "*"])
def test_who_says_that_one_machine_alone_runs_plans_there_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    path = mounted(tmp_path, monkeypatch, "server:/x {0} nfs rw 0 0\n")
    with pytest.raises(StateError) as refused:
        Lock(path / "lock").acquire({})
    assert str(path / "machines") in refused.value.hint
    assert os.uname().nodename in refused.value.hint
    (path / "machines").write_text(f"another\n{name}\n")
    mine = Lock(path / "lock")
    assert mine.acquire({})
    mine.release()


def test_another_machine_that_is_not_named_is_still_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = mounted(tmp_path, monkeypatch, "server:/x {0} nfs rw 0 0\n")
    (path / "machines").write_text("another\n")
    with pytest.raises(StateError):
        Lock(path / "lock").acquire({})


def test_a_runner_of_another_machine_that_did_not_end_in_order_may_be_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = mounted(tmp_path, monkeypatch, "server:/x {0} nfs rw 0 0\n")
    with pytest.raises(StateError, match="'another' and did not end in order"):
        refuse_other_machine(path, {"host": "another"})
    refuse_other_machine(path, {"host": os.uname().nodename})
    refuse_other_machine(path, None)


def test_on_a_local_disk_the_lock_is_the_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A machine that got another name, or a disk that went to another one."""
    path = mounted(tmp_path, monkeypatch, "disk {0} ext4 rw 0 0\n")
    refuse_other_machine(path, {"host": "another"})
