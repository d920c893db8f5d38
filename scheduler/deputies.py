"""After midnight whoever stood in until yesterday does not any more; both are told in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.clock import at
from bot.conversation.words import Say
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME, place
from bot.storage import deputies, people
from bot.storage.accounts import by_person, for_duties
from bot.storage.deputies import Deputy
from bot.storage.outbox import Post
from bot.storage.people import Who
from scheduler.round import Decisions, Round


async def over(round_: Round, everywhere: Sequence[str]) -> Decisions:
    """End what is over."""
    posts: list[Post] = []
    for one in await deputies.over(round_.tx, round_.day):
        await deputies.end(round_.tx, one, round_.now)
        known = by_person(await people.of_users(round_.tx, round_.keys, [one.user, one.deputy]))
        posts += _told(round_, one, {user: who for user, owned in known.items() if (who := for_duties(owned))})
    return dict.fromkeys(everywhere, posts)


def _told(round_: Round, one: Deputy, known: dict[str, Who]) -> list[Post]:
    names = {"absent": one.user, "name": one.deputy}
    said = {key: known[user].name if user in known else "–" for key, user in names.items()}
    unit = place(round_.tree[one.unit]) if one.unit in round_.tree else Say("reports.as_written", value=one.unit)
    posts = [
        post
        for key, user in (("away.over", one.user), ("away.push_over", one.deputy))
        if (who := known.get(user)) is not None
        for post in duty(who, voice(who)(Say(key, unit=unit, **said)), f"away:{one.id}:{key}", buttons=buttons(who, (HOME,)))
    ]
    return [replace(post, not_before=at(round_.day, round_.timetable.first_nudge)) for post in posts]
