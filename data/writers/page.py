"""A one-page summary to print: plain HTML with its charts drawn in it, nothing fetched from anywhere."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape

from models.reports.picture import COLOURS, Picture
from models.reports.report import Message, Report

WIDTH, HEIGHT = 340, 150  # of a line chart, in its own units
LEFT, RIGHT, TOP, BOTTOM = 46, 6, 8, 20
BAR = 15  # height of a bar
NAMES = 190  # width left for their names
MOST_PICTURES = 4  # that fit on one sheet of A4

MOST_LINES = 12  # of what else there is to say, so that it stays one sheet
LINE_OF = 130  # letters
SHEET = 1075  # pixels, reckoned on the high side as below, that a sheet of A4 has room for

_STYLE = """
@page { size: A4; margin: 12mm }
body { font: 11.5px/1.35 'Source Sans 3', 'Segoe UI', Arial, sans-serif; color: #16202B;
  max-width: 186mm; margin: 8mm auto }
@media print { body { margin: 0 } }
h1 { font-size: 19px; margin: 0; overflow-wrap: anywhere } p { margin: 3px 0; overflow-wrap: anywhere }
h2 { font-size: 14.5px; margin: 5px 0; color: #0B57B0 }
h3 { font-size: 11.5px; margin: 0 0 2px } .quiet { color: #5B6773 }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 5px 14px; margin: 6px 0 }
figure { margin: 0; break-inside: avoid } svg { width: 100%; height: auto; display: block }
svg text { font-size: 10px; fill: #34424F }
.key { font-size: 10px } .key b { font-weight: 600; overflow-wrap: anywhere }
.small, .facts { font-size: 8.5px; line-height: 1.3; margin: 2px 0 }
.facts b { color: #5B6773; font-weight: 600 }
"""


def page(report: Report) -> bytes:
    """The summary as an .html file in UTF-8."""
    pictured = [message for message in report.messages if message.picture][:MOST_PICTURES]
    rest = [message for message in report.messages if message not in pictured]
    labels = " ".join(f"{label}." for label in report.labels)
    parts = [
        "<!doctype html><html lang='en-GB'><head><meta charset='utf-8'>",
        f"<title>{escape(report.title)}: {escape(report.place)}</title><style>{_STYLE}",
        f"@media print {{ body {{ zoom: {_zoom(report, pictured, rest):.2f} }} }}</style></head><body>",
        f"<p class='quiet'>{escape(report.place)} · figures to {escape(report.data_month)}. ",
        f"{escape(labels)}</p>",
        f"<h1>{escape(report.title)}</h1><h2>{escape(report.headline)}</h2>",
        *(f"<p>{escape(point)}</p>" for message in pictured[:1] for point in message.points),
        "<div class='pictures'>",
    ]
    for message in pictured:
        assert message.picture is not None
        sentence = "" if message.sentence == report.headline else f"<p>{escape(message.sentence)}</p>"
        parts.append(
            f"<figure><h3>{escape(message.picture.title)}</h3>{_drawn(message.picture)}{sentence}</figure>"
        )
    parts.append("</div>")
    parts += _paragraphs(rest)
    parts.append(f"<p class='quiet small'>{escape(' '.join(report.caveats))}</p>")
    facts = " · ".join(f"<b>{escape(name)}</b> {escape(value)}" for name, value in report.about.items())
    parts.append(f"<p class='facts'>{facts}</p></body></html>")
    return "\n".join(parts).encode()


def _paragraphs(messages: Sequence[Message]) -> list[str]:
    """Each message with as many of its points as the sheet has room for; then how many were left out."""
    room: float = MOST_LINES
    left_out, drawn = 0, []
    for message in messages:
        room -= _lines_of(message.sentence)
        kept = [point for point in message.points if (room := room - _lines_of(point)) >= 0]
        left_out += len(message.points) - len(kept)
        if message.points and not kept:
            continue
        drawn.append(f"<p><b>{escape(message.sentence)}</b> {escape(' '.join(kept))}</p>")
    if left_out:
        drawn.append(f"<p class='quiet'>And {left_out} more, in the slides and the workbook.</p>")
    return drawn


def _zoom(report: Report, pictured: Sequence[Message], rest: Sequence[Message]) -> float:
    """How much smaller than its size all is printed, so that one sheet of A4 holds it; at most 1."""

    def words(texts: Iterable[str], letters: int, line: float) -> float:
        return sum(math.ceil(len(text) / letters) * line + 4 for text in texts)

    drawn = []
    for message in pictured:
        assert message.picture is not None
        bars = message.picture.kind == "bar"
        key = " · ".join(series.name for series in message.picture.series)
        drawn.append(
            (BAR * len(message.picture.categories) * len(message.picture.series) if bars else HEIGHT) * 1.03
            + words((message.picture.title, message.sentence), 54, 16)
            + words((key,), 60, 14)
        )
    pairs = [max(drawn[place : place + 2]) for place in range(0, len(drawn), 2)]
    first = pictured[0].points if pictured else ()
    remaining = [" ".join((message.sentence, *message.points))[: MOST_LINES * LINE_OF] for message in rest]
    facts = " · ".join(f"{name} {value}" for name, value in report.about.items())
    height = (
        50
        + sum(pairs)
        + words((report.title, report.headline), 75, 21)
        + words(first, 112, 16)
        + min(words(remaining, 108, 16), (MOST_LINES + len(rest)) * 22)
        + words((" ".join(report.caveats), facts), 150, 11.5)
    )
    return min(1.0, SHEET / height)


def _lines_of(text: str) -> float:
    return len(text) / LINE_OF


def _drawn(picture: Picture) -> str:
    drawn, height = (_lines(picture), HEIGHT) if picture.kind == "line" else _bars(picture)
    key = (
        ""
        if len(picture.series) < 2
        else " · ".join(
            f"<b style='color:{COLOURS[series.role]}'>{escape(series.name)}</b>" for series in picture.series
        )
    )
    named = escape(picture.title, quote=True)
    svg = f"<svg viewBox='0 0 {WIDTH} {height}' role='img' aria-label='{named}'>{drawn}</svg>"
    return f"{svg}<div class='key'>{key}</div>"


def _lines(picture: Picture) -> str:
    highest = 100.0 if picture.unit == "%" else 4 * _step(max(_all_values(picture)) / 4)
    across = (WIDTH - LEFT - RIGHT) / max(len(picture.categories) - 1, 1)
    down = (HEIGHT - TOP - BOTTOM) / highest

    def at(place: int, value: float) -> str:
        return f"{LEFT + place * across:.1f},{HEIGHT - BOTTOM - value * down:.1f}"

    drawn = []
    for step in range(5):
        level = highest * step / 4
        height = HEIGHT - BOTTOM - level * down
        label = f"{level:.0f}%" if picture.unit == "%" else f"{level:,.0f}"
        drawn.append(f"<path d='M{LEFT} {height:.1f}H{WIDTH - RIGHT}' stroke='#D5DDE5'/>")
        drawn.append(f"<text x='{LEFT - 4}' y='{height + 3:.1f}' text-anchor='end'>{label}</text>")
    for place in (0, len(picture.categories) // 2, len(picture.categories) - 1):
        anchor = "start" if place == 0 else "end" if place == len(picture.categories) - 1 else "middle"
        spot = f"x='{LEFT + place * across:.1f}' y='{HEIGHT - 5}' text-anchor='{anchor}'"
        drawn.append(f"<text {spot}>{escape(_moment(picture.categories[place]))}</text>")
    for series in picture.series:
        if series.ends:
            lower, upper = ([at(i, value) for i, value in enumerate(end)] for end in series.ends)
            around = " ".join([*upper, *reversed(lower)])
            drawn.append(f"<polygon points='{around}' fill='{COLOURS[series.role]}' opacity='0.18'/>")
        path = " ".join(at(i, value) for i, value in enumerate(series.values))
        drawn.append(
            f"<polyline points='{path}' fill='none' stroke='{COLOURS[series.role]}' stroke-width='2'/>"
        )
    if picture.standard:
        name, level = picture.standard
        height = HEIGHT - BOTTOM - level * down
        drawn.append(
            f"<path d='M{LEFT} {height:.1f}H{WIDTH - RIGHT}' stroke='{COLOURS['standard']}' "
            f"stroke-dasharray='5 3'/><text x='{LEFT + 3}' y='{height + 11:.1f}'>{escape(name)}</text>"
        )
    return "".join(drawn)


def _bars(picture: Picture) -> tuple[str, int]:
    """Lying bars and their height together; where there are several series, each name's stand together."""
    values = [value for series in picture.series for value in series.values]
    least, most = min(0.0, *values), max(0.0, *values)
    scale = (WIDTH - NAMES - 2 * LEFT) / max(most - least, 1.0)
    zero = NAMES + LEFT - least * scale
    drawn = []
    for number, series in enumerate(picture.series):
        bars = zip(picture.categories, series.values, picture.bar_roles(series), strict=True)
        for place, (name, value, role) in enumerate(bars):
            top = (place * len(picture.series) + number) * BAR
            left, width = min(zero, zero + value * scale), abs(value) * scale
            past, anchor = (left - 3, "end") if value < 0 else (left + width + 3, "start")
            if number == 0:
                drawn.append(
                    f"<text x='{NAMES - 4}' y='{top + 11}' text-anchor='end'>{escape(str(name))}</text>"
                )
            drawn.append(
                f"<rect x='{left:.1f}' y='{top + 2}' width='{width:.1f}' height='{BAR - 4}' "
                f"fill='{COLOURS[role]}'/>"
                f"<text x='{past:.1f}' y='{top + 11}' text-anchor='{anchor}'>{_value(picture, value)}</text>"
            )
    return "".join(drawn), len(values) * BAR + 4


def _value(picture: Picture, value: float) -> str:
    """A bar's value as it is written at its end: a change with its sign, a share with its unit."""
    if picture.changes:
        return f"{value:+,.0f}".replace("-", "−") if round(value) else "0"
    return f"{value:,.{picture.decimals}f}{'%' if picture.unit == '%' else ''}".replace("-", "−")


def _step(least: float) -> float:
    """The smallest round number that is not below `least`: one digit or two, then noughts."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * part for part in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10) if power * part >= least)


def _all_values(picture: Picture) -> Iterator[float]:
    yield 1.0
    for series in picture.series:
        yield from series.values
        yield from series.ends[1] if series.ends else ()


def _moment(category: str | date) -> str:
    return category if isinstance(category, str) else f"{category:%b %Y}"
