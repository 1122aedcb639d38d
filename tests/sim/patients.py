"""The clinic told patient by patient: a plain SimPy server with a heap, the oracle the kernel is held to.

Written apart from the kernel: one object a patient, one draw an event. Patients are booked in random order.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import simpy


@dataclass
class Patient:
    """One pathway: the week its clock started, who can see it, and where it stands."""

    started: int
    capable: bool
    seen: bool = False
    admitted: bool = False

    def waited(self, week: int) -> int:
        return week - self.started


@dataclass
class PatientClinic:
    """One clinic with its theatre; rates are a week, chances by weeks waited."""

    clinic: Any  # a models.clinic.Clinic of plain numbers
    starts: float
    minutes: float
    theatre: float
    capable: float
    again: float
    virtual: tuple[float, float]
    removal: Callable[[int], float]
    decision: Callable[[int], float]
    draw: random.Random
    waiting: list[Patient] = field(default_factory=list)
    due: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    minutes_left: float = 0.0
    slots_left: float = 0.0
    overdue: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def happens(self, chance: float) -> bool:
        return self.draw.random() < chance

    def arrive(self, week: int) -> None:
        clock = self.draw.expovariate(self.starts)
        while clock < 1.0:
            self.waiting.append(Patient(week, self.happens(self.capable)))
            self.counts["clock_starts"] += 1
            clock += self.draw.expovariate(self.starts)

    def remove(self, week: int) -> None:
        stay = [p for p in self.waiting if not self.happens(self.removal(p.waited(week)))]
        self.counts["removals"] += len(self.waiting) - len(stay)
        self.waiting = stay

    def queue(self, admitted: bool) -> list[tuple[float, int, Patient]]:
        number = itertools.count()
        line = [(self.draw.random(), next(number), p) for p in self.waiting if p.admitted == admitted]
        heapq.heapify(line)
        return line

    def operate(self) -> None:
        line = self.queue(admitted=True)
        self.slots_left += self.theatre
        while line and self.slots_left >= 1:
            self.waiting.remove(heapq.heappop(line)[2])
            self.slots_left -= 1
            self.counts["stops_admitted"] += 1

    def attends(self, by_video: bool, kind: str) -> bool:
        """Whether the patient comes; one seen by video in vain has come too."""
        missed = self.happens(self.clinic.missed_virtual if by_video else self.clinic.missed_face_to_face)
        where = "virtual" if by_video else "face_to_face"
        self.counts[f"missed_{where}" if missed else f"{kind}_{where}"] += 1
        return not missed

    def follow_up(self, week: int) -> None:
        length, clinic = self.clinic.follow_up_minutes, self.clinic
        room = max(self.minutes_left, 0.0) * clinic.follow_up_cap
        by_video = self.virtual[1] * self.capable
        usual = length * (1 - by_video * (1 - clinic.virtual_length))
        waiting_repeats, waiting_due = self.repeats, self.due.pop(week, 0)
        self.repeats, missed = 0, 0
        while waiting_repeats and room >= length:
            waiting_repeats -= 1
            room -= length
            self.minutes_left -= length
            if self.attends(False, "follow_up"):
                self.due[week + clinic.follow_up_weeks] += self.happens(self.again)
            else:
                self.repeats += 1
        while waiting_due and room >= usual:
            waiting_due -= 1
            room -= usual
            video = self.happens(by_video)
            self.minutes_left -= length * (clinic.virtual_length if video else 1.0)
            if not self.attends(video, "follow_up"):
                missed += 1
            elif video and self.happens(clinic.repeated):
                self.counts["repeated"] += 1
                self.repeats += 1
            else:
                self.due[week + clinic.follow_up_weeks] += self.happens(self.again)
        self.repeats += waiting_repeats
        self.due[week + 1] += waiting_due + missed
        self.overdue = self.repeats + waiting_due + missed

    def see(self, week: int) -> None:
        line, clinic = self.queue(admitted=False), self.clinic
        while line and self.minutes_left > 0:
            patient = heapq.heappop(line)[2]
            video = patient.capable and self.happens(self.virtual[1 if patient.seen else 0])
            length = clinic.follow_up_minutes if patient.seen else clinic.first_minutes
            self.minutes_left -= length * (clinic.virtual_length if video else 1.0)
            if not self.attends(video, "follow_up" if patient.seen else "first"):
                continue
            if video and self.happens(clinic.repeated):
                self.counts["repeated"] += 1
                patient.capable = False
                continue
            if not patient.seen:
                self.due[week + clinic.follow_up_weeks] += self.happens(self.again)
            patient.seen = True
            if self.happens(clinic.review_share):
                continue
            if self.happens(self.decision(patient.waited(week))):
                patient.admitted = True
                self.counts["decisions_to_admit"] += 1
                self.due[week + clinic.follow_up_weeks] += self.happens(clinic.extra_if_admitted)
            else:
                self.waiting.remove(patient)
                self.counts["stops_non_admitted"] += 1

    def weeks(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        while True:
            week = int(env.now)
            self.arrive(week)
            self.remove(week)
            self.operate()
            self.minutes_left += self.minutes
            self.follow_up(week)
            self.see(week)
            yield env.timeout(1)

    def run(self, weeks: int) -> Counter[str]:
        """Everything counted over `weeks`, with the list at the end."""
        env = simpy.Environment()
        env.process(self.weeks(env))
        env.run(until=weeks)
        last = weeks - 1
        self.counts["waiting"] = len(self.waiting)
        self.counts["within_18"] = sum(p.waited(last) < 18 for p in self.waiting)
        self.counts["waiting_admission"] = sum(p.admitted for p in self.waiting)
        self.counts["follow_ups_overdue"] = self.overdue
        return self.counts
