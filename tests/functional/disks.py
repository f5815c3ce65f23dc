"""Disks of one's own that can be full, turn read-only, or lose what was not synced: small file systems that are mounted
for a test. Mounting needs root."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import struct
import time

import pytest

from cluster import run

# ext4's own ioctl (fs/ext4/ext4.h), as XFS's FS_IOC_SHUTDOWN; NOLOGFLUSH: nothing more reaches the disk.
EXT4_IOC_SHUTDOWN = 0x8004587D
NOLOGFLUSH = 2
IMAGE_BYTES = 256 * 1024 * 1024
UNMOUNT_S = 20


def do(*command):
    done = run(*command)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def skip_unless_possible(*programs):
    """Says which thing this machine lacks."""
    missing = [name for name in ("mount", "umount", *programs) if not shutil.which(name)]
    if missing:
        pytest.skip(f"not run: {', '.join(missing)} missing")
    if os.geteuid() != 0:
        pytest.skip("not run: mounting a file system needs root")


def mount_or_skip(*arguments):
    done = run("mount", *arguments)
    if done.returncode != 0:
        pytest.skip(f"not run: mount {' '.join(map(str, arguments))}: {done.stderr.strip()}")


def unmount(folder):
    """A process that was killed a moment ago may still hold it."""
    deadline = time.monotonic() + UNMOUNT_S
    while (done := run("umount", folder)).returncode != 0:
        assert time.monotonic() < deadline, done.stderr
        time.sleep(0.1)


def keep_data_on(node, folder):
    """Before `init`: that node's data folder is there."""
    text = node.config.read_text()
    assert 'data_dir = "data"' in text
    node.config.write_text(text.replace('data_dir = "data"', f'data_dir = "{folder}/{node.code}"'))


@contextlib.contextmanager
def small_disk(folder, size_bytes):
    """A file system in memory that has so much room."""
    skip_unless_possible()
    folder.mkdir()
    mount_or_skip("-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", folder)
    try:
        yield folder
    finally:
        unmount(folder)


class Ext4:
    """A disk in a file."""

    def __init__(self, folder):
        self.folder = folder
        self.image = folder.with_suffix(".img")
        self.mounting = ("-o", "loop,errors=remount-ro", self.image, self.folder)
        self.mounted = False
        self.powered = True

    def attach(self):
        if not self.powered:
            # What is on the disk, in a file of its own: who entered a mount namespace meanwhile, as `ip netns exec` does,
            # keeps the file system of before, and mounting that file again would give it back as it is: without power.
            copy = self.image.with_suffix(".copy")
            do("cp", "--sparse=always", self.image, copy)
            copy.rename(self.image)
            self.powered = True
        do("mount", *self.mounting)
        self.mounted = True

    def detach(self):
        if self.mounted:
            self.mounted = False
            unmount(self.folder)

    def cut_power(self):
        """From this moment nothing is written any more, and what is only in memory is lost at `detach`."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
            self.powered = False
        finally:
            os.close(folder)

    def fail(self):
        """As when the disk returns nonsense: the file system turns read-only."""
        device = pathlib.Path(do("findmnt", "-no", "SOURCE", self.folder)).name
        trigger = pathlib.Path("/sys/fs/ext4", device, "trigger_fs_error")
        if not trigger.exists():
            pytest.skip(f"not run: {trigger} missing")
        trigger.write_text("a test\n")

    def repair(self):
        """Mounts what can be read of it anew, as its operator does."""
        self.detach()
        done = run("e2fsck", "-p", self.image)
        assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: errors were corrected
        self.attach()


@contextlib.contextmanager
def ext4(folder):
    skip_unless_possible("mkfs.ext4", "e2fsck", "findmnt")
    disk = Ext4(folder)
    folder.mkdir()
    with open(disk.image, "wb") as image:
        image.truncate(IMAGE_BYTES)
    do("mkfs.ext4", "-q", "-F", disk.image)
    try:
        mount_or_skip(*disk.mounting)
        disk.mounted = True
        yield disk
    finally:
        disk.detach()
        disk.image.unlink()
