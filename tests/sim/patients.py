"""The clinic told patient by patient: a plain SimPy server with a heap, the oracle the kernel is held to.

Written apart from the kernel, from the method's words: one object a patient, one draw an event. What levers
change is given to it week by week (`InForce`), so that it shares nothing with the policies either.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from tests.sim.pathways import InForce, Medium, Patient, alike, always


@dataclass
class PatientClinic:
    """One clinic with its theatre; rates are a week, chances by weeks waited."""

    clinic: Any  # a models.queueing.clinic_minutes.Clinic of plain numbers
    starts: float
    minutes: float
    theatre: float
    capable: float
    again: float
    removal: Callable[[int], float]
    decision: Callable[[int], float]
    draw: random.Random
    in_force: Callable[[int], InForce] = always
    booking: Callable[[int], float] = alike
    booking_admitted: Callable[[int], float] = alike
    waiting: list[Patient] = field(default_factory=list)
    due: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    minutes_left: float = 0.0
    slots_left: float = 0.0
    overdue: int = 0
    late: float = 0.0  # share of last week's list over 18 weeks
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        clinic = self.clinic
        self.face = Medium(1.0, clinic.missed_face_to_face)
        self.video = Medium(clinic.virtual_length, clinic.missed_virtual, clinic.repeated)
        self.phone = Medium(
            clinic.virtual_length * clinic.telephone_length,
            clinic.missed_virtual * clinic.telephone_missed,
            clinic.repeated * clinic.telephone_repeated,
        )

    def happens(self, chance: float) -> bool:
        return self.draw.random() < chance

    def whole(self, amount: float) -> int:
        """A whole number that is the amount in mean."""
        return int(amount + self.draw.random())

    def arrive(self, week: int, now: InForce) -> None:
        a_week = self.starts * now.demand * now.working
        clock = self.draw.expovariate(a_week)
        while clock < 1.0:
            if self.happens(now.advice):
                self.counts["advice_given"] += 1
            else:
                self.waiting.append(Patient(week, self.happens(self.capable)))
                self.counts["clock_starts"] += 1
            clock += self.draw.expovariate(a_week)

    def leave(self, week: int, chance: Callable[[int], float], name: str) -> None:
        stay = [p for p in self.waiting if not self.happens(chance(p.waited(week)))]
        self.counts[name] += len(self.waiting) - len(stay)
        self.waiting = stay

    def order(self, week: int, line: list[Patient], wanted: int, now: InForce) -> list[Patient]:
        """Who of a line is called, in this order, `wanted` of them or all.

        Most as they always were, by a race of clocks that run as fast as those at this wait are booked; the
        share in turn goes to the longest waits of the rest.
        """
        wanted = min(wanted, len(line))
        long = sum(p.waited(week) >= now.longest_from for p in line)
        in_turn = min(int(wanted * now.longest_first + 0.5), long) if now.longest_first else 0
        race = []
        for number, p in enumerate(line):
            speed = (self.booking_admitted if p.admitted else self.booking)(p.waited(week))
            race.append((self.draw.expovariate(speed), number, p))
        heapq.heapify(race)
        called = [heapq.heappop(race)[2] for _ in range(wanted - in_turn)]
        rest = [(p.started, number, p) for _, number, p in race]
        heapq.heapify(rest)
        return called + [heapq.heappop(rest)[2] for _ in range(in_turn)]

    def admit_elsewhere(self, now: InForce) -> None:
        line = [(p.started, number, p) for number, p in enumerate(self.waiting) if p.admitted]
        heapq.heapify(line)
        for _ in range(min(self.whole(now.independent), len(line)) if now.independent else 0):
            self.waiting.remove(heapq.heappop(line)[2])
            self.counts["moved_out"] += 1

    def operate(self, week: int, now: InForce) -> None:
        self.slots_left += self.theatre * now.working * now.capacity + now.extra_theatre
        line = [p for p in self.waiting if p.admitted]
        for patient in self.order(week, line, int(self.slots_left), now):
            self.waiting.remove(patient)
            self.slots_left -= 1
            self.counts["stops_admitted"] += 1
        self.slots_left = min(self.slots_left, max(self.clinic.kept_weeks * self.theatre, 1.0))

    def medium(self, now: InForce, later: bool) -> Medium:
        return self.phone if self.happens(now.telephone[later]) else self.video

    def comes(self, medium: Medium, now: InForce, kind: str) -> bool:
        """Whether the patient comes; one seen by video in vain has come too."""
        where = "face_to_face" if medium is self.face else "virtual"
        if self.happens(medium.missed * now.still_missed):
            self.counts[f"missed_{where}"] += 1
            return False
        self.counts[f"{kind}_{where}"] += 1
        self.counts[f"{kind}_by_telephone"] += medium is self.phone
        return True

    def in_vain(self, medium: Medium) -> bool:
        failed = self.happens(medium.repeated)
        self.counts["repeated"] += failed
        return failed

    def put_in_diary(self, week: int) -> None:
        spread = self.clinic.follow_up_spread
        self.due[week + self.clinic.follow_up_weeks + self.draw.randint(-spread, spread)] += 1

    def plan(self, week: int, now: InForce) -> None:
        """After a first or a follow-up seen for good: another, by appointment or left to the patient."""
        if not self.happens(self.again):
            return
        if not self.happens(now.patient_initiated):
            self.put_in_diary(week)
            return
        self.counts["patient_initiated"] += 1
        if self.happens(self.clinic.initiated_returns):
            self.put_in_diary(week)
        elif self.happens(self.clinic.initiated_safety):
            self.due[week + self.clinic.safety_weeks] += 1

    def follow_up(self, week: int, now: InForce) -> None:
        length = self.clinic.follow_up_minutes
        room = max(self.minutes_left, 0.0) * self.clinic.follow_up_cap
        by_video = now.virtual[1] * self.capable
        mixed = self.video.length + now.telephone[1] * (self.phone.length - self.video.length)
        usual = length * (1 - by_video * (1 - mixed))
        waiting_repeats, all_due = self.repeats, self.due.pop(week, 0)
        put_off = sum(self.happens(1 - now.working) for _ in range(all_due))
        waiting_due = all_due - put_off
        self.repeats, missed = 0, 0
        while waiting_repeats and room >= length:
            waiting_repeats -= 1
            room -= length
            self.minutes_left -= length
            if self.comes(self.face, now, "follow_up"):
                self.plan(week, now)
            else:
                self.repeats += 1
        while waiting_due and room >= usual:
            waiting_due -= 1
            room -= usual
            held = self.medium(now, later=True) if self.happens(by_video) else self.face
            self.minutes_left -= length * held.length
            if not self.comes(held, now, "follow_up"):
                missed += 1
            elif self.in_vain(held):
                self.repeats += 1
            else:
                self.plan(week, now)
        self.repeats += waiting_repeats
        self.due[week + 1] += waiting_due + missed
        for _ in range(put_off):
            self.due[week + self.draw.randint(1, 4)] += 1
        self.overdue = self.repeats + waiting_due + missed + put_off

    def see(self, week: int, now: InForce) -> None:
        """Firsts and reviews in what is left: as many as fit, some booked over, then all are held."""
        asked = now.virtual[0] + (1 - now.virtual[0]) * now.asking * self.late
        line = [p for p in self.waiting if not p.admitted]
        share = (asked, now.virtual[1])
        # how many fit in goes by the mean length of those who wait, each as likely as they are booked
        lengths = [
            (self.clinic.follow_up_minutes if p.seen else self.clinic.first_minutes)
            * (1 - p.capable * share[p.seen] * (1 - self.mean_length(now, p.seen)))
            for p in line
        ]
        weights = [self.booking(p.waited(week)) for p in line]
        if not line:
            return
        mean = sum(w * x for w, x in zip(weights, lengths, strict=True)) / sum(weights)
        places = int(max(self.minutes_left, 0.0) / mean)
        booked = self.order(week, line, places + self.whole(places * now.overbooked), now)
        missed = 0
        for patient in booked:
            video = patient.capable and self.happens(share[patient.seen])
            missed += not self.hold(week, now, patient, video, charged=True)
        self.minutes_left += min(missed, max(len(booked) - places, 0)) * mean

    def mean_length(self, now: InForce, later: bool) -> float:
        return self.video.length + now.telephone[later] * (self.phone.length - self.video.length)

    def hold(self, week: int, now: InForce, patient: Patient, video: bool, charged: bool) -> bool:
        """One appointment on the pathway; whether the patient came."""
        clinic = self.clinic
        held = self.medium(now, patient.seen) if video else self.face
        length = clinic.follow_up_minutes if patient.seen else clinic.first_minutes
        self.minutes_left -= length * held.length * charged
        if not self.comes(held, now, "follow_up" if patient.seen else "first"):
            return False
        if self.in_vain(held):
            patient.capable = False
            return True
        if not patient.seen:
            self.plan(week, now)
        patient.seen = True
        if self.happens(clinic.review_share):
            return True
        if self.happens(self.decision(patient.waited(week))):
            self.decide(week, patient)
        else:
            self.waiting.remove(patient)
            self.counts["stops_non_admitted"] += 1
        return True

    def decide(self, week: int, patient: Patient) -> None:
        patient.admitted = True
        self.counts["decisions_to_admit"] += 1
        for _ in range(self.whole(self.clinic.extra_if_admitted)):
            self.put_in_diary(week)

    def see_by_emeritus(self, week: int, now: InForce) -> None:
        if not now.emeritus_minutes:
            return
        slots = self.whole(now.emeritus_minutes / (self.clinic.first_minutes * self.mean_length(now, False)))
        line = [p for p in self.waiting if p.capable and not p.seen and not p.admitted]
        # nobody's slots are in turn here
        for patient in self.order(week, line, slots, InForce()):
            self.hold(week, now, patient, video=True, charged=False)

    def week(self, week: int) -> None:
        now = self.in_force(week)
        self.arrive(week, now)
        self.leave(week, self.removal, "removals")
        if now.validation:
            before = len(self.waiting)
            self.leave(week, lambda w: now.validation * (w >= now.validation_from), "validated")
            self.counts["removals"] += before - len(self.waiting)
        self.admit_elsewhere(now)
        self.operate(week, now)
        self.minutes_left += self.minutes * now.working * now.capacity + now.extra_minutes
        self.follow_up(week, now)
        self.see(week, now)
        longest = max(self.clinic.first_minutes, self.clinic.follow_up_minutes)
        self.minutes_left = min(self.minutes_left, max(self.clinic.kept_weeks * self.minutes, longest))
        self.see_by_emeritus(week, now)
        for weeks in (52, 65, 78, 104):  # added up over the weeks
            self.counts[f"over_{weeks}"] += sum(p.waited(week) >= weeks for p in self.waiting)
        self.late = sum(p.waited(week) >= 18 for p in self.waiting) / max(len(self.waiting), 1)

    def weeks(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        while True:
            self.week(int(env.now))
            yield env.timeout(1)

    def counted(self, last: int) -> Counter[str]:
        """Everything counted, with the list at the end of week `last`."""
        self.counts["waiting"] = len(self.waiting)
        self.counts["within_18"] = sum(p.waited(last) < 18 for p in self.waiting)
        self.counts["waiting_admission"] = sum(p.admitted for p in self.waiting)
        self.counts["follow_ups_overdue"] = self.overdue
        return self.counts
