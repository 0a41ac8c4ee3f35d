"""The rules a catalogue must obey: each with what is wrong and what to do about it, as msgids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.basis import N_


@dataclass(frozen=True, slots=True)
class RuleText:
    message: str
    remedy: str


def _r(message: str, remedy: str) -> RuleText:
    return RuleText(message, remedy)


FORM: Mapping[str, RuleText] = {
    "toml-syntax": _r(N_("the file is not TOML: %(reason)s"), N_("mend the line named")),
    "field-missing": _r(N_("the field %(field)s is missing"), N_("add it; docs/adding-a-service.md shows each field")),
    "field-unknown": _r(N_("there is no field %(field)s here"), N_("take one of: %(known)s")),
    "wrong-type": _r(N_("%(field)s holds %(value)s"), N_("write %(kind)s")),
    "word-unknown": _r(N_("“%(value)s” is no word of this field"), N_("take one of: %(known)s")),
    "code-malformed": _r(N_("“%(code)s” is no code"), N_("use small letters, digits and single hyphens")),
    "code-twice": _r(N_("the code %(code)s stands here for the second time"), N_("give one of the two another code")),
    "language-missing": _r(N_("one of the two languages is empty"), N_("write both zh and en")),
    "language-mixed": _r(N_("the English text holds Chinese: %(text)s"), N_("translate it")),
    "norm-unknown": _r(N_("no norm has the code %(norm)s"), N_("add it to norms/ or mend the code")),
    "office-unknown": _r(N_("no office has the code %(office)s"), N_("add it to offices.toml or mend the code")),
    "hall-unknown": _r(N_("no hall has the code %(hall)s"), N_("add it to offices.toml or mend the code")),
    "item-unknown": _r(N_("no item has the code %(item)s"), N_("add its file or mend the code")),
    "flow-unknown": _r(N_("no flow has the code %(flow)s"), N_("take one of flows.toml: %(known)s")),
    "form-unknown": _r(N_("no form block has the code %(form)s"), N_("take one of flows.toml: %(known)s")),
    "base-unknown": _r(
        N_("version %(number)s is based on %(base)s, which does not stand before it"),
        N_("name an earlier version of this file"),
    ),
    "parent-unknown": _r(
        N_("%(code)s hangs below %(parent)s, which is not there"), N_("add the parent or mend its code")
    ),
    "tree-unknown": _r(N_("no national list has the code %(tree)s"), N_("add it to trees/ or mend the code")),
}

CODES: Mapping[str, RuleText] = {
    "basic-code-form": _r(
        N_("the basic code %(code)s has not 12 digits or capitals"), N_("take it from the basic catalogue")
    ),
    "basic-code-type": _r(
        N_("the basic code %(code)s says type %(found)s, the item is of type %(type)s"),
        N_("mend the code's third and fourth character or the type"),
    ),
    "basic-code-twice": _r(N_("the basic code %(code)s belongs to %(other)s already"), N_("take another code")),
    "credit-code": _r(
        N_("%(code)s is no unified credit code (GB 32100)"), N_("mend it; its last character should be %(check)s")
    ),
    "implementation-code": _r(
        N_("the implementation code is %(found)s, its parts make %(expected)s"),
        N_("leave it out, or mend office, level or basic code"),
    ),
    "material-serial": _r(
        N_("the material number %(serial)s is used twice or has more than three digits"),
        N_("give each material a number of its own from 1 to 999"),
    ),
    "versions-overlap": _r(
        N_("versions %(one)s and %(two)s hold on the same day in the same area"),
        N_("end the older one where the newer begins"),
    ),
    "validity-reversed": _r(N_("it ends on %(until)s, before it begins on %(from_on)s"), N_("mend one of the dates")),
    "area-outside-office": _r(
        N_("the area %(area)s is not within that of %(office)s"), N_("name the office of that area")
    ),
    "office-not-standing": _r(
        N_("%(office)s does not stand through the whole time of the version"),
        N_("end the version with the office, or name its successor"),
    ),
    "power-not-delegated": _r(
        N_("%(office)s exercises a power of %(holder)s without a delegation (%(how)s) in force"),
        N_("add the delegation to offices.toml with its basis, or name the holder as the office"),
    ),
    "succession-loop": _r(N_("the successions of %(office)s lead back to it"), N_("mend the successor")),
}

LAW: Mapping[str, RuleText] = {
    "basis-missing": _r(N_("nothing is cited as its basis"), N_("cite the norm and article that set the item up")),
    "norm-not-in-force": _r(
        N_("%(norm)s is not in force from %(from_on)s to %(until)s"),
        N_("cite the norm of that time, or end the version when the norm ends"),
    ),
    "norm-out-of-area": _r(N_("%(norm)s holds in %(found)s, not in %(area)s"), N_("cite a norm of this place")),
    "norm-not-reviewed": _r(
        N_("the local norm %(norm)s has no conflict review"), N_("review it against the law above it")
    ),
    "norm-to-be-repealed": _r(N_("the review of %(norm)s says it must go"), N_("cite another norm, or end the item")),
    "repeal-without-end": _r(
        N_("%(norm)s is named repealed by %(by)s but has no end"), N_("write its last day plus one as until")
    ),
    "level-basis-differs": _r(
        N_("versions %(one)s and %(two)s cite different national norms"), N_("cite the same norms on every level")
    ),
}

LIMITS: Mapping[str, RuleText] = {
    "clock-unknown": _r(N_("there is no clock %(clock)s"), N_("take one of: %(known)s, or stage:<name>")),
    "clock-twice": _r(N_("the clock %(clock)s has two limits for the same situation"), N_("keep one")),
    "stage-without-ends": _r(
        N_("the stage %(clock)s does not say what starts and stops it"), N_("write start and stops")
    ),
    "promise-exceeds-statutory": _r(
        N_("the promise of %(promised)s is longer than the statutory %(statutory)s"), N_("shorten the promise")
    ),
    "units-differ": _r(
        N_("promise and law count in different units: %(promised)s, %(statutory)s"),
        N_("promise in the unit of the law"),
    ),
    "number-differs-from-text": _r(N_("the number says %(limit)s, the text says “%(text)s”"), N_("make them equal")),
    "limit-unsourced": _r(
        N_("a statutory number without its source"), N_("cite norm and article, or mark the promise ours")
    ),
    "number-unexplained": _r(
        N_("the promised number comes from no law and is not marked as ours"),
        N_("give the statutory number it stands on, or write ours = true"),
    ),
    "extension-unsourced": _r(N_("an extension without its source"), N_("cite norm and article of the extension")),
    "extension-unit": _r(N_("the extension counts in %(extension)s, the limit in %(promised)s"), N_("use one unit")),
    "pause-not-listed": _r(
        N_("the limit allows the pause %(pause)s, which the item does not list"),
        N_("describe it under special_procedures or take it out"),
    ),
    "pause-unlawful": _r(
        N_("a permit may not stop its clock for %(pause)s"),
        N_("take one of the licensing law's list, or cite the local norm that allows it"),
    ),
    "limit-situation-unknown": _r(
        N_("the limit is for the situation %(situation)s, which is not there"), N_("mend the code")
    ),
    "main-clock-missing": _r(N_("no limit says when the result is due"), N_("add a feedback or a decide limit")),
    "permit-clock-missing": _r(
        N_("a permit has no limit for %(clock)s"), N_("add it with its article of the licensing law")
    ),
    "instant-not-zero": _r(
        N_("done on the spot, yet it promises %(promised)s"), N_("promise 0, or handle it as promised")
    ),
    "zero-not-instant": _r(
        N_("it promises 0, yet it is not done on the spot"), N_("handle it as instant, or promise a time")
    ),
    "review-way": _r(
        N_("%(handling)s does not go with the review %(review)s"),
        N_("instant goes with on-the-spot, promised with before-approval"),
    ),
    "renewal-without-limit": _r(N_("a renewal without the days before expiry"), N_("write renewal = { n, unit }")),
    "promise-way-missing": _r(
        N_("a situation goes by promise, the item has no promise way"), N_("write has_promise_way = true")
    ),
    "deferral-without-limit": _r(
        N_("materials may follow later, but no limit says until when"), N_("add a supply limit")
    ),
}

SITUATIONS: Mapping[str, RuleText] = {
    "questions-too-many": _r(N_("%(count)s questions"), N_("ask at most seven")),
    "question-without-choice": _r(
        N_("the question %(question)s has fewer than two answers"), N_("add one or leave it out")
    ),
    "option-leads-nowhere": _r(
        N_("the answer %(option)s leads to no question and no situation, or to both"),
        N_("write either next or situation"),
    ),
    "next-unknown": _r(N_("the answer %(option)s leads to %(next)s, which is not there"), N_("mend the code")),
    "question-loop": _r(N_("the questions lead back to %(question)s"), N_("let every way end in a situation")),
    "question-unreachable": _r(N_("no answer leads to the question %(question)s"), N_("lead one there or take it out")),
    "situation-missing": _r(N_("the item has no situation"), N_("add one, even if there is only one")),
    "situation-unreachable": _r(
        N_("no answer leads to the situation %(situation)s"), N_("lead one there or take it out")
    ),
    "situation-material": _r(
        N_("the situation needs the material %(material)s, which is not there"), N_("mend the code")
    ),
    "material-unused": _r(N_("no situation needs the material %(material)s"), N_("name it in one or take it out")),
    "field-situation": _r(N_("%(field)s is for the situation %(situation)s, which is not there"), N_("mend the code")),
    "field-choice-empty": _r(N_("%(field)s is a choice without two answers"), N_("list the choices")),
    "field-pattern": _r(N_("the pattern of %(field)s cannot be read: %(reason)s"), N_("write a regular expression")),
    "field-not-personal": _r(
        N_("%(field)s holds a %(kind)s, which is personal, and is not marked so"), N_("write personal = true")
    ),
}

MATERIALS: Mapping[str, RuleText] = {
    "material-vague": _r(N_("“%(name)s” says not what is asked"), N_("name the paper itself")),
    "material-shared-asked": _r(
        N_("the office gets it by sharing and asks for pieces all the same"),
        N_("write originals = 0 and copies = 0, or change the source"),
    ),
    "material-held-asked": _r(
        N_("a licence that this catalogue issues (%(licence)s) is asked of the applicant"),
        N_('write source = "shared"'),
    ),
    "material-without-basis": _r(N_("nothing is cited for asking it"), N_("cite norm and article, or do not ask it")),
    "material-without-pieces": _r(N_("it is asked, but no original and no copy"), N_("write how many")),
    "material-deferrable-main": _r(N_("a main material may follow later"), N_("only minor materials may be deferred")),
    "material-without-issuer": _r(N_("it does not say who issues it"), N_("write issued_by")),
}

ELEMENTS: Mapping[str, RuleText] = {
    "visits-without-reason": _r(N_("a visit is asked without saying why"), N_("write visits_reason or visits = 0")),
    "no-visit-not-remote": _r(
        N_("no visit is needed, yet it is neither wholly online nor mailed nor by phone"),
        N_("write depth IV or is_mailed, or count the visit"),
    ),
    "depth-with-visits": _r(N_("wholly online (IV) and yet %(visits)s visits"), N_("mend one of the two")),
    "depth-without-web": _r(N_("an online depth beyond I without the online channel"), N_("add web or write depth I")),
    "channel-missing": _r(N_("it can be handled nowhere"), N_("name at least one channel")),
    "window-without-hall": _r(N_("it is handled at a window, but no hall is named"), N_("name a hall")),
    "hall-without-windows": _r(N_("the hall has no window"), N_("list its windows")),
    "hall-hours": _r(N_("no office hours are called %(hours)s"), N_("take one of: %(known)s")),
    "fee-missing": _r(N_("it is charged, but no fee is listed"), N_("list each fee with rate and basis")),
    "fee-not-charged": _r(N_("fees are listed, but it is not charged"), N_("write is_charged = true or drop the fees")),
    "fee-without-basis": _r(N_("a fee without its basis"), N_("cite norm and article, or do not charge")),
    "fee-without-payment": _r(N_("it does not say whether fees can be paid online"), N_("write pays_online")),
    "payment-without-fee": _r(N_("nothing is charged, yet it is paid online"), N_("take pays_online out")),
    "phones-equal": _r(N_("questions and complaints go to the same number %(phone)s"), N_("give complaints their own")),
    "phone-form": _r(N_("%(phone)s is no number with its area code"), N_("write 0…-…")),
    "topic-unknown": _r(N_("there is no topic %(topic)s"), N_("take one of: %(known)s")),
    "audience-topic": _r(
        N_("audience and topics do not fit: %(audience)s, %(topics)s"),
        N_("give each audience a topic of its own, and no other"),
    ),
    "permit-without-faq": _r(N_("a permit without one answered question"), N_("add one")),
    "permit-steps": _r(N_("a permit's flow lacks the step %(step)s"), N_("use a flow with every step of a permit")),
    "remedies-missing": _r(N_("it does not say where to ask for review or to sue"), N_("write review_body and court")),
    "result-kind": _r(N_("a result called “%(name)s” is no %(kind)s"), N_("mend the name or the kind")),
    "result-without-sample": _r(N_("the result has no sample"), N_("show what it looks like")),
    "ceiling-limit": _r(
        N_("%(clock)s: %(promised)s is longer than the basic catalogue's %(ceiling)s"), N_("shorten it")
    ),
    "ceiling-materials": _r(N_("the material %(material)s is not in the basic catalogue's row"), N_("do not ask it")),
    "ceiling-visits": _r(N_("%(visits)s visits, the basic catalogue allows %(ceiling)s"), N_("ask for fewer")),
    "ceiling-channels": _r(N_("the channel %(channel)s of the basic catalogue is missing"), N_("offer it too")),
}

RULES: Mapping[str, RuleText] = {**FORM, **CODES, **LAW, **LIMITS, **SITUATIONS, **MATERIALS, **ELEMENTS}
