"""Emergency numbers and hotlines by country, with how sure we are of each."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).parent / "numbers"

# The confidence of a row whose dialled number may be shown as it stands (numbers/README.md).
CONFIRMED = ("checked_2026", "official_page_read", "multi_source")

CHECKED_WITHIN = timedelta(days=365)
"""Numbers that were checked longer ago, or nobody knows when, are said to be checked first."""

DOMESTIC_VIOLENCE, SUICIDE, CHILD = "domestic_violence", "suicide", "child"

# A line for everybody goes before one for a group; a group's line is still shown.
FOR_EVERYBODY = ("all", "women", "", "women;children")


@dataclass(frozen=True)
class Hotline:
    """One line to call; `confirmed` says whether the number was checked, `checked` when."""

    name: str
    kind: str
    country: str
    region: str
    phone: str
    sms: str
    hours: str
    audience: str
    confirmed: bool
    checked: date | None = None

    def is_sure(self, today: date) -> bool:
        """Whether the number may be shown as it stands: confirmed, and not too long ago."""
        fresh = self.checked is not None and today - self.checked <= CHECKED_WITHIN
        return self.confirmed and fresh

    @property
    def always_open(self) -> bool:
        """Whether somebody answers at any hour."""
        return self.hours == "24/7"


@dataclass(frozen=True)
class EmergencyNumber:
    """The emergency number of a territory; `confirmed` when three sources or more agree."""

    number: str
    confirmed: bool


class Hotlines:
    """All lines and emergency numbers."""

    def __init__(self, lines: Iterable[Hotline], emergency: Mapping[str, EmergencyNumber]) -> None:
        self._lines = tuple(lines)
        self._emergency = emergency

    def emergency(self, country: str | None) -> str | None:
        """The emergency number of a country; None where none is known for certain."""
        number = self._emergency.get(country or "")
        return number.number if number and number.confirmed else None

    def emergency_to_check(self, country: str | None) -> str | None:
        """A number that may be the emergency number of a country, and was not confirmed."""
        number = self._emergency.get(country or "")
        return number.number if number and not number.confirmed else None

    def of_country(self, country: str) -> tuple[Hotline, ...]:
        """Every line of a country."""
        return tuple(line for line in self._lines if line.country == country)

    def lines(self, country: str | None, kind: str, region: str = "") -> tuple[Hotline, ...]:
        """The lines of a kind for a place: confirmed first, its region first, then the rest."""
        of_kind = [line for line in self._lines if line.country == country and line.kind == kind]
        nationwide = [line for line in of_kind if not line.region]
        regional = [line for line in of_kind if region and region in line.region.split(";")]
        fitting = regional + nationwide
        # Where the region was not said and no line serves the whole country, all are shown.
        if not any(line.confirmed for line in fitting):
            fitting = of_kind
        return tuple(sorted(fitting, key=preference))

    def first(self, country: str | None, kind: str, region: str = "") -> Hotline | None:
        """The first confirmed line of a kind for a place, if there is one."""
        lines = self.lines(country, kind, region)
        return next((line for line in lines if line.confirmed), None)


def preference(line: Hotline) -> tuple[bool, bool, bool]:
    """The order of lines: confirmed, for everybody, with a number to dial."""
    return (not line.confirmed, line.audience not in FOR_EVERYBODY, not line.phone)


def load_hotlines(folder: Path = DATA) -> Hotlines:
    """The lines and emergency numbers of the data files."""
    return Hotlines(
        (hotline(row) for row in rows(folder / "hotlines.csv")),
        {
            row["country_iso2"]: EmergencyNumber(
                row["general"] or row["police"], row["confidence"] == "high"
            )
            for row in rows(folder / "emergency_numbers.csv")
        },
    )


def hotline(row: Mapping[str, str]) -> Hotline:
    """A line from its row in the data file."""
    return Hotline(
        name=row["name"],
        kind=row["kind"],
        country=row["country_iso2"],
        region=row["region"],
        phone=row["phone"],
        sms=row["sms"],
        hours=row["hours"],
        audience=row["audience"],
        confirmed=row["confidence"] in CONFIRMED,
        checked=date.fromisoformat(row["source_date"]) if row["source_date"] else None,
    )


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a data file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
