"""The pairing planner on all England: the time it takes, and what it avoids beside a plain greedy choice.

    python tests/benchmarks/pairing.py [STORE]

The greedy choice takes the pair that avoids most by itself, then the one that avoids most of what is left, as
long as the partners' limit allows. Processor seconds of this process; the target is 20 for all of it.
"""

import heapq
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from data.opening import open_with_figures
from data.returns.pairing import ground
from models.pairing.optimum import best_plan
from models.pairing.pairs import LEAST, Choices, Limits
from models.pairing.reasons import possible_pairs

SETTINGS = ((2, 18), (1, 18), (4, 18), (2, 52))  # partners, weeks from which a wait is long


def greedy(choices: Choices, limits: Limits) -> float:
    """Weeks of long waiting that the plain choice avoids a week."""
    wanted, spare = choices.wanted.copy(), choices.spare.copy()
    flows = {
        pair: sorted(places, key=lambda flow: -choices.weeks[flow])
        for pair, places in possible_pairs(choices).items()
    }
    partners = dict.fromkeys(map(str, choices.trusts()), 0)

    def worth(pair: frozenset[str]) -> tuple[float, float]:
        most = np.minimum(wanted[choices.home[flows[pair]]], spare[choices.partner[flows[pair]]])
        return float((most * choices.weeks[flows[pair]]).sum()), float(most.sum())

    waiting = [(-worth(pair)[0], sorted(pair)) for pair in flows]
    heapq.heapify(waiting)
    avoided = 0.0
    while waiting:
        _, codes = heapq.heappop(waiting)
        pair = frozenset(codes)
        if any(partners[code] >= limits.partners for code in pair):
            continue
        now, appointments = worth(pair)
        if appointments < LEAST:
            continue
        if waiting and now < -waiting[0][0] - 1e-9:
            heapq.heappush(waiting, (-now, codes))
            continue
        for flow in flows[pair]:
            amount = min(wanted[choices.home[flow]], spare[choices.partner[flow]])
            wanted[choices.home[flow]] -= amount
            spare[choices.partner[flow]] -= amount
            avoided += amount * choices.weeks[flow]
        for code in pair:
            partners[code] += 1
    return avoided


def main() -> None:
    """Print a line for each setting."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with open_with_figures(path) as store:
        began = time.process_time()
        found = ground(store, "ENGLAND")
        reading = time.process_time() - began
    print(f"All England, figures read and calibrated in {reading:.1f} processor seconds")
    for partners, waited in SETTINGS:
        limits = Limits(partners=partners, waited=waited)
        began, clock = time.process_time(), time.perf_counter()
        choices = found.choices(limits)
        plan = best_plan(choices, limits)
        took, wall = time.process_time() - began, time.perf_counter() - clock
        plain = greedy(choices, limits)
        print(
            f"{partners} partners, over {waited} weeks: {len(possible_pairs(choices)):,} possible pairs, "
            f"{len(plan.pairs)} chosen in {took:.1f} processor seconds ({wall:.1f} by the clock), "
            f"{reading + took:.1f} with reading; {plan.weeks:,.0f} weeks a week, gap {plan.gap:.1%}; "
            f"greedy {plain:,.0f}, {plan.weeks / plain:.3f} times"
        )


if __name__ == "__main__":
    main()
