"""File systems that two machines can have at once, where a lock of one does not keep the other out: refused.

Which kinds these are is a list, and what FUSE serves is one unless it is known to be local: better stop than have two
runners. Who knows that one machine alone runs plans there names it in `.orch/machines`, a name in each line.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from orch_tui.errors import StateError
from orch_tui.store.layout import machines

# fmt: off
_SHARED = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "9p", "ncpfs", "ncp", "afs", "coda", "davfs", "webdav",
    "ceph", "lustre", "beegfs", "fhgfs", "gpfs", "glusterfs", "orangefs", "pvfs2", "ocfs2", "gfs2", "panfs", "wekafs",
    "vboxsf", "vmhgfs", "virtiofs", "prl_fs", "osxfs", "grpcfuse", "fakeowner", "drvfs",
})
"""Network and cluster file systems, and directories that a virtual machine has of its host."""
_LOCAL_FUSE = frozenset({
    "fuse-overlayfs", "ntfs-3g", "ntfs", "exfat", "fuse2fs", "fuse-ext2", "apfs-fuse", "zfs-fuse", "zfs", "lxcfs",
    "gocryptfs", "encfs", "cryfs", "bindfs", "mergerfs", "unionfs", "unionfs-fuse", "squashfuse", "portal",
})
# fmt: on
ANY = "*"
_MOUNTS = Path("/proc/self/mounts")
_fit: set[int] = set()
"""Devices that are known to be fit."""
_OCTAL = re.compile(rb"\\([0-7]{3})")


def refuse_shared(path: Path) -> None:
    """Raises StateError when `path` lies where flock does not keep two machines apart, and nobody said it is all right.

    A file system is looked up once in the life of this process, and of those forked from it.
    """
    try:
        device = path.stat().st_dev
    except OSError:
        return  # the lock cannot be made there either, and that is told
    if device in _fit:
        return
    kind, here = file_system(path), os.uname().nodename
    if is_shared(kind) and not {here, ANY} & _named(path):
        where = str(machines(path) or path)
        raise StateError(
            f"{str(path)!r} lies on a file system of kind {kind!r}, which two machines can have at once: both could "
            "run the same plan",
            hint=f"use a checkout on a local disk; if this machine alone runs plans there, write its name, {here!r}, "
            f"into {where!r}",
        )
    _fit.add(device)


def refuse_other_machine(path: Path, last: Mapping[str, object] | None) -> None:
    """Raises StateError when the last runner, which did not end in order, was on another machine that has the disk too.

    `last` is what it left in its lock. On a local disk the lock itself is the proof that it is gone.
    """
    host, here = str((last or {}).get("host", "")), os.uname().nodename
    if host not in ("", here) and is_shared(kind := file_system(path)):
        raise StateError(
            f"the last runner of {path.name!r} was on the machine {host!r} and did not end in order; on {kind!r} "
            "nobody can tell whether it is at work",
            hint=f"see that it is not, then remove {str(path / 'lock')!r}",
        )


def is_shared(kind: str) -> bool:
    """Whether two machines can have a file system of this kind at once, or nobody knows that they cannot."""
    kind = kind.lower()
    name = kind.removeprefix("fuse.")
    return kind in _SHARED or kind == "fuse" or (name != kind and name not in _LOCAL_FUSE)


def _named(path: Path) -> set[str]:
    """The machines that may run plans of the project that `path` belongs to."""
    file = machines(path)
    with contextlib.suppress(OSError):
        return {line.strip() for line in file.read_text(errors="replace").splitlines()} if file else set()
    return set()


def file_system(path: Path) -> str:
    """The type of the file system `path` is on, by the longest mount point above it; "" when it cannot be known."""
    try:
        mounts = _MOUNTS.read_bytes()
    except OSError:
        return ""
    wanted, best, kind = str(path.resolve()), -1, ""
    for fields in (line.split(b" ") for line in mounts.split(b"\n")):
        if len(fields) < 3:
            continue
        point = os.fsdecode(_OCTAL.sub(lambda code: bytes((int(code[1], 8) & 255,)), fields[1]))
        inside = wanted == point or wanted.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), os.fsdecode(fields[2])
    return kind
