"""What a run says about equity, in sentences: the gap, who is left waiting, and what their route takes."""

from collections.abc import Mapping
from types import MappingProxyType

from models.statements import Interval, count, over_answer, percent, rounded, signed_points

DIMENSION_WORDS: Mapping[str, str] = MappingProxyType(
    {"deprivation": "Deprivation", "age": "Age", "route": "Way to be seen"}
)
GROUP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "1": "1, the most deprived fifth",
        "2": "2",
        "3": "3",
        "4": "4",
        "5": "5, the least deprived fifth",
        "0-18": "0 to 18",
        "19-64": "19 to 64",
        "65+": "65 and over",
        "virtual": "Can be seen by video or telephone",
        "hands_on": "Needs hands on",
        "no_access": "Can use neither",
    }
)
POINT = 0.05  # a tenth of a point is the least that is said


def gap_answer(month: str, most: float, least: float, gap: Interval) -> str:
    """How far apart the most and the least deprived fifth are: shares within 18 weeks, in percent.

    `gap` is the least deprived less the most in that month, in points.
    """
    return (
        f"In {month} {percent(most)} of patients in the most deprived fifth of areas would be within 18 "
        f"weeks, {percent(least)} in the least deprived: a gap of {_points(abs(gap.mean))}{_side(gap.mean)} "
        f"(80%: {_ends(gap)})."
    )


def gap_today_answer(today: float) -> str:
    """The same gap on the day of the figures, in points."""
    return f"Today the gap is {_points(abs(today))}{_side(today)}."


def gap_change_answer(change: Interval) -> str:
    """What a scenario does to that gap: `change` is scenario less baseline, in points."""
    if not change.is_clear(POINT):
        return f"The scenario makes no clear difference to that gap (80%: {_ends(change)} points)."
    whom = "against" if change.mean > 0 else "in favour of"
    return f"The scenario moves it {_points(abs(change.mean))} {whom} the most deprived ({_spread(change)})."


def left_answer(without: tuple[float, Interval], able: tuple[float, Interval], between: Interval) -> str:
    """Whether a scenario leaves those without video or telephone behind those who are seen so.

    Each pair is the share within 18 weeks in percent and its change from the baseline, in points; `between`
    is the first change less the second.
    """
    sentence = (
        f"Of those kept from a virtual appointment by want of access alone, {percent(without[0])} would be "
        f"within 18 weeks, {_change(without[1])}; of those who can be seen virtually {percent(able[0])}, "
        f"{_change(able[1])}."
    )
    if not between.is_clear(POINT):
        return f"{sentence} No clear difference between the two (80%: {_ends(between)} points)."
    if between.mean > 0:
        return f"{sentence} Those without access gain {_points(between.mean)} more ({_spread(between)})."
    if without[1].is_clear(POINT) and without[1].mean > 0:
        return f"{sentence} Those without access gain {_points(-between.mean)} less ({_spread(between)})."
    return (
        f"{sentence} Those without access are left behind by {_points(-between.mean)} ({_spread(between)})."
    )


def list_warning(shorter: Interval, between: Interval) -> str:
    """What a board must see first: a list gets shorter, and those without access gain less, or lose.

    `shorter` is the change of the whole list; '' where there is nothing to warn of.
    """
    if shorter.clear and shorter.mean < 0 and between.is_clear(POINT) and between.mean < 0:
        return (
            f"The list would be {count(shorter.mean)} shorter, but patients who can use neither video nor "
            "telephone have less of it than those who can."
        )
    return ""


def long_wait_answer(change: Interval | None, scenario: float) -> str:
    """How many of those without access would have waited over 52 weeks; None: nothing to hold it against."""
    if change is None:
        return f"Without access, {count(scenario)} would have waited over 52 weeks."
    return f"Without access, {over_answer(change, scenario)}"


def virtual_answer(most: float, least: float) -> str:
    """How many appointments are virtual in the most and the least deprived fifth, in percent."""
    return (
        f"{percent(most)} of pathway appointments would be held virtually in the most deprived fifth, "
        f"{percent(least)} in the least."
    )


def route_answer(waiting: float, appointments: float, hours: float, longer: Interval) -> str:
    """What the alternative route takes a week, and how long those on it wait beside those seen virtually.

    `longer` is the difference of mean weeks waited, without access less seen virtually.
    """
    route = (
        f"The face-to-face route for the {count(waiting)} who wait without access takes "
        f"{count(appointments)} {'appointment' if rounded(appointments) == 1 else 'appointments'} and "
        f"{count(hours)} {'hour' if rounded(hours) == 1 else 'hours'} of clinic time a week"
    )
    if not longer.is_clear(POINT):
        return f"{route}; they have waited as long as those who can be seen virtually."
    way = "longer" if longer.mean > 0 else "less"
    return (
        f"{route}; they have waited {abs(longer.mean):.1f} weeks {way} than those who can be seen virtually."
    )


def _side(gap: float) -> str:
    if abs(gap) < POINT:
        return ""
    return ", to the disadvantage of the most deprived" if gap > 0 else ", in favour of the most deprived"


def _change(change: Interval) -> str:
    if not change.is_clear(POINT):
        return f"no clear difference from if nothing changed (80%: {_ends(change)} points)"
    way = "more" if change.mean > 0 else "less"
    return f"{_points(abs(change.mean))} {way} than if nothing changed"


def _points(value: float) -> str:
    return f"{value:.1f} {'point' if f'{value:.1f}' == '1.0' else 'points'}"


def _ends(change: Interval) -> str:
    return f"{signed_points(change.lower)} to {signed_points(change.upper)}"


def _spread(change: Interval) -> str:
    low, high = sorted((abs(change.lower), abs(change.upper)))
    return f"80%: {low:.1f} to {high:.1f}"
