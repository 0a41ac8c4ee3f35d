"""`portal audit`: put every rule to the ledger or to somebody else's log, and write the report."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from portal import config
from portal.compliance.load import HOME_ZONE, Period, Source, from_events, from_files, from_mapping
from portal.compliance.mapping_file import read_mapping
from portal.compliance.rule import Rule

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("log", required=False, type=click.Path(path_type=Path))
@click.option("--db", "from_db", is_flag=True, help="Judge the ledger of this portal.")
@click.option("--mapping", type=click.Path(path_type=Path), help="How a foreign log reads: a TOML file.")
@click.option("--from", "first", type=DAY, help="Only cases opened on or after this day.")
@click.option("--to", "last", type=DAY, help="Only cases opened on or before this day.")
@click.option("--as-of", "as_of", help="Judge as of this day's end or this time; the log's last instant by default.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the report."
)
@click.option("--engine", type=click.Choice(["polars", "duckdb"]), default="polars", show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the report.")
def command(
    log: Path | None,
    from_db: bool,
    mapping: Path | None,
    first: datetime | None,
    last: datetime | None,
    as_of: str | None,
    lang: str,
    engine: str,
    out: Path,
) -> None:
    """Judge the ledger (--db) or a LOG by every rule; write summary.json, findings.csv and report.html."""
    if from_db == (log is not None):
        raise click.UsageError("name one source: a LOG, or --db for the ledger of this portal")
    if mapping is not None and log is None:
        raise click.UsageError("--mapping tells how a LOG reads; give the LOG too, or leave --mapping away")
    from portal.audit import audit, own_names, write
    from portal.compliance.registry import all_rules

    period = (first.date() if first else None, last.date() if last else None)
    if first and last and last < first:
        raise click.UsageError("--to lies before --from; swap the two")
    rules = all_rules(config.instance_folder() / "rules")
    with _progress(len(rules)) as step:
        source = _source(log, mapping, period, as_of, rules)
        done = audit(source, rules, engine=engine, period=period, progress=step)
        figures = write(done, out, lang, names=own_names(source) if mapping is None else None)
    click.echo(_told(figures, out))


def _source(log: Path | None, mapping: Path | None, period: Period, as_of: str | None, rules: Iterable[Rule]) -> Source:
    if log is not None and mapping is not None:
        plan = read_mapping(mapping, {rule.code for rule in rules})
        return from_mapping(log, plan, as_of=_moment(as_of, plan.timezone), opened=period)
    moment = _moment(as_of, HOME_ZONE)
    if log is not None:
        return from_files(log, **_promised(), as_of=moment, opened=period)
    from portal import create_app, store
    from portal.ledger import queries

    with create_app(doors=False).app_context(), store.reading():
        return from_events(queries.stream(), **_promised(), as_of=moment, opened=period)


def _promised() -> dict[str, Any]:
    """What the catalogue says of limits and of the hours of halls."""
    from portal.catalogue import queries

    known = queries.catalogue()
    return {"limits": queries.limits_table(known), "halls": queries.halls_table(known)}


def _moment(text: str | None, zone: str) -> datetime | None:
    """A day means its end, on the clocks of that zone."""
    if text is None:
        return None
    try:
        if len(text) == len("YYYY-MM-DD"):
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=ZoneInfo(zone))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text} is neither a day (2020-10-13) nor a time (2020-10-13T17:00)", param_hint="--as-of"
        ) from None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=ZoneInfo(zone))


@contextmanager
def _progress(length: int) -> Iterator[Any]:
    """A bar on a terminal, and nothing elsewhere; one step per rule."""
    if not sys.stderr.isatty():
        yield str
        return
    with click.progressbar(length=length, file=sys.stderr, label="audit", item_show_func=_named) as bar:
        yield lambda code: bar.update(1, code)


def _named(code: str | None) -> str:
    return code or ""


def _told(figures: Mapping[str, Any], out: Path) -> str:
    found = {code: counts for code, counts in figures["findings"].items() if any(counts.values())}
    lines = [f"{figures['cases']} cases, {figures['events']} events, {len(figures['refused'])} rows not taken"]
    lines += [
        f"{code}: " + ", ".join(f"{n} {grade}" for grade, n in counts.items() if n) for code, counts in found.items()
    ]
    return "\n".join([*lines, f"report: {out / 'report.html'}"])
