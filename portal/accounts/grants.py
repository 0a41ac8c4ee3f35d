"""The acts of the portal, and which role is granted which of them in which relation: a table, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.basis import Role


class Act(StrEnum):
    """One act for each step that ``ledger/kinds.py`` names (same word), one for each consent, one for each page."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    NOTICE_CORRECTION = "notice_correction"
    SUBMIT_CORRECTION = "submit_correction"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ACCEPT_TOLERANTLY = "accept_tolerantly"
    ACCEPT_PROMISE = "accept_promise"
    SUPPLY = "supply"
    POST_CHECK = "post_check"
    DEEM_ACCEPTED = "deem_accepted"
    DEEM_WITHDRAWN = "deem_withdrawn"
    DEEM_RENEWED = "deem_renewed"
    DESIGNATE = "designate"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"
    RETURN_HANDOVER = "return_handover"
    UPHOLD_OBJECTION = "uphold_objection"
    ASSIGN = "assign"
    OPEN = "open"
    VIEW = "view"
    COMMENT = "comment"
    REMIND = "remind"
    CHASE = "chase"
    REVIEW = "review"
    CHECK_SITE = "check_site"
    GIVE_JOINT_OPINION = "give_joint_opinion"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    DECIDE = "decide"
    PRODUCE_LICENCE = "produce_licence"
    NOTICE_COLLECTION = "notice_collection"
    DELIVER = "deliver"
    RATE = "rate"
    CONTACT_RATER = "contact_rater"
    FIX_RATING = "fix_rating"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    REOPEN = "reopen"
    REQUEST_WAIT = "request_wait"
    LINK_OUTAGE = "link_outage"
    MARK_DUPLICATE = "mark_duplicate"
    MARK_TEST = "mark_test"
    MOVE_DUE = "move_due"

    INQUIRE = "inquire"
    ANSWER = "answer"
    MARK_UNCLEAR = "mark_unclear"
    HAND_OVER_INQUIRY = "hand_over_inquiry"
    ACKNOWLEDGE_INQUIRY = "acknowledge_inquiry"
    TELL_INQUIRER = "tell_inquirer"
    CHASE_INQUIRY = "chase_inquiry"

    RAISE_FINDING = "raise_finding"
    CHANGE_FINDING = "change_finding"
    CLEAR_FINDING = "clear_finding"
    NOTIFY_FINDING = "notify_finding"
    EXPLAIN_FINDING = "explain_finding"
    CONFIRM_FINDING = "confirm_finding"
    APPEAL_FINDING = "appeal_finding"
    WAIVE_APPEAL = "waive_appeal"
    DECIDE_APPEAL = "decide_appeal"
    ORDER_RECTIFICATION = "order_rectification"
    EXTEND_RECTIFICATION = "extend_rectification"
    REPORT_RECTIFICATION = "report_rectification"
    RECHECK_RECTIFICATION = "recheck_rectification"
    WITHDRAW_RECTIFICATION = "withdraw_rectification"
    PROPOSE_DISMISSAL = "propose_dismissal"
    DISMISS_FINDING = "dismiss_finding"
    REFUSE_DISMISSAL = "refuse_dismissal"
    PUBLISH_FINDING = "publish_finding"
    AMEND_CALENDAR = "amend_calendar"
    DECLARE_OUTAGE = "declare_outage"
    DECLARE_SYNC_BATCH = "declare_sync_batch"
    DECLARE_EMERGENCY = "declare_emergency"
    DOUBT_LEDGER = "doubt_ledger"
    NOTE_CLOCK = "note_clock"

    AUTHORISE = "authorise"
    REVOKE_AUTHORISATION = "revoke_authorisation"
    SEE_AUTHORISATION = "see_authorisation"
    REGISTER_AGENT = "register_agent"

    REQUEST_DATA = "request_data"
    COPY_DATA = "copy_data"
    ANSWER_DATA_REQUEST = "answer_data_request"
    CORRECT_DATA = "correct_data"
    LOCK_DATA = "lock_data"
    ERASE_DATA = "erase_data"

    ISSUE_TICKET = "issue_ticket"
    CALL_TICKET = "call_ticket"
    START_TICKET = "start_ticket"
    PARK_TICKET = "park_ticket"
    RESUME_TICKET = "resume_ticket"
    TRANSFER_TICKET = "transfer_ticket"
    MARK_ABSENT = "mark_absent"
    RETURN_TICKET = "return_ticket"
    SERVE_TICKET = "serve_ticket"
    RELEASE_TICKET = "release_ticket"
    CARRY_OVER_TICKET = "carry_over_ticket"
    VOID_TICKET = "void_ticket"
    CLOSE_UNSERVED = "close_unserved"
    OVERRIDE_GUARANTEE = "override_guarantee"
    REFUSE_TICKET = "refuse_ticket"
    STOP_ISSUING = "stop_issuing"
    RESUME_ISSUING = "resume_issuing"
    OPEN_WINDOW = "open_window"
    PAUSE_WINDOW = "pause_window"
    CLOSE_WINDOW = "close_window"
    PASS_WINDOW = "pass_window"  # noqa: S105 -- a step, no secret
    MERGE_WINDOWS = "merge_windows"
    NOTE_EMPTY_WINDOW = "note_empty_window"
    SET_SHIFT = "set_shift"
    DECLARE_CLOSURE = "declare_closure"
    WITHDRAW_CLOSURE = "withdraw_closure"
    DECLARE_SURGE = "declare_surge"
    CLOSE_HALL = "close_hall"
    BOOK_APPOINTMENT = "book_appointment"
    MOVE_APPOINTMENT = "move_appointment"
    CANCEL_APPOINTMENT = "cancel_appointment"
    REMIND_APPOINTMENT = "remind_appointment"
    CHECK_IN_APPOINTMENT = "check_in_appointment"
    RENUMBER_APPOINTMENT = "renumber_appointment"
    MISS_APPOINTMENT = "miss_appointment"
    SEE_HALL = "see_hall"  # the queue, the windows, the refusals
    ENROL_KIOSK = "enrol_kiosk"

    CHANGE_CHANNEL = "change_channel"
    STOP_COUNTER = "stop_counter"  # a way that is no online one
    FAIL_PROBE = "fail_probe"
    RECOVER_PROBE = "recover_probe"
    COUNT_PROBES = "count_probes"
    SIGN_GOLIVE = "sign_golive"
    REFUSE_CHANNEL = "refuse_channel"
    NOTE_ELEMENT = "note_element"
    SEE_CHANNELS = "see_channels"

    APPROVE_SECOND_NOTICE = "approve_second_notice"
    APPROVE_PAUSE = "approve_pause"
    APPROVE_EXTENSION = "approve_extension"
    APPROVE_TERMINATION = "approve_termination"

    SEE_CATALOGUE = "see_catalogue"
    SEE_OWN_CASE = "see_own_case"
    SEE_CASE = "see_case"
    SEE_PERSONAL_FACTS = "see_personal_facts"  # unmasked
    SEE_INQUIRY = "see_inquiry"
    SEE_WORKLIST = "see_worklist"
    SEE_COUNTS = "see_counts"
    SEE_FINDINGS = "see_findings"
    SEE_OWN_FINDINGS = "see_own_findings"  # those against the office, to answer them
    SEE_HOLDINGS = "see_holdings"  # who held which post when
    RUN_AUDIT = "run_audit"
    EDIT_CATALOGUE = "edit_catalogue"
    PUBLISH_CATALOGUE = "publish_catalogue"
    MANAGE_ACCOUNTS = "manage_accounts"
    APPROVE_RESET = "approve_reset"  # that a lost second factor be taken away, asked for by another


