"""Facts that the invented citizens write into forms: of the right shape, and plainly nobody's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from portal.catalogue.checks.codes import check_character
from portal.catalogue.model import FieldKind, FormField, ItemVersion, Situation
from portal.demo.people import Citizen

AREA: Final = "990101"  # no division code begins with 99
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_BORN: Final = date(1960, 1, 1)
_NAMED: Final = {
    "applicant-name": "{name}",
    "contact-name": "{name}",
    "firm-name": "{name}",
    "trade-name": "{name}示例店",
    "agent-name": "演示代办员甲",
    "child-name": "演示新生儿{number:03d}",
    "bank-account": "6200990100{number:06d}",
    "licence-number": "SC1{number:013d}",
    "categories": "粮食加工品",
    "marking": "干制食用菌（黑木耳）",
    "unit-number": "990101{number:06d}GB00001F{number:08d}",
    "department": "内科（示例）",
    "hospital": "示例医院",
    "scope": "日用百货销售（示例）",
    "subject": "路灯不亮，请予修复（示例）",
    "matter": "反映事项（示例）",
    "wish": "请予答复（示例）",
    "wanted": "上一年度服务大厅办件统计（示例）",
    "changed-value": "变更后的内容（示例）",
}


def written_in(version: ItemVersion, situation: Situation, citizen: Citizen, on: date) -> dict[str, str]:
    """A value for each field that the situation demands."""
    return {asked.name: value_of(asked, citizen, on) for asked in version.fields_for(situation) if asked.is_required}


def value_of(asked: FormField, citizen: Citizen, on: date) -> str:
    match asked.kind:
        case FieldKind.IDENTITY:
            return identity_number(citizen)
        case FieldKind.PHONE:
            return f"1990000{citizen.number:04d}"
        case FieldKind.DATE:
            return (on - timedelta(10 + citizen.number % 20)).isoformat()
        case FieldKind.NUMBER:
            return str(3 + citizen.number % 40)
        case FieldKind.MONEY:
            return f"{1000 + 37 * (citizen.number % 90)}.00"
        case FieldKind.CHOICE:
            return asked.choices[citizen.number % len(asked.choices)].code
        case FieldKind.TEXT if asked.name == "credit-code":
            return credit_code(citizen)
        case _:
            pattern = _NAMED.get(asked.name, "例州市示例路{number}号")
            return pattern.format(name=citizen.name, number=citizen.number)


def identity_number(citizen: Citizen) -> str:
    born_on = _BORN + timedelta(137 * (citizen.number + 1) % 16_000)
    digits = f"{AREA}{born_on:%Y%m%d}{citizen.number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def credit_code(citizen: Citizen) -> str:
    first = f"91{AREA}MA9K{citizen.number:05d}"
    return first + (check_character(first) or "")
