"""The hindcast as tables to read: errors by horizon, origin, treatment function, size of list and board."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import forecast_errors as errors
from models.rtt.organisations import BOARDS, ENGLAND
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from sim.studies.forecast import FORECAST_MEASURES
from sim.studies.hindcast import METHODS, Outcome, board_totals
from sim.studies.hindcast_boards import past_errors

SIZES = ((0, 300), (300, 1000), (1000, 3000), (3000, 8000), (8000, None))  # patients at the origin
SAID = {"tandem": "Tandem", "nothing": "nothing changes", "flows": "stock and flow"}
Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """A title, the names of its columns, and its rows as they are printed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """The table in columns of equal width."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        padded = ["  ".join([one[0].ljust(widths[0]), *map(str.rjust, one[1:], widths[1:])]) for one in lines]
        return "\n".join([self.title, *padded])

    def markdown(self) -> str:
        """The table for a document."""
        rule = "|---|" + "---:|" * (len(self.columns) - 1)
        lines = ["| " + " | ".join(line) + " |" for line in (self.columns, *self.rows)]
        return "\n".join([f"### {self.title}", "", lines[0], rule, *lines[1:]])


def tables(outcomes: Sequence[Outcome]) -> list[Table]:
    """Every table of the hindcast. Errors are means over origins; 'trusts' are series held in every month."""
    horizons = sorted({outcome.horizon for outcome in outcomes})
    by_horizon = {h: [outcome for outcome in outcomes if outcome.horizon == h] for h in horizons}
    made = []
    for horizon, here in by_horizon.items():
        made.append(_methods(f"Trusts' lists, {horizon} months ahead", here, lambda outcome: outcome.trust))
        made.append(_methods(f"All providers' lists, {horizon} months ahead", here, _all))
        made.append(_whole(f"Boards and England as a whole, {horizon} months ahead", here))
    for horizon, here in by_horizon.items():
        made.append(
            _parts(
                f"By origin, {horizon} months ahead",
                "origin",
                [(outcome.origin, [(outcome, outcome.trust)]) for outcome in here],
            )
        )
        made.append(
            _parts(
                f"By size of list, {horizon} months ahead",
                "patients",
                [
                    (_size_name(low, high), [(o, o.trust & _sized(o, low, high)) for o in here])
                    for low, high in SIZES
                ],
            )
        )
        made.append(
            _parts(
                f"By treatment function, {horizon} months ahead",
                "treatment function",
                [
                    (name, [(o, o.trust & (o.treatment_functions == code)) for o in here])
                    for code, name in _functions(here)
                ],
            )
        )
        made.append(_boards(f"By board as a whole, {horizon} months ahead", here))
    return made


def _all(outcome: Outcome) -> Chosen:
    return np.ones(len(outcome.waiting), dtype=np.bool_)


def _methods(title: str, outcomes: Sequence[Outcome], chosen: Callable[[Outcome], Chosen]) -> Table:
    rows = []
    for method in METHODS:
        own = method == "tandem"
        rows.append(
            (
                SAID[method],
                _percent(_mean(_list_error(o, chosen(o), method) for o in outcomes), 2),
                f"{_mean(_share_error(o, chosen(o), method) for o in outcomes):.2f}",
                _percent(_mean(_bias(o, chosen(o), method) for o in outcomes), sign=True),
                _percent(max((_bias(o, chosen(o), method) for o in outcomes), key=abs), sign=True),
                _percent(_mean(_board_error(o, chosen(o), method) for o in outcomes), 2),
                _percent(_mean(_coverage(o, chosen(o)) for o in outcomes), 0) if own else "",
            )
        )
    columns = (
        "method",
        "list error",
        "18-week error, points",
        "England, mean bias",
        "worst bias",
        "board error",
        "within the 80% range",
    )
    return Table(title, columns, tuple(rows))


def _whole(title: str, outcomes: Sequence[Outcome]) -> Table:
    """Every provider's list counts, so that a move from one to another is no error."""
    made = {error.scope: error.measures for error in past_errors([o.whole for o in outcomes], least=1)}
    rows = []
    for scope, place_name in ((BOARDS, "boards"), (ENGLAND, "England")):
        waiting, within, over = (made[scope][name] for name in FORECAST_MEASURES)
        for method in ("error", "nothing"):
            values = [getattr(each, method) for each in (waiting, within, over)]
            rows.append(
                (
                    f"{place_name}: {SAID['tandem' if method == 'error' else method]}",
                    _percent(values[0], 2),
                    f"{values[1]:.2f}",
                    _percent(values[2]),
                )
            )
    return Table(title, ("whole lists", "list error", "18-week error, points", "over 52 weeks"), tuple(rows))


