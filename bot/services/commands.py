"""`foothold services …`: the directory, for whoever looks after it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.services.home import Home
    from bot.services.importing import Problem, Report
    from bot.services.importing.report import Told
    from bot.services.importing.run import Step
    from bot.services.searching import Service

app = typer.Typer(help="The directory of services.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="For machines.")]
TOLD, OF_A_KIND = 20, 3
"""Problems that are shown, at most; all of them go to a file if one is named."""

IMPORTS = """\
A file is HSDS 3 (.json, a .zip or folder of tables; older versions too) or a spreadsheet (.csv)
with one service a row: `foothold services export directory.csv` writes one to begin with.

\b
  foothold services import partner.zip
  foothold services import edited.csv          # shows what will change, then asks
  foothold services import new.json --from "County 211" --complete
"""
FIND = """\
\b
  foothold services find Leeds --need shelter
  foothold services find "El Paso TX" --need legal --language es --json
"""


@app.command("import", epilog=IMPORTS)
def import_(  # noqa: PLR0917 - each argument is an option of the command
    file: Annotated[Path, typer.Argument(help="What to bring in.", metavar="FILE")],
    origin: Annotated[str, typer.Option("--from", help="Where it comes from.")] = "",
    country: Annotated[
        str, typer.Option(help="Two letters, for services that name no country.")
    ] = "",
    complete: Annotated[
        bool, typer.Option(help="Remove what came from there before and is not in it now.")
    ] = False,
    only_try: Annotated[bool, typer.Option("--try", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before changing.")] = False,
    problems: Annotated[
        Path | None, typer.Option(help="Write all rows that were refused or mended to this CSV.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring services in; all of a file or nothing of it."""
    from bot.services.importing import import_directory
    from bot.services.reading import CannotRead

    here = home()
    engine, towns = here.directory(), here.towns()

    def go(*, trying: bool) -> tuple[Report, Shown]:
        shown = Shown()
        with problems_file(problems, shown) as write, progress(file, quiet=as_json) as step:
            return import_directory(
                engine, file, origin=origin, country=country.upper(), complete=complete,
                only_try=trying, towns=towns, told=write, step=step,
            ), shown  # fmt: skip

    asks = not (yes or only_try or as_json) and sys.stdin.isatty()
    try:
        report, found = go(trying=only_try or asks)
        if asks and report.changes:
            tell(report, found)
            if not typer.confirm("Change the directory like this?"):
                raise typer.Exit(1)
            report, found = go(trying=False)
    except CannotRead as error:
        refuse(str(error))
    if as_json:
        problems_told = [asdict(each) for each in found.problems]
        print(json.dumps({**asdict(report), "problems": problems_told}))
    else:
        tell(report, found)


