"""A Word file by Decree 30/2020: A4, its margins, Times New Roman, page numbers from page 2 on, blocks at head and foot.

What a person typed is text and never markup: python-docx escapes it; characters that no XML can hold become a space.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

FONT, SIZE = "Times New Roman", 14  # the decree's body: 13 to 14 points
SMALL, TABLE_SIZE = 11, 10
WIDTH = 210 - 30 - 15  # millimetres between the margins
_HALVES = (70, 95)
_INDENT = 10  # millimetres
_CELL_MARGIN = 28  # twentieths of a point: half a millimetre
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff\ufffe\uffff]+")  # and runs of blanks; a no-break space stays


@dataclass(frozen=True)
class Line:
    """One line of a block, ``size`` in points. ``rule`` draws a line below it, as long as this share of the block's width."""

    text: str
    bold: bool = False
    italic: bool = False
    size: float = 13
    rule: float | None = None


@dataclass(frozen=True)
class Field:
    """A column of a table: its title, its width in millimetres, how its cells stand."""

    title: str
    width: float
    centred: bool = True


class Paper:
    """One document, written from its first line to its last."""

    def __init__(self, language: str) -> None:
        import docx  # late: a start needs no Word

        self._doc = docx.Document()
        self._styles(language)
        self._page()

    def block(self, left: Sequence[Line], right: Sequence[Line], *, side: str = "center") -> None:
        """Two columns side by side without borders, as at the head (``side`` for the left one: centred) and at the foot."""
        from docx.shared import Mm

        row = self._table(_HALVES).rows[0]
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for lines, cell, align, width in zip((left, right), row.cells, (side, "center"), _HALVES, strict=True):
            cell.width = Mm(width)
            self._fill(cell, lines, align, width)

    def title(self, *lines: Line) -> None:
        for line in lines:
            self._write(self._doc.add_paragraph(), line, "center")
            if line.rule is not None:
                self._rule(self._doc.add_paragraph(), WIDTH * (1 - line.rule) / 2)

    def body(self, text: str, *, bold: bool = False) -> None:
        """A paragraph: justified, its first line indented."""
        from docx.shared import Mm, Pt

        paragraph = self._doc.add_paragraph()
        self._write(paragraph, Line(text, bold=bold, size=SIZE), "justify")
        form = paragraph.paragraph_format
        form.first_line_indent, form.space_after, form.keep_with_next = Mm(_INDENT), Pt(6), bold

    def blank(self) -> None:
        """A dotted line to write on, as long as the text is wide."""
        from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
        from docx.shared import Mm, Pt

        paragraph = self._doc.add_paragraph()
        form = paragraph.paragraph_format
        form.first_line_indent, form.space_after = Mm(_INDENT), Pt(6)
        form.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        self._face(paragraph.add_run("\t"), Line("", size=SIZE))

    def note(self, text: str) -> None:
        """A small line in italics, such as below a table."""
        self._write(self._doc.add_paragraph(), Line(text, italic=True, size=SMALL), "left")

    def gap(self) -> None:
        from docx.shared import Pt

        self._doc.add_paragraph().paragraph_format.line_spacing = Pt(8)

    def table(self, fields: Sequence[Field], rows: Iterable[Sequence[str]], total: Sequence[str]) -> None:
        """A bordered table; its head is repeated on every page, no row is torn apart."""
        from docx.enum.table import WD_TABLE_ALIGNMENT

        table = self._table([field.width for field in fields], borders=True)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        head = table.rows[0]
        self._row(head, [field.title for field in fields], fields, bold=True)
        head._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        model = table.add_row()
        self._row(model, ["0" for _ in fields], fields)
        for cells in rows:
            model._tr.addprevious(_like(model._tr, cells))
        table._tbl.remove(model._tr)
        self._row(table.add_row(), total, fields, bold=True)

    def finish(self, *, title: str, author: str, comments: str, at: datetime) -> bytes:
        """The file. ``author`` and ``comments`` say in its properties who made it."""
        properties = self._doc.core_properties
        properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
        properties.comments = comments[:255]
        properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
        content = io.BytesIO()
        self._doc.save(content)
        return content.getvalue()

    def _styles(self, language: str) -> None:
        from docx.shared import Pt, RGBColor

        for name in ("Normal", "Header"):
            style: Any = self._doc.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(SIZE), RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for script in ("w:cs", "w:eastAsia"):
                fonts.set(_name(script), FONT)
            style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
            style.paragraph_format.line_spacing = 1.0
        normal: Any = self._doc.styles["Normal"]
        normal.element.rPr.append(_element("w:lang", val=language))

    def _page(self) -> None:
        from docx.shared import Mm

        page = self._doc.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(20), Mm(20), Mm(30), Mm(15)
        page.header_distance = page.footer_distance = Mm(10)
        page.different_first_page_header_footer = True  # its own head stays empty: no number on page 1
        number = page.header.paragraphs[0]
        self._write(number, Line("", size=13), "center")
        for kind in ("begin", None, "end"):
            run = number.add_run()
            self._face(run, Line("", size=13))
            if kind is None:
                code = _element("w:instrText")
                code.text = "PAGE"
                run._r.append(code)
            else:
                run._r.append(_element("w:fldChar", fldCharType=kind))

    def _table(self, widths: Sequence[float], *, borders: bool = False) -> Any:
        from docx.shared import Mm

        table: Any = self._doc.add_table(1, len(widths))
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        properties = table._tbl.tblPr
        if borders:
            edges = _element("w:tblBorders")
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                edges.append(_element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
            properties.insert_element_before(edges, "w:tblLayout", "w:tblLook")
        inner = _element("w:tblCellMar")
        for side in ("top", "left", "bottom", "right"):
            inner.append(_element(f"w:{side}", w=str(_CELL_MARGIN if borders or side in ("left", "right") else 0), type="dxa"))
        properties.insert_element_before(inner, "w:tblLook")
        return table

    def _row(self, row: Any, texts: Sequence[str], fields: Sequence[Field], *, bold: bool = False) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.shared import Mm

        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, text, field in zip(row.cells, texts, fields, strict=True):
            cell.width = Mm(field.width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            self._write(
                cell.paragraphs[0], Line(text, bold=bold, size=TABLE_SIZE), "center" if field.centred or bold else "left"
            )

    def _fill(self, cell: _Cell, lines: Sequence[Line], align: str, width: float) -> None:
        paragraph = cell.paragraphs[0]
        for at, line in enumerate(lines):
            self._write(paragraph if at == 0 else cell.add_paragraph(), line, align)
            if line.rule is not None:
                self._rule(cell.add_paragraph(), width * (1 - line.rule) / 2)

    def _write(self, paragraph: Paragraph, line: Line, align: str) -> None:
        from docx.enum.text import WD_PARAGRAPH_ALIGNMENT

        paragraph.alignment = WD_PARAGRAPH_ALIGNMENT[align.upper()]
        if line.text:
            self._face(paragraph.add_run(_printable(line.text)), line)
        mark = _element("w:rPr")  # an empty line is as high as its mark
        mark.append(_element("w:sz", val=str(round(line.size * 2))))
        paragraph._p.get_or_add_pPr().append(mark)

    def _face(self, run: Any, line: Line) -> None:
        from docx.shared import Pt

        run.bold, run.italic, run.font.size, run.font.name = line.bold, line.italic, Pt(line.size), FONT

    def _rule(self, paragraph: Paragraph, indent: float) -> None:
        """A line: the upper edge of an empty paragraph, drawn in by ``indent`` millimetres from both sides."""
        from docx.shared import Mm, Pt

        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Mm(indent)
        form.space_before, form.line_spacing = Pt(4), Pt(6)
        edge = _element("w:pBdr")
        edge.append(_element("w:top", val="single", sz="6", space="0", color="000000"))
        paragraph._p.get_or_add_pPr().insert_element_before(edge, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _like(model: Any, cells: Sequence[str]) -> Any:
    """A row like ``model``, whose cells have one text each: copied, which is several times as fast as formatting each cell."""
    row = copy.deepcopy(model)
    for text, cell in zip(row.iter(_name("w:t")), cells, strict=True):
        text.text = _printable(cell)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return row


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(tag)


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(_name(f"w:{key}"), value)
    return element
