"""A waiting list in words: how many wait and how long, England beside it, how it went, and its gaps."""

import math
from collections.abc import Sequence

import pandas as pd

from models.rtt.months import add_months, month_label
from models.rtt.organisations import plain_name
from models.rtt.waiting_list import STANDARD, STANDARD_WEEKS, WaitingList


def in_hundred(part: int, whole: int) -> str:
    """Give a share as whole pathways in a hundred, never 0 or 100 where some are, or are not: '53 in 100'."""
    share = 100 * part / whole
    if 0 < share < 1:
        return "fewer than 1 in 100"
    if 99 < share < 100:
        return "more than 99 in 100"
    return f"{_nearest(share)} in 100"


def place_words(board_name: str, function: str = "", provider: str = "") -> str:
    """Give what a list is of: 'for urology at Spire Leicester Hospital in Leicester ...'."""
    words = [f"for {_lower_first(function)}"] if function else []
    words += [f"at {provider}"] if provider else []
    words.append(f"in {board_name}")
    return " ".join(words)


def answer(place: str, waiting: WaitingList) -> str:
    """Give the sentence a planner came for: how many wait, within the standard, and over a year."""
    if waiting.total == 0:
        return f"No pathways are waiting {place}."
    verb = "pathway is" if waiting.total == 1 else "pathways are"
    long = waiting.over(52)
    if long == 0:
        year = "None has waited over a year."
    else:
        year = f"{long:,} {'has' if long == 1 else 'have'} waited over a year."
    share = in_hundred(waiting.within(STANDARD_WEEKS), waiting.total)
    return (
        f"{waiting.total:,} {verb} waiting {place}. {share[0].upper()}{share[1:]} have waited under "
        f"{STANDARD_WEEKS} weeks; the standard is {100 * STANDARD.share:.0f}. {year}"
    )


def beside(england: WaitingList, here: WaitingList, function: str = "") -> str:
    """Give England beside a list, for the treatment function `function` when it is narrowed to one."""
    where = f"In England, for {_lower_first(function)}" if function else "In England"
    if england.total == 0:
        return f"{where}: no pathways are waiting."
    words = (
        f"{where}: {england.total:,} waiting, {in_hundred(england.within(STANDARD_WEEKS), england.total)} "
        f"under {STANDARD_WEEKS} weeks and {_per_thousand(england)} in 1,000 over a year"
    )
    return f"{words}; here {_per_thousand(here)} in 1,000." if here.total else f"{words}."


def trend_words(months: Sequence[str], counts: Sequence[float], noun: str, unit: str = "") -> str:
    """Give how a series went between its first and last known month: 'rose from 110 in April 2024 ...'."""
    known = [(month, count) for month, count in zip(months, counts, strict=True) if not math.isnan(count)]
    if len(known) < 2:
        return f"{noun} is known for one month only." if known else f"{noun} is not known."
    (first, before), (last, after) = known[0], known[-1]
    went = "rose" if after > before else "fell" if after < before else "stayed the same"
    return (
        f"{noun} {went} from {before:,.0f}{unit} in {month_label(first)} to {after:,.0f}{unit} in "
        f"{month_label(last)}."
    )


def profile_words(waiting: WaitingList) -> str:
    """Give what a weeks-waited profile shows."""
    if waiting.total == 0:
        return "Nobody waits."
    end = " or more" if waiting.is_at_least(STANDARD.share) else ""
    return (
        f"Half have waited under {waiting.median:.0f} weeks and {100 * STANDARD.share:.0f} in 100 under "
        f"{waiting.percentile(STANDARD.share):.0f} weeks{end}. {waiting.over(STANDARD_WEEKS):,} have "
        f"waited {STANDARD_WEEKS} weeks or more, {waiting.over(52):,} of them over 52 and "
        f"{waiting.over(65):,} over 65."
    )


def gap_notes(marked: pd.DataFrame, smaller: int) -> str:
    """Give a line a letter for the gaps marked on a chart, and how many smaller ones there are besides."""
    lines = [
        f"**{letter}**: " + " ".join(_gap(gap) for _, gap in together.iterrows())
        for letter, together in marked.groupby("letter")
    ]
    if smaller:
        lines.append(f"And {smaller} smaller {'gap' if smaller == 1 else 'gaps'}: the Data page lists them.")
    return "  \n".join(lines)


def _gap(gap: pd.Series) -> str:
    """One row of `data.returns.gaps.gaps` as a sentence."""
    name = plain_name(gap["name"])
    then = f"with {gap['waiting']:,} waiting then"
    if gap["gap"] == "stopped":
        return f"{name} has reported nothing since {month_label(gap['last_month'])}, {then}."
    first = month_label(add_months(gap["last_month"], 1))
    return f"{name} reported nothing from {first} until {month_label(gap['returned'])}, {then}."


def _per_thousand(waiting: WaitingList) -> str:
    return f"{_nearest(1000 * waiting.over(52) / waiting.total):,}"


def _nearest(number: float) -> int:
    return math.floor(number + 0.5)


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
