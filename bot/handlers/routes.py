"""What leads where: typed commands, buttons, and what is confirmed. A new command is one row of ``COMMANDS`` and its words."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.conversation.form import Form
from bot.conversation.words import Say
from bot.forms.away import Away
from bot.forms.contact_names import ContactNames
from bot.forms.explanation import Explain, FigureAbove
from bot.forms.filter import Filter
from bot.forms.opening import Opening
from bot.forms.paper import Paper
from bot.forms.profile import Profile
from bot.forms.question import AnswerDate, AnswerNumber, AnswerText, AskQuestion, QuestionDue
from bot.forms.search import Search
from bot.forms.transfer import Transfer, TransferReturn
from bot.forms.village_way import VillageWay
from bot.handlers import (
    absence,
    amending,
    answering_questions,
    approving,
    asking,
    board,
    calling,
    chain,
    contacts,
    deciding,
    explaining,
    finishing,
    inviting,
    joining,
    keeping,
    lateness,
    linking,
    list_files,
    menu,
    opening_balances,
    own_table,
    pasting,
    people_list,
    persons,
    picturing,
    printing,
    queries,
    question_card,
    reconciling,
    record_card,
    reminding,
    reporting,
    sampling,
    scans,
    searching,
    shift,
    signing,
    start,
    statistics,
    supporting,
    templates,
    transferring,
    undoing,
    urgent,
    village_ways,
    visits,
    waiting,
)
from bot.handlers.call import Call
from bot.texts import Voice, languages

Handler = Callable[..., Awaitable[None]]

Bare = Callable[[Call, str], bool]
"""Whether a text that begins with a command's name, without the slash, means it: what follows is given."""


def _anything(_call: Call, _argument: str) -> bool:
    return True


@dataclass(frozen=True)
class Command:
    """``names`` are what may be typed after the slash, the first Vietnamese; ``shown`` puts it on the platform's list.

    ``takes_word``: what follows the command is handed to the handler. ``bare``: whoever reports nothing just then may leave out
    the slash.
    """

    key: str
    names: tuple[str, ...]
    handler: Handler
    shown: bool = True
    takes_word: bool = False
    bare: Bare | None = None


COMMANDS = (
    Command("menu", ("menu",), menu.show),
    Command("situation", ("tinhhinh", "situation"), queries.situation),
    Command("board", ("bang", "board"), board.show),
    Command("shift", ("bangiao", "handover"), shift.start),
    Command("missing", ("thieu", "missing"), queries.missing),
    Command("list", ("danhsach", "list"), people_list.show),
    Command("amend", ("sua", "fix"), amending.amend, takes_word=True, bare=_anything),
    Command("search", ("tim", "find"), searching.search, takes_word=True, bare=_anything),
    Command("filter", ("loc", "filter"), searching.filter_, takes_word=True, bare=_anything),
    Command("template", ("mau", "template"), templates.template),
    Command("waiting", ("chonhap", "waiting"), waiting.list_),
    Command("complete", ("bosung", "complete"), contacts.incomplete),
    Command("differ", ("giaitrinh", "explain"), explaining.list_),
    Command("balance", ("doichieu", "balance"), reconciling.card),
    Command("openings", ("sodauky", "openings"), opening_balances.list_),
    Command("ask", ("hoi", "ask"), asking.list_),
    Command("progress", ("tiendo", "progress"), statistics.progress),
    Command("statistics", ("thongke", "statistics"), statistics.statistics),
    Command("table", ("bieu", "table"), own_table.command, takes_word=True),
    Command("signing", ("xacnhan", "sign"), signing.of_unit),
    Command("calls", ("goi", "calls"), calling.list_),
    Command("ways", ("cachbao", "ways"), village_ways.list_),
    Command("visits", ("theodoi", "visits"), visits.list_),
    Command("aids", ("hotro", "support"), supporting.list_),
    Command("transfers", ("chuyen", "transfers"), transferring.list_),
    Command("countdown", ("hetcachly", "ending"), finishing.list_),
    Command("sampling", ("laymau", "samples"), sampling.list_),
    Command("decisions", ("quyetdinh", "decide"), deciding.decisions),
    Command("doubles", ("trung", "duplicates"), joining.queue),
    Command("away", ("vang", "standin"), absence.start, takes_word=True, bare=absence.is_meant),
    Command("invite", ("moi", "invite"), inviting.invite),
    Command("link", ("ketnoi", "link"), linking.link),
    Command("cancel", ("huy", "cancel"), menu.cancel),
    Command("help", ("trogiup", "help"), menu.help_),
    Command("language", ("ngonngu", "language"), start.language, takes_word=True),
    Command("start", ("start",), start.start, shown=False, takes_word=True),
)


def platform_commands() -> dict[str, list[tuple[str, str]]]:
    """The list that a platform shows: by language, (name, what it does)."""
    return {
        "" if language == "vi" else language: [
            (names.names[0] if language == "vi" else names.names[-1], Voice(language).word(f"command.{names.key}.menu"))
            for names in COMMANDS
            if names.shown
        ]
        for language in languages()
    }


