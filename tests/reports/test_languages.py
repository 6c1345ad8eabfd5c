"""Every report in every language: whole, readable on every screen, light and dark, by everybody."""

import functools
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from mozg.access import audit
from mozg.access.organizations import Organization, change_organization, create_organization
from mozg.access.scope import Scope
from mozg.access.users import add_user
from mozg.lake.reader import kernel_environment
from mozg.lake.refresh import refresh
from mozg.language.words import FOLDER
from mozg.metrics.periods import DAY, WORDS, period
from mozg.reports.catalogue import Format, Report, all_reports
from mozg.reports.export import export
from mozg.reports.parameter import Value
from mozg.reports.run import execute
from mozg.simulate import Chain

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ARTEFACTS = Path(__file__).resolve().parents[2] / "var" / "test-artefacts" / "reports"
LANGUAGES = ("en", *(path.name for path in FOLDER.iterdir()))
REPORTS = {report.name: report for report in all_reports()}
#: The report on who reads reports: of people who do, while the chain of the others has none.
USAGE = "usage"
#: What each run of the tests looks at; the long ones look at everything.
ALWAYS = [(name, "ru") for name in REPORTS]
LONG = [(name, language) for name in REPORTS for language in LANGUAGES if (name, language) not in ALWAYS]
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
#: What axe calls findings that keep somebody from reading or using a page.
GRAVE = ("serious", "critical")
DRAWN = "() => [...document.querySelectorAll('.js-plotly-plot')].every(one => one.querySelector('.main-svg'))"
#: All that a page says, to eyes and to screen readers, but for what people and tills have named.
ALL_TEXT = """() => [
    document.title, document.body.innerText, ...[...document.querySelectorAll('svg text')].map(one => one.textContent),
    ...['aria-label', 'title', 'alt', 'data-title'].flatMap(
        name => [...document.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name)))
].join(' ')"""
LATIN = re.compile(r"(?![ABC]{3}\b)[A-Za-z]{3,}")  # three letters of ABC are a dish's classes
#: What is written with Latin letters in Russian, too.
NAMES = {
    "ABC",
    "MOZG",
    "XYZ",
    "CSV",
    "Excel",
    "HTML",
    "JupyterLab",
    "PDF",
    "Kounta",
    "PNG",
    "Prophet",
    "UTC",
    "WAPE",
    "anna",
    "boris",
    "vera",
    "example",
    "com",
}
#: How far a page is wider than its screen, and the words of figures that are cut off at an edge or lie on each other.
CUT = "() => document.documentElement.scrollWidth - window.innerWidth"
BROKEN_LABELS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(figure => {
    const box = one => one.getBoundingClientRect(), edge = box(figure);
    const labels = [...figure.querySelectorAll('.xtick text, .ytick text, .legendtext, .annotation-text')];
    const places = labels.map(one => [one.textContent, box(one)]).filter(([, place]) => place.width);
    const cut = places.filter(([, at]) => at.left < edge.left - 1 || at.right > edge.right + 1);
    const over = places.filter(([, a], n) => places.slice(n + 1).some(([, b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
    return [...cut, ...over].map(([text]) => text);
})"""


@pytest.fixture(scope="module")
def readers(database: None) -> Organization:
    """Two people who read reports, and one who never came; nothing was sold."""
    organization = create_organization("languages", "Читатели", currency="RUB", country="RU", timezone="Europe/Moscow")
    names = {"anna": "Анна", "boris": "Борис"}
    people = [add_user(organization.id, f"{key}@example.com", name, "manager") for key, name in names.items()]
    add_user(organization.id, "vera@example.com", "Вера", "viewer")
    for number, person in enumerate(people, start=1):
        for report, channel in [("sales", "dashboard"), ("sales", "pdf"), ("forecast_revenue", "run")][-number:]:
            audit.viewed(person, report, channel)  # type: ignore[arg-type]
        audit.note(organization.id, person.email, "sign-in")
    refresh(organization)
    return organization


def _asked(report: Report, owner: Organization, today: date) -> dict[str, Value]:
    """What a report is asked for: its usual period, as of ``today``."""
    words = {one.name: str(one.default) for one in report.parameters if one.type == "date" and one.default in WORDS}
    days = {name: period(word, word, today=today) for name, word in words.items()}
    given = {name: (span.first if name == "date_from" else span.last).isoformat() for name, span in days.items()}
    if report.name == USAGE:
        given = {"date_from": "last_28_days", "date_to": "today"}
    return report.validate({"organization": owner.slug, **given})


@pytest.fixture(scope="module")
def made(
    chain: Chain, chain_organization: Organization, readers: Organization, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Path]:
    """Run a report in a language, once, and return its notebook."""

    @functools.cache
    def make(name: str, language: str) -> Path:
        owner, report = readers if name == USAGE else chain_organization, REPORTS[name]
        change_organization(owner, locale=language)
        try:
            environment = kernel_environment(owner, Scope(owner.slug, "anna", "owner"), None, 10)
            folder = tmp_path_factory.mktemp("made")
            return execute(
                report, _asked(report, owner, chain.last + DAY), environment, f"{name}-{language}", folder, 300
            )
        finally:
            change_organization(owner, locale=owner.locale)

    return make


@pytest.fixture(scope="module")
def exported(made: Callable[[str, str], Path]) -> Callable[[str, str, Format], Path]:
    """Run a report in a language, and export it in a format, each once."""

    @functools.cache
    def export_(name: str, language: str, format_: Format) -> Path:
        title = REPORTS[name].translated(language).title
        return export(made(name, language), [format_], title=title)[format_]

    return export_


@dataclass(frozen=True)
class Shown:
    """A report in a language, opened with its figures drawn; ``asked`` are the addresses that it asked for."""

    report: Report
    language: str
    page: Page
    asked: list[str]


@pytest.fixture(
    scope="module",
    params=[*ALWAYS, *(pytest.param(one, marks=pytest.mark.soak) for one in LONG)],
    ids=lambda one: "-".join(one),
)
def shown(request: pytest.FixtureRequest, exported: Callable, browser: Browser) -> Iterator[Shown]:
    """A report in a language on a large screen."""
    name, language = request.param
    page, asked = browser.new_page(viewport={"width": 1440, "height": 900}), []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(exported(name, language, "html").as_uri(), timeout=90_000)
    page.wait_for_function(DRAWN, timeout=90_000)
    yield Shown(REPORTS[name], language, page, asked)
    page.close()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        ("phone", "dark"),
        pytest.param("desk", "light", marks=pytest.mark.soak),
        pytest.param("desk", "dark", marks=pytest.mark.soak),
        pytest.param("phone", "light", marks=pytest.mark.soak),
    ],
)
def test_a_page_fits_and_bars_nobody(shown: Shown, size: str, scheme: str) -> None:
    page, (width, height) = shown.page, SIZES[size]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    picture = ARTEFACTS / f"{shown.report.name}-{shown.language}-{size}-{scheme}.png"
    page.screenshot(path=picture, full_page=True)
    assert page.evaluate(CUT) <= 0
    assert page.evaluate(BROKEN_LABELS) == []
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in GRAVE] == []


def test_a_page_is_in_order_and_asks_nobody_for_anything(shown: Shown) -> None:
    page = shown.page
    assert [address for address in shown.asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert page.get_attribute("html", "lang") == shown.language
    assert page.locator("h1").all_inner_texts() == [shown.report.translated(shown.language).title]
    assert page.locator("h2").count() >= 3
    assert page.locator(".mozg-failure").count() == 0
    assert page.locator("main").count() == page.locator("footer").count() == 1
    assert page.locator("figure:not([aria-label])").count() == 0
    assert page.locator("table:not(:has(caption))").count() == page.locator("thead th:not([scope])").count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_russian_pages_are_russian(shown: Shown) -> None:
    if shown.language != "ru":
        pytest.skip("only Russian is known by its letters")
    assert set(LATIN.findall(shown.page.evaluate(ALL_TEXT))) - NAMES == set()


@pytest.mark.parametrize(
    "name", ["sales", *(pytest.param(one, marks=pytest.mark.soak) for one in REPORTS if one != "sales")]
)
def test_paper_and_workbook_are_in_the_same_language(exported: Callable, name: str) -> None:
    about = load_workbook(exported(name, "ru", "xlsx"))
    assert about.sheetnames[0] == "Об отчёте"
    assert not [sheet for sheet in about.sheetnames if set(LATIN.findall(sheet)) - NAMES]
    paper = PdfReader(exported(name, "ru", "pdf"))
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(exported(name, "ru", "pdf"), ARTEFACTS / f"{name}-ru.pdf")
    assert (paper.metadata.title, paper.root_object["/Lang"]) == (REPORTS[name].translated("ru").title, "ru")
    assert set(LATIN.findall("\n".join(page.extract_text() for page in paper.pages))) - NAMES == set()
