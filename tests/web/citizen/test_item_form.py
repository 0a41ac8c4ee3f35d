"""Forms made from items: what fits each kind of field, and what people type for the eye."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.basis import Bilingual
from portal.catalogue.model import Choice, FieldKind, FormField
from portal.web.citizen.item_form import filled, form_for, is_identity_number, put_right, shown
from portal.web.forms import ValidationError
from tests.web.citizen.visits import CREDIT_CODE, IDENTITY, version_of


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (IDENTITY, True),
        ("11010519491231002X", True),  # the example of GB 11643
        ("110105194912310021", False),  # another check character
        ("11010519490231002X", False),  # there is no 31 February
        ("11010519491231002", False),
        ("1101051949123100X2", False),
        ("１１０１０５１９４９１２３１００２X", False),
    ],
)
def test_an_identity_number_has_a_real_day_and_a_check_character(number: str, is_one: bool) -> None:
    assert is_identity_number(number) is is_one


def asked(kind: FieldKind, **more: object) -> FormField:
    shape: dict[str, object] = {
        "name": "it", "label": Bilingual("它", "It"), "kind": kind, "is_required": True, "is_personal": False, **more,
    }  # fmt: skip
    return FormField(**shape)  # type: ignore[arg-type]


def outcome(app: Flask, field: FormField, typed: str) -> str | None:
    """What is kept of what was typed, or None where it was refused."""
    version = version_of("unemployment-subsidy")
    changed = type(version)(**{**vars(version), "fields": (field,)})
    with app.test_request_context("/", method="POST", data={f"f_{field.name}": typed}):
        form = form_for(changed, changed.situations[0])()
        return filled(form).get(field.name) if form.validate_on_submit() else None


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (asked(FieldKind.PHONE), "138 0013 8000", "13800138000"),
        (asked(FieldKind.PHONE), "+86-13800138000", "13800138000"),
        (asked(FieldKind.PHONE), "0199-5550400", "01995550400"),
        (asked(FieldKind.PHONE), "23800138000", None),
        (asked(FieldKind.PHONE), "110", None),
        (asked(FieldKind.IDENTITY), "110105 19491231 002x", "11010519491231002X"),
        (asked(FieldKind.IDENTITY), "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (asked(FieldKind.IDENTITY), "11010519491231002Y", None),
        (asked(FieldKind.NUMBER, max=100), "1,00", "100"),
        (asked(FieldKind.NUMBER, max=100), "101", None),
        (asked(FieldKind.NUMBER), "-1", None),
        (asked(FieldKind.NUMBER), "1.5", None),
        (asked(FieldKind.MONEY), "1,234.50", "1234.50"),
        (asked(FieldKind.MONEY), "1.234", None),
        (asked(FieldKind.MONEY), "NaN", None),
        (asked(FieldKind.TEXT, max=3), "四个字符", None),
        (asked(FieldKind.TEXT, max=4), " 四个字符 ", "四个字符"),
        (asked(FieldKind.TEXT, pattern="[0-9]{4}"), "12 34", "1234"),
        (asked(FieldKind.TEXT, pattern="[0-9]{4}"), "12a4", None),
        (asked(FieldKind.TEXT, max=500), "一行\r\n二行", "一行\n二行"),
        (asked(FieldKind.TEXT, name="credit-code", max=18), CREDIT_CODE.lower(), CREDIT_CODE),
        (asked(FieldKind.TEXT, name="credit-code", max=18), CREDIT_CODE[:17] + "0", None),
        (asked(FieldKind.TEXT), "", None),
        (asked(FieldKind.TEXT), "   ", None),
        (
            asked(FieldKind.CHOICE, choices=(Choice("a", Bilingual("甲", "A")), Choice("b", Bilingual("乙", "B")))),
            "b",
            "b",
        ),
        (
            asked(FieldKind.CHOICE, choices=(Choice("a", Bilingual("甲", "A")), Choice("b", Bilingual("乙", "B")))),
            "c",
            None,
        ),
    ],
)
def test_each_kind_of_field_takes_what_fits(app: Flask, field: FormField, typed: str, kept: str | None) -> None:
    assert outcome(app, field, typed) == kept


def test_many_choices_become_a_list_and_few_become_buttons(app: Flask) -> None:
    def drawn(number: int) -> str:
        choices = tuple(Choice(str(n), Bilingual(str(n), str(n))) for n in range(number))
        version = version_of("unemployment-subsidy")
        changed = type(version)(**{**vars(version), "fields": (asked(FieldKind.CHOICE, choices=choices),)})
        with app.test_request_context("/"):
            return str(form_for(changed, changed.situations[0])()["f_it"]())

    assert 'type="radio"' in drawn(6)
    assert "<select" in drawn(7)


COLOURS = (Choice("red", Bilingual("红", "Red")), Choice("blue", Bilingual("蓝", "Blue")))


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (asked(FieldKind.DATE), "2026-9-28", "2026-09-28"),
        (asked(FieldKind.DATE), "2026年9月28日", "2026-09-28"),
        (asked(FieldKind.DATE), "２０２６ ９ ２８", "2026-09-28"),
        (asked(FieldKind.DATE), "2026-02-30", None),
        (asked(FieldKind.DATE), "next week", None),
        (asked(FieldKind.DATE), "99999999-1-1", None),
        (asked(FieldKind.CHOICE, choices=COLOURS), "蓝", "blue"),
        (asked(FieldKind.CHOICE, choices=COLOURS), "red", "red"),
        (asked(FieldKind.CHOICE, choices=COLOURS), "green", None),
        (asked(FieldKind.PHONE), "138 0013-8000", "13800138000"),
        (asked(FieldKind.PHONE), "none", None),
        (asked(FieldKind.IDENTITY), IDENTITY.lower(), IDENTITY),
        (asked(FieldKind.IDENTITY), "110105194912310021", None),
        (asked(FieldKind.TEXT, max=3), "long", None),
    ],
)
def test_what_is_put_right_is_checked_like_what_is_handed_in(
    app: Flask, field: FormField, typed: str, kept: str | None
) -> None:
    with app.test_request_context():
        if kept is None:
            with pytest.raises(ValidationError):
                put_right(field, typed)
        else:
            assert put_right(field, typed) == kept


def test_a_day_that_is_none_is_shown_as_it_stands(app: Flask) -> None:
    with app.test_request_context():
        assert shown(asked(FieldKind.DATE), "some day") == "some day"
