"""Lists of people that come as a file (A17): the cells of a sheet as answers to the reports.

Pure: it knows nothing of Excel, chats or saving. What a cell cannot be is said beside it and never guessed.
"""

from bot.domain.lists.reading import Fault, Place, Row, Sheet, Words, read_sheet

__all__ = ["Fault", "Place", "Row", "Sheet", "Words", "read_sheet"]
