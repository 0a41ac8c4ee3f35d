"""Who may do what: a table written apart from the code, every bar by itself, and nothing that nobody listed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.policy import Act, Target, may, require
from portal.basis import By, NotAllowed, Role
from portal.ledger.kinds import KINDS

HERE, THERE, ELSEWHERE = "approval-bureau", "market-supervision", "hotline"
OWNER, AGENT, OFFICIAL, OTHER = "u-owner", "u-agent", "u-official", "u-other"

# Relations: o applicant, a agent, h the office where it lies, r the office to which it was handed over, * anywhere.
# A role that is not named may not; "decide" is a clerk's only when the case is decided on the spot (see below).
TABLE = """
submit                applicant:o agent:a clerk:h
receive               clerk:h system:*
notice_correction     clerk:h reviewer:h
submit_correction     applicant:o agent:a clerk:h
accept                clerk:h
refuse                clerk:h
accept_tolerantly     clerk:h
accept_promise        clerk:h
supply                applicant:o agent:a clerk:h
post_check            reviewer:h
deem_accepted         system:*
deem_withdrawn        system:*
deem_renewed          system:*
designate             dispatcher:*
hand_over             clerk:h reviewer:h dispatcher:*
acknowledge           clerk:r reviewer:r
return_handover       clerk:r reviewer:r
uphold_objection      dispatcher:*
assign                clerk:h head:h
open                  clerk:h reviewer:h decider:h
view                  clerk:hr reviewer:hr decider:hr head:hr dispatcher:* supervisor:* auditor:* inspector:*
comment               clerk:h reviewer:h decider:h head:h supervisor:*
remind                system:*
doubt_ledger          system:*
note_clock            system:*
chase                 applicant:o agent:a clerk:* dispatcher:*
review                reviewer:h
check_site            reviewer:h
give_joint_opinion    reviewer:re head:re
pause                 reviewer:h supervisor:*
resume                reviewer:h system:*
extend                reviewer:h head:h
decide                decider:h head:h
produce_licence       clerk:h
notice_collection     clerk:h system:*
deliver               clerk:h system:*
rate                  applicant:o agent:a
contact_rater         clerk:h head:h
fix_rating            clerk:h head:h
archive               system:*
withdraw              applicant:o agent:a clerk:h
terminate             decider:h
reopen                applicant:o agent:a decider:h supervisor:*
request_wait          applicant:o agent:a dispatcher:*
link_outage           supervisor:* system:*
mark_duplicate        supervisor:*
mark_test             supervisor:*
move_due              system:*
inquire               applicant:o agent:a clerk:h reviewer:h dispatcher:h
answer                clerk:h reviewer:h dispatcher:h
mark_unclear          applicant:o agent:a
hand_over_inquiry     clerk:h reviewer:h dispatcher:h
acknowledge_inquiry   clerk:r reviewer:r dispatcher:r
tell_inquirer         clerk:hr reviewer:hr dispatcher:hr
chase_inquiry         applicant:o agent:a clerk:* dispatcher:*
raise_finding         auditor:* inspector:* system:*
change_finding        auditor:* system:*
clear_finding         auditor:* system:*
notify_finding        supervisor:* auditor:*
explain_finding       head:h hall-manager:h
confirm_finding       supervisor:ren auditor:ren
appeal_finding        head:h hall-manager:h
waive_appeal          head:h hall-manager:h
decide_appeal         supervisor:ren auditor:ren
order_rectification   supervisor:ren auditor:ren
extend_rectification  supervisor:ren auditor:ren
report_rectification  head:h hall-manager:h
recheck_rectification supervisor:ren auditor:ren inspector:ren
withdraw_rectification supervisor:ren auditor:ren
propose_dismissal     supervisor:ren auditor:ren
dismiss_finding       supervisor:ren auditor:ren
refuse_dismissal      supervisor:ren auditor:ren
publish_finding       supervisor:ren
amend_calendar        catalogue-publisher:* system:*
declare_outage        supervisor:* system:*
declare_sync_batch    supervisor:* hall-manager:h
declare_emergency     head:* supervisor:* sysadmin:*
authorise             applicant:o
revoke_authorisation  applicant:o
see_authorisation     applicant:o agent:a
register_agent        clerk:h head:h
request_data          applicant:o agent:a
copy_data             applicant:o agent:a
answer_data_request   head:h supervisor:*
correct_data          head:h supervisor:*
lock_data             head:h supervisor:*
erase_data            head:h supervisor:* system:*
issue_ticket          applicant:o agent:a clerk:h hall-manager:h system:*
call_ticket           clerk:h
start_ticket          clerk:h
park_ticket           clerk:h
resume_ticket         clerk:h
transfer_ticket       clerk:h hall-manager:h
mark_absent           clerk:h
return_ticket         clerk:h hall-manager:h
serve_ticket          clerk:h
release_ticket        applicant:o agent:a
carry_over_ticket     applicant:o agent:a clerk:h hall-manager:h
void_ticket           clerk:h hall-manager:h
close_unserved        hall-manager:h system:*
override_guarantee    hall-manager:h
refuse_ticket         system:*
stop_issuing          hall-manager:h
resume_issuing        hall-manager:h
open_window           clerk:h
pause_window          clerk:h hall-manager:h
close_window          clerk:h hall-manager:h
pass_window           clerk:h
merge_windows         hall-manager:h
note_empty_window     system:*
set_shift             hall-manager:h
declare_closure       hall-manager:h
withdraw_closure      hall-manager:h
declare_surge         hall-manager:h
close_hall            hall-manager:h system:*
book_appointment      applicant:o agent:a clerk:h hall-manager:h
move_appointment      applicant:o agent:a hall-manager:h
cancel_appointment    applicant:o agent:a hall-manager:h
remind_appointment    system:*
check_in_appointment  applicant:o agent:a clerk:h hall-manager:h
renumber_appointment  system:*
miss_appointment      system:*
see_hall              clerk:h hall-manager:h head:h supervisor:* auditor:* inspector:*
enrol_kiosk           hall-manager:h
change_channel        head:h supervisor:* system:*
stop_counter          head:h hall-manager:h supervisor:*
fail_probe            system:*
recover_probe         system:*
count_probes          system:*
sign_golive           head:h supervisor:*
refuse_channel        supervisor:* inspector:*
note_element          supervisor:* inspector:*
see_channels          head:h hall-manager:h supervisor:* auditor:* inspector:*
approve_second_notice supervisor:*
approve_pause         supervisor:*
approve_extension     head:h
approve_termination   supervisor:*
see_own_case          applicant:o agent:a
see_case              clerk:hr reviewer:hr decider:hr head:hr dispatcher:* supervisor:* auditor:* inspector:*
see_personal_facts    clerk:h reviewer:h decider:h head:h
see_inquiry           clerk:hr reviewer:hr decider:hr head:hr dispatcher:* supervisor:* auditor:* inspector:*
see_worklist          clerk:h reviewer:h decider:h head:h dispatcher:* supervisor:*
see_counts            head:h supervisor:* auditor:* inspector:*
see_findings          head:h supervisor:* auditor:* inspector:*
see_own_findings      head:h hall-manager:h
see_holdings          head:h supervisor:* auditor:* inspector:*
run_audit             supervisor:* auditor:*
edit_catalogue        catalogue-editor:*
publish_catalogue     catalogue-publisher:*
manage_accounts       sysadmin:*
approve_reset         sysadmin:* supervisor:*
see_catalogue         applicant:* agent:* clerk:* reviewer:* decider:* head:* dispatcher:* catalogue-editor:* \
catalogue-publisher:* supervisor:* auditor:* inspector:* sysadmin:* system:* hall-manager:*
"""
ALLOWED = {line.split()[0]: dict(cell.split(":") for cell in line.split()[1:]) for line in TABLE.strip().splitlines()}
CASE = Target(owner=OWNER, agents=frozenset({AGENT}), office=HERE, offered_to=THERE)
SITUATIONS = {
    "o": lambda role: By(OWNER, role),
    "a": lambda role: By(AGENT, role),
    "h": lambda role: By(OFFICIAL, role, office=HERE),
    "r": lambda role: By(OFFICIAL, role, office=THERE),
    "e": lambda role: By(OFFICIAL, role, office=ELSEWHERE),
    "n": lambda role: By(OTHER, role),  # nobody's: no office, no part in it
}
CITIZENS = (Role.APPLICANT, Role.AGENT)
EVERYBODY = list(product(Role, SITUATIONS))


def by(role: Role, actor: str = OFFICIAL, office: str | None = HERE) -> By:
    return By(actor, role, office=office)


@pytest.mark.parametrize("act", Act)
def test_every_role_may_do_what_the_table_says_and_nothing_else(act: Act) -> None:
    found = {(role, situation) for role, situation in EVERYBODY if may(SITUATIONS[situation](role), act, CASE)}
    assert found == {(role, situation) for role, situation in EVERYBODY if is_in_table(act, role, situation)}


def is_in_table(act: Act, role: Role, situation: str) -> bool:
    if situation in "oa" and role not in (*CITIZENS, Role.SYSTEM):
        return False  # an official's own matter
    relations = ALLOWED[act].get(role, "")
    return situation in relations or relations == "*"


def test_the_table_names_every_act_and_every_role() -> None:
    assert set(ALLOWED) == set(Act)
    assert {role for cells in ALLOWED.values() for role in cells} == set(Role)


def test_every_step_of_the_ledger_is_an_act() -> None:
    assert {kind.step for kind in KINDS.values() if not kind.is_to_come} <= set(Act)


@given(st.text().filter(lambda text: text not in set(Act)), st.sampled_from(Role))
def test_an_act_that_nobody_listed_is_denied(act: str, role: Role) -> None:
    assert not may(by(role), act, CASE)


@given(
    st.sampled_from(Act),
    st.sampled_from(Role),
    st.sampled_from([OWNER, AGENT, OFFICIAL, OTHER]),
    st.none() | st.sampled_from([HERE, THERE, ELSEWHERE]),
    st.builds(
        Target,
        owner=st.none() | st.just(OWNER),
        agents=st.just(frozenset()) | st.just(frozenset({AGENT})),
        office=st.none() | st.sampled_from([HERE, THERE]),
        offered_to=st.none() | st.sampled_from([HERE, THERE]),
        handlers=st.just(frozenset()) | st.just(frozenset({OFFICIAL})),
        acceptor=st.none() | st.just(OFFICIAL),
        reviewers=st.just(frozenset()) | st.just(frozenset({OFFICIAL})),
        decider=st.none() | st.just(OFFICIAL),
        handed_over_by=st.none() | st.just(OFFICIAL),
        accused=st.none() | st.just(OFFICIAL),
        proposed_by=st.none() | st.just(OFFICIAL),
        is_graded=st.booleans(),
        is_instant=st.booleans(),
    ),
)
def test_no_facts_about_a_target_open_what_the_table_keeps_shut(
    act: Act, role: Role, actor: str, office: str | None, target: Target
) -> None:
    """A clerk's instant decision is the one grant that the table leaves out."""
    is_instant_decision = (act, role) == (Act.DECIDE, Role.CLERK) and target.is_instant
    if role not in ALLOWED[act] and not is_instant_decision:
        assert not may(By(actor, role, office=office), act, target)


