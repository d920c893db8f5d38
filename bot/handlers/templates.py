"""/mau: the file into which lists are typed that are sent back as a file (``list_files``)."""

from __future__ import annotations

from bot.conversation.words import Say
from bot.domain.access import Act, reach
from bot.handlers.call import Call
from bot.handlers.list_files import TEMPLATE
from bot.handlers.wanted import want
from bot.reports.phrases import HOME


async def template(call: Call) -> None:
    """The empty lists, for whoever reports."""
    tops = reach(call.user.roles, Act.REPORT, call.tree)
    if not tops:
        call.say(Say("access.denied"))
        return
    if call.message.channel not in call.desk.carries_files:
        call.say(Say("lists.template.no_file"), rows=((HOME,),))
        return
    await want(call, TEMPLATE, unit=tops[0].code)
    call.say(Say("lists.template.coming"), rows=((HOME,),))
