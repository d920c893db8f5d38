"""The pictures of papers in docs/pictures: ``python -m tests.reports.pictures`` renders an invented morning.

The report's page needs LibreOffice with Writer and pdftoppm; without them its picture stays as it is, and this says so.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from bot.reports.letter import letter, letterhead
from bot.reports.pdf import as_pdf
from bot.reports.picture import picture
from bot.texts import Voice
from tests.reports.sample import DAY, MADE, commune, district

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
VI = Voice("vi", "dong_chi")


def print_letter() -> None:
    """The first page of the commune's report."""
    figures = commune()
    head = letterhead(figures.unit, district().unit, VI)
    pdf = asyncio.run(as_pdf(letter(figures, head, MADE, VI, since=date(DAY.year, 8, 1))))
    painter = shutil.which("pdftoppm")
    if pdf is None or painter is None:
        print("letter.png stays as it is: it needs LibreOffice with Writer, and pdftoppm", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "letter.pdf").write_bytes(pdf)
        paint = [
            painter,
            "-png",
            "-r",
            "90",
            "-gray",
            "-f",
            "1",
            "-singlefile",
            f"{folder}/letter.pdf",
            str(PICTURES / "letter"),
        ]
        subprocess.run(paint, check=True, timeout=60)


def main() -> None:
    (PICTURES / "tiles.png").write_bytes(picture(commune(), VI))
    (PICTURES / "tiles-district.png").write_bytes(picture(district(), VI))
    print_letter()


if __name__ == "__main__":
    main()
