"""The levers a scenario can pull: what each means, its units, its limits and where its numbers come from.

The form on the page, the command line, the scenario document and the documentation all read these
definitions; the process that carries a lever out in time stands in `sim/engine/policies.py` under the same
name.
"""

from collections.abc import Mapping

from models.scenarios.levers.capacity import (
    BOOKING_ORDER,
    CAPACITY_SHOCK,
    EXTRA_SESSIONS,
    INDEPENDENT_SECTOR,
    REFERRAL_GROWTH,
    VALIDATION,
)
from models.scenarios.levers.lever import Kind, Lever, Parameter
from models.scenarios.levers.outpatients import (
    ADVICE_AND_GUIDANCE,
    ASKING,
    EMERITUS,
    MISSED_APPOINTMENTS,
    PAIRING,
    PATIENT_INITIATED,
    VIRTUAL_BY_DEFAULT,
)

__all__ = ["LEVERS", "VIRTUAL_BY_DEFAULT", "Kind", "Lever", "Parameter"]

LEVERS: Mapping[str, Lever] = {
    lever.name: lever
    for lever in (
        VIRTUAL_BY_DEFAULT,
        PAIRING,
        ASKING,
        PATIENT_INITIATED,
        ADVICE_AND_GUIDANCE,
        MISSED_APPOINTMENTS,
        EMERITUS,
        EXTRA_SESSIONS,
        INDEPENDENT_SECTOR,
        VALIDATION,
        BOOKING_ORDER,
        REFERRAL_GROWTH,
        CAPACITY_SHOCK,
    )
}
