"""The directory and the gazetteer of one installation: made ready once, then opened."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.services.directory.indexing import Town, Towns
from bot.services.directory.opening import FILE, WrongDirectory, address_of, opened
from bot.services.gazetteer import Gazetteer
from bot.services.gazetteer.build import is_current
from bot.services.shipping import bring_up_to_date

PLACES = "places.db"
MINUTES = 60


class CannotMake(Exception):
    """The gazetteer could not be made; the message says what to do."""


class Unusable(Exception):
    """The directory can't be used; the message says what to do."""


@dataclass(frozen=True)
class Home:
    """Where an installation keeps its directory and its gazetteer."""

    folder: Path
    address: str = ""
    """The directory's database; a file in the folder if empty."""

    @property
    def places_file(self) -> Path:
        """The file of the gazetteer."""
        return self.folder / PLACES

    @property
    def directory_file(self) -> Path:
        """The file of the directory, where it is in a file."""
        return self.folder / FILE

    def make_places(self) -> None:
        """Makes the gazetteer if it is not there, or of another version; raises CannotMake.

        It is made in a process of its own, since that takes 300 MB for half a minute.
        """
        if is_current(self.places_file):
            return
        command = [sys.executable, "-m", "bot.services.gazetteer", str(self.places_file)]
        made = subprocess.run(command, timeout=10 * MINUTES, capture_output=True, text=True)
        if made.returncode:
            last = made.stderr.strip().splitlines()[-1:] or ["no reason was given"]
            raise CannotMake(f"the gazetteer of places could not be made: {last[0]}")

    def bring_up_to_date(self) -> None:
        """Brings the shipped numbers up to date; raises Unusable."""
        try:
            engine = self.directory()
            bring_up_to_date(engine, self.towns())
            engine.dispose()
        except WrongDirectory as error:
            raise Unusable(str(error)) from None
        except SQLAlchemyError as error:
            where = "FOOTHOLD_DIRECTORY" if self.address else f"the file {FILE} in the data folder"
            said = f"the directory can't be opened or written ({type(error).__name__})"
            remedy = f"look after {where}, or move it away: a new one is made at the next start"
            raise Unusable(f"{said}: {remedy}") from None

    def directory(self, *, read_only: bool = False) -> Engine:
        """The directory; raises WrongDirectory."""
        return opened(self.address or address_of(self.folder), read_only=read_only)

    def gazetteer(self) -> Gazetteer:
        """The gazetteer, which must be ready."""
        return Gazetteer(self.places_file)

    def towns(self) -> Towns:
        """Finds a town of the gazetteer by its name, region and country."""
        gazetteer = self.gazetteer()

        def town(name: str, region: str, country: str) -> Town | None:
            found = gazetteer.find(f"{name}, {region}", country, asked=True).place
            known = found and found.country == country and found.lat is not None
            if not found or not known or found.lat is None or found.lon is None:
                return None
            return Town(found.lat, found.lon, found.timezone)

        return town
