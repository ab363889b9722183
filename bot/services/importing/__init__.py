"""Brings directories in: read, made modern, checked, laid aside, joined, taken over at once."""

from bot.services.importing.report import Problem, Report
from bot.services.importing.run import import_directory

__all__ = ["Problem", "Report", "import_directory"]
