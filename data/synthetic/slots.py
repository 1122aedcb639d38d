"""Made-up places at a board's providers, to try a matching with: nobody offers them, and all are labelled."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.described import described
from data.database.store import Store
from data.synthetic.patients import month_held, weekly_stops
from models.errors import TandemError
from models.matching import made_up
from models.matching.columns import AT_HOME, FACE_TO_FACE, NO_DIAGNOSTIC, ON_SITE, SLOTS, TELEPHONE, VIDEO
from models.rtt.organisations import plain_name, provider_kind
from models.scenarios.assumptions import assumption, virtual_now

MOST_WEEKS = 52
_SPARE = {
    "provider_code": "provider",
    "tfc": "treatment_function",
    "spare_face_to_face": "face_to_face",
    "spare_virtual": "virtual",
    "spare_theatre": "theatre",
}


def synthetic_slots(
    store: Store,
    scope: str,
    seed: int,
    as_of: date,
    weeks: int = 8,
    spare: pd.DataFrame | None = None,
    month: str | None = None,
) -> pd.DataFrame:
    """Gives made-up places at the providers of a scope, a row a week of one service; `synthetic` is true.

    For so many weeks from the first Monday after `as_of`. As many a week, in the mean, as `spare` says (a
    frame of `data.returns.capacity.capacity_frame`), or 5% of what the clock stops of the year to a month
    took (default: the newest held). Equal arguments and figures give equal places. Raises TandemError for an
    unknown scope or month, or weeks that can't be.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise TandemError(f"{weeks} weeks of places can't be made up.", f"Ask for 1 to {MOST_WEEKS}.")
    offers = _from_stops(store, scope, month_held(store, month)) if spare is None else _from_spare(spare)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    services = _services(offers)
    counts = rng.poisson(services["rate"].to_numpy()[:, None], (len(services), weeks))
    kept = counts.any(axis=1)
    services, counts = services[kept].reset_index(drop=True), counts[kept]
    services = services.join(_limits(services, rng)).join(
        _places(store, services["provider"].to_numpy(object))
    )
    service, week = np.nonzero(counts)
    blocks = services.iloc[service].reset_index(drop=True)
    first = as_of + timedelta(days=7 - as_of.weekday())
    blocks["week"] = np.datetime64(first, "D") + 7 * week
    blocks["count"] = counts[service, week]
    blocks["slot_id"] = [f"SYN{number:06d}" for number in range(1, len(blocks) + 1)]
    blocks["synthetic"] = True
    return described(blocks, SLOTS)


def _from_stops(store: Store, scope: str, month: str) -> pd.DataFrame:
    """Gives appointments and theatre slots a week by series, of the share of its stops that is offered."""
    stops = weekly_stops(store, scope, month).pivot_table(
        index=["provider", "treatment_function"], columns="part", values="stops", fill_value=0.0
    )
    stops = stops.reindex(columns=["admitted", "non_admitted"], fill_value=0.0).reset_index()
    offered = made_up.SHARE_OF_STOPS * assumption("appointments_per_pathway").value * stops["non_admitted"]
    virtual = np.array([virtual_now(code) / 100 for code in stops["treatment_function"]])
    return pd.DataFrame(
        {
            "provider": stops["provider"],
            "treatment_function": stops["treatment_function"],
            "face_to_face": offered * (1 - virtual),
            "virtual": offered * virtual,
            "theatre": made_up.SHARE_OF_STOPS * stops["admitted"],
        }
    )


def _from_spare(spare: pd.DataFrame) -> pd.DataFrame:
    offers = spare[list(_SPARE)].rename(columns=_SPARE)
    amounts = ["face_to_face", "virtual", "theatre"]
    offers[amounts] = offers[amounts].fillna(0.0).clip(lower=0.0)  # not known is nothing to offer
    return offers


def _services(offers: pd.DataFrame) -> pd.DataFrame:
    """Gives a row a provider, treatment function, setting, medium and procedure, with its places a week."""
    before, after = made_up.SETTING_BEFORE_DECISION, made_up.SETTING_AFTER_DECISION
    talked = {each: before[each] for each in ("first_outpatient", "follow_up")}
    ways = [(setting, FACE_TO_FACE, "face_to_face", share) for setting, share in before.items()]
    for setting, share in talked.items():
        by_setting = share / sum(talked.values())
        ways.append((setting, VIDEO, "virtual", by_setting * (1 - made_up.OF_TELEPHONE)))
        ways.append((setting, TELEPHONE, "virtual", by_setting * made_up.OF_TELEPHONE))
    parts = [
        offers[["provider", "treatment_function"]].assign(
            setting=setting, medium=medium, procedure=None, rate=offers[source] * share
        )
        for setting, medium, source, share in ways
    ]
    for setting, share in after.items():
        named = offers.assign(
            setting=setting,
            medium=FACE_TO_FACE,
            procedure=[(None, *made_up.PROCEDURES.get(code, ())) for code in offers["treatment_function"]],
        ).explode("procedure", ignore_index=True)
        names = named["treatment_function"].map(lambda code: len(made_up.PROCEDURES.get(code, ())))
        of_any = np.where(names > 0, made_up.ANY_PROCEDURE, 1.0)
        of_one = (1 - made_up.ANY_PROCEDURE) / names.clip(lower=1)
        named["rate"] = named["theatre"] * share * np.where(named["procedure"].isna(), of_any, of_one)
        parts.append(named[parts[0].columns])
    return pd.concat(parts, ignore_index=True)


def _limits(services: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Gives what a service excludes and has: independent providers take fewer of the ill and none young."""
    independent = np.array([provider_kind(code) != "NHS trust" for code in services["provider"]])
    there = (services["medium"] == FACE_TO_FACE).to_numpy()
    drawn = rng.random(len(services))
    diagnostic = np.where(
        there,
        np.where(drawn < made_up.DIAGNOSTIC_ON_SITE, ON_SITE, NO_DIAGNOSTIC),
        np.where(drawn < made_up.DIAGNOSTIC_AT_HOME, AT_HOME, NO_DIAGNOSTIC),
    )
    return pd.DataFrame(
        {
            "max_bmi": np.where(independent & there, made_up.INDEPENDENT_MAX_BMI, np.nan),
            "max_asa": np.where(independent & there, made_up.INDEPENDENT_MAX_ASA, np.nan),
            "min_age": np.where(independent, made_up.INDEPENDENT_MIN_AGE, np.nan),
            "interpreter": rng.random(len(services)) < made_up.WITH_INTERPRETER,
            "diagnostic": diagnostic.astype(object),
        }
    )


def _places(store: Store, providers: NDArray[np.object_]) -> pd.DataFrame:
    """Gives site, latitude and longitude of providers: their head office, where that is known."""
    known = store.frame("SELECT code, name AS site, latitude, longitude FROM providers").set_index("code")
    sites = known.reindex(providers).reset_index(drop=True)
    sites["site"] = [plain_name(name) if isinstance(name, str) else None for name in sites["site"]]
    return sites
