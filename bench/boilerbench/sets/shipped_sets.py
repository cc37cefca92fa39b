"""Our own sets: in a checkout folders, in an installed wheel archives, which are unpacked into the cache once."""

import hashlib
from pathlib import Path

from boilerbench.errors import BadSetError, UsageError
from boilerbench.files import cache_folder, shipped
from boilerbench.sets.archives import unpack
from boilerbench.storage import temporary, upkeep, whole_folders

FOLDERS = {"goldset": "typical", "goldset-hard": "hard"}
"""What the folder of each lies in is called; `hatch_build.py` names the archives by it."""


def folder(name: str) -> Path:
    """Where the pages of one of our own sets are. `UsageError` where the cache cannot take them."""
    place = shipped("goldset") / FOLDERS[name]
    archive = place.with_name(f"{place.name}.tar.xz")
    return unpacked(archive) if archive.is_file() else place


def unpacked(archive: Path) -> Path:
    """The folder of the cache that an archive of ours was unpacked into, by whichever process came first."""
    place = cache_folder() / upkeep.PAGES / hashlib.sha256(archive.read_bytes()).hexdigest()[:32]
    if not place.is_dir():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with temporary.Folder(place.parent, place.name) as home:
                unpack(archive, new := Path(home) / place.name)
                whole_folders.put(new, place)
        except BadSetError as cause:
            raise BadSetError(f"{archive}: {cause}; install boilerbench again") from None
        except OSError as cause:
            raise UsageError(f"{place}: cannot be written: {cause.strerror or cause}") from None
    return place