ABOUT_NO_CASE = (Act.SEE_CATALOGUE, Act.MANAGE_ACCOUNTS, Act.APPROVE_RESET, Act.DECLARE_EMERGENCY)


@pytest.mark.parametrize("act", [act for act in Act if act not in ABOUT_NO_CASE])
def test_the_system_administrator_sees_and_touches_no_case(act: Act) -> None:
    assert not may(by(Role.SYSADMIN), act, CASE)


@pytest.mark.parametrize("act", Act)
def test_the_auditor_reads_everything_and_writes_findings_only(act: Act) -> None:
    writes = {Act.RAISE_FINDING, Act.CHANGE_FINDING, Act.CLEAR_FINDING, Act.NOTIFY_FINDING}
    reads = {
        Act.VIEW,
        Act.SEE_CATALOGUE,
        Act.SEE_CASE,
        Act.SEE_INQUIRY,
        Act.SEE_COUNTS,
        Act.SEE_FINDINGS,
        Act.SEE_HOLDINGS,
        Act.SEE_HALL,
        Act.SEE_CHANNELS,
        Act.RUN_AUDIT,
    }
    judges = {
        Act.CONFIRM_FINDING,
        Act.DECIDE_APPEAL,
        Act.ORDER_RECTIFICATION,
        Act.EXTEND_RECTIFICATION,
        Act.RECHECK_RECTIFICATION,
        Act.WITHDRAW_RECTIFICATION,
        Act.PROPOSE_DISMISSAL,
        Act.DISMISS_FINDING,
        Act.REFUSE_DISMISSAL,
    }
    assert may(by(Role.AUDITOR), act, CASE) is (act in writes | reads), "against the own office nobody judges"
    assert may(by(Role.AUDITOR, office=ELSEWHERE), act, CASE) is (act in writes | reads | judges)


