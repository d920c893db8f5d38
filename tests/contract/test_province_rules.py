"""A province's own rules of isolation, by the configuration: on the card before it is sent, and in the plan that is stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.clock import StandingClock
from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import file_report
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.people import Who
from bot.texts import Voice

STRICTER = """
[[rule]]
id = "contact-5599"
category = "contact"
source = "CV 1"
issued = 2021-08-01
valid_from = 2021-08-01
isolate_days = 21
places = ["institutional"]
monitor_days = 7
test_days = [1, 14, 20]
verified = true
"""
ANSWERS = {
    **dict.fromkeys(("phone", "household", "source_case", "contact_place", "last_dose_on", "quarantine_from")),
    "full_name": "Lò Mẫu An",
    "birth_year": 1985,
    "sex": "male",
    "exposure_type": "care",
    "last_contact_on": "2021-09-08",
    "doses": "0",
    "quarantine_type": "institutional",
}


async def test_a_province_isolates_for_as_long_as_its_own_document_says(
    db: Database, keys: Keyring, clock: StandingClock, tmp_path: Path
) -> None:
    file = tmp_path / "province.toml"
    file.write_text(STRICTER, encoding="utf-8")
    desk = Desk(keys=keys, timetable=Timetable(), forms=forms(), new_id=lambda: "P000000001", override=str(file))
    tree = Tree([OrgUnit("c", "Xã Mẫu", COMMUNE, None), OrgUnit("v", "Bản Mẫu", VILLAGE, "c")], date(2021, 9, 9))
    who = Who("head", "Người Mẫu", None, "anh", "vi", (RoleAt(Role.HEAD, "v"),), "telegram", "7", "1")
    form = forms()["contact"]
    draft = Draft(desk.new_id(), form.name, form.version, "v", REVIEW, answers=ANSWERS, facts={"rules": desk.override})

    foreseen = " ".join(Voice()(say) for say in form.foresees(draft.answers, draft.facts))
    async with db.write() as tx:
        filed = await file_report(tx, desk, tree, who, form, draft, clock())

    assert "29/9/2021" in foreseen
    assert filed.replanned is not None
    assert filed.replanned.after is not None
    assert filed.replanned.after.plan is not None
    assert filed.replanned.after.plan.isolate_until == date(2021, 9, 29)
