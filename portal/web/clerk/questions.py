"""The questions of each step, made from the case: its materials, its special procedures, its clocks, its people."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from portal.basis import Role
from portal.cases.model.guards import allowed_pauses, deferrable, extendable
from portal.cases.model.outages import Outage
from portal.cases.queries import CasePage, declared_outages
from portal.catalogue.model import ItemVersion, Material, MaterialNeed, PauseKind
from portal.web.clerk import asked
from portal.web.clerk.asked import Fields
from portal.web.forms import CheckboxesField
from portal.web.staff.history import material_name
from portal.web.staff.people import offices_to_choose, staff_of
from portal.web.wording import clock_name, day, said, word

MOST_OUTAGES = 20  # the newest; an older one excuses hardly anything still open
LEAST_INSPECTORS = 2  # 行政许可法 第三十四条: two or more check on site


def demands(found: CasePage) -> Fields:
    wanted = found.version.materials_for(found.case.situation)
    still = set(found.case.demanded) or set(missing(found, wanted))
    fields: Fields = {
        "demands": asked.several(
            gettext("What is missing or wrong? Tick everything now: it may be asked for once."),
            _checklist(found, wanted),
            gettext("Tick at least one material"),
            default=[code for code in still if found.version.material(code)],
        )
    }
    if found.case.notices:
        fields |= {
            "is_law_changed": asked.tick(gettext("The law has changed since the first notice")),
            "is_new_fact": asked.tick(gettext("It follows from something that the applicant brought later")),
        }
    return fields


def missing(found: CasePage, wanted: tuple[Material, ...]) -> list[str]:
    return [m.code for m in wanted if m.need is MaterialNeed.REQUIRED and m.code not in found.case.materials]


def _checklist(found: CasePage, wanted: tuple[Material, ...]) -> list[asked.Choice]:
    handed_in, not_there = gettext("handed in"), gettext("not handed in")
    return [
        (
            m.code,
            said(m.name),
            {"hint": f"{handed_in if m.code in found.case.materials else not_there}, {word(m.role)}"},
        )
        for m in wanted
    ]


def brought(codes: Callable[[CasePage], frozenset[str]]) -> Callable[[CasePage], Fields]:
    def fields(found: CasePage) -> Fields:
        choices = [(code, material_name(found.version, code)) for code in sorted(codes(found))]
        return {
            "materials": asked.several(
                gettext("What did the applicant bring?"), choices, gettext("Tick at least one material")
            )
        }

    return fields


def refusal(found: CasePage) -> Fields:
    return {
        **reasoned(found),
        "right_authority": asked.one_of(
            gettext("Competent office, if it is another one (optional)"),
            [("", gettext("none named")), *offices_to_choose(found.on, but=found.case.holder.office)],
        ),
    }


def reasoned(found: CasePage, *, required: bool = True) -> Fields:
    return {
        "reason": asked.text(gettext("Reason"), required=required, hint=asked.no_names()),
        "basis": asked.line(gettext("Legal basis"), required=required, hint=gettext("Norm and article")),
        "remedies": asked.text(
            gettext("How the applicant can object"), required=required, default=_remedies(found.version)
        ),
    }


def _remedies(version: ItemVersion) -> str:
    """The review body and the court that the item names, with the terms of 行政复议法 20 and 行政诉讼法 46."""
    if version.review_body is None or version.court is None:
        return ""
    return str(
        gettext(
            "Review by %(body)s within 60 days, or a lawsuit before %(court)s within 6 months of knowing.",
            body=said(version.review_body),
            court=said(version.court),
        )
    )


def deferred(found: CasePage) -> Fields:
    codes = sorted(deferrable(found.case, found.version))
    return {
        "deferred": asked.several(
            gettext("Which material may follow later?"),
            [(code, material_name(found.version, code)) for code in codes],
            gettext("Tick at least one material"),
        ),
        "due_on": asked.day(gettext("By which day?"), default=None),
    }


def handing_over(found: CasePage) -> Fields:
    return {
        **office(found),
        "reason": asked.text(gettext("Why does it go there?"), hint=asked.no_names()),
        "summary": asked.text(
            gettext("What has been done and what is still open?"),
            hint=gettext("So that the applicant need not tell it again. No names or numbers of persons."),
        ),
        "is_outside_jurisdiction": asked.tick(gettext("It is outside of this office's jurisdiction")),
    }


def office(found: CasePage) -> Fields:
    choices = [("", gettext("Choose")), *offices_to_choose(found.on, but=found.case.holder.office)]
    return {"to_office": asked.one_of(gettext("To which office?"), choices, gettext("Choose an office"))}


def assignee(found: CasePage) -> Fields:
    people = staff_of(found.case.holder.office or "", found.on, (Role.CLERK, Role.REVIEWER, Role.DECIDER))
    return {
        "assignee": asked.one_of(
            gettext("To whom?"), [("", gettext("Choose")), *people], gettext("Choose a person of this office")
        )
    }


def review(found: CasePage) -> Fields:
    wanted = found.version.materials_for(found.case.situation)
    fields: Fields = {
        "conclusion": asked.radio(
            gettext("What is your opinion?"),
            [
                ("approve", gettext("Grant it")),
                ("reject", gettext("Do not grant it")),
                ("correct", gettext("Something has to be corrected first")),
            ],
            gettext("Choose one opinion"),
        ),
        "amount": asked.money(gettext("Sum in yuan, where the item pays one (optional)")),
    }
    if wanted:
        fields["demands"] = CheckboxesField(
            gettext("What has to be corrected? (only with the third answer)"), choices=_checklist(found, wanted)
        )
    if found.case.opinions:
        fields["is_in_favour"] = asked.tick(gettext("This corrects an earlier opinion in the applicant's favour"))
    return fields


def inspectors(found: CasePage) -> Fields:
    people = staff_of(found.case.holder.office or "", found.on)
    return {
        "inspectors": asked.several(
            gettext("Who checked on site?"),
            people,
            gettext("Tick everybody who was there: at least two"),
            least=LEAST_INSPECTORS,
            hint=gettext("At least two (Administrative Licensing Law, article 34)"),
        )
    }


def pause(found: CasePage) -> Fields:
    kinds = sorted(allowed_pauses(found.case, found.version))
    return {
        "pause_type": asked.radio(
            gettext("Which special procedure?"),
            [(kind, word(PauseKind(kind)), {"hint": _longest(found, kind)}) for kind in kinds],
            gettext("Choose one special procedure"),
        ),
        "from_on": asked.day(gettext("First day that does not count"), default=found.on),
        "days": asked.whole(gettext("How many working days will it take?")),
    }


def _longest(found: CasePage, kind: str) -> str:
    procedure = found.version.special_procedure(kind)
    return said(procedure.longest_text) if procedure else ""


def extension(found: CasePage) -> Fields:
    clocks = sorted(extendable(found.case, found.version) & {clock.name for clock in found.running})
    limits = {clock: found.version.limit(clock, found.case.situation) for clock in clocks}
    choices = [
        (clock, clock_name(clock), {"hint": gettext("at most %(n)s more", n=limit.extension.n)})
        for clock, limit in limits.items()
        if limit is not None and limit.extension is not None
    ]
    return {
        "clock": asked.radio(gettext("Which limit?"), choices, gettext("Choose a limit")),
        "days": asked.whole(gettext("How many days more?")),
        "reason": asked.text(gettext("Why is the time not enough?"), hint=asked.no_names()),
    }


def decision(found: CasePage) -> Fields:
    return {
        "conclusion": asked.radio(
            gettext("Decision"),
            [("grant", gettext("Grant it")), ("deny", gettext("Deny it"))],
            gettext("Choose a decision"),
        ),
        "amount": asked.money(gettext("Sum in yuan, where the item pays one (optional)")),
        **reasoned(found, required=False),
    }


def delivery(_found: CasePage) -> Fields:
    return {
        "delivery_channel": asked.radio(
            gettext("How was it delivered?"),
            [
                ("window", gettext("handed out at the window")),
                ("post", gettext("by post")),
                ("web", gettext("online")),
            ],
            gettext("Choose a way"),
        ),
        "proof": asked.line(
            gettext("Proof"),
            hint=gettext("Number of the signed slip, of the parcel, or of the electronic receipt"),
        ),
    }


def reason_for(label: str) -> Callable[[CasePage], Fields]:
    return lambda _found: {"reason": asked.text(gettext(label), hint=asked.no_names())}


def days(first: str, last: str) -> Callable[[CasePage], Fields]:
    return lambda found: {
        "from_on": asked.day(gettext(first), default=found.on),
        "until_on": asked.day(gettext(last), default=None),
    }


def wish(_found: CasePage) -> Fields:
    return {
        "wish_no": asked.line(
            gettext("Number of the applicant's signed wish"),
            hint=gettext("As it stands on the scan or on the paper in the file"),
        )
    }


def outage(found: CasePage) -> Fields:
    """Only what has been declared, and has not been made up for in this case yet."""
    choices = [
        (outage.number, f"{outage.number}{gettext(': ')}{outage.cause}", {"hint": days_said(outage)})
        for outage in declared_outages()
        if outage.number not in found.case.outages
    ]
    return {
        "outage": asked.radio(gettext("Which declared outage?"), choices[:MOST_OUTAGES], gettext("Choose an outage"))
    }


def days_said(outage: Outage) -> str:
    if outage.from_on == outage.until_on:
        return day(outage.from_on)
    return str(gettext("%(first)s to %(last)s", first=day(outage.from_on), last=day(outage.until_on)))


def opinion(_found: CasePage) -> Fields:
    return {
        "conclusion": asked.radio(
            gettext("Opinion of your department"),
            [("agreed", gettext("agreed")), ("not-agreed", gettext("not agreed"))],
            gettext("Choose one opinion"),
        )
    }


def post_check(_found: CasePage) -> Fields:
    return {
        "conclusion": asked.radio(
            gettext("Was the promise kept?"),
            [("true", gettext("Yes, it was kept")), ("false", gettext("No, it was not kept"))],
            gettext("Choose an answer"),
        )
    }
