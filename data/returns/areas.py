"""Where the patients of an area go, how many of them wait, and how long they can expect to.

An area is a sub-ICB location: the commissioner of the published flows. A practice has no waiting list in what
is published, so its area's flows stand for it. Waits are weeks; inf is over 104 weeks, NaN not known.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.store import Store
from data.returns.organisations import providers_by_code
from data.returns.past_waits import past_wait_errors
from data.returns.scope import boards_of
from data.returns.wait_curves import curves_of, spare_stops, waits_in
from data.shipped import load as reference
from models.calibration.rates import FLOW_MONTHS
from models.errors import TandemError
from models.rtt.months import add_months, month_label
from models.rtt.organisations import great_circle_miles, merged_by, plain_name, provider_kind
from models.waits import expected_waits as waits
from models.waits.expected_waits import WaitCurves
from models.waits.wait_errors import errors_said

Floats = NDArray[np.float64]

LEAST_KNOWN = 0.8  # of an area's starts at providers whose waits are known, below which the area's is not
AGES = (0, 8, 18, 26, 40, 52)  # weeks waited at which what remains is told
_NUMBERS = ["waiting", "within_18", "over_52", "over_65", "starts"]


def areas(store: Store, board: str) -> pd.DataFrame:
    """Give the areas of a board, of boards joined, or of ENGLAND in the newest month: code, name."""
    codes = boards_of(store, board)
    chosen = f"AND board IN ({', '.join('?' * len(codes))})" if codes else "AND coalesce(board, '') != ''"
    commissioners = store.frame(
        "SELECT code, name FROM commissioners "
        f"WHERE month = (SELECT max(month) FROM commissioners) {chosen} ORDER BY code",
        codes,
    )
    commissioners["name"] = [plain_name(name) for name in commissioners["name"]]
    return commissioners.sort_values("name", ignore_index=True)


def board_of(store: Store, area: str, month: str) -> str:
    """Give the board an area belonged to in a month; raises TandemError for what was no area then."""
    boards = store.rows("SELECT board FROM commissioners WHERE code = ? AND month = ?", [area, month])
    if not boards or not boards[0][0]:
        raise TandemError(
            f"There is no area '{area}' in the figures of {month_label(month)}.",
            "Use a sub-ICB location's code such as 01A; the codes of areas change with time.",
        )
    return str(boards[0][0])


def practices(area: str) -> pd.DataFrame:
    """Give an area's general practices by name, as of 2023: code, name, outward, latitude, longitude."""
    all_practices = _practices()
    here = all_practices[all_practices["area"] == area].drop(columns="area")
    return here.sort_values(["name", "code"], ignore_index=True)


def area_of(practice_code: str) -> str:
    """Give the code of a practice's area; raises TandemError for a code that is no practice's."""
    all_practices = _practices()
    area = all_practices.loc[all_practices["code"] == practice_code.strip().upper(), "area"]
    if area.empty:
        raise TandemError(
            f"'{practice_code}' is not the code of a practice that Tandem knows.",
            "Practices are those of 2023, with codes such as P81001. Choose the area instead.",
        )
    return str(area.iloc[0])


def find_practices(text: str) -> pd.DataFrame:
    """Give practices of that code or outward postcode, or so named: columns as of `practices`, and area."""
    all_practices, wanted = _practices(), text.strip().upper()
    hits = (all_practices["code"] == wanted) | (all_practices["outward"] == wanted)
    hits |= all_practices["name"].str.upper().str.contains(wanted, regex=False)
    return all_practices[hits].sort_values(["name", "code"], ignore_index=True)


def flows_of(store: Store, area: str, month: str) -> pd.DataFrame:
    """Give where an area's patients go, by treatment function and provider, exactly as published.

    Columns: treatment_function, provider, waiting, within_18, over_52, over_65 (at the end of `month`),
    starts (in the twelve months to it, or as many as are held). A merged trust's are its successor's.
    Raises TandemError where nothing is published of the area in `month`.
    """
    waiting = ", ".join(
        f"coalesce(sum({column}) FILTER (part = 'incomplete' AND month = ?), 0)::BIGINT AS {name}"
        for name, column in (("waiting", "total"), *((name, name) for name in _NUMBERS[1:4]))
    )
    flows = store.frame(
        f"SELECT treatment_function, provider, {waiting}, "
        "coalesce(sum(total) FILTER (part = 'starts'), 0)::BIGINT AS starts FROM flows "
        "WHERE commissioner = ? AND month BETWEEN ? AND ? AND part IN ('incomplete', 'starts') GROUP BY ALL",
        [*[month] * 4, area, add_months(month, 1 - FLOW_MONTHS), month],
    )
    if not flows["waiting"].sum():
        raise TandemError(
            f"Nothing is published of area {area} in {month_label(month)}.",
            "Choose an area of that month, such as 01A (East Lancashire): areas' codes change with time.",
        )
    flows["provider"] = flows["provider"].replace(merged_by(month))
    flows = flows.groupby(["treatment_function", "provider"], as_index=False)[_NUMBERS].sum()
    return flows[flows[["waiting", "starts"]].any(axis=1)].reset_index(drop=True)