# What a button may ask for: "do:<verb>:<argument>…". Every handler checks for itself what the person may do.
VERBS: Mapping[str, Handler] = {
    "menu": menu.show,
    "more": menu.more,
    "people": menu.people_menu,
    "call": menu.call_commune,
    "help": menu.help_,
    "form": reporting.start,
    "open": reporting.start,
    "villages": reporting.villages,
    "instead": reporting.instead,
    "again": reporting.again,
    "correct": reporting.correct,
    "about": reporting.about,
    "person": persons.card,
    "paste": pasting.show,
    "paste_send": pasting.send,
    "paste_more": pasting.complete,
    "paste_drop": pasting.leave_out,
    "paste_village": pasting.village,
    "paste_no": pasting.no_report,
    "file_send": list_files.send,
    "template": templates.template,
    "complete": contacts.incomplete,
    "chain": chain.chain,
    "visits": visits.list_,
    "visit": visits.person,
    "seen": visits.seen,
    "check": visits.check,
    "next": visits.after,
    "countdown": finishing.list_,
    "release": finishing.release,
    "close": finishing.close,
    "sampling": sampling.list_,
    "sampled": sampling.sampled,
    "results": sampling.results,
    "result": sampling.result,
    "plans": deciding.history,
    "decisions": deciding.decisions,
    "differ": explaining.list_,
    "explain": explaining.card,
    "explain_it": explaining.explain,
    "above": explaining.above,
    "ask": asking.list_,
    "ask_new": asking.new,
    "ask_tick": asking.tick,
    "ask_go": asking.go,
    "ask_drop": asking.drop,
    "ask_again": question_card.again,
    "ask_due": question_card.due,
    "ask_close": question_card.close,
    "ask_back": question_card.withdraw,
    "ask_file": question_card.file,
    "question": question_card.card,
    "answer": answering_questions.answer,
    "answer_for": answering_questions.instead,
    "balance": reconciling.card,
    "moved": reconciling.moved,
    "openings": opening_balances.list_,
    "opening": opening_balances.one,
    "opening_add": opening_balances.add,
    "remind": reminding.remind,
    "late": lateness.ask,
    "stats": statistics.show,
    "signing": signing.of_unit,
    "table": own_table.show,
    "table_map": own_table.map_,
    "table_rows": own_table.rows_,
    "table_col": own_table.column,
    "table_row": own_table.row,
    "table_set": own_table.set_column,
    "table_ask": own_table.ask_below,
    "table_unit": own_table.set_row,
    "table_sheet": own_table.sheet,
    "table_ok": own_table.confirm,
    "table_drop": own_table.drop,
    "table_edit": own_table.edit,
    "table_stop": own_table.stop,
    "table_get": own_table.get,
    "review": approving.review,
    "approve": approving.approve,
    "phoned": approving.phoned,
    "paper": approving.paper,
    "print": printing.ask,
    "photo": picturing.of_card,
    "photo_now": picturing.of_situation,
    "scan": scans.show,
    "scan_drop": scans.drop,
    "decide": deciding.decide,
    "accept": deciding.accept,
    "taken": urgent.taken,
    "doubles": joining.queue,
    "pair": joining.pair,
    "join": joining.joined,
    "apart": joining.apart,
    "part": joining.parted,
    "twins": joining.twins,
    "aids": supporting.list_,
    "aid": supporting.card,
    "aid_take": supporting.take,
    "transfers": transferring.list_,
    "transfer": transferring.card,
    "transfer_to": transferring.to,
    "transfer_yes": transferring.accept,
    "transfer_no": transferring.refuse,
    "transfer_back": transferring.withdraw,
    "calls": calling.list_,
    "ring": calling.ring,
    "ring_none": calling.nothing_new,
    "ring_no": calling.not_reached,
    "ways": village_ways.list_,
    "way": village_ways.change,
    "resume": reporting.resume,
    "keep": lambda call: menu.show(call, Say("undo.kept")),
    "undo": undoing.ask,
    "undo_sure": undoing.undo,
    "situation": queries.situation,
    "missing": queries.missing,
    "board": board.show,
    "item": board.item,
    "item_take": board.take,
    "item_leave": board.leave,
    "item_ask": board.ask,
    "former": keeping.ask,
    "former_sure": keeping.keep,
    "away": absence.start,
    "away_until": absence.until,
    "away_other": absence.other_day,
    "away_to": absence.hand_over,
    "away_back": absence.back,
    "away_draft": absence.go_on,
    "shift": shift.start,
    "shift_give": shift.give,
    "shift_yes": shift.accept,
    "shift_no": shift.decline,
    "shift_back": shift.withdraw,
    "list": people_list.show,
    "groups": people_list.groups,
    "file": people_list.file,
    "search": searching.search,
    "look": searching.within,
    "filter": searching.filter_,
    "records": record_card.choose,
    "record": record_card.show,
    "waiting": waiting.list_,
    "media": waiting.show,
    "media_done": waiting.done,
    "invite": inviting.invite,
    "revoke": inviting.revoke,
    "link": linking.link,
    "accounts": linking.show,
    "duties": linking.choose,
    "unlink": linking.ask_unlink,
    "unlink_sure": linking.unlink,
    "language": start.language,
    "agree": start.agree,
    "disagree": start.disagree,
    "profile": start.profile,
}


# What confirming does where it files no record.
SAVED: Mapping[type[Form], Handler] = {
    Profile: start.save_profile,
    Paper: approving.signed_paper,
    Explain: explaining.explained,
    FigureAbove: explaining.noted_above,
    Opening: opening_balances.saved,
    AskQuestion: asking.drafted,
    QuestionDue: asking.extended,
    AnswerNumber: answering_questions.typed,
    AnswerText: answering_questions.typed,
    AnswerDate: answering_questions.typed,
    ContactNames: contacts.named,
    VillageWay: village_ways.saved,
    Search: searching.searched,
    Away: absence.typed,
    Filter: searching.filtered,
    Transfer: transferring.asked,
    TransferReturn: transferring.returned,
}


def fits(handler: Handler, arguments: list[str]) -> bool:
    """Whether a handler takes these arguments of a button, all of which are text."""
    taken = [one for one in list(inspect.signature(handler).parameters.values())[1:] if one.kind is not one.VAR_POSITIONAL]
    needed = [one for one in taken if one.default is one.empty]
    return len(needed) <= len(arguments) <= len(taken)
