"""A citizen's journey in a real browser: in both languages, at phone and desk width, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.citizen_city import BAD_FILE, GOOD_FILE, THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS

WORDS = {
    "zh": {
        "search": "食品生产许可",
        "promise": "2026年10月29日（星期四）",
        "handed in": "已提交",
        "waiting": "待受理",
        "withdrawn": "已撤回",
        "correcting": "待补正",
        "day": "10月1日（周四）",
        "feast": "放假：国庆节",
        "error": "有误：",
    },
    "en": {
        "search": "food licence",
        "promise": "Thursday 29 October 2026",
        "handed in": "Handed in",
        "waiting": "Waiting for acceptance",
        "withdrawn": "Withdrawn",
        "correcting": "Waiting for your correction",
        "day": "Thu 1 Oct",
        "feast": "Day off: National Day",
        "error": "Error: ",
    },
}
LATER = "later_safety-rules"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("city")) as city:
        yield city


@pytest.fixture(autouse=True)
def thursday(city: City) -> None:
    city.now = THURSDAY


@LOOKS
def test_a_citizen_finds_hands_in_follows_and_withdraws(
    page: Page, browser: Browser, city: City, complaints: list[str], language: str, width: int
) -> None:
    said, walk = WORDS[language], Walk(page, city, language, width)
    walk.open("/")
    walk.examine()
    page.locator("#q").fill(said["search"])
    with page.expect_navigation():
        page.locator(".portal-search__button").click()
    walk.examine()
    walk.follow("a[href='/items/food-licence']")
    expect(page.locator("main")).to_contain_text(said["promise"])
    page.locator(".portal-promise details").first.locator("summary").click()
    expect(page.locator(".portal-trace").first).to_contain_text(said["day"])
    walk.examine()
    walk.follow("#start")
    walk.go_on()
    expect(page).to_have_title(f"{said['error']}{page.locator('h1').inner_text()} – {caption(page)} – {brand(page)}")
    walk.examine()
    while "/question/" in page.url:
        walk.choose_first()
        walk.go_on()
    walk.go_on()
    walk.examine()
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("[id='f_firm-name']")).to_be_focused()
    walk.fill_details()
    walk.go_on()
    walk.choose_files(BAD_FILE)
    walk.go_on()
    expect(page.locator(".govuk-error-summary li")).to_have_count(4)
    walk.examine()
    for box in page.locator("input[type=file]").all()[:3]:
        box.set_input_files(GOOD_FILE)
    page.locator(f"[name='{LATER}']").check()
    walk.go_on()
    walk.examine()
    page.locator("input[type=checkbox]").check()
    walk.go_on()
    expect(page.locator("h1")).to_have_text(said["handed in"])
    walk.examine()
    number, code = page.locator("#number").inner_text(), page.locator("#code").inner_text()
    follow_and_withdraw(browser, city, language, width, number, code)
    assert [text for text in complaints if "422" not in text] == []
    assert len(walk.seen) == 8


def follow_and_withdraw(browser: Browser, city: City, language: str, width: int, number: str, code: str) -> None:
    """In another browser, with nothing but number and code."""
    said = WORDS[language]
    context = browser.new_context()
    walk = Walk(context.new_page(), city, language, width)
    walk.open("/follow")
    walk.page.locator("#number").fill(number)
    walk.page.locator("#code").fill("WRONGWRG")
    walk.go_on()
    walk.examine()
    walk.page.locator("#code").fill(code.lower())
    walk.go_on()
    expect(walk.page.locator("h1")).to_have_text(said["waiting"])
    walk.examine()
    walk.follow("a[href$='/withdraw']")
    walk.examine()
    walk.choose_first()
    walk.go_on()
    expect(walk.page.locator("h1")).to_have_text(said["withdrawn"])
    walk.examine()
    context.close()


def test_the_picture_on_a_receipt_fills_in_the_code_and_leaves_no_trace_of_it(page: Page, city: City) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"{city.address}/follow?number=990100-2026-000001#q=ABCD2345")
    expect(page.locator("#number")).to_have_value("990100-2026-000001")
    expect(page.locator("#code")).to_have_value("ABCD2345")
    assert "ABCD2345" not in page.url
    assert [url for url in sent if "ABCD2345" in url.split("#")[0]] == []


def caption(page: Page) -> str:
    return page.locator(".govuk-caption-l").inner_text().split("\n")[0].removesuffix(",").strip()


def brand(page: Page) -> str:
    return page.locator(".govuk-generic-header").inner_text().strip()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_works_without_javascript(browser: Browser, city: City, language: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    walk = Walk(context.new_page(), city, language, 375)
    walk.to_details()
    walk.go_on()
    assert walk.page.locator(".govuk-error-summary li").count() == 6
    walk.fill_details()
    walk.go_on()
    walk.choose_files(GOOD_FILE)
    walk.go_on()
    walk.page.locator("main input[type=checkbox]").check()
    walk.go_on()
    number = walk.page.locator("#number").inner_text()
    city.handle(number, "notice_correction", "clerk", demands=("layout",))
    walk.open(f"/cases/{number}")
    expect(walk.page.locator("h1")).to_have_text(WORDS[language]["correcting"])
    walk.follow("a[href$='/correction']")
    walk.choose_files(GOOD_FILE)
    walk.go_on()
    expect(walk.page.locator("h1")).to_have_text(WORDS[language]["waiting"])
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_a_case_in_trouble_have_no_barrier(page: Page, city: City, language: str) -> None:
    walk = Walk(page, city, language, 375)
    number, _ = walk.hand_in()
    city.handle(number, "notice_correction", "clerk", demands=("layout", "process"))
    walk.open(f"/cases/{number}")
    walk.examine()
    walk.open(f"/cases/{number}/correction")
    walk.go_on()
    walk.examine()
    late, _ = walk.hand_in()
    city.now = THURSDAY + timedelta(days=60)
    walk.open(f"/cases/{late}")
    expect(page.locator("#late")).to_be_visible()
    walk.examine()
    walk.open(f"/cases/{late}/supply")
    walk.examine()
    assert len(walk.seen) == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_delivered_case_is_rated(page: Page, city: City, language: str) -> None:
    walk = Walk(page, city, language, 1280)
    number, _ = walk.hand_in()
    for step, role, facts in (
        ("accept", "clerk", {}),
        ("open", "reviewer", {}),
        ("review", "reviewer", {"conclusion": "approve"}),
        ("decide", "decider", {"conclusion": "grant"}),
        ("produce_licence", "clerk", {"licence_no": "SC1"}),
        ("deliver", "clerk", {"delivery_channel": "post", "proof": "EMS1"}),
    ):
        city.handle(number, step, role, **facts)
    walk.open(f"/cases/{number}")
    walk.examine()
    walk.follow("a[href$='/rate']")
    walk.examine()
    page.locator("input[name=score]").last.check()
    page.locator("#comment").fill("等了很久")
    walk.go_on()
    walk.examine()


@LOOKS
def test_who_was_sent_away_tells_it_and_sees_who_answers(page: Page, city: City, language: str, width: int) -> None:
    walk = Walk(page, city, language, width)
    walk.open("/sent-away?item=food-licence")
    walk.go_on()
    walk.examine()
    page.locator("#office").select_option("market-supervision")
    for part, value in (("year", "2026"), ("month", "9"), ("day", "22")):
        page.locator(f"#happened-{part}").fill(value)
    page.locator("#said").fill("不归我们管。")
    walk.go_on()
    expect(page.locator("main")).to_contain_text("不归我们管。")
    walk.examine()


@pytest.mark.parametrize("path", ["/halls", "/help", "/accessibility", "/items?q=ヴ", "/cases/990100-2026-999999"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_standing_pages_have_no_barrier(page: Page, city: City, language: str, path: str) -> None:
    walk = Walk(page, city, language, 1280)
    walk.open(path)
    walk.examine()


def test_the_receipt_prints_on_paper_with_its_trace_and_without_the_furniture(
    page: Page, city: City, tmp_path: Path
) -> None:
    walk = Walk(page, city, "zh", 1280)
    walk.hand_in()
    page.emulate_media(media="print")
    expect(page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(page.locator(".portal-trace").first).to_be_visible()
    expect(page.locator(".portal-only-print")).to_be_visible()
    paper = page.pdf(format="A4", path=tmp_path / "receipt.pdf")
    assert paper.startswith(b"%PDF")


def test_the_language_can_be_changed_in_the_middle_of_a_form(page: Page, city: City) -> None:
    walk = Walk(page, city, "zh", 375)
    walk.to_details()
    address = page.url
    page.get_by_role("link", name="English").click()
    assert page.url == f"{address}?lang=en"
    expect(page.locator("h1")).to_have_text("Your details")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_large_type_reaches_a_receipt_without_a_barrier_and_without_a_script(
    browser: Browser, city: City, language: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    walk = Walk(context.new_page(), city, language, 375)
    walk.open("/")
    expect(walk.page.locator("main label").first).to_have_css("font-size", "21px")
    with walk.page.expect_navigation():
        walk.page.locator(".portal-banner__view").click()
    expect(walk.page.locator("main label").first).to_have_css("font-size", "27.5625px")  # above 18 points
    number, _ = walk.hand_in()
    assert walk.page.locator("html.portal-large").count() == 1
    context.close()
    assert number
    looking = browser.new_context()
    walk = Walk(looking.new_page(), city, language, 375)
    for path in ("/?view=large", "/items", "/items/food-licence", "/sent-away", "/halls", "/nothing"):
        walk.open(path)
        walk.examine()
    walk.hand_in()
    walk.examine()
    looking.close()


@pytest.mark.parametrize("path", ["/nothing", "/supervisor/", "/cases/990100-2026-000001/rate"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_of_refusal_keeps_the_ways_on_and_has_no_barrier(
    page: Page, city: City, language: str, path: str
) -> None:
    walk = Walk(page, city, language, 375)
    walk.open(path)
    walk.examine()
    expect(page.locator(".govuk-service-navigation")).to_be_attached()
    expect(page.locator("main a").first).to_be_attached()


def test_a_stale_form_says_so_and_leads_on(page: Page, city: City) -> None:
    walk = Walk(page, city, "zh", 375)
    walk.open("/follow")
    page.locator("main form input[name=csrf_token]").evaluate("box => box.value = 'stale'")
    page.locator("#number").fill("990100-2026-000001")
    walk.go_on()
    expect(page.locator("h1")).to_have_text("无法识别提交的内容")
    expect(page.locator("main a[href='tel:12345']")).to_be_visible()
    walk.examine()