def area_waits(store: Store, area: str, month: str, curves: WaitCurves | None = None) -> pd.DataFrame:
    """Give an area's flows with the wait to expect at each provider, most used first in each function.

    Waits are today's, or those of `curves`, such as today's under a scenario (`WaitCurves.under`).

    Columns: treatment_function, provider, provider_name, share (of the area's starts in the function),
    waiting, within_18, over_52, over_65, starts, half_within, nine_in_ten_within (weeks), treated_within_18
    (share of those referred now), known, why_not ('' where known).
    """
    flows = flows_of(store, area, month)
    curves = curves or curves_of(store, month)
    place = curves.places()
    at = [place.get(key, -1) for key in zip(flows["provider"], flows["treatment_function"], strict=True)]
    names = {code: each.plain_name for code, each in providers_by_code(store).items()}
    sent = flows.groupby("treatment_function")["starts"].transform("sum")
    nothing = f"nothing was returned in {month_label(month)}"
    flows["provider_name"] = [names.get(code, code) for code in flows["provider"]]
    flows["share"] = (flows["starts"] / sent.where(sent > 0)).fillna(0.0)
    flows["why_not"] = [curves.why_not[i] if i >= 0 else nothing for i in at]
    flows["known"] = flows["why_not"] == ""
    left = curves.untreated()[at]
    for name, values in waits_in(left).items():
        flows[name] = np.where(flows["known"], values, np.nan)
    order = [
        "treatment_function",
        "provider",
        "provider_name",
        "share",
        *_NUMBERS,
        "half_within",
        "nine_in_ten_within",
        "treated_within_18",
        "known",
        "why_not",
    ]
    return flows[order].sort_values(
        ["treatment_function", "starts", "waiting", "provider"],
        ascending=[True, False, False, True],
        ignore_index=True,
    )


def function_waits(store: Store, area: str, month: str, curves: WaitCurves | None = None) -> pd.DataFrame:
    """Give the same mixed over an area's providers by where its patients went, one row a treatment function.

    Columns: treatment_function, providers (used), waiting, within_18, over_52, over_65, starts, known_share
    (of the starts, at providers whose waits are known), half_within, nine_in_ten_within,
    treated_within_18, known, why_not. Shares left waiting are mixed, never percentiles.
    """
    curves = curves or curves_of(store, month)
    each = area_waits(store, area, month, curves)
    rows = []
    for function, here in each.groupby("treatment_function"):
        known_share = float(here.loc[here["known"], "share"].sum())
        known = known_share >= LEAST_KNOWN
        values = dict.fromkeys(("half_within", "nine_in_ten_within", "treated_within_18"), np.nan)
        if known:
            left = _mixture(curves, here)
            values = {name: float(value) for name, value in waits_in(left).items()}
        rows.append(
            {
                "treatment_function": function,
                "providers": int((here["starts"] > 0).sum()),
                **here[_NUMBERS].sum(),
                "known_share": known_share,
                **values,
                "known": known,
                "why_not": "" if known else _too_little(here, known_share),
            }
        )
    mixed = pd.DataFrame(rows)
    return mixed.sort_values(["waiting", "treatment_function"], ascending=[False, True], ignore_index=True)


def remaining_waits(
    store: Store, area: str, function: str, month: str, ages: Sequence[int] = AGES
) -> pd.DataFrame:
    """Give how much longer an area's patients can expect to wait, by weeks waited so far.

    Columns: waited, half_within, nine_in_ten_within: further weeks, for a patient who stays until treated;
    inf where beyond 104 weeks in all. Raises TandemError where the area's wait is not known.
    """
    curves = curves_of(store, month)
    each = area_waits(store, area, month, curves)
    here = each[each["treatment_function"] == function]
    if here.loc[here["known"], "share"].sum() < LEAST_KNOWN:
        raise TandemError(
            f"How long {area}'s patients can expect to wait for {function} is not known.",
            "Choose another treatment function or area.",
        )
    left = np.stack([waits.remaining(_mixture(curves, here), age) for age in ages])
    remaining = {name: value for name, value in waits_in(left).items() if name != "treated_within_18"}
    return pd.DataFrame({"waited": list(ages), **remaining})


