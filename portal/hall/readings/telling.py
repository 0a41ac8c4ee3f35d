"""What readings of queues tell, in lines for a terminal and as plain values for a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from portal.basis import N_
from portal.compliance.sentences import Speech
from portal.hall.readings.calibration import Band, Calibration, Estimate, Figures, calibrate
from portal.hall.readings.days import LeftWaiting, NobodyThere, left_waiting, nobody_there
from portal.hall.readings.reading import Import, Readings
from portal.hall.readings.waits import infer


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a file of readings tells."""

    report: Import
    left: Sequence[LeftWaiting]
    alone: Sequence[NobodyThere]
    calibration: Calibration


def told(readings: Readings) -> Told:
    return Told(readings.report, left_waiting(readings), nobody_there(readings), calibrate(infer(readings)))


def values(whole: Told) -> dict[str, Any]:
    """As JSON has it: dates and times as ISO texts, shares from 0 to 1, minutes with two decimals."""
    report = asdict(whole.report)
    report["still"] = [{"office": office, "on": on} for office, on in whole.report.still]
    moved = [row for row in whole.left if not row.is_still]
    lasting = [row for row in whole.alone if not row.is_still]
    calibration = asdict(whole.calibration)
    calibration |= {name: dict(calibration[name]) for name in ("offices", "crowds")}
    found: dict[str, Any] = _plain(
        {
            "import": report,
            "left_waiting": {
                "queue_days": len(whole.left),
                "people": sum(row.waiting for row in whole.left),
                "queue_days_without_still": len(moved),
                "people_without_still": sum(row.waiting for row in moved),
                "list": [asdict(row) for row in whole.left],
            },
            "nobody_there": {
                "queue_days": len(whole.alone),
                "queue_days_without_still": len(lasting),
                "weak": sum(row.is_weak for row in whole.alone),
                "list": [asdict(row) | {"is_weak": row.is_weak} for row in whole.alone],
            },
            "calibration": calibration,
        }
    )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value


def lines(whole: Told, speech: Speech, language: str, rows: int | None) -> Iterator[str]:
    """``rows``: how many of each list are shown; None shows all."""
    teller = _Teller(speech, language, rows)
    yield from teller.imported(whole.report)
    yield from teller.left(whole.left)
    yield from teller.alone(whole.alone)
    yield from teller.calibrated(whole.calibration)


