"""The closed vocabularies of the catalogue; the stored values are kebab-case and are never renamed."""

from __future__ import annotations

from enum import StrEnum


class ItemType(StrEnum):
    PERMIT = "permit"
    CONFIRMATION = "confirmation"
    BENEFIT = "benefit"
    REWARD = "reward"
    RULING = "ruling"
    FILING = "filing"
    OTHER = "other"
    SERVICE = "service"
    DISCLOSURE = "disclosure"
    PETITION = "petition"
    APPEAL = "appeal"


class Audience(StrEnum):
    PERSON = "person"
    FIRM = "firm"


class Channel(StrEnum):
    WEB = "web"
    WINDOW = "window"
    KIOSK = "kiosk"
    PHONE = "phone"
    VILLAGE = "village"


class Level(StrEnum):
    """The digit in an implementation code; published records show 4 for a county, the rest follows from it."""

    PROVINCE = "2"
    CITY = "3"
    COUNTY = "4"
    TOWNSHIP = "5"
    VILLAGE = "6"


class Handling(StrEnum):
    INSTANT = "instant"  # 即办件
    PROMISED = "promised"  # 承诺件


class Review(StrEnum):
    ON_THE_SPOT = "on-the-spot"  # 即审即办
    BEFORE_APPROVAL = "before-approval"  # 先审后批


class PowerSource(StrEnum):
    OWN = "own"  # 法定本级行使
    TRANSFERRED = "transferred"  # 划转 (许可法 第二十五条)
    ENTRUSTED = "entrusted"  # 委托


class Depth(StrEnum):
    """网办深度: what can be done online, up to not coming at all."""

    GUIDE = "I"
    HAND_IN = "II"
    REVIEW = "III"
    WHOLE = "IV"


class ReformWay(StrEnum):
    """证照分离: what became of a licence asked for beside the business licence (条例722号 第十九条)."""

    CANCELLED = "cancelled"
    FILING = "filing"
    PROMISE = "promise"
    IMPROVED = "improved"


class Flow(StrEnum):
    """The way a situation takes through the life cycle."""

    STANDARD = "standard"
    INSTANT = "instant"
    PROMISE = "promise"
    RENEWAL = "renewal"


class MaterialRole(StrEnum):
    MAIN = "main"  # 主要
    MINOR = "minor"  # 次要


class MaterialNeed(StrEnum):
    REQUIRED = "required"  # 必要
    OPTIONAL = "optional"  # 非必要
    DEFERRABLE = "deferrable"  # 容缺


class MaterialForm(StrEnum):
    PAPER = "paper"
    ELECTRONIC = "electronic"
    BOTH = "both"


class MaterialSource(StrEnum):
    APPLICANT = "applicant"
    OFFICE = "office"
    INTERMEDIARY = "intermediary"
    SHARED = "shared"  # obtained by data sharing: never asked of anybody (条例722号 第四十四条, 国令716号 第七条)


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    PHONE = "phone"
    IDENTITY = "identity"
    MONEY = "money"


class ResultKind(StrEnum):
    LICENCE = "licence"
    CERTIFICATE = "certificate"
    APPROVAL = "approval"
    DOCUMENT = "document"
    PAYMENT = "payment"
    RECORD = "record"


class PauseKind(StrEnum):
    """特别程序: time that is not counted. The first eight are the closed list of 行政许可法 第四十五条."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TEST = "test"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert-review"
    SITE_SURVEY = "site-survey"
    TECHNICAL_REVIEW = "technical-review"
    THIRD_PARTY_CONSULTATION = "third-party-consultation"


LICENSING_PAUSES = frozenset(list(PauseKind)[:8])


class WindowKind(StrEnum):
    COMPREHENSIVE = "comprehensive"
    SPECIAL = "special"
    UNSOLVED = "unsolved"  # 办不成事 反映窗口
    LOW_COUNTER = "low-counter"


class OfficeKind(StrEnum):
    MAIN = "main"  # runs a hall of its own and has staff accounts
    OUTLET = "outlet"  # a place of its parent's
    HOLDER = "holder"  # holds a power that another office exercises


class SuccessionCause(StrEnum):
    RENAMED = "renamed"  # 更名
    MERGED = "merged"  # 合并
    ABOLISHED = "abolished"  # 撤销


class Outcome(StrEnum):
    """What a conflict review of a norm (清理) found."""

    CONSISTENT = "consistent"
    AMEND = "amend"
    REPEAL = "repeal"
