"""Reads of cases, shaped for who asks."""

from portal.cases.operations.outages import declared_outages
from portal.cases.operations.proposals import needs_consent
from portal.cases.operations.recording import possible_steps
from portal.cases.queries.keeping import cases_ended_before
from portal.cases.queries.pages import (
    CasePage,
    Entry,
    Paper,
    Unfinished,
    case_page,
    cases_of,
    follow,
    timeline,
    unfinished_of,
)
from portal.cases.queries.promises import promised, promised_trace
from portal.cases.queries.worklists import (
    LIGHT_TITLES,
    Light,
    Proposal,
    WorkItem,
    count_to_acknowledge,
    count_work,
    counts,
    most_handed_in,
    open_subjects,
    proposals,
    subjects_to_judge,
    to_acknowledge,
    worklist,
)

__all__ = [
    "LIGHT_TITLES",
    "CasePage",
    "Entry",
    "Light",
    "Paper",
    "Proposal",
    "Unfinished",
    "WorkItem",
    "case_page",
    "cases_ended_before",
    "cases_of",
    "count_to_acknowledge",
    "count_work",
    "counts",
    "declared_outages",
    "follow",
    "most_handed_in",
    "needs_consent",
    "open_subjects",
    "possible_steps",
    "promised",
    "promised_trace",
    "proposals",
    "subjects_to_judge",
    "timeline",
    "to_acknowledge",
    "unfinished_of",
    "worklist",
]
