"""Where somebody is, found offline in what they wrote, and as coarsely as they wrote it."""

from bot.services.gazetteer.lookup import Gazetteer
from bot.services.gazetteer.place import Found, Place

__all__ = ["Found", "Gazetteer", "Place"]
