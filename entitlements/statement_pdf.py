"""A year on paper: one's own statement as a PDF in the portal's look (LOOK.md, Mail, PDF, admin)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from math import cos, radians, sin
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from entitlements.durations import in_days, in_hours
from entitlements.queries.standing import Standing
from entitlements.queries.year import PersonYear
from staff.wording import LONDON, date_words

FONTS: Final = Path(__file__).resolve().parent / "fonts"
Colour = tuple[int, int, int]
DEEP: Final[Colour] = (11, 58, 65)
PETROL: Final[Colour] = (14, 90, 99)
TRACK: Final[Colour] = (222, 218, 209)
INK: Final[Colour] = (25, 38, 42)
QUIET: Final[Colour] = (76, 90, 93)
WHITE: Final[Colour] = (255, 255, 255)
MARGIN, BAND, RING = 18.0, 12.0, 40.0  # millimetres
THICK, THIN = 4.4, 1.4
TOP: Final = 90  # twelve o'clock lies so many degrees before three, where `arc` begins


def statement_pdf(mine: PersonYear, *, name: str, on: date) -> bytes:
    """The year of somebody as an A4 file: ring, sentence, reasons, every entry and what is planned.

    The same year on the same date gives the same bytes.
    """
    paper = _Paper(name=name, year=str(mine.year), on=on)
    paper.add_page()
    paper.headline(f"CPD statement {mine.year}", mine.role_words)
    if mine.standing is None:
        paper.words("There is no contract in this year, so no CPD days are expected in it.")
    else:
        paper.standing(mine.standing)
    if mine.explanation is not None:
        paper.heading(f"Why the target is {mine.explanation.in_words}")
        for sentence in mine.explanation.sentences:
            paper.words(sentence)
    paper.heading("Counted so far")
    if mine.lines:
        paper.rows(
            ("What and where it came from", "Date", "Recorded", "Counted"),
            [
                (
                    f"{one.title}\n{one.kind}. {one.source}",
                    date_words(one.occurred_on),
                    in_hours(one.recorded),
                    in_hours(one.counted),
                )
                for one in mine.lines
            ],
        )
    else:
        paper.words("Nothing is entered yet.")
    if mine.plans:
        paper.heading("Planned")
        paper.rows(
            ("What", "Date", "Would add", ""),
            [
                (one.title, date_words(one.occurred_on), in_hours(one.minutes), one.state_words or "Booked")
                for one in mine.plans
            ],
        )
    return bytes(paper.output())


class _Paper(FPDF):
    """A4 in Figtree, with the deep band on top and the date at the foot."""

    def __init__(self, *, name: str, year: str, on: date) -> None:
        super().__init__(format="A4")
        self.whose, self.year_words, self.on = name, year, on
        for family, subset in (("Figtree", "latin"), ("FigtreeExt", "latin-ext")):
            self.add_font(family, "", FONTS / f"figtree-{subset}-regular.ttf")
            self.add_font(family, "B", FONTS / f"figtree-{subset}-bold.ttf")
        self.set_fallback_fonts(["FigtreeExt"], exact_match=False)
        self.set_margins(MARGIN, BAND + 10, MARGIN)
        self.set_auto_page_break(True, 20)
        self.set_title(f"CPD statement {year}, {name}")
        self.set_lang("en-GB")
        self.set_author("Brooke Weston Trust")
        self.set_creation_date(datetime.combine(on, time(12), LONDON))

    def header(self) -> None:
        """The band: name and year."""
        self.set_fill_color(*DEEP)
        self.rect(0, 0, self.w, BAND, style="F")
        self._pen(11, WHITE, bold=True)
        self.set_xy(MARGIN, 0)
        self.cell(self.epw / 2, BAND, self.whose)
        self._pen(11, WHITE)
        self.cell(self.epw / 2, BAND, f"BWT CPD, {self.year_words}", align="R")
        self.set_xy(MARGIN, BAND + 10)

    def footer(self) -> None:
        """The date the figures are of, and the page."""
        self.set_y(-14)
        self._pen(8.5, QUIET)
        self.cell(self.epw / 2, 5, f"As of {date_words(self.on)}. Brooke Weston Trust staff development.")
        self.cell(self.epw / 2, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def headline(self, words: str, lead: str) -> None:
        """The title of the first page and the line under it."""
        self._pen(22, INK, bold=True)
        self._line(words, 10)
        if lead:
            self._pen(11, QUIET)
            self._line(lead, 6)
        self.ln(5)

    def heading(self, words: str) -> None:
        """A heading that is never the last line of a page."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(5)
        self._pen(13, INK, bold=True)
        self._line(words, 8)

    def words(self, sentence: str) -> None:
        """A paragraph."""
        self._pen(10, INK)
        self.multi_cell(self.epw, 5.2, sentence, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def standing(self, standing: Standing) -> None:
        """The ring with the sentence beside it, and the figures below."""
        top, left = self.get_y(), MARGIN + RING + 10
        if standing.is_owed:
            self._ring(standing, top)
        else:
            left = MARGIN
        self.set_xy(left, top + 6)
        width = self.w - MARGIN - left
        self._pen(14, INK, bold=True)
        self.multi_cell(width, 7, standing.words.headline, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._pen(10, INK)
        self.multi_cell(width, 5.2, standing.words.sentence, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        if not standing.is_owed:
            return
        self.set_y(max(self.get_y(), top + RING) + 6)
        self.rows(
            ("Counted", "Planned", "Left to find", "Target"),
            [tuple(self._figures(standing))],
            of_figures=True,
        )

    def rows(self, header: Sequence[str], rows: Iterable[Sequence[str]], *, of_figures: bool = False) -> None:
        """A table; its last two columns are figures, or all four are."""
        self._pen(9, INK)
        self.set_draw_color(*TRACK)
        widths = (25, 25, 25, 25) if of_figures else (44, 18, 19, 19)
        aligns = ("LEFT",) * 4 if of_figures else ("LEFT", "LEFT", "RIGHT", "RIGHT")
        with self.table(
            col_widths=widths,
            text_align=aligns,
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="BOLD", color=QUIET),
            line_height=5,
            padding=1.2,
        ) as table:
            table.row(header)
            for row in rows:
                table.row(row)

    def _figures(self, standing: Standing) -> Iterable[str]:
        for minutes in (standing.counted, standing.planned, standing.left, standing.expected):
            yield in_days(minutes, standing.day_minutes)

    def _ring(self, standing: Standing, top: float) -> None:
        """Thick is counted, thin is planned; it starts at twelve and runs with the clock."""
        whole = standing.expected or 1
        counted = min(1.0, standing.counted / whole)
        reached = min(1.0, standing.reached / whole)
        for (starts, ends), colour, thick in (
            ((0.0, 1.0), TRACK, THICK),
            ((counted, reached), PETROL, THIN),
            ((0.0, counted), PETROL, THICK),
        ):
            self.set_draw_color(*colour)
            self.set_line_width(thick)
            self._arc(top, starts, ends)
        if standing.arcs > 1:
            for number in range(standing.arcs):
                self._across_ring(top, number / standing.arcs, WHITE, 1.2, 0.5)
        if standing.tick is not None:
            self._across_ring(top, min(1.0, standing.tick / whole), INK, 1.2, 0.6)
        self.set_line_width(0.2)
        self._pen(11, INK, bold=True)
        self.set_xy(MARGIN, top + RING / 2 - 5)
        self.cell(RING, 6, f"{standing.percent}% counted", align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._pen(8.5, QUIET)
        self.cell(RING, 4, f"of {in_days(standing.expected, standing.day_minutes)}", align="C")

    def _arc(self, top: float, starts: float, ends: float) -> None:
        """A part of the ring, from one share of the whole to another."""
        x, y, across = MARGIN + THICK / 2, top + THICK / 2, RING - THICK
        if ends - starts >= 1:
            self.ellipse(x, y, across, across)
        elif ends > starts:
            self.arc(x, y, across, 360 * starts - TOP, 360 * ends - TOP)

    def _across_ring(self, top: float, share: float, colour: Colour, thick: float, over: float) -> None:
        """A stroke across the ring at a share of the whole, so many millimetres over both edges."""
        turn = radians(360 * share - TOP)
        x, y = MARGIN + RING / 2, top + RING / 2
        inner, outer = RING / 2 - THICK - over, RING / 2 + over
        self.set_draw_color(*colour)
        self.set_line_width(thick)
        self.line(x + inner * cos(turn), y + inner * sin(turn), x + outer * cos(turn), y + outer * sin(turn))

    def _pen(self, size: float, colour: Colour, *, bold: bool = False) -> None:
        self.set_font("Figtree", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _line(self, words: str, height: float) -> None:
        self.cell(self.epw, height, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
