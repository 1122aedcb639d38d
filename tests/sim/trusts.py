"""Trusts told patient by patient: clinics side by side, and one that helps another."""

import heapq
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import simpy

from tests.sim.pathways import InForce, Patient
from tests.sim.patients import PatientClinic


@dataclass
class Pairing:
    """Before each week's clinics, the partner's video slots offered to the home trust's longest waits."""

    home: PatientClinic
    partner: PatientClinic
    limit: float
    minutes: Callable[[int], float]  # of the partner's, by week
    waited: int
    diagnostic: float
    begin: int

    def weeks(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(self.begin)
        while True:
            self.week(int(env.now))
            yield env.timeout(1)

    def week(self, week: int) -> None:
        home, partner, now = self.home, self.partner, self.home.in_force(week)
        visit = home.clinic.first_minutes * home.mean_length(now, False)
        offers = home.whole(min(self.limit, self.minutes(week) / visit))
        line = [
            (p.started, number, p)
            for number, p in enumerate(home.waiting)
            if p.capable and not p.seen and not p.admitted and p.waited(week) >= self.waited
        ]
        heapq.heapify(line)
        for _ in range(min(offers, len(line))):
            patient = heapq.heappop(line)[2]
            stopped = self.hold(week, now, patient)
            partner.minutes_left -= visit
            home.counts["moved_out"] += 1
            home.counts["moved_in"] += not stopped
            partner.counts["moved_in"] += 1
            partner.counts["moved_out"] += not stopped

    def hold(self, week: int, now: InForce, patient: Patient) -> bool:
        """One appointment at the partner; whether it stopped the clock."""
        home, partner = self.home, self.partner
        held = partner.medium(now, later=False)
        if not partner.comes(held, now, "first"):
            return False
        if partner.in_vain(held):
            patient.capable = False
            return False
        patient.seen = True
        home.plan(week, now)
        if home.happens(self.diagnostic) or home.happens(home.clinic.review_share):
            return False
        if home.happens(home.decision(patient.waited(week))):
            home.decide(week, patient)
            return False
        home.waiting.remove(patient)
        partner.counts["stops_non_admitted"] += 1
        return True


def run(weeks: int, clinics: list[PatientClinic], pairing: Pairing | None = None) -> list[Counter[str]]:
    """Run clinics side by side for `weeks`; what each counted."""
    env = simpy.Environment()
    for process in ([pairing] if pairing else []) + clinics:
        env.process(process.weeks(env))
    env.run(until=weeks)
    return [clinic.counted(weeks - 1) for clinic in clinics]