def _parts(title: str, first: str, parts: Iterable[tuple[str, list[tuple[Outcome, Chosen]]]]) -> Table:
    rows = []
    for name, choices in parts:
        part = [(outcome, chosen) for outcome, chosen in choices if chosen.any()]
        if not part:
            continue
        own, nothing, flows = (_mean(_list_error(o, c, method) for o, c in part) for method in METHODS)
        by_method = [_mean(_share_error(o, c, method) for o, c in part) for method in METHODS]
        rows.append(
            (
                name,
                f"{_mean(c.sum() for _, c in part):,.0f}",
                _percent(own),
                _percent(nothing),
                _percent(flows),
                *(f"{points:.2f}" for points in by_method),
                _percent(_mean(_coverage(o, c) for o, c in part), 0),
            )
        )
    columns = (
        first,
        "series",
        "list error: Tandem",
        "nothing changes",
        "stock and flow",
        "18 weeks: Tandem",
        "nothing changes",
        "stock and flow",
        "within the 80% range",
    )
    return Table(title, columns, tuple(rows))


def _boards(title: str, outcomes: Sequence[Outcome]) -> Table:
    codes = sorted({code for outcome in outcomes for code in outcome.boards})
    rows = []
    for code in codes:
        places = [(o, o.boards.index(code)) for o in outcomes if code in o.boards]
        places = [(o, place) for o, place in places if (o.trust & (o.board == place)).any()]
        if places:
            wrong = [_mean(_one_board(o, place, method) for o, place in places) for method in METHODS]
            inside = _mean(_board_inside(o, place) for o, place in places)
            rows.append((code or "none", *map(_percent, wrong), _percent(inside, 0)))
    return Table(title, ("board", *(SAID[method] for method in METHODS), "within the 80% range"), tuple(rows))


def _one_board(outcome: Outcome, place: int, method: str) -> float:
    forecast = board_totals(outcome, outcome.listed[method], outcome.trust)[[place]]
    return errors.list_error(forecast, board_totals(outcome, outcome.waiting, outcome.trust)[[place]])


def _board_inside(outcome: Outcome, place: int) -> float:
    lower, upper = outcome.board_bounds
    actual = board_totals(outcome, outcome.waiting, outcome.trust)
    return errors.coverage(lower[[place]], upper[[place]], actual[[place]])


def _list_error(outcome: Outcome, chosen: Chosen, method: str) -> float:
    return errors.list_error(outcome.listed[method][chosen], outcome.waiting[chosen])


def _share_error(outcome: Outcome, chosen: Chosen, method: str) -> float:
    return errors.share_error(
        outcome.listed_within[method][chosen],
        outcome.listed[method][chosen],
        outcome.within[chosen],
        outcome.waiting[chosen],
    )


def _bias(outcome: Outcome, chosen: Chosen, method: str) -> float:
    return errors.bias(outcome.listed[method][chosen], outcome.waiting[chosen])


def _board_error(outcome: Outcome, chosen: Chosen, method: str) -> float:
    forecast = board_totals(outcome, outcome.listed[method], chosen)
    return errors.list_error(forecast, board_totals(outcome, outcome.waiting, chosen))


def _coverage(outcome: Outcome, chosen: Chosen) -> float:
    return errors.coverage(outcome.lower[chosen], outcome.upper[chosen], outcome.waiting[chosen])


def _sized(outcome: Outcome, low: int, high: int | None) -> Chosen:
    known = outcome.listed["nothing"]  # as they stood at the origin
    return np.asarray((known >= low) & (known < (high or np.inf)))


def _size_name(low: int, high: int | None) -> str:
    if high is None:
        return f"{low:,} or more"
    return f"{low:,} to {high - 1:,}" if low else f"under {high:,}"


def _functions(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    present = set(np.concatenate([outcome.treatment_functions for outcome in outcomes]).tolist())
    return [(code, function.name) for code, function in TREATMENT_FUNCTIONS.items() if code in present]


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _percent(value: float, places: int = 1, sign: bool = False) -> str:
    return f"{value:{'+' if sign else ''}.{places}%}"
