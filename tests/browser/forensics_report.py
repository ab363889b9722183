"""The report on what a visit leaves behind: what is found, and why it is there."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.forensics import Trace, by_place

# What a visitor said or was given: none of it may be in any file.
PRIVATE = ("told", "name", "plan", "draft", "token")

# Where Chromium keeps the address of a page in spite of everything, and why that can't be helped.
KEPT_BY_CHROMIUM = {
    "Default/History": "the browser's history: the address and the title",
    "Default/Favicons": "which icon belongs to which address",
    "Default/Top Sites": "addresses that are often visited",
    "Default/Sessions/": "open tabs, for opening them again: the address and the title",
    "Default/Preferences": "settings, with how often an address was used",
    "Default/Code Cache/js/": "compiled scripts, by their address",
    "Default/Network Persistent State": "which servers were spoken to, and how",
    "Default/Cache/": "nothing of ours: answers forbid it; other pages use it",
    "segmentation_platform/ukm_db": "statistics by address",
    "Default/shared_proto_db/": "statistics by address",
    "Default/Site Characteristics Database/": "how much a page does in the background, by address",
}


@dataclass
class Visit:
    """One visit: its marks, and where they were found after leaving."""

    scripted: bool
    profile: Path
    marks: dict[str, str] = field(default_factory=dict)
    on_device: list[Trace] = field(default_factory=list)
    on_server: list[Trace] = field(default_factory=list)
    in_memory: list[Trace] = field(default_factory=list)


Visits = dict[bool, Visit]

HEAD = """# What a visit leaves behind

Written by `make forensics`. `make test` looks again each time, and fails if more is found.

A real Chromium with a profile on disk holds a talk with marked words: what was told, a name, an
own item of the plan, a draft that was not sent, the talk's token. It leaves and quits. Then every
file of the profile, every file of the server and the memory of its processes is searched for the
marks, also in UTF-16, hexadecimal and base64, and inside gzip.

## Of the talk itself

| visit | on the device | in the server's files |
|---|---|---|
"""
MEMORY = """
No cookie, no storage, no service worker, no saved login.

## In the memory of the server

A program that drops a text does not overwrite it. It stays where it was until the room is used
again, and nothing in the program leads to it any more. It is gone after a restart. It reaches the
disk only by swap or a crash dump: switch both off or encrypt them (SECURITY.md). Found right after
leaving:

| visit | process | marks |
|---|---|---|
"""
DEVICE = """
## What Chromium keeps in spite of everything

The address of the page and its dull title. No page can prevent it; a private window drops it when
it is closed. It shows *that* somebody opened this address, and not a word of what was said. The
address is the operator's choice: a dull one helps more than anything here.

| where | what it is | what of ours |
|---|---|---|
"""
HOW = {True: "with JavaScript", False: "without JavaScript"}


def explained(place: str) -> str:
    """Where in the table of explanations a place stands; empty when nobody knows."""
    return next((start for start in KEPT_BY_CHROMIUM if place.startswith(start)), "")


def written(visits: Visits) -> str:
    """The report."""
    return "".join([
        HEAD, *map(of_the_talk, visits.values()),
        MEMORY, *(row for visit in visits.values() for row in of_memory(visit)),
        DEVICE, *of_chromium(visits),
    ])  # fmt: skip


def of_the_talk(visit: Visit) -> str:
    """The row of a visit: which of its words are left."""
    device = {each.mark for each in visit.on_device if each.mark in PRIVATE}
    server = {each.mark for each in visit.on_server}
    return f"| {HOW[visit.scripted]} | {listed(device)} | {listed(server)} |\n"


def of_memory(visit: Visit) -> list[str]:
    """The rows of a visit: what the memory of each process still holds."""
    places = by_place(visit.in_memory)
    return [
        f"| {HOW[visit.scripted]} | {name} | {listed(set(marks))} |\n"
        for name, marks in places.items()
    ]


def of_chromium(visits: Visits) -> list[str]:
    """The rows of all that Chromium keeps of the surface."""
    kept: dict[str, set[str]] = {}
    for visit in visits.values():
        for place, marks in by_place(visit.on_device).items():
            kept.setdefault(explained(place), set()).update(marks)
    return [
        f"| `{place}` | {KEPT_BY_CHROMIUM[place]} | {listed(marks)} |\n"
        for place, marks in sorted(kept.items())
    ]


def listed(marks: set[str]) -> str:
    """Marks in a cell of a table."""
    return ", ".join(sorted(marks)) or "nothing"


def ours(report: str) -> str:
    """The part of a report that is about the talk itself."""
    return report.partition("## In the memory")[0]
