"""Makers for tests of the rules about inquiries: who asked where, and what was said."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import event

COMPLETE = ["conditions", "item", "limit", "materials", "place"]


def asked(
    when: str, *, subject: str = "inquiry/1", applicant: str = "li", matter: str = "change", **more: Any
) -> dict[str, Any]:
    return event("inquired", when, subject=subject, **{"applicant": applicant, "matter": matter, "office": "A", **more})


def told(when: str, outcome: str = "told-elsewhere", *, subject: str = "inquiry/1", **more: Any) -> dict[str, Any]:
    return event("inquiry-answered", when, subject=subject, **{"office": "A", "outcome": outcome, **more})


def answered(when: str, **more: Any) -> dict[str, Any]:
    """In full, unless ``covers`` or ``cited_version`` says otherwise."""
    return told(when, "answered", **{"covers": COMPLETE, "cited_version": "item@1", **more})


def given(when: str, to: str = "B", *, subject: str = "inquiry/1", **more: Any) -> dict[str, Any]:
    facts = {"office": "A", "to_office": to, "reason": "R", "summary": "S", **more}
    return event("inquiry-handed-over", when, subject=subject, **facts)


def taken(when: str, by: str = "bert", office: str = "B", *, subject: str = "inquiry/1") -> dict[str, Any]:
    return event("inquiry-acknowledged", when, subject=subject, actor=by, office=office)


def doubted(when: str, by: str = "li", role: str = "applicant", *, subject: str = "inquiry/1") -> dict[str, Any]:
    return event("inquiry-marked-unclear", when, subject=subject, actor=by, role=role, office=None)