@pytest.mark.parametrize("role", [role for role in Role if role not in (*CITIZENS, Role.SYSTEM)])
def test_no_official_acts_on_a_matter_of_his_own(role: Role) -> None:
    for own in (Target(owner=OFFICIAL, office=HERE), Target(agents=frozenset({OFFICIAL}), office=HERE)):
        assert [act for act in Act if may(by(role), act, replace(own, is_instant=True))] == []


GRADED = replace(CASE, is_graded=True)


@pytest.mark.parametrize(
    ("act", "role", "target"),
    [
        (Act.REVIEW, Role.REVIEWER, replace(GRADED, acceptor=OFFICIAL)),
        (Act.REVIEW, Role.REVIEWER, replace(GRADED, decider=OFFICIAL)),
        (Act.DECIDE, Role.DECIDER, replace(GRADED, acceptor=OFFICIAL)),
        (Act.DECIDE, Role.DECIDER, replace(GRADED, reviewers=frozenset({OFFICIAL}))),
        (Act.DECIDE, Role.HEAD, replace(GRADED, acceptor=OFFICIAL)),
        (Act.POST_CHECK, Role.REVIEWER, replace(CASE, acceptor=OFFICIAL)),
        (Act.POST_CHECK, Role.REVIEWER, replace(CASE, decider=OFFICIAL)),
        (Act.EXTEND, Role.HEAD, replace(CASE, handlers=frozenset({OFFICIAL}))),
        (Act.EXTEND, Role.HEAD, replace(CASE, reviewers=frozenset({OFFICIAL}))),
        (Act.PAUSE, Role.SUPERVISOR, replace(CASE, handlers=frozenset({OFFICIAL}))),
        (Act.APPROVE_EXTENSION, Role.HEAD, replace(CASE, handlers=frozenset({OFFICIAL}))),
        (Act.APPROVE_EXTENSION, Role.HEAD, replace(CASE, proposed_by=OFFICIAL)),
        (Act.APPROVE_PAUSE, Role.SUPERVISOR, replace(CASE, handlers=frozenset({OFFICIAL}))),
        (Act.APPROVE_PAUSE, Role.SUPERVISOR, replace(CASE, proposed_by=OFFICIAL)),
        (Act.APPROVE_SECOND_NOTICE, Role.SUPERVISOR, replace(CASE, proposed_by=OFFICIAL)),
        (Act.APPROVE_TERMINATION, Role.SUPERVISOR, replace(CASE, decider=OFFICIAL)),
        (Act.UPHOLD_OBJECTION, Role.DISPATCHER, replace(CASE, handed_over_by=OFFICIAL)),
        (Act.LINK_OUTAGE, Role.SUPERVISOR, replace(CASE, handlers=frozenset({OFFICIAL}))),
        (Act.MARK_DUPLICATE, Role.SUPERVISOR, replace(CASE, acceptor=OFFICIAL)),
        (Act.MARK_TEST, Role.SUPERVISOR, replace(CASE, decider=OFFICIAL)),
        (Act.RAISE_FINDING, Role.AUDITOR, Target(accused=OFFICIAL)),
        (Act.CHANGE_FINDING, Role.AUDITOR, Target(accused=OFFICIAL)),
        (Act.CLEAR_FINDING, Role.AUDITOR, Target(accused=OFFICIAL)),
        (Act.CONFIRM_FINDING, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.CONFIRM_FINDING, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.CONFIRM_FINDING, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.DECIDE_APPEAL, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.DECIDE_APPEAL, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.DECIDE_APPEAL, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.ORDER_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.ORDER_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.ORDER_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.EXTEND_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.EXTEND_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.EXTEND_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.RECHECK_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.RECHECK_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.RECHECK_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.WITHDRAW_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.WITHDRAW_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.WITHDRAW_RECTIFICATION, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.PROPOSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.PROPOSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.PROPOSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.DISMISS_FINDING, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.DISMISS_FINDING, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.DISMISS_FINDING, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.REFUSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.REFUSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.REFUSE_DISMISSAL, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.PUBLISH_FINDING, Role.SUPERVISOR, Target(office=THERE, accused=OFFICIAL)),
        (Act.PUBLISH_FINDING, Role.SUPERVISOR, Target(office=THERE, handlers=frozenset({OFFICIAL}))),
        (Act.PUBLISH_FINDING, Role.SUPERVISOR, Target(office=THERE, proposed_by=OFFICIAL)),
        (Act.PUBLISH_CATALOGUE, Role.CATALOGUE_PUBLISHER, Target(proposed_by=OFFICIAL)),
        (Act.SIGN_GOLIVE, Role.SUPERVISOR, Target(proposed_by=OFFICIAL)),
        (Act.SIGN_GOLIVE, Role.HEAD, Target(office=HERE, proposed_by=OFFICIAL)),
    ],
)
def test_nobody_judges_his_own_act(act: Act, role: Role, target: Target) -> None:
    assert not may(by(role), act, target)
    assert may(by(role, actor=OTHER), act, target)


