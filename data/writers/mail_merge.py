"""A mail merge for an area: each practice's messages about the waits of its patients, from published figures.

It holds no person: a row is a practice, a treatment function and a hospital.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.areas import alternatives, area_waits, practices
from models.errors import TandemError
from models.reports.report import Message, Report, Sheet, inert
from models.rtt.months import month_label
from models.rtt.treatment_functions import name_of
from models.waits.messages import Audience, OwnText, Variant, Wait, draft, filled, values, whole

LEAST_SHARE = 0.05  # of an area's referrals in a treatment function, below which a hospital has no message
MILES = 50.0  # within which shorter waits are told
MOST_SHORTER = 2  # hospitals with shorter waits named in a message
ALREADY = 0.01  # of an area's referrals that go to a hospital for it to be named: it takes such patients
CLEARLY = 1.0  # weeks by which half must be treated sooner to be named
METHOD = (
    "Estimated from the clock stops of the latest three months and those at risk of one by weeks waited; for "
    "somebody referred now who stays until treated."
)
CAVEATS = (
    "Estimates, no promises. A practice's own list is not published: its area's figures stand for it.",
    "The text in Welsh, the easy-read text and who to contact are the health board's own to write.",
    "Miles are as the crow flies, from the middle of the area's practices to a provider's head office.",
)

Templates = Mapping[Variant, str]


@dataclass(frozen=True)
class Told:
    """What is told of one hospital in one treatment function, by their codes."""

    treatment_function: str
    provider: str
    share: float  # of the area's referrals in the treatment function, 0 to 1
    wait: Wait


def waits_to_tell(
    store: Store, area: str, area_name: str, month: str, function: str | None = None
) -> list[Told]:
    """Give what can be told of each hospital where an area's patients go, most used first in each function.

    Hospitals with under 5% of the area's referrals in a treatment function are left out. Raises TandemError
    where nothing is published of the area.
    """
    waits = area_waits(store, area, month)
    used = waits[waits["share"] >= LEAST_SHARE]
    if function is not None:
        used = used[used["treatment_function"] == function]
    told = []
    for code, rows in used.groupby("treatment_function"):
        near = alternatives(store, area, str(code), month, MILES)
        near = near[near["share"] >= ALREADY]
        for row in rows.itertuples():
            sooner = near[
                (near["provider"] != row.provider) & ~(near["half_within"] > row.half_within - CLEARLY)
            ].head(MOST_SHORTER)
            shorter = tuple(zip(sooner["provider_name"], sooner["half_within"].astype(float), strict=True))
            wait = Wait(
                area=area_name,
                practice="",
                specialty=name_of(str(code)),
                hospital=str(row.provider_name),
                data_month=month,
                half_within=float(row.half_within),
                nine_in_ten_within=float(row.nine_in_ten_within),
                waiting=int(row.waiting),
                over_52=int(row.over_52),
                shorter=shorter,
            )
            told.append(Told(str(code), str(row.provider), float(row.share), wait))
    return told


def mail_merge(
    told: list[Told],
    area: str,
    audience: Audience,
    templates: Templates | None = None,
    own: OwnText | None = None,
) -> pd.DataFrame:
    """Give a row a practice x treatment function x hospital, with the fields of the template and the message.

    Columns: area_code, practice_code, practice, postcode_area (outward), treatment_function, provider_code,
    the fields by their names, message, welsh, easy_read (the board's own, blank while unwritten),
    still_blank, data_month_code, method, version. `templates` replace the shipped ones by variant. Raises
    TandemError for a template that can't be filled, and where no practice of the area is known.
    """
    here = practices(area)
    if here.empty:
        raise TandemError(f"No practice of area {area} is known.", "Choose another area.")
    own, chosen = own or OwnText(), templates or {}
    rows = []
    for place in here.itertuples():
        for each in told:
            wait = replace(each.wait, practice=str(place.name))
            template = chosen.get(wait.variant, draft(audience, wait.variant))
            rows.append(
                {
                    "area_code": area,
                    "practice_code": place.code,
                    "postcode_area": place.outward,
                    "treatment_function": each.treatment_function,
                    "provider_code": each.provider,
                    **values(wait, own),
                    "contact": own.contact.strip(),
                    "message": whole(filled(template, wait, own), own),
                    "welsh": own.welsh.strip(),
                    "easy_read": own.easy_read.strip(),
                    "still_blank": ", ".join(own.missing()),
                    "data_month_code": wait.data_month,
                    "method": METHOD,
                    "version": PRODUCT_VERSION,
                }
            )
    return pd.DataFrame(rows).map(inert)


def mail_merge_report(rows: pd.DataFrame, area_name: str, month: str, audience: Audience) -> Report:
    """Give a mail merge as a workbook's content: its rows, and what they rest on in the README."""
    count = rows["practice_code"].nunique()
    headline = (
        f"{len(rows):,} messages for {count} {'practice' if count == 1 else 'practices'} in {area_name}."
    )
    to = "patients" if audience == "patients" else "practices"
    return Report(
        title=f"While you wait: messages to {to}",
        place=area_name,
        data_month=month_label(month),
        headline=headline,
        messages=(Message(headline),),
        sheets=(Sheet("Messages", "A row a practice, treatment function and hospital.", rows),),
        about={
            "Figures": f"NHS England, RTT waiting times by commissioner, {month_label(month)}",
            "Method": METHOD,
            "Still to be written": str(rows["still_blank"].iloc[0]) or "nothing",
            "Tandem": PRODUCT_VERSION,
        },
        caveats=CAVEATS,
        labels=("Estimated",),
    )
