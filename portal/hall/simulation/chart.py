"""The mean wait over the day as a drawing (SVG), with the band that was told; no script, no font of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from portal.hall.simulation.plan import DAY, OPENS
from portal.hall.simulation.run import SLOT, Outcome

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 800, 420, 60, 60, 20, 50
COLOURS: Final = ("#1d70b8", "#d4351c", "#00703c", "#b58840", "#4c2c92")
STEPS: Final = (1, 2, 5, 10, 20, 30, 60, 120, 240)
MOST_LINES = 8  # across the drawing

Point = tuple[float, float]


def drawn(series: Sequence[tuple[str, Outcome]], *, title: str, unit: str) -> str:
    """One line for each outcome; the band behind the first, which it belongs to."""
    tops = [half.high or 0.0 for half in series[0][1].half_hours]
    tops += [half.wait_minutes or 0.0 for _, outcome in series for half in outcome.half_hours]
    step = next((step for step in STEPS if max(tops) / step <= MOST_LINES), STEPS[-1])
    top = max(step, -(-max(tops) // step) * step)
    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="14"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 22, title, "start", "#0b0c0c"),
        *_grid(top, step, unit),
        _band(series[0][1], top),
    ]
    for place, (label, outcome) in enumerate(series):
        lines += _line(place, label, outcome, top)
    return "\n".join([*lines, "</svg>", ""])


def _grid(top: float, step: float, unit: str) -> Iterable[str]:
    for number in range(int(top // step) + 1):
        _, y = _place(0, number * step, top)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#b1b4b6"/>'
        yield _text(LEFT - 8, y + 5, f"{number * step:g}", "end")
    yield _text(LEFT - 8, TOP - 14, unit, "end")
    for hour in range(int(DAY // 60) + 1):
        x, y = _place(hour * 60, 0, top)
        yield _text(x, y + 20, f"{OPENS // 60 + hour:02d}:00", "middle")


def _band(outcome: Outcome, top: float) -> str:
    told = [(_middle(n), half.low, half.high) for n, half in enumerate(outcome.half_hours)]
    low = [_place(at, value, top) for at, value, _ in told if value is not None]
    high = [_place(at, value, top) for at, _, value in told if value is not None]
    return f'<polygon points="{_points([*low, *reversed(high)])}" fill="{COLOURS[0]}" fill-opacity="0.15"/>'


def _line(place: int, label: str, outcome: Outcome, top: float) -> Iterable[str]:
    colour = COLOURS[place % len(COLOURS)]
    waits = [(_middle(n), half.wait_minutes) for n, half in enumerate(outcome.half_hours)]
    points = _points([_place(at, value, top) for at, value in waits if value is not None])
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3"/>'
    x = LEFT + 4 + place * (WIDTH - LEFT - RIGHT) / len(COLOURS)
    yield f'<line x1="{x:g}" y1="{HEIGHT - 12}" x2="{x + 18:g}" y2="{HEIGHT - 12}" stroke="{colour}" stroke-width="3"/>'
    yield _text(x + 24, HEIGHT - 7, label, "start", "#0b0c0c")


def _middle(slot: int) -> float:
    return (slot + 0.5) * SLOT


def _place(at: float, minutes: float, top: float) -> Point:
    x = LEFT + at / DAY * (WIDTH - LEFT - RIGHT)
    return round(x, 1), round(HEIGHT - BOTTOM - minutes / top * (HEIGHT - BOTTOM - TOP), 1)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#505a5f") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
