"""One hall for whoever comes: hours, numbers, appointments, the kiosk and the screen in the hall."""

from __future__ import annotations

from portal.web.citizen.hall import appointments, booking, display, held, kiosk, number, overview, ticket  # noqa: F401 -- its views
from portal.web.citizen.hall.room import hall

hall.after_request(held.remember)

__all__ = ["PUBLIC", "hall"]

PUBLIC = tuple(
    f"hall.{view}"
    for view in (
        "overview",
        "hours_file",
        "figures",
        "choose_service",
        "number",
        "refused",
        "ticket",
        "ticket_now",
        "slip",
        "give_up",
        "carry_over",
        "choose_appointment",
        "choose_day",
        "choose_time",
        "book",
        "appointment",
        "appointment_file",
        "move",
        "cancel",
        "check_in",
        "kiosk",
        "kiosk_services",
        "kiosk_take",
        "kiosk_slip",
        "kiosk_failed",
        "kiosk_refused",
        "kiosk_sent_away",
        "kiosk_situation",
        "kiosk_appointment",
        "enrol",
        "withdraw",
        "display",
        "display_now",
    )
)
