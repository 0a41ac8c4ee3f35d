"""Each rule of the rulebook finds the fault it is written for, at its line, and nothing is wrong before the fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.basis import Bilingual, Limit, Unit
from portal.catalogue.checks import limits
from portal.catalogue.checks.codes import check_character
from portal.catalogue.defects import Defect
from portal.catalogue.rulebook import RULES

PERMIT, LEAFLET, OFFICES, NORMS = "items/shop-licence.toml", "items/leaflet.toml", "offices.toml", "norms/norms.toml"
TREE, FLOWS = "trees/food.toml", "flows.toml"

Change = Callable[..., list[Defect]]

OVERFULL_CODE = 'implementation_code = "11990100MB9K00021M4000123901000"'  # level 4, the office is of level 3
ONLY_SITUATION = '[[version.situations]]\ncode = "only"\nname = { zh = "领取", en = "Collect" }\n'
ALL_FOUR = '"layout", "test-report", "business-licence"]\n\n'
FAQ = (
    '[[version.faq]]\nquestion = { zh = "要多久？", en = "How long?" }\n'
    'answer = { zh = "10个工作日。", en = "10 working days." }\n'
)
CLOSING_STEP = 'code = "close", name = { zh = "办结", en = "Issue" }'
WINDOW = (
    '[[hall.windows]]\ncode = "one"\nname = { zh = "窗口1", en = "Window 1" }\nkind = "special"\n'
    'office = "bureau"\nitems = ["shop-licence"]\n'
)
TEN_DAYS, NINE_DAYS = 'zh = "10个工作日内决定"', 'zh = "9个工作日内决定"'

# rule, file, what stood there, what stands there now
FAULTS = [
    ("toml-syntax", PERMIT, 'code = "shop-licence"', 'code = "shop-licence'),
    ("field-missing", PERMIT, "number = 1\n", ""),
    ("field-unknown", PERMIT, "depth = ", "deepth = 1\ndepth = "),
    ("wrong-type", PERMIT, "visits = 1\nvisits_reason", 'visits = "one"\nvisits_reason'),
    ("word-unknown", PERMIT, 'handling = "promised"', 'handling = "soon"'),
    ("code-malformed", PERMIT, 'code = "usual"\nname', 'code = "Usual Way"\nname'),
    ("code-twice", PERMIT, 'code = "layout"\nserial', 'code = "application"\nserial'),
    ("language-missing", PERMIT, 'en = "There is a shop."', 'en = ""'),
    ("language-mixed", PERMIT, 'en = "There is a shop."', 'en = "There is a 店."'),
    ("norm-unknown", PERMIT, 'basis = [{ norm = "law"', 'basis = [{ norm = "lore"'),
    ("office-unknown", PERMIT, 'office = "bureau"', 'office = "burrow"'),
    ("hall-unknown", PERMIT, 'halls = ["hall"]', 'halls = ["hell"]'),
    ("item-unknown", PERMIT, 'parts = ["leaflet"]', 'parts = ["booklet"]'),
    ("flow-unknown", PERMIT, 'flow = "permit"', 'flow = "flood"'),
    ("form-unknown", PERMIT, 'forms = ["person"]', 'forms = ["parson"]'),
    ("base-unknown", LEAFLET, "based_on = 1", "based_on = 7"),
    ("parent-unknown", TREE, 'parent = "16"', 'parent = "17"'),
    ("tree-unknown", PERMIT, 'scope_tree = "food"', 'scope_tree = "wood"'),
    ("basic-code-form", PERMIT, '"000123901000"', '"00012390100"'),
    ("basic-code-type", PERMIT, '"000123901000"', '"000523901000"'),
    ("basic-code-twice", PERMIT, '"000123901000"', '"002023902000"'),
    ("credit-code", OFFICES, "11990100MB9K00021M", "11990100MB9K00021N"),
    ("implementation-code", PERMIT, "number = 1\n", f"number = 1\n{OVERFULL_CODE}\n"),
    ("material-serial", PERMIT, "serial = 2", "serial = 1"),
    ("versions-overlap", LEAFLET, "until = 2022-01-01", "until = 2022-01-02"),
    ("validity-reversed", LEAFLET, "until = 2022-01-01", "until = 2019-12-31"),
    ("area-outside-office", PERMIT, 'office = "bureau"', 'office = "bureau"\narea = "990200"'),
    ("office-not-standing", PERMIT, "from = 2020-01-01", "from = 2018-12-31"),
    ("power-not-delegated", PERMIT, 'power = "transferred"', 'power = "entrusted"'),
    ("succession-loop", OFFICES, 'to = "holder"', 'to = "past"'),
    ("basis-missing", PERMIT, 'basis = [{ norm = "law", article = "第十二条" }]', "basis = []"),
    ("norm-not-in-force", PERMIT, 'basis = [{ norm = "law"', 'basis = [{ norm = "old-law"'),
    ("norm-out-of-area", PERMIT, 'norm = "local", article = "第三条"', 'norm = "elsewhere", article = "第三条"'),
    ("norm-not-reviewed", PERMIT, 'norm = "local", article = "第三条"', 'norm = "unreviewed", article = "第三条"'),
    ("norm-to-be-repealed", PERMIT, 'norm = "local", article = "第三条"', 'norm = "doomed", article = "第三条"'),
    ("repeal-without-end", NORMS, "until = 2019-01-01\n", ""),
    (
        "level-basis-differs",
        LEAFLET,
        "from = 2022-01-01",
        'from = 2021-01-01\noffice = "outlet"\nbasis = [{ norm = "law", article = "第一条" }]',
    ),
    ("clock-unknown", PERMIT, 'clock = "deliver"', 'clock = "delivery"'),
    ("clock-twice", PERMIT, 'clock = "supply"', 'clock = "deliver"'),
    ("stage-without-ends", PERMIT, 'start = ["accepted"]\n', ""),
    (
        "promise-exceeds-statutory",
        PERMIT,
        'n = 5, unit = "working-day", zh = "5个工作日内受理", en = "within 5',
        'n = 6, unit = "working-day", zh = "6个工作日内受理", en = "within 6',
    ),
    (
        "units-differ",
        PERMIT,
        'n = 10, unit = "working-day", zh = "10个工作日内决定", en = "within 10 working',
        'n = 10, unit = "calendar-day", zh = "10日内决定", en = "within 10',
    ),
    ("number-differs-from-text", PERMIT, 'zh = "10个工作日内决定"', 'zh = "66个工作日内决定"'),
    ("limit-unsourced", PERMIT, 'source = { norm = "law", article = "第三十二条" }\n', ""),
    (
        "number-unexplained",
        PERMIT,
        'source = { norm = "local", article = "第三条" }\nours = true',
        'source = { norm = "local", article = "第三条" }',
    ),
    ("extension-unsourced", PERMIT, 'extension_source = { norm = "law", article = "第四十二条" }\n', ""),
    (
        "extension-unit",
        PERMIT,
        'extension = { n = 10, unit = "working-day" }',
        'extension = { n = 10, unit = "calendar-day" }',
    ),
    ("pause-not-listed", PERMIT, 'pauses = ["test"]', 'pauses = ["hearing"]'),
    ("limit-situation-unknown", PERMIT, 'situation = "promise"\npromised', 'situation = "premise"\npromised'),
    ("main-clock-missing", LEAFLET, 'clock = "feedback"', 'clock = "deliver"'),
    ("permit-clock-missing", PERMIT, 'clock = "deliver"', 'clock = "rate-fix"'),
    (
        "instant-not-zero",
        LEAFLET,
        'n = 0, unit = "working-day", zh = "即时办结", en = "at once"',
        'n = 1, unit = "working-day", zh = "1个工作日", en = "1 working day"',
    ),
    (
        "zero-not-instant",
        PERMIT,
        'n = 10, unit = "working-day", zh = "10个工作日内决定", en = "within 10 working days"',
        'n = 0, unit = "working-day", zh = "当场决定", en = "on the spot"',
    ),
    ("review-way", PERMIT, 'review = "before-approval"', 'review = "on-the-spot"'),
    ("renewal-without-limit", PERMIT, 'renewal = { n = 30, unit = "calendar-day" }\n', ""),
    ("promise-way-missing", PERMIT, "has_promise_way = true\n", ""),
    ("deferral-without-limit", PERMIT, 'clock = "supply"', 'clock = "rate-fix"'),
    (
        "question-without-choice",
        PERMIT,
        '    { code = "renewal", label = { zh = "延续", en = "Renewal" }, situation = "renewal" },\n',
        "",
    ),
    ("option-leads-nowhere", PERMIT, ', situation = "renewal" },', " },"),
    ("next-unknown", PERMIT, 'next = "way"', 'next = "day"'),
    ("question-loop", PERMIT, 'situation = "usual" },', 'next = "action" },'),
    ("question-unreachable", PERMIT, 'next = "way"', 'situation = "usual"'),
    ("situation-missing", LEAFLET, ONLY_SITUATION, ""),
    ("situation-unreachable", PERMIT, 'situation = "promise" },', 'situation = "usual" },'),
    ("situation-material", PERMIT, 'materials = ["application"]\nflow', 'materials = ["applause"]\nflow'),
    ("material-unused", PERMIT, ALL_FOUR, '"layout", "business-licence"]\n\n'),
    ("field-situation", PERMIT, 'situations = ["usual"]', 'situations = ["unusual"]'),
    ("field-choice-empty", PERMIT, ', { code = "food", label = { zh = "食品店", en = "Food" } }]', "]"),
    ("field-pattern", PERMIT, 'pattern = "[0-9]+"', 'pattern = "[0-9"'),
    ("field-not-personal", PERMIT, 'kind = "phone"\npersonal = true', 'kind = "phone"'),
    ("material-vague", PERMIT, 'zh = "平面图"', 'zh = "其他有关材料"'),
    ("material-shared-asked", PERMIT, 'source = "shared"', 'source = "shared"\ncopies = 1'),
    (
        "material-held-asked",
        PERMIT,
        'name = { zh = "申请书", en = "Application" }',
        'name = { zh = "申请书", en = "Application" }\nlicence_type = "shop-licence"',
    ),
    ("material-without-basis", PERMIT, 'basis = { norm = "law", article = "第二十九条" }\n', ""),
    ("material-without-pieces", PERMIT, "serial = 1\n", "serial = 1\noriginals = 0\n"),
    ("material-deferrable-main", PERMIT, 'role = "minor"\n', ""),
    ("material-without-issuer", PERMIT, 'issued_by = { zh = "检测机构", en = "Laboratory" }\n', ""),
    ("visits-without-reason", PERMIT, 'visits_reason = { zh = "领取许可证", en = "To collect the licence" }\n', ""),
    ("no-visit-not-remote", PERMIT, "visits = 1\nvisits_reason", "visits = 0\nvisits_reason"),
    ("depth-with-visits", PERMIT, 'depth = "III"', 'depth = "IV"'),
    ("depth-without-web", PERMIT, 'channels = ["web", "window"]', 'channels = ["window"]'),
    ("channel-missing", PERMIT, 'channels = ["web", "window"]', "channels = []"),
    ("window-without-hall", PERMIT, 'halls = ["hall"]', "halls = []"),
    ("hall-hours", OFFICES, 'hours = "default"', 'hours = "never"'),
    ("fee-missing", LEAFLET, "visits = 0", "visits = 0\nis_charged = true"),
    ("fee-not-charged", PERMIT, "is_charged = true\n", ""),
    ("fee-without-basis", PERMIT, 'basis = { norm = "law", article = "第五十九条" }\n', ""),
    ("fee-without-payment", PERMIT, "pays_online = true\n", ""),
    ("payment-without-fee", LEAFLET, "visits = 0", "visits = 0\npays_online = true"),
    ("phones-equal", OFFICES, 'complaint_phone = "0199-5550201"', 'complaint_phone = "0199-5550200"'),
    ("phone-form", OFFICES, 'consult_phone = "0199-5550200"', 'consult_phone = "5550200"'),
    ("topic-unknown", PERMIT, 'topics = ["licences"]', 'topics = ["licences", "luck"]'),
    ("audience-topic", PERMIT, 'topics = ["licences"]', 'topics = ["licences", "birth"]'),
    ("permit-without-faq", PERMIT, FAQ, ""),
    ("permit-steps", FLOWS, CLOSING_STEP, CLOSING_STEP.replace("close", "shut")),
    ("remedies-missing", OFFICES, 'court = { zh = "市法院", en = "City court" }\n', ""),
    ("result-kind", PERMIT, 'kind = "licence"', 'kind = "payment"'),
    ("result-without-sample", PERMIT, 'sample = { zh = "样本：编号。", en = "Sample: number." }\n', ""),
    ("ceiling-limit", PERMIT, "limits = { decide = { n = 20", "limits = { decide = { n = 9"),
    (
        "ceiling-materials",
        PERMIT,
        'materials = ["application", "layout", "test-report", "business-licence"]\nlimits',
        'materials = ["application", "layout", "business-licence"]\nlimits',
    ),
    ("ceiling-visits", PERMIT, "[ceiling]\nvisits = 1", "[ceiling]\nvisits = 0"),
    ("ceiling-channels", PERMIT, 'channels = ["web"]', 'channels = ["web", "phone"]'),
    ("hall-without-windows", OFFICES, WINDOW, ""),
    ("pause-unlawful", PERMIT, 'kind = "test"', 'kind = "site-survey"'),
    ("questions-too-many", PERMIT, "[[version.questions]]", ""),
]


def test_the_small_catalogue_has_nothing_wrong(defects_after: Change) -> None:
    assert defects_after() == []


def test_every_rule_has_a_fault_of_its_own() -> None:
    assert sorted({rule for rule, *_ in FAULTS}) == sorted(RULES)


@pytest.mark.parametrize(("rule", "file", "old", "new"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_broken_rule_is_found_in_its_file(
    defects_after: Change, small: Path, rule: str, file: str, old: str, new: str
) -> None:
    if rule == "pause-unlawful":
        text = (small / PERMIT).read_text()
        (small / PERMIT).write_text(text.replace('pauses = ["test"]', 'pauses = ["site-survey"]'))
    if rule == "questions-too-many":
        new = "".join(_question(n) for n in range(6)) + old
    found = defects_after(file, old, new)
    matching = [defect for defect in found if defect.rule == rule]
    assert matching, [str(defect) for defect in found]
    assert Path(matching[0].file) == small / file or rule in ("permit-steps", "remedies-missing")
    text = str(matching[0])
    assert "%(" not in text
    assert f"[{rule}]" in text


def _question(number: int) -> str:
    return (
        f'[[version.questions]]\ncode = "extra-{number}"\ntext = {{ zh = "问", en = "Ask" }}\noptions = [\n'
        '    { code = "a", label = { zh = "甲", en = "A" }, situation = "usual" },\n'
        '    { code = "b", label = { zh = "乙", en = "B" }, situation = "usual" },\n]\n'
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "passage"),
    [
        (PERMIT, "serial = 2", "serial = 1", "version[1].materials[2].serial", "serial = 1"),
        (PERMIT, TEN_DAYS, NINE_DAYS, "version[1].limits[2].promised", "promised = { n = 10"),
        (PERMIT, 'next = "way"', 'next = "day"', "version[1].questions[1].options[1]", '{ code = "new"'),
        (OFFICES, "MB9K00259W", "MB9K00259X", "office[3].credit_code", "MB9K00259X"),
    ],
)
def test_a_defect_names_field_and_line(
    defects_after: Change, small: Path, file: str, old: str, new: str, field: str, passage: str
) -> None:
    [defect] = [found for found in defects_after(file, old, new) if found.field == field]
    assert passage in (small / file).read_text().splitlines()[defect.line - 1]


def test_one_bad_file_leaves_the_others_to_be_checked(defects_after: Change, small: Path) -> None:
    (small / PERMIT).write_text((small / PERMIT).read_text().replace("[ceiling]\nvisits = 1", "[ceiling]\nvisits = 0"))
    rules = {defect.rule for defect in defects_after(LEAFLET, "number = 1\n", "")}
    assert {"field-missing", "ceiling-visits"} <= rules


@pytest.mark.parametrize(
    ("text", "n", "unit", "agrees"),
    [
        (("5个工作日内", "within 5 working days"), 5, "working-day", True),
        (("五个工作日内", "within 5 working days"), 5, "working-day", False),
        (("15个工作日内", "within 5 working days"), 5, "working-day", False),
        (("5日内", "within 5 days"), 5, "calendar-day", True),
        (("5日内", "within 5 days"), 5, "working-day", False),
        (("24小时内", "within 24 hours"), 24, "hour", True),
        (("1个工作日", "1 working day"), 24, "hour", False),
        (("2个月内", "within 2 months"), 2, "month", True),
        (("当场", "on the spot"), 0, "working-day", True),
        (("当场或者3个工作日内", "on the spot"), 0, "working-day", False),
        (("5至7个工作日", "5 to 7 working days"), 7, "working-day", False),
    ],
)
def test_number_and_text_of_a_limit_are_compared(text: tuple[str, str], n: int, unit: str, agrees: bool) -> None:
    assert limits.agrees(Limit(n, Unit(unit)), Bilingual(*text)) is agrees


@pytest.mark.parametrize(
    "code", ["11450721MB15580811", "11511300008778693M", "11511301MB15537661"]
)  # published records of real offices
def test_credit_codes_of_real_offices_pass(code: str) -> None:
    assert check_character(code[:17]) == code[17]
    wrong = "0" if code[5] != "0" else "1"
    assert check_character(code[:5] + wrong + code[6:17]) != code[17]
    assert check_character(code[:16] + "O") is None
