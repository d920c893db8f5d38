"""The file itself: whether it is a workbook that can be filled, and what of it a copy will not have."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.cell_range import CellRange

from bot.reports.own_table.template import Notice, Refused

MB = 1_000_000
MOST_BYTES = 10 * MB
MOST_UNPACKED = 40 * MB
"""Of XML. A small file may unpack to gigabytes."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a file of before 2007, or a new one that is encrypted
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AREA = re.compile(rb"<(?:mergeCell|hyperlink)\b[^>]*\bref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")
_MOST_COVERED = 200_000
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"

# What openpyxl does not write back, by the folder or the element in which it stands.
_LOST_PARTS = {
    "xl/charts/": "charts",
    "xl/ctrlProps/": "controls",
    "xl/activeX/": "controls",
    "xl/slicers/": "controls",
    "xl/threadedComments/": "threads",
    "xl/externalLinks/": "links",
}
_LOST_MARKS = {"shapes": re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ />]"), "extensions": re.compile(rb"<x14:")}


def open_book(content: bytes) -> Workbook | Refused:
    """The workbook with its formulas and links. Refuses, by key: ``too_large`` (mb, most), ``password``, ``old_format``,
    ``not_excel``, ``macros``, ``too_many_cells``, ``broken``."""
    refused = _unusable(content)
    if refused is not None:
        return refused
    try:
        book = load_workbook(io.BytesIO(content), keep_links=True, rich_text=True)
    except Exception:  # whatever the library meets in a damaged file, the answer is the same
        return Refused("broken")
    return book if book.worksheets else Refused("no_table")


def notices(content: bytes) -> tuple[Notice, ...]:
    """What a filled copy will not have, or will have otherwise."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = dict.fromkeys(_lost(archive))
    return tuple(Notice(key) for key in found)


def _unusable(content: bytes) -> Refused | None:
    if len(content) > MOST_BYTES:
        return Refused("too_large", {"mb": -(-len(content) // MB), "most": MOST_BYTES // MB})
    if content.startswith(_OLE):
        return Refused("password" if _ENCRYPTED in content else "old_format")
    if not content.startswith(b"PK"):
        return Refused("not_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unusable_archive(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        return Refused("broken")


def _unusable_archive(archive: zipfile.ZipFile) -> Refused | None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names or "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        return Refused("not_excel")
    unpacked = sum(info.file_size for info in archive.infolist() if info.filename.endswith((".xml", ".rels", ".vml")))
    if unpacked > MOST_UNPACKED:
        return Refused("too_large", {"mb": -(-unpacked // MB), "most": MOST_UNPACKED // MB})
    if "xl/vbaProject.bin" in names or any(name.startswith("xl/macrosheets/") for name in names):
        return Refused("macros")
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        return Refused("macros")
    if "xl/workbook.xml" in names and _STRICT in archive.read("xl/workbook.xml"):
        return Refused("not_excel")
    if any(map(_covers_too_much, (archive.read(name) for name in names if name.startswith("xl/worksheets/")))):
        return Refused("too_many_cells")
    if any(b"<!DOCTYPE" in archive.read(name) for name in names if name.endswith((".xml", ".rels"))):
        return Refused("broken")  # no workbook has one; entities could unpack without end
    return None


def _covers_too_much(sheet: bytes) -> bool:
    """Whether areas cover so many cells, each of which is made when the file is read, that it would take minutes."""
    areas = (CellRange(ref.decode()) for ref in _AREA.findall(sheet))
    covered: int = sum(area.size["rows"] * area.size["columns"] for area in areas)
    return covered > _MOST_COVERED


def _lost(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        if name.startswith("xl/media/") and name.lower().endswith((".emf", ".wmf")):
            yield "images"
        yield from (key for folder, key in _LOST_PARTS.items() if name.startswith(folder))
        if name.startswith(("xl/drawings/", "xl/worksheets/")) and name.endswith(".xml"):
            xml = archive.read(name)
            yield from (key for key, mark in _LOST_MARKS.items() if mark.search(xml))
