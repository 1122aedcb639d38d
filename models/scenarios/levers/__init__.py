"""The levers a scenario can pull: what each means, its units, its limits and where its numbers come from.

The form on the page, the command line, the scenario document and its schema all read these definitions; the
process that carries a lever out in time stands in `sim/engine/policies.py` under the same name.
"""

from collections.abc import Mapping

from models.scenarios.levers import capacity, outpatients
from models.scenarios.levers.lever import Kind, Lever, Parameter

__all__ = ["LEVERS", "Kind", "Lever", "Parameter"]

LEVERS: Mapping[str, Lever] = {  # every lever that these modules define, in their order
    lever.name: lever
    for module in (outpatients, capacity)
    for lever in vars(module).values()
    if isinstance(lever, Lever)
}