class _Teller:
    def __init__(self, speech: Speech, language: str, rows: int | None) -> None:
        self.speech, self.language, self.rows = speech, language, rows

    def say(self, message: str, **places: object) -> str:
        shown = {name: f"{place:,}" if isinstance(place, int) else place for name, place in places.items()}
        return self.speech.translate(message) % shown

    def imported(self, report: Import) -> Iterator[str]:
        say = self.say
        yield say(N_("Import of %(file)s (%(name)s)"), file=report.file, name=report.name)
        yield "  " + say(
            N_("rows read: %(rows)s; taken as readings: %(taken)s; refused: %(refused)s"),
            rows=report.rows,
            taken=report.taken,
            refused=len({one.row for one in report.refused if one.row <= report.rows + 1}),
        )
        if report.broken:
            yield "  " + say(
                N_("the file breaks off after row %(row)s; what came before was read"), row=report.rows + 1
            )
        yield from self._some(report.refused, lambda one: self._cell(one.row, one.column, one.reason))
        if report.first_on and report.last_on:
            yield "  " + say(
                N_("offices: %(offices)s; queues: %(queues)s; queue-days: %(days)s; from %(first)s to %(last)s"),
                offices=report.offices,
                queues=report.queues,
                days=report.queue_days,
                first=self.speech.day(report.first_on),
                last=self.speech.day(report.last_on),
            )
        for corrected in report.corrected:
            one = corrected.correction
            yield "  " + say(
                N_("readings dated %(first)s to %(last)s, moved by %(years)s year(s): %(n)s. Why: %(because)s"),
                first=self.speech.day(one.dated_from),
                last=self.speech.day(one.dated_to),
                years=f"{one.years:+d}",
                n=corrected.readings,
                because=one.because.in_language(self.language),
            )
        yield "  " + say(N_("readings without a called number: %(n)s"), n=report.without_number)
        yield "  " + say(N_("readings without a status: %(n)s"), n=report.without_status)
        yield "  " + say(
            N_(
                "frozen: %(offices)s office-days on which no window opened or closed and no number was called "
                "(%(queues)s queue-days, %(readings)s readings)"
            ),
            offices=len(report.still),
            queues=report.still_queue_days,
            readings=report.still_readings,
        )
        for on in sorted({on for _, on in report.still}):
            offices = [office for office, day in report.still if day == on]
            shown = self.speech.comma.join(offices)
            yield "    " + self.say(N_("%(day)s: %(offices)s"), day=self.speech.day(on), offices=shown)

    def left(self, left: Sequence[LeftWaiting]) -> Iterator[str]:
        moved = [row for row in left if not row.is_still]
        yield ""
        yield self.say(
            N_(
                "People left waiting at the day's last reading: %(days)s queue-days, %(people)s people; "
                "without frozen office-days: %(moved)s, %(there)s"
            ),
            days=len(left),
            people=sum(row.waiting for row in left),
            moved=len(moved),
            there=sum(row.waiting for row in moved),
        )
        yield from self._some(left, self._left)

    def _left(self, row: LeftWaiting) -> str:
        text = self.say(
            N_("%(day)s %(time)s, waiting: %(waiting)s, open windows: %(windows)s, %(queue)s"),
            day=self.speech.day(row.on),
            time=f"{row.at:%H:%M}",
            waiting=row.waiting,
            windows=row.windows,
            queue=self._queue(row.office, row.queue, row.title),
        )
        return text + self._frozen(row.is_still)

    def alone(self, alone: Sequence[NobodyThere]) -> Iterator[str]:
        yield ""
        yield self.say(
            N_(
                "People waiting and no window open: %(days)s queue-days; without frozen office-days: %(moved)s; "
                "weak, because resting on a single reading: %(weak)s"
            ),
            days=len(alone),
            moved=sum(not row.is_still for row in alone),
            weak=sum(row.is_weak for row in alone),
        )
        yield from self._some(alone, self._alone)

    def _alone(self, row: NobodyThere) -> str:
        text = self.say(
            N_("%(day)s %(first)s–%(last)s, readings: %(readings)s, at most waiting: %(most)s, %(queue)s"),
            day=self.speech.day(row.on),
            first=f"{row.first_at:%H:%M}",
            last=f"{row.last_at:%H:%M}",
            readings=row.readings,
            most=row.most,
            queue=self._queue(row.office, row.queue, row.title),
        )
        weak = " " + self.speech.translate(N_("[weak: a single reading]")) if row.is_weak else ""
        return text + weak + self._frozen(row.is_still)

    def calibrated(self, found: Calibration) -> Iterator[str]:
        say = self.say
        second = found.second_half
        yield ""
        yield say(N_("Waits inferred from the called number: %(n)s"), n=found.first_half.waits + second.waits)
        yield "  " + say(
            N_(
                "not judged: %(at_once)s tickets called before the next reading, %(unended)s whose end was not seen, "
                "%(without)s readings with people waiting and no number; cuts in the numbers: %(cuts)s"
            ),
            at_once=found.at_once,
            unended=found.unended,
            without=found.without_number,
            cuts=found.cuts,
        )
        if found.judged_from is None:
            yield "  " + say(N_("too few days to judge estimates: readings of at least two days are needed"))
            return
        yield "  " + say(
            N_("split by date: days before %(day)s only warm up, days from then on judge"),
            day=self.speech.day(found.judged_from),
        )
        for title, figures in (
            (N_("Before (not the judgement)"), found.first_half),
            (N_("Judged half"), second),
        ):
            yield "  " + say(title)
            yield from self._figures(figures, found.spread)
        for title, parts in (
            (N_("Judged half, by people ahead"), found.crowds),
            (N_("Judged half, by office"), found.offices),
        ):
            yield "  " + say(title)
            yield from (self._part(name, figures) for name, figures in parts)

    def _part(self, name: str, figures: Figures) -> str:
        return "    " + self.say(
            N_("%(name)s: waits %(n)s, inside the band %(inside)s, longer %(above)s, median width %(width)s min"),
            name=name,
            n=figures.waits,
            inside=_share(figures.band.inside),
            above=_share(figures.band.above),
            width=_minutes(figures.band.median_width),
        )

    def _figures(self, figures: Figures, spread: tuple[float, float] | None) -> Iterator[str]:
        say = self.say
        yield "    " + say(
            N_(
                "waits: %(n)s, mean %(mean)s min; told “unknown”: %(closed)s because no window was open, "
                "%(unknown)s because fewer calls were seen than an estimate needs"
            ),
            n=figures.waits,
            mean=_minutes(figures.mean_wait),
            closed=figures.no_window,
            unknown=figures.no_handling,
        )
        yield "    " + self._band(N_("band 10–90 %% as our tickets are told: %(rest)s"), figures.band)
        yield "    " + self._band(N_("(A+1)·m/c ± 1.28·s·√(A+1)/c: %(rest)s"), figures.formula)
        if spread:
            learnt = N_("band of %(low)s to %(high)s times the point estimate, learnt before: %(rest)s")
            yield "    " + self._band(learnt, figures.learnt, low=f"{spread[0]:.2f}", high=f"{spread[1]:.2f}")
        yield "    " + self._estimate(N_("point estimate (A+1)·m/c: %(rest)s"), figures.point)
        yield "    " + self._estimate(N_("the same with the published mean service time: %(rest)s"), figures.published)

    def _band(self, message: str, band: Band, **places: str) -> str:
        rest = self.say(
            N_(
                "inside %(inside)s (for certain %(surely)s, at most %(possibly)s), shorter %(below)s, "
                "longer %(above)s, median width %(width)s min"
            ),
            inside=_share(band.inside),
            surely=_share(band.surely),
            possibly=_share(band.possibly),
            below=_share(band.below),
            above=_share(band.above),
            width=_minutes(band.median_width),
        )
        return self.say(message, rest=rest, **places)

    def _estimate(self, message: str, estimate: Estimate) -> str:
        rest = self.say(
            N_("waited no longer %(kept)s, mean error %(error)s min, bias %(bias)s min (told: %(told)s)"),
            kept=_share(estimate.kept),
            error=_minutes(estimate.error),
            bias=_minutes(estimate.bias, sign="+"),
            told=estimate.told,
        )
        return self.say(message, rest=rest)

    # --- parts of lines -----------------------------------------------------------------------------------------

    def _some(self, rows: Sequence[Any], line: Callable[[Any], str]) -> Iterable[str]:
        shown = rows if self.rows is None else rows[: self.rows]
        yield from (f"    {line(row)}" for row in shown)
        if len(shown) < len(rows):
            yield "    " + self.say(N_("… and %(n)s more (all of them: --rows 0)"), n=len(rows) - len(shown))

    def _cell(self, row: int, column: str, reason: str) -> str:
        message = N_("row %(row)s, column %(column)s: %(why)s") if column else N_("row %(row)s: %(why)s")
        return self.say(message, row=str(row), column=column, why=self.speech.translate(reason))

    def _queue(self, office: str, queue: str, title: str | None) -> str:
        return f"{office} {queue}" + (f" ({title})" if title else "")

    def _frozen(self, is_still: bool) -> str:
        return " " + self.speech.translate(N_("[frozen]")) if is_still else ""


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _minutes(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.1f}"
