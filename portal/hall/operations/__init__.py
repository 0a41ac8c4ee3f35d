"""Writes of the hall. None commits, none reads the clock: an edge opens the transaction and says ``at`` and ``by``."""

from portal.hall.operations.appointments import Confirmation, book, cancel, check_in, move, remind_and_miss, renumber
from portal.hall.operations.calling import (
    bring_back,
    call,
    call_next,
    mark_absent,
    park,
    recall,
    resume,
    serve,
    start,
    transfer,
    void,
)
from portal.hall.operations.consent import carry_over, release
from portal.hall.operations.ending import close_days, close_hall, unserved
from portal.hall.operations.issuing import Denied, Slip, issue
from portal.hall.operations.kiosks import enrol_kiosk, replace_slip, withdraw_kiosk
from portal.hall.operations.merging import Merging, merge_windows, merging, mergings
from portal.hall.operations.numbers import holders_code, is_holders_code
from portal.hall.operations.paper import Block, PaperLine, blocks, declare_block, enter, enter_line, open_block
from portal.hall.operations.planning import (
    check_closure,
    check_spans,
    declare_closure,
    declare_surge,
    note_empty_windows,
    resume_issuing,
    set_shift,
    stop_issuing,
    whom_it_hits,
    withdraw_closure,
)
from portal.hall.operations.projection import rebuild_halls
from portal.hall.operations.windows import close_window, open_window, pass_window, pause_window, would_break

__all__ = [
    "Block", "Confirmation", "Denied", "Merging", "PaperLine", "Slip", "blocks", "book", "bring_back", "call",
    "call_next", "cancel", "carry_over", "check_closure", "check_in", "check_spans", "close_days", "close_hall",
    "close_window", "declare_block", "declare_closure", "declare_surge", "enrol_kiosk", "enter", "enter_line",
    "holders_code", "is_holders_code", "issue", "mark_absent", "merge_windows", "merging", "mergings", "move",
    "note_empty_windows", "open_block", "open_window", "park", "pass_window", "pause_window", "rebuild_halls", "recall",
    "release", "remind_and_miss", "renumber", "replace_slip", "resume", "resume_issuing", "serve", "set_shift", "start",
    "stop_issuing", "transfer", "unserved", "void", "whom_it_hits", "withdraw_closure", "withdraw_kiosk", "would_break",
]  # fmt: skip
