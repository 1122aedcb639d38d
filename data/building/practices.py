"""Makes the shipped table of general practices, each in the area whose flows stand for it.

From `org/gp_practices_2023.csv`, which lists every prescriber: night services, hospices and prisons too.
"""

from pathlib import Path

import pandas as pd

from models.rtt.organisations import plain_name

FILE = "practices.csv"

# A practice has a letter for its part of England and five digits; from 900 on they are other services.
# A code in Y is any other prescriber, among them a few hundred practices, which only their names tell.
_CODE = r"[A-HJ-NPWV]\d{2}[0-8]\d{2}"
_OTHER_CODE = r"Y\d{5}"
_NAMED_PRACTICE = r"(?:SURGERY|PRACTICE|MEDICAL CENTRE|MEDICAL GROUP|HEALTH CENTRE)$"
_OTHER_SERVICE = (
    r"\b(?:BCSC|BOWEL|CANCER|SCREENING|HOSPICE|HOSPITAL|HMP|PRISON|OOH|OUT OF HOURS|ON CALL|CO-OP|WIC"
    r"|WALK-IN|URGENT|FAMILY PLANNING|ENT|DERMATOLOGY|GPWSI|GPSI|ORTHOTICS|LYMPHOEDEMA|SERVICES?|ANTICOAG"
    r"|AQP|LPS|MINOR|DAY SURGERY|CHILD|DIR|NETWORK|COMM|COMMUNITY|PCN|SPECIAL|CARE PRACTICE)\b"
)


def write_practices(found: pd.DataFrame, commissioners: pd.DataFrame, path: Path) -> None:
    """Write code, name, area, outward postcode and place, to a mile, of the practices of today's areas.

    A practice under a board that no flow knows had closed before the boards of 2022, and is left out.
    """
    areas = commissioners[commissioners["board"] != ""]
    name, code = found["practice_name"].fillna(""), found["practice_code"]
    here = found["sub_icb_code"].isin(areas["code"]) & found["icb_code"].isin(areas["board"])
    named = code.str.fullmatch(_OTHER_CODE) & name.str.contains(_NAMED_PRACTICE)
    kept = here & (code.str.fullmatch(_CODE) | named) & ~name.str.contains(_OTHER_SERVICE)
    practices = pd.DataFrame(
        {
            "code": code,
            "name": name.map(plain_name),
            "area": found["sub_icb_code"],
            "outward": found["postcode"].str.split(" ").str[0],
            "latitude": found["lat"].round(2),
            "longitude": found["lon"].round(2),
        }
    )
    practices[kept].sort_values("code").to_csv(path, index=False, lineterminator="\n")
