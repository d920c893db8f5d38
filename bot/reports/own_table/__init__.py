"""The district's own table: reading the template it sends, proposing what each column is, filling a copy."""

from bot.reports.own_table.difference import Changes, Difference, difference, renewed
from bot.reports.own_table.filling import Filled, Gap, Left, Values, fill
from bot.reports.own_table.headings import Confidence, Why
from bot.reports.own_table.mapping import CODE, NOTE, Column, Row, TableMap, propose, restored, stored
from bot.reports.own_table.places import Unit
from bot.reports.own_table.reading import read
from bot.reports.own_table.template import Field, Line, Notice, Refused, Template

__all__ = [
    "CODE",
    "NOTE",
    "Changes",
    "Column",
    "Confidence",
    "Difference",
    "Field",
    "Filled",
    "Gap",
    "Left",
    "Line",
    "Notice",
    "Refused",
    "Row",
    "TableMap",
    "Template",
    "Unit",
    "Values",
    "Why",
    "difference",
    "fill",
    "propose",
    "read",
    "renewed",
    "restored",
    "stored",
]
