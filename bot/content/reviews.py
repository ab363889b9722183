"""Who has read which words, and what has changed since: REVIEWED.yml, and the history in Git."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.content.reading import ContentError, read

NOBODY = "nobody yet"
UNREVIEWED = "unreviewed"
LANGUAGE = "<language>/"
# How a review is written down: who, for whom, on which day, and what was read.
A_REVIEW = re.compile(
    r"(?P<role>[^,]+), (?P<of>[^,]+), (?P<day>\d{4}-\d{2}-\d{2}), commit (?P<commit>[0-9a-f]{7,40})"
)
GIT_SECONDS = 20


@dataclass(frozen=True)
class Review:
    """One review: who read it (role and organisation), on which day, at which commit."""

    role: str
    of: str
    day: str
    commit: str


@dataclass(frozen=True)
class Entry:
    """One entry of REVIEWED.yml: a file, or some parts of it, who should read it, and who did."""

    file: str
    parts: tuple[str, ...]
    needs: tuple[str, ...]
    reviews: tuple[Review, ...]

    @property
    def is_reviewed(self) -> bool:
        """Whether everybody who should has read it."""
        return set(self.needs) <= {each.role for each in self.reviews}


@dataclass(frozen=True)
class Change:
    """A text that is not what was read: where it stands, as it was, and as it is."""

    file: str
    place: str
    before: str
    after: str


def entries(file: Path) -> tuple[Entry, ...]:
    """All entries of a REVIEWED.yml; raises ContentError for a review that can't be read."""
    return tuple(
        Entry(
            file=each["file"],
            parts=tuple(each.get("part", ())),
            needs=tuple(each["needs"]),
            reviews=tuple(reviews_in(each["reviewed_by"], each["file"])),
        )
        for each in read(file)
    )


def reviews_in(written: object, file: str) -> Iterator[Review]:
    """The reviews of an entry; raises ContentError."""
    for line in [] if written == NOBODY else written if isinstance(written, list) else [written]:
        found = A_REVIEW.fullmatch(str(line))
        if not found:
            raise ContentError(
                f"REVIEWED.yml, {file}: a review is written as “advocate, Example Hotline, "
                "2027-01-31, commit 1234abc”."
            )
        yield Review(**found.groupdict())


def entry_for(known: tuple[Entry, ...], file: str, part: str) -> Entry | None:
    """The entry that a text belongs to: one that names its part goes before one for the file."""
    of_file = [each for each in known if each.file.replace(LANGUAGE, "") == file]
    named = (each for each in of_file if part in each.parts)
    return next(named, None) or next((each for each in of_file if not each.parts), None)


def state_of(known: tuple[Entry, ...], file: str, part: str) -> str:
    """Who has read a text, in a few words: “unreviewed” until everybody who should has."""
    entry = entry_for(known, file, part)
    if entry is None or not entry.is_reviewed:
        return UNREVIEWED
    return "; ".join(f"{each.role}, {each.of}, {each.day}" for each in entry.reviews)


def changes(known: tuple[Entry, ...], folder: Path, languages: tuple[str, ...]) -> Iterator[Change]:
    """Every text that is not what its latest review has read.

    Where the history can't be seen, a change says so in place of what was before.
    """
    for entry in known:
        if entry.reviews:
            latest = max(entry.reviews, key=lambda each: each.day)
            for file in files_of(entry, languages):
                yield from changes_in(folder, file, entry.parts, latest.commit)


def files_of(entry: Entry, languages: tuple[str, ...]) -> Iterator[str]:
    """The files that an entry is about."""
    if entry.file.startswith(LANGUAGE):
        yield from (entry.file.replace(LANGUAGE, f"{code}/") for code in languages)
    else:
        yield entry.file


def changes_in(folder: Path, file: str, parts: tuple[str, ...], commit: str) -> Iterator[Change]:
    """What differs in one file between a commit and now; only in some parts, if parts are named."""
    before = at_commit(folder, file, commit)
    if before is None:
        yield Change(file, "", f"commit {commit} can't be seen from here", "")
        return
    old, new = dict(flat(before)), dict(flat(read(folder / file)))
    for place in dict.fromkeys((*old, *new)):
        named = not parts or any(part in place.split(", ") for part in parts)
        if named and old.get(place) != new.get(place):
            yield Change(file, place, old.get(place, ""), new.get(place, ""))


def at_commit(folder: Path, file: str, commit: str) -> Any:
    """What a content file held at a commit; None where that can't be found out."""
    git = shutil.which("git")
    if git is None:
        return None
    shown = subprocess.run(
        [git, "-C", str(folder), "show", f"{commit}:./{file}"],
        capture_output=True,
        timeout=GIT_SECONDS,
        check=False,
    )
    if shown.returncode != 0:
        return None
    try:
        return YAML(typ="safe", pure=True).load(shown.stdout.decode())
    except YAMLError:
        return None


def flat(entry: object, place: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a file by where they stand."""
    if isinstance(entry, Mapping):
        parts = [(str(key), value) for key, value in entry.items()]
    elif isinstance(entry, list):
        parts = [(name_in_list(each, number), each) for number, each in enumerate(entry, start=1)]
    else:
        yield place, str(entry)
        return
    for name, part in parts:
        yield from flat(part, f"{place}, {name}" if place else name)


def name_in_list(entry: object, number: int) -> str:
    """What an entry of a list is called: by its id where it has one."""
    if isinstance(entry, Mapping):
        for key in ("id", "section"):
            if key in entry:
                return str(entry[key])
    return str(number)
