"""Searches folders and memory for what a visit left behind, and says where it was found.

A mark is a random string that stands nowhere else. It is looked for in every encoding in which a
browser or a database could keep it. Random strings survive the compression that LevelDB uses, since
there is nothing in them to compress; gzip and deflate are unpacked.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

GZIP = b"\x1f\x8b\x08"
CHUNK = 64 * 1024 * 1024


@dataclass(frozen=True, order=True)
class Trace:
    """A mark that was found: which one, and the file, or the process, that holds it."""

    mark: str
    where: str


def forms_of(mark: str) -> tuple[bytes, ...]:
    """The mark in all encodings in which it could be kept."""
    plain = mark.encode()
    # In base64 a string has three shapes, by its place; the middle of each does not depend on
    # what stands around it.
    shifted = (base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3))
    telling = (form for form in shifted if len(form) >= len(plain))
    return tuple({
        plain, mark.encode("utf-16-le"), quote(mark).encode(), plain.hex().encode(), *telling,
    })  # fmt: skip


class Search:
    """Looks for marks by name; the marks are made of bytes that stand nowhere else."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self.marks = {name: forms_of(mark) for name, mark in marks.items()}

    def in_bytes(self, content: bytes) -> set[str]:
        """The names of the marks that bytes hold, packed ones too."""
        found = self.in_plain(content)
        for place in re.finditer(re.escape(GZIP), content):
            found |= self.in_plain(unpacked(content[place.start() :]))
        return found

    def in_plain(self, content: bytes) -> set[str]:
        """The names of the marks that bytes hold as they are."""
        return {
            name for name, forms in self.marks.items() if any(each in content for each in forms)
        }

    def in_folder(self, folder: Path) -> Iterator[Trace]:
        """Where in a folder the marks are: in the files, and in the names of files."""
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            held = self.in_plain(name.encode())
            if path.is_file() and not path.is_symlink():
                held |= self.in_bytes(path.read_bytes())
            yield from (Trace(mark, name) for mark in sorted(held))

    def in_memory(self, process: psutil.Process, name: str) -> Iterator[Trace]:
        """Which marks the memory of a process holds."""
        held: set[str] = set()
        for part in memory_of(process):
            held |= self.in_plain(part)
        yield from (Trace(mark, name) for mark in sorted(held))


def unpacked(packed: bytes) -> bytes:
    """What a gzip stream holds, as far as it can be unpacked."""
    try:
        return zlib.decompressobj(31).decompress(packed, CHUNK)
    except zlib.error:
        return b""


def memory_of(process: psutil.Process) -> Iterator[bytes]:
    """The memory of a process that it can write, part by part."""
    maps = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, access, *_ = line.split()
            if not access.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in place.split("-"))
            try:
                memory.seek(start)
                yield memory.read(end - start)
            except OSError:
                continue  # gone in the meantime, or not readable


def by_place(traces: Iterable[Trace]) -> dict[str, list[str]]:
    """The marks that were found, by where."""
    places: dict[str, list[str]] = {}
    for trace in sorted(traces):
        places.setdefault(trace.where, []).append(trace.mark)
    return dict(sorted(places.items()))