class Shown:
    """The problems that are shown: a few of each kind, so that one kind does not hide another."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.many = 0
        self.of_kind: Counter[tuple[str, str, str]] = Counter()

    def hear(self, problem: Problem) -> None:
        """Keeps a problem if there are few of its kind."""
        kind = (problem.table, problem.field, problem.remedy)
        self.of_kind[kind] += 1
        self.many += 1
        if self.of_kind[kind] <= OF_A_KIND and len(self.problems) < TOLD:
            self.problems.append(problem)


def tell(report: Report, found: Shown) -> None:
    """Says in words what an import did, or would do."""
    for title, counts in (
        ("new", report.added), ("changed", report.changed), ("removed", report.removed),
        ("refused", report.rejected), ("mended", report.mended), ("left out", report.left_out),
    ):  # fmt: skip
        said = ", ".join(f"{many} {table}" for table, many in counts.items() if many)
        if said:
            print(f"{title}: {said}")
    if report.hidden:
        print(f"hidden: {report.hidden} places that are confidential")
    if not report.changes:
        print("Nothing is new.")
    for problem in found.problems:
        print(f"  {problem}")
    more = found.many - len(found.problems)
    if more > 0:
        print(f"  … and {more} more: --problems FILE.csv writes them all")


@app.command(epilog=FIND)
def find(  # noqa: PLR0917 - each argument is an option of the command
    place: Annotated[str, typer.Argument(help="A town, region, country or postcode.")],
    need: Annotated[str, typer.Option(help="What for: shelter, legal, hotline …")] = "",
    language: Annotated[str, typer.Option(help="A language to be helped in: en, es …")] = "",
    has: Annotated[str, typer.Option(help="What it should have: pets,wheelchair …")] = "",
    boys: Annotated[str, typer.Option(help="Ages of boys who come along: 14,9")] = "",
    channel: Annotated[str, typer.Option(help="phone, text or chat")] = "",
    open_now: Annotated[bool, typer.Option("--open", help="Only what is open now.")] = False,
    beyond: Annotated[float, typer.Option(help="Kilometres to be away at least.")] = 0.0,
    many: Annotated[int, typer.Option(help="How many to show.")] = 3,
    as_json: Json = False,
) -> None:
    """Look up what a visitor would be shown for a place."""
    from bot.services.needs import NEEDS, TRAITS
    from bot.services.searching import CHANNELS, Wish, search

    for said, known in ((need, NEEDS), (channel, CHANNELS)):
        if said and said not in known:
            refuse(f"{said} is none of: {', '.join(known)}")
    traits = frozenset(filter(None, has.split(",")))
    if traits - set(TRAITS):
        refuse(f"{', '.join(traits - set(TRAITS))}: none of {', '.join(TRAITS)}")
    here = home()
    found = here.gazetteer().find(place, asked=True)
    if found.place is None:
        told = [each.label for each in found.choices]
        refuse(f"Which one? {'; '.join(told)}" if told else f"No place is known by {place!r}.")
    wish = Wish(
        now=datetime.now(UTC), need=need, country=found.place.country, region=found.place.region,
        at=found.place.point, languages=(language,) if language else (), traits=traits,
        boys=tuple(float(age) for age in filter(None, boys.split(","))), channel=channel,
        open_now=open_now, beyond_km=beyond,
    )  # fmt: skip
    results = search(here.directory(read_only=True), wish, many)
    if as_json:
        services = [plain_values(each) for each in results.services]
        print(json.dumps({"place": found.place.label, "services": services,
                          "given_up": results.given_up}))  # fmt: skip
        return
    print(found.place.label)
    if results.given_up:
        print(f"Nothing fits all; left aside: {', '.join(results.given_up)}")
    for each in results.services:
        why = " · ".join(" ".join(filter(None, reason)) for reason in each.reasons)
        print(f"- {each.name}: {each.phone or each.sms or each.chat} · {why}")


def plain_values(service: Service) -> dict[str, object]:
    """A service with what JSON knows."""
    told = asdict(service)
    told["assured"] = service.assured.isoformat() if service.assured else None
    return {
        key: sorted(each) if isinstance(each, frozenset) else each for key, each in told.items()
    }


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A name that ends in .csv, .json or .zip.")],
) -> None:
    """Write the directory to a file: a spreadsheet (.csv) or HSDS 3.1 (.json, .zip)."""
    from bot.services.exporting import export as write

    try:
        many = write(home().directory(), file)
    except ValueError as error:
        refuse(str(error))
    print(f"{many} services written to {file.name}")


@app.command()
def undo() -> None:
    """Take the last import back."""
    from bot.services.directory.indexing import index_changed
    from bot.services.importing.taking import NothingToUndo, undo_last

    here = home()
    with here.directory().begin() as connection:
        try:
            number, origin, at = undo_last(connection)
        except NothingToUndo as error:
            refuse(str(error))
        index_changed(connection, number, here.towns())
    print(f"Taken back: {origin}, of {at}")


@app.command()
def check(as_json: Json = False) -> None:
    """List what is old, there twice, unreachable or contradictory; ends with 1 if anything is."""
    from bot.services.upkeep import check as findings
    from bot.services.upkeep import counted

    with home().directory().connect() as connection:
        found = list(findings(connection, datetime.now(UTC).date()))
    if as_json:
        for each in found:
            print(json.dumps(asdict(each)))
    else:
        for each in found:
            print(f"{each.sort}: {each.name}: {each.sentence} ({each.service_id})")
        print(", ".join(f"{many} {sort}" for sort, many in counted(found).items()))
    raise typer.Exit(1 if found else 0)


@contextmanager
def problems_file(path: Path | None, shown: Shown) -> Iterator[Told]:
    """Keeps some problems to show, and writes all to a CSV as they come."""
    import csv

    if path is None:
        yield shown.hear
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "row", "table", "field", "value", "remedy", "mended"])

        def told(problem: Problem) -> None:
            shown.hear(problem)
            rows.writerow(asdict(problem).values())

        yield told


@contextmanager
def progress(path: Path, *, quiet: bool) -> Iterator[Step]:
    """A bar for the bytes that are read, and counts for what comes after."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    files = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
    size = sum(each.stat().st_size for each in files if each.exists())
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), console=Console(stderr=True), disable=quiet, transient=True,
    )  # fmt: skip
    words = {"read": "Reading", "compare": "Comparing", "index": "Making ready to search"}
    tasks: dict[str, TaskID] = {}

    def step(name: str, more: int) -> None:
        if name not in tasks:
            # A zip is read at its unpacked size: the bar may run over, and is held at its end.
            tasks[name] = bar.add_task(words[name], total=size if name == "read" else None)
        bar.advance(tasks[name], more)

    with bar:
        yield step


def home() -> Home:
    """The directory and the gazetteer of this installation, made ready if they are not."""
    from rich.console import Console

    from bot.services.home import CannotMake, Home, Unusable
    from bot.settings import InternalSettings, load_or_exit, private_folder

    wanted = load_or_exit(InternalSettings)
    here = Home(private_folder(wanted.data), wanted.directory)
    try:
        with Console(stderr=True).status("Making the gazetteer of places, once: half a minute"):
            here.make_places()
        here.bring_up_to_date()
    except (CannotMake, Unusable) as error:
        refuse(str(error))
    return here


def refuse(sentence: str) -> NoReturn:
    """Ends with a sentence."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(2)
