"""What a process can see of the disks: a root of its own, or the machine's behind covers; read-only but for its folder.

Linux only. What fails raises `OSError`.
"""

from __future__ import annotations

import os

from . import kernel
from .kernel import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_REC, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}
_OF_THE_MACHINE = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/acpi", "/proc/scsi")
"""What of /proc is not of processes, and is open to whoever is root."""
PROCESSES = ("/proc/cpuinfo", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo", "/proc/stat", "/proc/version")
"""What programs ask /proc beside processes."""
_SHARED_MEMORY = 1 << 26


class Disks:
    """The mounts of a namespace that nobody else is in. `folder` is empty, and becomes the root while it is made.

    With `everything` the root stays what it is, and only covers are put over what is hidden.
    """

    def __init__(self, folder: str, *, everything: bool) -> None:
        self._folder, self._root = folder, "" if everything else folder
        self._own = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        self._shown: list[str] = ["/"] if everything else []
        self._held: dict[str, int] = {}
        kernel.mount("none", "/", flags=MS_REC | MS_PRIVATE)
        if not everything:
            kernel.mount("none", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
        self._nothing = f"{folder}/nothing"
        os.close(os.open(self._nothing, os.O_CREAT | os.O_WRONLY, 0))

    def hold(self, places: Iterable[str]) -> None:
        """Take hold of what is to be shown whatever is hidden afterwards."""
        for place in places:
            if os.path.exists(place):
                self._held[os.path.realpath(place)] = os.open(place, os.O_PATH | os.O_CLOEXEC)

    def show(self, path: str) -> None:
        """Show a file or a folder with all that is in it.

        Links on the way are made anew, and where they lead is shown.
        """
        place, names = "", path.strip("/").split("/")
        for number, name in enumerate(names, 1):
            place += f"/{name}"
            if self._is_shown(place):
                return
            if os.path.islink(place):
                target = os.readlink(place)
                self._make_folder(os.path.dirname(place))
                with suppress(FileExistsError):
                    os.symlink(target, self._root + place)
                led = os.path.normpath(os.path.join(os.path.dirname(place), target))
                self.show("/".join([led, *names[number:]]))
                return
        if os.path.exists(path):
            self._bind(path, path)
            self._shown.append(path)

    def _is_shown(self, place: str) -> bool:
        return any(f"{place}/".startswith(f"{each.rstrip('/')}/") for each in self._shown)

    def hide(self, path: str) -> None:
        """Put a cover over a file or a folder that is shown, so that only what is held can be found in it."""
        real = os.path.realpath(path)
        place = self._root + real
        if real == "/" or not os.path.lexists(place):
            return
        if os.path.isdir(place):
            within = any(each.startswith(f"{real}/") for each in self._held)
            self._cover(place, f"size=65536,mode={'711' if within else '0'}")
        else:
            kernel.mount(self._nothing, place, flags=MS_BIND)

    def show_held(self) -> None:
        """Show what is held."""
        for path, held in self._held.items():
            self._bind(f"/proc/self/fd/{held}", path)

    def _bind(self, source: str, path: str) -> None:
        target = self._root + path
        if os.path.isdir(source):
            self._make_folder(path)
        elif not os.path.lexists(target):
            self._make_folder(os.path.dirname(path))
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        kernel.mount(source, target, flags=MS_BIND | MS_REC)

    def _make_folder(self, path: str) -> None:
        os.makedirs(self._root + path, exist_ok=True)

    def _cover(self, place: str, options: str) -> None:
        kernel.mount("none", place, "tmpfs", MS_NOSUID | MS_NODEV, options)

    def close(self, writable: Iterable[str], size: int) -> None:
        """Make all that is shown read-only, but for places that are held, and for its folder.

        The folder takes so many bytes, in memory; with 0 it is the one on the disk.
        """
        devices = {name: os.open(f"/dev/{name}", os.O_PATH | os.O_CLOEXEC) for name in DEVICES}
        for place in ("/proc", "/dev", self._folder):
            self._make_folder(place)
        self._cover(f"{self._root}/dev", "size=65536,mode=755")
        for name, held in devices.items():
            self._bind(f"/proc/self/fd/{held}", f"/dev/{name}")
        for name, target in _LINKS.items():
            os.symlink(target, f"{self._root}/dev/{name}")
        self._make_folder("/dev/shm")
        kernel.close_for_writing(self._root or "/")
        self._cover(f"{self._root}/dev/shm", f"size={_SHARED_MEMORY},mode=1777")
        for place in writable:
            real = os.path.realpath(place)
            self._bind(f"/proc/self/fd/{self._held[real]}", real)
            kernel.open_for_writing(self._root + real)
        if size:
            self._cover(self._root + self._folder, f"size={size},mode=700,nr_inodes=100000")
        else:
            own = f"/proc/self/fd/{self._own}"
            kernel.mount(own, self._root + self._folder, flags=MS_BIND)  # without the root that is made on it
        self._show_processes()

    def _show_processes(self) -> None:
        """Show the processes of this namespace, or none where the system does not let it mount them."""
        place = f"{self._root}/proc"
        try:
            kernel.mount("none", place, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        except OSError:
            self._cover(place, "size=65536,mode=755")
            return
        for each in _OF_THE_MACHINE if os.getuid() == 0 else ():
            if os.path.exists(f"{self._root}{each}"):
                self._bind(f"{self._root}{each}", each)
                kernel.close_for_writing(f"{self._root}{each}")

    def enter(self, place: str) -> None:
        """Make what is shown the root, and go to a folder there."""
        if self._root:
            os.chdir(self._root)
            kernel.system_call("pivot_root", b".", b".")
            kernel.call("umount2", b".", kernel.MNT_DETACH)
        os.chdir(place)
