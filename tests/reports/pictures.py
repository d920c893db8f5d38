"""The pictures of papers in docs/pictures: ``python -m tests.reports.pictures`` renders the tiles of an invented morning."""

from __future__ import annotations

from pathlib import Path

from bot.reports.picture import picture
from bot.texts import Voice
from tests.reports.sample import commune, district

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
VI = Voice("vi", "dong_chi")


def main() -> None:
    (PICTURES / "tiles.png").write_bytes(picture(commune(), VI))
    (PICTURES / "tiles-district.png").write_bytes(picture(district(), VI))


if __name__ == "__main__":
    main()