class Relation(StrEnum):
    """How the actor must stand to the target."""

    ANY = "any"
    OWNER = "owner"  # the applicant
    AGENT = "agent"  # authorised by the applicant
    OWN_OFFICE = "own-office"  # the target lies with the actor's office
    RECEIVER = "receiver"  # it was handed over to the actor's office, which has not acknowledged yet
    CONCERNED = "concerned"  # either of the two
    OTHER_OFFICE = "other-office"  # an office, but not the one where the target lies


_Grants = Mapping[Role, Relation]


def _for(relation: Relation, *roles: Role) -> _Grants:
    return dict.fromkeys(roles, relation)


_CITIZEN: _Grants = {Role.APPLICANT: Relation.OWNER, Role.AGENT: Relation.AGENT}
_SYSTEM = _for(Relation.ANY, Role.SYSTEM)
_OVERSIGHT = (Role.SUPERVISOR, Role.AUDITOR, Role.INSPECTOR)
_OFFICE = (Role.CLERK, Role.REVIEWER, Role.DECIDER, Role.HEAD)


def _office(*roles: Role) -> _Grants:
    return _for(Relation.OWN_OFFICE, *roles)


def _anywhere(*roles: Role) -> _Grants:
    return _for(Relation.ANY, *roles)


GRANTS: Final[Mapping[Act, _Grants]] = {
    # hand-in, receipt, acceptance
    Act.SUBMIT: {**_CITIZEN, **_office(Role.CLERK)},
    Act.RECEIVE: {**_office(Role.CLERK), **_SYSTEM},
    Act.NOTICE_CORRECTION: _office(Role.CLERK, Role.REVIEWER),
    Act.SUBMIT_CORRECTION: {**_CITIZEN, **_office(Role.CLERK)},
    Act.ACCEPT: _office(Role.CLERK),
    Act.REFUSE: _office(Role.CLERK),
    Act.ACCEPT_TOLERANTLY: _office(Role.CLERK),
    Act.ACCEPT_PROMISE: _office(Role.CLERK),
    Act.SUPPLY: {**_CITIZEN, **_office(Role.CLERK)},
    Act.POST_CHECK: _office(Role.REVIEWER),
    Act.DEEM_ACCEPTED: _SYSTEM,
    Act.DEEM_WITHDRAWN: _SYSTEM,
    Act.DEEM_RENEWED: _SYSTEM,
    # passing on
    Act.DESIGNATE: _anywhere(Role.DISPATCHER),
    Act.HAND_OVER: {**_office(Role.CLERK, Role.REVIEWER), **_anywhere(Role.DISPATCHER)},
    Act.ACKNOWLEDGE: _for(Relation.RECEIVER, Role.CLERK, Role.REVIEWER),
    Act.RETURN_HANDOVER: _for(Relation.RECEIVER, Role.CLERK, Role.REVIEWER),
    Act.UPHOLD_OBJECTION: _anywhere(Role.DISPATCHER),
    # review
    Act.ASSIGN: _office(Role.CLERK, Role.HEAD),
    Act.OPEN: _office(Role.CLERK, Role.REVIEWER, Role.DECIDER),
    Act.VIEW: {**_for(Relation.CONCERNED, *_OFFICE), **_anywhere(Role.DISPATCHER, *_OVERSIGHT)},
    Act.COMMENT: {**_office(*_OFFICE), **_anywhere(Role.SUPERVISOR)},
    Act.REMIND: _SYSTEM,
    Act.DOUBT_LEDGER: _SYSTEM,
    Act.NOTE_CLOCK: _SYSTEM,
    Act.CHASE: {**_CITIZEN, **_anywhere(Role.CLERK, Role.DISPATCHER)},  # the applicant asks at whichever window
    Act.REVIEW: _office(Role.REVIEWER),
    Act.CHECK_SITE: _office(Role.REVIEWER),
    Act.GIVE_JOINT_OPINION: _for(Relation.OTHER_OFFICE, Role.REVIEWER, Role.HEAD),
    Act.PAUSE: {**_office(Role.REVIEWER), **_anywhere(Role.SUPERVISOR)},
    Act.RESUME: {**_office(Role.REVIEWER), **_SYSTEM},
    Act.EXTEND: _office(Role.REVIEWER, Role.HEAD),
    # result
    Act.DECIDE: _office(Role.CLERK, Role.DECIDER, Role.HEAD),
    Act.PRODUCE_LICENCE: _office(Role.CLERK),
    Act.NOTICE_COLLECTION: {**_office(Role.CLERK), **_SYSTEM},
    Act.DELIVER: {**_office(Role.CLERK), **_SYSTEM},
    Act.RATE: _CITIZEN,
    Act.CONTACT_RATER: _office(Role.CLERK, Role.HEAD),
    Act.FIX_RATING: _office(Role.CLERK, Role.HEAD),
    Act.ARCHIVE: _SYSTEM,
    # withdrawal, end, re-opening
    Act.WITHDRAW: {**_CITIZEN, **_office(Role.CLERK)},
    Act.TERMINATE: _office(Role.DECIDER),
    Act.REOPEN: {**_CITIZEN, **_office(Role.DECIDER), **_anywhere(Role.SUPERVISOR)},
    # what excuses: never by the office that it excuses
    Act.REQUEST_WAIT: {**_CITIZEN, **_anywhere(Role.DISPATCHER)},
    Act.LINK_OUTAGE: {**_anywhere(Role.SUPERVISOR), **_SYSTEM},
    Act.MARK_DUPLICATE: _anywhere(Role.SUPERVISOR),
    Act.MARK_TEST: _anywhere(Role.SUPERVISOR),
    Act.MOVE_DUE: _SYSTEM,
    # inquiries
    Act.INQUIRE: {**_CITIZEN, **_office(Role.CLERK, Role.REVIEWER, Role.DISPATCHER)},
    Act.ANSWER: _office(Role.CLERK, Role.REVIEWER, Role.DISPATCHER),
    Act.MARK_UNCLEAR: _CITIZEN,
    Act.HAND_OVER_INQUIRY: _office(Role.CLERK, Role.REVIEWER, Role.DISPATCHER),
    Act.ACKNOWLEDGE_INQUIRY: _for(Relation.RECEIVER, Role.CLERK, Role.REVIEWER, Role.DISPATCHER),
    Act.TELL_INQUIRER: _for(Relation.CONCERNED, Role.CLERK, Role.REVIEWER, Role.DISPATCHER),
    Act.CHASE_INQUIRY: {**_CITIZEN, **_anywhere(Role.CLERK, Role.DISPATCHER)},
    # findings, calendars, offices
    Act.RAISE_FINDING: {**_anywhere(Role.AUDITOR, Role.INSPECTOR), **_SYSTEM},
    Act.CHANGE_FINDING: {**_anywhere(Role.AUDITOR), **_SYSTEM},
    Act.CLEAR_FINDING: {**_anywhere(Role.AUDITOR), **_SYSTEM},
    # a finding's procedure: who watches asks, judges, orders and looks again; the accused office answers and mends
    Act.NOTIFY_FINDING: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.EXPLAIN_FINDING: _office(Role.HEAD, Role.HALL_MANAGER),
    Act.CONFIRM_FINDING: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.APPEAL_FINDING: _office(Role.HEAD, Role.HALL_MANAGER),
    Act.WAIVE_APPEAL: _office(Role.HEAD, Role.HALL_MANAGER),
    Act.DECIDE_APPEAL: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.ORDER_RECTIFICATION: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.EXTEND_RECTIFICATION: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.REPORT_RECTIFICATION: _office(Role.HEAD, Role.HALL_MANAGER),
    Act.RECHECK_RECTIFICATION: _anywhere(Role.SUPERVISOR, Role.AUDITOR, Role.INSPECTOR),
    Act.WITHDRAW_RECTIFICATION: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.PROPOSE_DISMISSAL: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.DISMISS_FINDING: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.REFUSE_DISMISSAL: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.PUBLISH_FINDING: _anywhere(Role.SUPERVISOR),
    Act.AMEND_CALENDAR: {**_anywhere(Role.CATALOGUE_PUBLISHER), **_SYSTEM},
    Act.DECLARE_OUTAGE: {**_anywhere(Role.SUPERVISOR), **_SYSTEM},
    Act.DECLARE_SYNC_BATCH: {**_anywhere(Role.SUPERVISOR), **_office(Role.HALL_MANAGER)},
    Act.DECLARE_EMERGENCY: _anywhere(Role.HEAD, Role.SUPERVISOR, Role.SYSADMIN),  # two of them, at the command line
    # agents: the principal alone authorises; either side sees it; the office registers its village agents
    Act.AUTHORISE: _for(Relation.OWNER, Role.APPLICANT),
    Act.REVOKE_AUTHORISATION: _for(Relation.OWNER, Role.APPLICANT),
    Act.SEE_AUTHORISATION: _CITIZEN,
    Act.REGISTER_AGENT: _office(Role.CLERK, Role.HEAD),
    # personal data: the person asks, who answers for the office or watches over it answers, the schedule erases
    Act.REQUEST_DATA: _CITIZEN,
    Act.COPY_DATA: _CITIZEN,
    Act.ANSWER_DATA_REQUEST: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR)},
    Act.CORRECT_DATA: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR)},
    Act.LOCK_DATA: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR)},
    Act.ERASE_DATA: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR), **_SYSTEM},
    # the hall: the office that staffs a window works at it, the hall manager of the office that runs the hall steers it
    Act.ISSUE_TICKET: {**_CITIZEN, **_office(Role.CLERK, Role.HALL_MANAGER), **_SYSTEM},
    Act.CALL_TICKET: _office(Role.CLERK),
    Act.START_TICKET: _office(Role.CLERK),
    Act.PARK_TICKET: _office(Role.CLERK),
    Act.RESUME_TICKET: _office(Role.CLERK),
    Act.TRANSFER_TICKET: _office(Role.CLERK, Role.HALL_MANAGER),
    Act.MARK_ABSENT: _office(Role.CLERK),
    Act.RETURN_TICKET: _office(Role.CLERK, Role.HALL_MANAGER),
    Act.SERVE_TICKET: _office(Role.CLERK),
    Act.RELEASE_TICKET: _CITIZEN,
    Act.CARRY_OVER_TICKET: {**_CITIZEN, **_office(Role.CLERK, Role.HALL_MANAGER)},
    Act.VOID_TICKET: _office(Role.CLERK, Role.HALL_MANAGER),
    Act.CLOSE_UNSERVED: {**_office(Role.HALL_MANAGER), **_SYSTEM},
    Act.OVERRIDE_GUARANTEE: _office(Role.HALL_MANAGER),
    Act.REFUSE_TICKET: _SYSTEM,
    Act.STOP_ISSUING: _office(Role.HALL_MANAGER),
    Act.RESUME_ISSUING: _office(Role.HALL_MANAGER),
    Act.OPEN_WINDOW: _office(Role.CLERK),
    Act.PAUSE_WINDOW: _office(Role.CLERK, Role.HALL_MANAGER),
    Act.CLOSE_WINDOW: _office(Role.CLERK, Role.HALL_MANAGER),
    Act.PASS_WINDOW: _office(Role.CLERK),
    Act.MERGE_WINDOWS: _office(Role.HALL_MANAGER),
    Act.NOTE_EMPTY_WINDOW: _SYSTEM,
    Act.SET_SHIFT: _office(Role.HALL_MANAGER),
    Act.DECLARE_CLOSURE: _office(Role.HALL_MANAGER),
    Act.WITHDRAW_CLOSURE: _office(Role.HALL_MANAGER),
    Act.DECLARE_SURGE: _office(Role.HALL_MANAGER),
    Act.CLOSE_HALL: {**_office(Role.HALL_MANAGER), **_SYSTEM},
    Act.BOOK_APPOINTMENT: {**_CITIZEN, **_office(Role.CLERK, Role.HALL_MANAGER)},
    Act.MOVE_APPOINTMENT: {**_CITIZEN, **_office(Role.HALL_MANAGER)},
    Act.CANCEL_APPOINTMENT: {**_CITIZEN, **_office(Role.HALL_MANAGER)},
    Act.REMIND_APPOINTMENT: _SYSTEM,
    Act.CHECK_IN_APPOINTMENT: {**_CITIZEN, **_office(Role.CLERK, Role.HALL_MANAGER)},
    Act.RENUMBER_APPOINTMENT: _SYSTEM,
    Act.MISS_APPOINTMENT: _SYSTEM,
    Act.SEE_HALL: {**_office(Role.CLERK, Role.HALL_MANAGER, Role.HEAD), **_anywhere(*_OVERSIGHT)},
    Act.ENROL_KIOSK: _office(Role.HALL_MANAGER),
    # channels: who watches, or heads the item's office, declares; a second person signs; what people met, they note
    # who are not of the office
    Act.CHANGE_CHANNEL: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR), **_SYSTEM},
    Act.STOP_COUNTER: {**_office(Role.HEAD, Role.HALL_MANAGER), **_anywhere(Role.SUPERVISOR)},
    Act.FAIL_PROBE: _SYSTEM,
    Act.RECOVER_PROBE: _SYSTEM,
    Act.COUNT_PROBES: _SYSTEM,
    Act.SIGN_GOLIVE: {**_office(Role.HEAD), **_anywhere(Role.SUPERVISOR)},
    Act.REFUSE_CHANNEL: _anywhere(Role.SUPERVISOR, Role.INSPECTOR),
    Act.NOTE_ELEMENT: _anywhere(Role.SUPERVISOR, Role.INSPECTOR),
    Act.SEE_CHANNELS: {**_office(Role.HEAD, Role.HALL_MANAGER), **_anywhere(*_OVERSIGHT)},
    # consents
    Act.APPROVE_SECOND_NOTICE: _anywhere(Role.SUPERVISOR),
    Act.APPROVE_PAUSE: _anywhere(Role.SUPERVISOR),
    Act.APPROVE_EXTENSION: _office(Role.HEAD),
    Act.APPROVE_TERMINATION: _anywhere(Role.SUPERVISOR),
    # pages; the system administrator sees no case
    Act.SEE_CATALOGUE: _anywhere(*Role),
    Act.SEE_OWN_CASE: _CITIZEN,
    Act.SEE_CASE: {**_for(Relation.CONCERNED, *_OFFICE), **_anywhere(Role.DISPATCHER, *_OVERSIGHT)},
    Act.SEE_PERSONAL_FACTS: _office(*_OFFICE),
    Act.SEE_INQUIRY: {**_for(Relation.CONCERNED, *_OFFICE), **_anywhere(Role.DISPATCHER, *_OVERSIGHT)},
    Act.SEE_WORKLIST: {**_office(*_OFFICE), **_anywhere(Role.DISPATCHER, Role.SUPERVISOR)},
    Act.SEE_COUNTS: {**_office(Role.HEAD), **_anywhere(*_OVERSIGHT)},
    Act.SEE_FINDINGS: {**_office(Role.HEAD), **_anywhere(*_OVERSIGHT)},
    Act.SEE_OWN_FINDINGS: _office(Role.HEAD, Role.HALL_MANAGER),
    Act.SEE_HOLDINGS: {**_office(Role.HEAD), **_anywhere(*_OVERSIGHT)},
    Act.RUN_AUDIT: _anywhere(Role.SUPERVISOR, Role.AUDITOR),
    Act.EDIT_CATALOGUE: _anywhere(Role.CATALOGUE_EDITOR),
    Act.PUBLISH_CATALOGUE: _anywhere(Role.CATALOGUE_PUBLISHER),
    Act.MANAGE_ACCOUNTS: _anywhere(Role.SYSADMIN),
    Act.APPROVE_RESET: _anywhere(Role.SYSADMIN, Role.SUPERVISOR),
}