def alternatives(
    store: Store, area_or_practice: str, function: str, month: str, miles: float
) -> pd.DataFrame:
    """Give providers within so many miles where a patient referred now can expect a shorter wait.

    Columns: provider, provider_name, kind, miles (as the crow flies, from the practice or the middle of the
    area's practices to the provider's head office), half_within, nine_in_ten_within, weeks_sooner (half
    within, than the area's patients today), share (of the area's starts, 0 where it sends nobody), spare
    (clock stops a week; NaN where not known). Shortest wait first. Where the area's own wait is not known,
    all that are in reach, and weeks_sooner is NaN. Those without a known place or wait are left out.
    """
    area, latitude, longitude = _where(area_or_practice)
    curves = curves_of(store, month)
    own = function_waits(store, area, month, curves).set_index("treatment_function")
    here = np.flatnonzero((curves.treatment_functions == function) & curves.known)
    codes, known = curves.providers[here], providers_by_code(store)
    places = [each.place if (each := known.get(str(code))) else None for code in codes]
    sides = np.array([(p.latitude, p.longitude) if p else (np.nan, np.nan) for p in places]).reshape(-1, 2)
    each = area_waits(store, area, month, curves)
    shares = each[each["treatment_function"] == function].set_index("provider")["share"]
    spare = spare_stops(store, month)
    providers = pd.DataFrame(
        {
            "provider": codes,
            "provider_name": [known[str(code)].plain_name if str(code) in known else code for code in codes],
            "kind": [provider_kind(str(code)) for code in codes],
            "miles": great_circle_miles(latitude, longitude, sides[:, 0], sides[:, 1]),
            **waits_in(curves.untreated()[here]),
            "share": shares.reindex(codes).fillna(0.0).to_numpy(),
            "spare": [spare.get((str(code), function), np.nan) for code in codes],
        }
    ).drop(columns="treated_within_18")
    half = float(own["half_within"].get(function, np.nan))
    providers["weeks_sooner"] = half - providers["half_within"].replace(np.inf, np.nan)
    reached = providers["miles"] <= miles
    sooner = np.isnan(half) | (providers["half_within"] < half)
    return providers[reached & sooner].sort_values(["half_within", "miles", "provider"], ignore_index=True)


def waits_error() -> str:
    """Give in words how wrong such waits have been when held against what came."""
    return errors_said(past_wait_errors())


def _mixture(curves: WaitCurves, here: pd.DataFrame) -> Floats:
    """The curve of an area's patients in one treatment function, over the providers whose waits are known."""
    known, place = here[here["known"]], curves.places()
    at = [place[key] for key in zip(known["provider"], known["treatment_function"], strict=True)]
    return waits.mixed(curves.untreated()[at], known["share"].to_numpy(float))


def _too_little(here: pd.DataFrame, known_share: float) -> str:
    if not here["starts"].any():
        return "no clock of its patients has started in twelve months"
    missing = here[~here["known"]].iloc[0]  # the most used of them
    return (
        f"waits are known for {known_share:.0%} of its patients; "
        f"{missing['provider_name']}: {missing['why_not']}"
    )


def _where(area_or_practice: str) -> tuple[str, float, float]:
    """The area meant, and the place of the practice, or the middle of the area's practices."""
    code = area_or_practice.strip().upper()
    all_practices = _practices()
    here = all_practices[all_practices["code"] == code]
    if here.empty:
        here = all_practices[all_practices["area"] == code]
    if here.empty:
        raise TandemError(
            f"There is no area or practice '{area_or_practice}'.",
            "Use a sub-ICB location's code such as 01A, or a practice's such as P81001.",
        )
    area = str(here["area"].iloc[0])
    if here["latitude"].isna().all():  # three practices have no place
        here = all_practices[all_practices["area"] == area]
    return area, float(here["latitude"].median()), float(here["longitude"].median())


@lru_cache(maxsize=1)
def _practices() -> pd.DataFrame:
    """Every practice: code, name, area, outward, latitude, longitude. Not to be changed."""
    table = pd.DataFrame(reference.rows_of("practices.csv"))
    for name in ("latitude", "longitude"):
        table[name] = pd.to_numeric(table[name])
    return table
