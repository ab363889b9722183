"""A plan as a PDF, on request locked with a password; nothing in it says who or what made it."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import EncryptionMethod, XPos, YPos
from ttf_opensans import OPENSANS_BOLD, OPENSANS_REGULAR

from bot.content.planned import WordedPlan, WordedSection, WordedStep

MARGIN = 18  # millimetres
BODY, SMALL, HEAD, TITLE = 10.5, 8.5, 13, 17  # points
LEADING = 1.32
INDENT = 5  # millimetres
HEAD_ROOM = 40  # millimetres
MILLIMETRES = 25.4 / 72  # of a point
GREY = 90
# When it was made is nobody's business; a PDF must have a date.
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
# The letters that every PDF reader can draw by itself.
OWN_LETTERS = "cp1252"


def plan_pdf(plan: WordedPlan, password: str | None = None) -> bytes:
    """The plan as a PDF; with a password it opens for nobody without it (AES-256)."""
    return Sheet(plan, password).made()


class Sheet:
    """The pages of one plan."""

    def __init__(self, plan: WordedPlan, password: str | None) -> None:
        self.plan = plan
        self.pdf = FPDF(format="A4")
        self.pdf.core_fonts_encoding = OWN_LETTERS
        self.pdf.set_margins(MARGIN, MARGIN)
        self.pdf.set_auto_page_break(auto=True, margin=MARGIN)
        self.pdf.set_creation_date(SOME_DAY)
        self.pdf.set_producer("")
        self.pdf.set_title(plan.cover)
        self.pdf.set_lang(plan.language)
        if password:
            self.pdf.set_encryption(
                owner_password=secrets.token_urlsafe(24),
                user_password=password,
                encryption_method=EncryptionMethod.AES_256,
            )
        self.widths: dict[tuple[str, str, float], float] = {}
        self.family = self.typeface()

    def typeface(self) -> str:
        """The readers' own typeface; one that comes along where it lacks a letter."""
        try:
            str(self.plan.as_values()).encode(OWN_LETTERS)
        except UnicodeEncodeError:
            self.pdf.add_font("open", fname=OPENSANS_REGULAR.path)
            self.pdf.add_font("open", style="B", fname=OPENSANS_BOLD.path)
            return "open"
        return "helvetica"

    def made(self) -> bytes:
        """The bytes of the file."""
        plan = self.plan
        self.pdf.add_page()
        self.line(plan.title, TITLE, bold=True)
        self.line(plan.made, BODY)
        self.gap()
        for number in plan.numbers:
            self.line(number, BODY, bold=True)
        if plan.flags:
            self.heading(plan.flags_title)
        for flag in plan.flags:
            self.line(flag.why, BODY, bold=True)
            self.line(f"{plan.order_title}:", BODY)
            for place, step in enumerate(flag.order, start=1):
                self.line(f"{place}. {step}", BODY, indent=INDENT)
            self.gap()
        if plan.services:
            self.heading(plan.services_title)
            for service in plan.services:
                self.line(f"– {service}", BODY)
        for section in plan.sections:
            self.section(section)
        self.gap()
        self.line(plan.review, SMALL, grey=True)
        return bytes(self.pdf.output())

    def section(self, section: WordedSection) -> None:
        """One part."""
        self.heading(section.title)
        if section.caution:
            self.line(section.caution, BODY, bold=True)
        for step in section.steps:
            self.step(step)

    def step(self, step: WordedStep) -> None:
        """One step: its caution first, its labels small below."""
        if step.caution:
            self.line(step.caution, SMALL, indent=INDENT, bold=True)
        self.line(f"– {step.line}", BODY)
        for each in filter(None, (step.because, step.labels_line)):
            self.line(each, SMALL, indent=INDENT, grey=True)

    def heading(self, text: str) -> None:
        """The head of a part, never left alone at the foot of a page."""
        if self.pdf.get_y() > self.pdf.h - MARGIN - HEAD_ROOM:
            self.pdf.add_page()
        self.gap()
        self.line(text, HEAD, bold=True)

    def gap(self) -> None:
        """Some air."""
        self.pdf.ln(3)

    def line(
        self, text: str, size: float, *, bold: bool = False, grey: bool = False, indent: int = 0
    ) -> None:
        """A paragraph."""
        self.pdf.set_font(self.family, style="B" if bold else "", size=size)
        self.pdf.set_text_color(GREY if grey else 0)
        height = size * LEADING * MILLIMETRES
        for each in self.wrapped(text, self.pdf.epw - indent):
            self.pdf.set_x(MARGIN + indent)
            self.pdf.cell(0, height, each, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def wrapped(self, text: str, width: float) -> Iterator[str]:
        """A text in lines of at most a width. The library's own way takes four times as long."""
        for paragraph in text.splitlines():
            line, used = "", 0.0
            for word in self.words_within(paragraph, width):
                needed = self.width_of(f" {word}" if line else word)
                if line and used + needed > width:
                    yield line
                    line, used, needed = "", 0.0, self.width_of(word)
                line, used = f"{line} {word}" if line else word, used + needed
            yield line

    def words_within(self, paragraph: str, width: float) -> Iterator[str]:
        """The words of a paragraph; one that is wider than a line in pieces that are not."""
        for word in paragraph.split():
            rest = word
            while self.width_of(rest) > width:
                fits = next(
                    n
                    for n in range(len(rest) - 1, 0, -1)
                    if n == 1 or self.width_of(rest[:n]) <= width
                )
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    def width_of(self, text: str) -> float:
        """How wide a text is in the typeface that is set (millimetres)."""
        key = (text, self.pdf.font_style, self.pdf.font_size_pt)
        if key not in self.widths:
            self.widths[key] = self.pdf.get_string_width(text)
        return self.widths[key]
