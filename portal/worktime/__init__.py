"""Working time: calendars, office hours, and the moments at which limits fall due. Pure: no clock, no database."""

from portal.worktime.days import MONDAY_TO_FRIDAY, WorkCalendar
from portal.worktime.due import (
    CIVIL,
    PETITION,
    PROCEDURE,
    Counting,
    Due,
    ReceiptRule,
    due,
    explicit_target,
    received_on,
)
from portal.worktime.hours import OfficeHours
from portal.worktime.months import BeyondTime, add_calendar_days, add_months
from portal.worktime.national import editions, national, plain, regional
from portal.worktime.refusals import BadPeriod, BadTimetable, CalendarNotPublished, NoWorkingTime
from portal.worktime.rules import DayNote, DayReason, DayRule, DayStatus, Notice, read_rules
from portal.worktime.timetable import Timetable, office_file, read_office, read_timetable, timetable_in
from portal.worktime.verdict import Outcome, Verdict, judge
from portal.worktime.yearly import doubts_about

__all__ = [
    "CIVIL",
    "MONDAY_TO_FRIDAY",
    "PETITION",
    "PROCEDURE",
    "BadPeriod",
    "BadTimetable",
    "BeyondTime",
    "CalendarNotPublished",
    "Counting",
    "DayNote",
    "DayReason",
    "DayRule",
    "DayStatus",
    "Due",
    "NoWorkingTime",
    "Notice",
    "OfficeHours",
    "Outcome",
    "ReceiptRule",
    "Timetable",
    "Verdict",
    "WorkCalendar",
    "add_calendar_days",
    "add_months",
    "doubts_about",
    "due",
    "editions",
    "explicit_target",
    "judge",
    "national",
    "office_file",
    "plain",
    "read_office",
    "read_rules",
    "read_timetable",
    "received_on",
    "regional",
    "timetable_in",
]
