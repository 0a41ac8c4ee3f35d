"""A pytest plugin that takes one protection away, named by WITHOUT, so that a test can show that another notices."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask


def _policy() -> None:
    from portal.accounts import policy

    policy.may = lambda *_arguments, **_named: True


def _separation_of_duties() -> None:
    from portal.accounts import policy

    policy._BARS = {}  # type: ignore[misc]


def _masks() -> None:
    from portal import basis
    from portal.basis import masks

    for name in ("mask_name", "mask_identity_number", "mask_phone", "mask_address", "mask_text"):
        for module in (basis, masks):
            setattr(module, name, str)


def _csrf_tokens() -> None:
    from flask_wtf import CSRFProtect

    CSRFProtect.protect = lambda _self: None


def _headers() -> None:
    from portal.web import headers

    headers.add_headers = lambda response: response


def _ended_sign_ins() -> None:
    from sqlalchemy import bindparam

    from portal.accounts.sign_ins import queries
    from portal.accounts.sign_ins.tables import SignInRow
    from portal.store import Prepared

    whole: Any = queries._ASKING.statement
    any_by_token = SignInRow.digest == bindparam("digest")
    anybody = whole.with_only_columns(*whole.selected_columns, maintain_column_froms=True)
    anybody._where_criteria = (any_by_token,)
    queries._ASKING = Prepared(anybody)


def _throttle() -> None:
    from portal.accounts.throttle import operations

    operations.take_turn = lambda _tried, **_at: timedelta(0)


def _codes_once() -> None:
    from portal.accounts.second_factor import codes

    whole = codes.step_of
    codes.step_of = lambda secret, code, *, after, at: whole(secret, code, after=0 * after, at=at)


def _safe_cells() -> None:
    from portal.audit import listing

    def plain(cell: object) -> str:
        return str(cell)

    listing.safe = plain


def _flood_gate() -> None:
    from portal.web import flood

    flood.hold_back_floods = lambda: None


def _triggers() -> None:
    from sqlalchemy import text

    from portal import store

    whole: Callable[..., Any] = store.upgrade

    def upgrade_without(app: Flask, revision: str = "head") -> None:
        whole(app, revision)
        with app.app_context(), store.db.engine.begin() as connection:
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in found.all():
                connection.execute(text(f"DROP TRIGGER {name}"))

    store.upgrade = upgrade_without


def _seal_gate() -> None:
    from portal.ledger import gate

    gate.require_sealed = lambda at: None  # noqa: ARG005 -- called by that name


def _own_drafts() -> None:
    from importlib import import_module  # the room's blueprint has the module's name

    import_module("portal.web.citizen.applications")._is_own = lambda _draft: True  # type: ignore[attr-defined]


def _strong_secrets() -> None:
    from portal import config

    def any_secrets(environment: Mapping[str, str] = os.environ) -> list[str]:
        return environment.get("YINUO_SECRET_KEY", "").split()

    config.given_secrets = any_secrets


# What is taken away, and the test of a requirement that must notice.
PROTECTIONS: dict[str, tuple[Callable[[], None], str]] = {
    "policy": (_policy, "accounts/test_policy.py::test_the_auditor_reads_everything_and_writes_findings_only"),
    "separation": (_separation_of_duties, "requirements/test_r31_two_people.py"),
    "masks": (_masks, "requirements/test_r16_masked_by_default.py::test_no_page_of_staff_shows_personal_data_in_full"),
    "csrf": (_csrf_tokens, "requirements/test_r14_csrf.py::test_no_unsafe_request_is_done_without_the_right_token"),
    "headers": (_headers, "requirements/test_r13_headers.py::test_every_route_answers_with_the_same_protection"),
    "sign-ins": (
        _ended_sign_ins,
        "requirements/test_r12_sessions.py::test_a_cookie_copied_before_signing_out_is_denied_afterwards",
    ),
    "throttle": (
        _throttle,
        "requirements/test_r10_throttle.py::test_after_ten_failures_even_the_right_password_waits_ten_minutes",
    ),
    "codes": (_codes_once, "requirements/test_r11_second_factor.py::test_a_code_opens_once"),
    "cells": (_safe_cells, "audit/test_audit.py::test_what_could_begin_a_formula_is_written_as_text"),
    "floods": (_flood_gate, "requirements/test_r32_floods.py::test_one_address_is_held_back_and_the_others_are_not"),
    "triggers": (_triggers, "store/test_schema.py::test_the_migrated_schema_equals_the_metadata[sqlite]"),
    "seal": (
        _seal_gate,
        "ledger/test_sealing.py::test_the_alarm_comes_after_a_quarter_of_an_hour_and_the_stop_after_a_day",
    ),
    "drafts": (_own_drafts, "web/citizen/test_across.py::test_a_draft_of_an_account_is_not_the_browsers"),
    "secrets": (_strong_secrets, "requirements/test_r34_keys.py::test_a_secret_that_can_be_guessed_is_refused"),
}

if wanted := os.environ.get("WITHOUT"):
    PROTECTIONS[wanted][0]()
