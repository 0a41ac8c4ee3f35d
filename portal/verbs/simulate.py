"""`portal simulate`: play a hall's days through before anybody has to wait in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
from babel.support import NullTranslations, Translations

from portal import config
from portal.basis import N_
from portal.hall.model.capacity import MARGIN
from portal.hall.simulation import BadPlan, Outcome, Plan, Policy, simulate
from portal.hall.simulation.plan import OPENS

EVERY = "all"
CHOICES = [*(policy.value for policy in Policy), EVERY]
POLICIES = {
    Policy.GUARANTEE: N_("guarantee"),
    Policy.UNTIL_CLOSING: N_("until closing"),
    Policy.QUOTA: N_("quota"),
    Policy.MEAN: N_("mean forecast"),
}
ROWS: list[tuple[str, str, Callable[[Any], str]]] = [
    ("served_per_day", N_("Served a day"), "{:.1f}".format),
    ("unserved_per_day", N_("Number in hand, not called by closing, a day"), "{:.2f}".format),
    ("days_with_unserved", N_("Days on which that happened"), "{:.0%}".format),
    ("refused_per_day", N_("Refused before a number was issued, a day"), "{:.1f}".format),
    ("mean_wait_minutes", N_("Mean wait, minutes"), "{:.1f}".format),
    ("p90_wait_minutes", N_("90 of 100 waited at most, minutes"), "{:.0f}".format),
    ("called_at_once_per_day", N_("Called at once, a day"), "{:.1f}".format),
    ("band_coverage", N_("Told band held the real wait"), "{:.1%}".format),
    ("median_band_minutes", N_("Median width of the band, minutes"), "{:.1f}".format),
    ("unknown_per_day", N_("Told “unknown”, a day"), "{:.1f}".format),
]
Words = NullTranslations


@click.group()
def command() -> None:
    """Play days through before they come."""


@command.command()
@click.option(
    "--policy",
    type=click.Choice(CHOICES),
    default=Policy.GUARANTEE.value,
    show_default=True,
)
@click.option("--load", type=float, default=1.0, show_default=True, help="Arrivals × service ÷ minutes of the windows.")
@click.option("--windows", type=int, default=4, show_default=True)
@click.option("--service-minutes", type=float, default=12.0, show_default=True, help="Of who comes, on average.")
@click.option("--cv", type=float, default=0.8, show_default=True, help="Deviation of a service over its mean.")
@click.option("--no-show", type=float, default=0.08, show_default=True, help="Share of the numbers nobody answers to.")
@click.option("--lunch", is_flag=True, help="The windows go to lunch in two shifts of an hour.")
@click.option("--skills", type=int, default=1, show_default=True, help="2: some windows serve one group, some both.")
@click.option("--priority", type=float, default=0.0, show_default=True, help="Share of the people who go first.")
@click.option("--extra-window", metavar="FROM-TO", help="Compare with one more window, as in 10:00-12:00.")
@click.option("--days", type=int, default=150, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same days.")
@click.option("--margin", type=float, default=MARGIN, show_default=True, help="z of the guarantee.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of the table.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="Draw the wait over the day (SVG).")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the table.")
def hall(policy: str, extra_window: str | None, as_json: bool, chart: Path | None, lang: str, **options: Any) -> None:
    """Play the days of a hall: who is served, who is refused, whose number was not called, how long people wait."""
    words: Words = Translations.load(config.TRANSLATIONS, ["zh_Hans"]) if lang == "zh" else NullTranslations()
    try:
        policies = list(Policy) if policy == EVERY else [Policy(policy)]
        plans = [_plan(one, extra_window, options) for one in policies]
    except BadPlan as wrong:
        raise click.UsageError(_translated(wrong, words)) from None
    runs = []
    for plan in plans:
        label = words.gettext(POLICIES[plan.policy])
        runs.append((plan.without_extra, label, simulate(plan.without_extra)))
        if plan.extra:
            runs.append((plan, words.gettext("%(policy)s, one more") % {"policy": label}, simulate(plan)))
    if chart is not None:
        _draw(chart, [(label, outcome) for _, label, outcome in runs], words)
    click.echo(_as_json([(plan, outcome) for plan, _, outcome in runs]) if as_json else _table(runs, words))


def _plan(policy: Policy, extra: str | None, given: dict[str, Any]) -> Plan:
    return Plan(
        policy=policy,
        load=given["load"],
        windows=given["windows"],
        service=given["service_minutes"],
        variation=given["cv"],
        no_show=given["no_show"],
        has_lunch=given["lunch"],
        skills=given["skills"],
        priority=given["priority"],
        extra=None if extra is None else _span(extra),
        days=given["days"],
        seed=given["seed"],
        z=given["margin"],
    )


def _span(text: str) -> tuple[float, float]:
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", text.strip())
    if found is None:
        raise BadPlan(
            N_("“%(text)s” is no span of time: write the hours of the extra window as 10:00-12:00."),
            values={"text": text},
        )
    hours = [int(part) for part in found.groups()]
    return float(hours[0] * 60 + hours[1] - OPENS), float(hours[2] * 60 + hours[3] - OPENS)


def _translated(wrong: BadPlan, words: Words) -> str:
    values = {name: words.gettext(str(value)) if name == "what" else value for name, value in wrong.values.items()}
    return words.gettext(wrong.message) % values if values else words.gettext(wrong.message)


def _as_json(runs: Sequence[tuple[Plan, Outcome]]) -> str:
    """One object; with an extra window what it brings stands within, and all policies make a list."""
    found: list[dict[str, Any]] = []
    for plan, outcome in runs:
        if plan.extra:
            found[-1] |= {"extra_window": plan.extra, "with_extra_window": asdict(outcome)}
        else:
            asked = asdict(plan)
            del asked["extra"]
            found.append(asked | asdict(outcome))
    return json.dumps(found[0] if len(found) == 1 else found)


def _table(runs: Sequence[tuple[Plan, str, Outcome]], words: Words) -> str:
    plan = runs[0][0]
    head = words.gettext("%(days)s days, load %(load)s, %(windows)s windows, seed %(seed)s") % {
        "days": plan.days,
        "load": f"{plan.load:g}",
        "windows": plan.windows,
        "seed": plan.seed,
    }
    lines = [["", *(label for _, label, _ in runs)]]
    for name, title, shown in ROWS:
        values = [getattr(outcome, name) for _, _, outcome in runs]
        lines.append([words.gettext(title), *("—" if value is None else shown(value) for value in values)])
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = [_row(line, widths) for line in lines]
    return "\n".join([head, *rows])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return cells[0] + first + "".join(f"  {space}{cell}" for space, cell in zip(others, cells[1:], strict=True))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _draw(file: Path, series: Sequence[tuple[str, Outcome]], words: Words) -> None:
    from portal.hall.simulation.chart import drawn  # only when asked for

    title = words.gettext("Mean wait by the half hour in which the number was taken; shaded: the band that was told")
    try:
        file.write_text(drawn(series, title=title, unit=words.gettext("min")), encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(file), hint=error.strerror) from None
