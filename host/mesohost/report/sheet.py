"""A PDF in the making: headings, paragraphs, tables and pictures, one below the other on A4."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import matplotlib
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

_FONT = "DejaVu"
_INK, _GREY, _BAD = (34, 34, 34), (95, 103, 112), (178, 60, 0)
_PALE, _WARN, _WRONG = (243, 246, 249), (255, 246, 224), (253, 238, 231)
_MARGIN_MM = 12
_MM_A_POINT = 25.4 / 72


class Sheet:
    """A document that grows downwards. Texts are given as they are: nothing in them is markup."""

    def __init__(self, title: str, foot: str):
        self._pdf = _Numbered(foot)
        self._pdf.set_margin(_MARGIN_MM)
        self._pdf.set_auto_page_break(True, margin=_MARGIN_MM + 4)
        # The fonts that come with matplotlib have every sign that a report needs.
        fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        self._pdf.add_font(_FONT, "", fonts / "DejaVuSans.ttf")
        self._pdf.add_font(_FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self._pdf.set_title(title)
        self._pdf.set_creator("mesogun")
        self._pdf.set_lang("en")
        self._pdf.add_page()

    def title(self, kind: str, title: str) -> None:
        """The document's head."""
        self._text(kind, 8, _GREY)
        self._text(title, 16, _INK, bold=True)

    def heading(self, text: str) -> None:
        """A section begins; it stays with what follows it."""
        pdf = self._pdf
        if pdf.will_page_break(30):
            pdf.add_page()
        pdf.ln(3)
        self._text(text, 11, _INK, bold=True)
        pdf.ln(1)

    def paragraph(self, text: str, *, grey: bool = False, bold: bool = False) -> None:
        """A paragraph of text."""
        self._text(text, 8, _GREY if grey else _INK, bold=bold)

    def banner(self, text: str, *, wrong: bool = False) -> None:
        """Something that must be read, in a box."""
        pdf = self._pdf
        pdf.ln(1)
        pdf.set_fill_color(*(_WRONG if wrong else _WARN))
        pdf.set_draw_color(*_BAD)
        self._text(text, 8.5, _INK, bold=True, border=1, fill=True)
        pdf.ln(1)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        right: Sequence[int] = (),
        bold_last: bool = False,
    ) -> None:
        """A table: `widths` are shares, `right` the columns of figures; without `heads` it has no
        head."""
        pdf = self._pdf
        pdf.set_font(_FONT, "", 7)
        pdf.set_text_color(*_INK)
        pdf.set_draw_color(213, 219, 225)
        pdf.set_fill_color(255, 255, 255)
        aligns = tuple("RIGHT" if n in right else "LEFT" for n in range(len(widths)))
        style = FontFace(emphasis="BOLD", color=_GREY, fill_color=_PALE)
        with pdf.table(
            col_widths=tuple(widths),
            text_align=aligns,
            headings_style=style,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=3.6,
            padding=(0.6, 1),
            first_row_as_headings=bool(heads),
        ) as table:
            for n, cells in enumerate((heads, *rows) if heads else rows):
                row = table.row()
                last = bold_last and n == len(rows)
                for cell in cells:
                    row.cell(cell, style=FontFace(emphasis="BOLD") if last else None)
        pdf.ln(1.5)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Names with what they are."""
        self.table((), pairs, (1, 4))

    def picture(self, png: io.BytesIO) -> None:
        """A picture as wide as the page."""
        self._pdf.image(png, w=self._pdf.epw)
        self._pdf.ln(1.5)

    def pictures(self, drawn: Sequence[bytes], width_mm: float, height_mm: float) -> None:
        """SVG pictures side by side, each in a box of the given size."""
        pdf = self._pdf
        if pdf.will_page_break(height_mm):
            pdf.add_page()
        y = pdf.get_y()
        for n, svg in enumerate(drawn):
            x = pdf.l_margin + n * (width_mm + 4)
            pdf.image(io.BytesIO(svg), x=x, y=y, w=width_mm, h=height_mm, keep_aspect_ratio=True)
        pdf.set_y(y + height_mm + 2)

    def done(self) -> bytes:
        """The document."""
        return bytes(self._pdf.output())

    def _text(
        self,
        text: str,
        points: float,
        colour: tuple[int, int, int],
        *,
        bold: bool = False,
        border: Literal[0, 1] = 0,
        fill: bool = False,
    ) -> None:
        pdf = self._pdf
        pdf.set_font(_FONT, "B" if bold else "", points)
        pdf.set_text_color(*colour)
        pdf.set_x(pdf.l_margin)
        pdf.multi_cell(
            0, points * _MM_A_POINT * 1.4, text, border=border, fill=fill, align="LEFT",
            new_x="LMARGIN", new_y="NEXT",
        )  # fmt: skip


class _Numbered(FPDF):
    """Pages with a line at their foot, and their number."""

    def __init__(self, foot: str):
        super().__init__(format="A4")
        self._foot = foot

    def footer(self) -> None:
        """The line at a page's foot."""
        loose: Any = self
        loose.set_y(-_MARGIN_MM)
        loose.set_font(_FONT, "", 6.5)
        loose.set_text_color(*_GREY)
        loose.cell(0, 4, f"{self._foot}; page {self.page_no()} of {{nb}}", align="LEFT")
