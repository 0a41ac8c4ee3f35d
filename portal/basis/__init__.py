"""The words everybody shares: law, limits, money, masks, texts. Imports nothing of ours and nothing from outside."""

from portal.basis.law import LegalSource, Norm
from portal.basis.limits import CalendarDays, Hours, Limit, Months, Unit, WorkingDays, WorkingMinutes
from portal.basis.masks import (
    log_line,
    mask_address,
    mask_file_name,
    mask_identity_number,
    mask_known,
    mask_name,
    mask_phone,
    mask_text,
    mask_words,
)
from portal.basis.money import Fen
from portal.basis.networks import sender_of
from portal.basis.people import SYSTEM, By, Role
from portal.basis.refusals import NotAllowed, Refusal
from portal.basis.texts import N_, NP_, Bilingual, Word

__all__ = [
    "NP_",
    "N_",
    "SYSTEM",
    "Bilingual",
    "By",
    "CalendarDays",
    "Fen",
    "Hours",
    "LegalSource",
    "Limit",
    "Months",
    "Norm",
    "NotAllowed",
    "Refusal",
    "Role",
    "Unit",
    "Word",
    "WorkingDays",
    "WorkingMinutes",
    "log_line",
    "mask_address",
    "mask_file_name",
    "mask_identity_number",
    "mask_known",
    "mask_name",
    "mask_phone",
    "mask_text",
    "mask_words",
    "sender_of",
]