def test_who_worked_on_a_case_does_not_rate_it() -> None:
    """A matter of somebody else's who made the handler an agent."""
    rated = replace(CASE, agents=frozenset({OFFICIAL}), handlers=frozenset({OFFICIAL}))
    assert not may(by(Role.AGENT), Act.RATE, rated)
    assert may(by(Role.AGENT), Act.RATE, replace(rated, handlers=frozenset()))


def test_on_ungraded_items_one_person_may_accept_review_and_decide() -> None:
    small = replace(CASE, acceptor=OFFICIAL, reviewers=frozenset({OFFICIAL}))
    assert may(by(Role.REVIEWER), Act.REVIEW, small)
    assert may(by(Role.DECIDER), Act.DECIDE, small)


def test_an_instant_case_is_decided_at_the_window_that_accepted_it() -> None:
    instant = replace(GRADED, acceptor=OFFICIAL, is_instant=True)
    assert may(by(Role.CLERK), Act.DECIDE, instant)
    assert may(by(Role.DECIDER), Act.DECIDE, instant)
    assert not may(by(Role.CLERK), Act.DECIDE, replace(instant, is_instant=False))
    assert not may(by(Role.CLERK, office=THERE), Act.DECIDE, instant)


def test_a_reviewer_writes_down_an_extension_of_his_own_case_that_the_head_consented_to() -> None:
    mine = replace(CASE, handlers=frozenset({OFFICIAL}), proposed_by=OFFICIAL)
    assert may(by(Role.REVIEWER), Act.EXTEND, mine)
    assert not may(by(Role.REVIEWER), Act.APPROVE_EXTENSION, mine)
    assert not may(by(Role.HEAD, actor=OTHER, office=THERE), Act.APPROVE_EXTENSION, mine)


def test_without_an_office_nobody_belongs_to_a_target_without_an_office() -> None:
    assert not may(By(OFFICIAL, Role.CLERK), Act.ACCEPT, Target())
    assert not may(By(OFFICIAL, Role.CLERK), Act.ACKNOWLEDGE, Target())
    assert not may(By(OFFICIAL, Role.REVIEWER, office=HERE), Act.GIVE_JOINT_OPINION, Target())


def test_a_denial_says_what_to_do_and_nothing_about_the_target() -> None:
    require(by(Role.CLERK), "accept", CASE)
    with pytest.raises(NotAllowed) as denied:
        require(by(Role.CLERK, office=THERE), Act.ACCEPT, CASE)
    assert not {OWNER, AGENT, HERE, THERE} & set(str(denied.value).split())
    assert denied.value.values == {}
