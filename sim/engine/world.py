"""The health system in time: SimPy is its calendar, and every provider and every policy a process on it.

At the start of a week policies change the settings; in mid-week each provider holds its clinics. What
happens inside a provider's week is one compiled call (`sim.engine.kernel`) over all replications at once.
"""

import itertools
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.outcomes.equity import Composition, class_mix, no_access
from models.queueing import clinic_minutes as clinic
from models.rtt import months
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import REGISTER
from models.scenarios.scenario import LeverSetting, Scenario
from sim.engine import initial_state, kernel, policies, state, uncertainty
from sim.engine.class_tracking import ClassTracking, begin_tracking
from sim.engine.lever_shares import LeverAllocation
from sim.engine.queue import rates
from sim.engine.random import provider_sequence, series_keys
from sim.engine.settings import SettingsTable, parameter, parameter_table

Process = Generator[simpy.Event, Any, None]
MIDWEEK = 0.5


class World:
    """One board, or England, from the Monday after its figures were counted, in a block of replications.

    `replications` are their numbers, which name their random streams: a block run apart gives the same
    counts as run together. `out` is (replications, S, weeks, measures), filled as the weeks pass. Where the
    calibration is a part of a larger run, `allocation` says who shares a lever's amounts with it.
    """

    def __init__(
        self,
        calibration: Calibration,
        scenario: Scenario,
        seed: int,
        replications: Sequence[int],
        weeks: int,
        out: NDArray[np.int32],
        allocation: LeverAllocation | None = None,
    ) -> None:
        self.calibration = calibration
        self.allocation = allocation or LeverAllocation.of(calibration)
        self.scenario = scenario
        self.weeks = weeks
        self.values = uncertainty.evidence(scenario.assumptions, seed, replications)  # (R,) each
        self.clinic = clinic.Clinic.from_assumptions(self.values)
        self.days = months.working_days_by_week(calibration.data_month, weeks)
        self.spans = _provider_spans(calibration.providers)

        shape = calibration.series, len(replications)
        codes = calibration.treatment_functions
        self.capable_in_all = self._capable()
        self.capable = self.capable_in_all[self.allocation.here]  # this and the arrays below are (S, R)
        self.today = {
            kind: clinic.today_share(codes, self.values[f"virtual_share_{kind}"]) for kind in policies.KINDS
        }
        self.telephone_today = self.values["telephone_share"] / 100  # (R,)
        self.telephone = {
            kind: np.tile(self.telephone_today, (calibration.series, 1)) for kind in policies.KINDS
        }
        self.still_missed = np.ones(shape)  # of the appointments that are missed today

        first = initial_state.not_yet_seen(calibration, self._more_reviews())
        self.each = clinic.appointments_per_exit(
            self.clinic, calibration.decided()[:, None], initial_state.lost_after_first(calibration, first)
        )
        self.settings = SettingsTable(*shape)
        self.set_media(np.arange(calibration.series))
        today = self.clinic.with_telephone(self.telephone_today)
        for kind in policies.KINDS:
            bookings = clinic.virtual_bookings(today, self.today[kind], self.capable)
            getattr(self.settings, f"virtual_{kind}")[:] = bookings
        # minutes are those that give the calibrated exits with today's mix of face to face and virtual
        self.minutes_an_exit = clinic.minutes_per_exit(
            today, self.each, self.settings.virtual_first, self.settings.virtual_follow_up, self.capable
        )
        self.inputs = self._static_inputs(seed, replications)
        self.demand, self.capacity = uncertainty.factors(
            calibration, self.spans, seed, replications, weeks
        )  # each (weeks, S, R)
        self.state = self._initial_state(first, out)
        self.class_tracking: ClassTracking | None = None

    def run(self, tick: Callable[[int], bool] = lambda week: True) -> None:
        """Run every week; `tick` hears of each week's end and stops the run by returning False."""
        env = simpy.Environment()
        for setting in self.scenario.levers:
            env.process(policies.POLICIES[setting.lever.name](env, self, setting))
        for begin, end in self.spans:
            env.process(self._provider(env, begin, end))
        for week in range(self.weeks):
            env.run(until=week + 1)
            if not tick(week):
                break
        self.class_tracking = None  # its calendar holds a world that has ended until Python tidies up

    def track_classes(self, composition: Composition) -> ClassTracking:
        """Carry patients along by class from now on, by the mix of each series; it changes no count."""
        without = no_access(composition.reference, self.values)
        mix = class_mix(composition.groups, without, self.capable)
        self.class_tracking = begin_tracking(self.state.pathways, mix)
        return self.class_tracking

    def rows(self, setting: LeverSetting) -> NDArray[np.intp]:
        """The series a lever applies to."""
        return self.allocation.rows(setting)

    def waiting(self) -> NDArray[np.int64]:
        """Pathways waiting now by series and whole weeks waited, summed over replications. (S, 105)"""
        by_cohort = self.state.pathways.sum(axis=(1, 2), dtype=np.int64)[:, ::-1]  # the longest wait last
        bands = by_cohort[:, : state.BANDS].copy()
        bands[:, -1] += by_cohort[:, state.BANDS :].sum(axis=1)
        return bands

    def set_media(self, rows: NDArray[np.intp]) -> None:
        """Tell the clinics of these series how video and telephone are mixed, and how many don't come."""
        missed = self.still_missed[rows]
        self.settings.missed_face[rows] = self.clinic.missed_face_to_face * missed
        for kind in policies.KINDS:
            telephone = self.telephone[kind][rows]
            mixed = self.clinic.with_telephone(telephone)
            getattr(self.settings, f"length_{kind}")[rows] = mixed.virtual_length
            getattr(self.settings, f"missed_{kind}")[rows] = mixed.missed_virtual * missed
            getattr(self.settings, f"repeated_{kind}")[rows] = mixed.repeated
            getattr(self.settings, f"telephone_{kind}")[rows] = self.clinic.seen_by_telephone(telephone)

    def spare_minutes(self) -> NDArray[np.float64]:
        """Clinic minutes a working day that a series' own list does not need; none where not known. (S, R)"""
        if self.calibration.spare is None:
            return np.zeros_like(self.minutes_an_exit)
        return np.asarray(self.calibration.spare[:, None] * self.minutes_an_exit)

    def _more_reviews(self) -> NDArray[np.float64]:
        """Appointments beyond a pathway's first, relative to those the calibration was made with. (R,)"""
        key = "appointments_per_pathway"
        if key in self.scenario.assumptions:
            return np.ones(len(self.values[key]))
        return np.asarray(self.clinic.reviews_per_first / (REGISTER[key].value - 1))

    def _capable(self) -> NDArray[np.float64]:
        """Share who can be seen virtually, of all series of the run: a lever's ceilings hold in its scope."""
        codes = self.allocation.treatment_functions
        capable = clinic.capable_share(self.clinic, codes, {}, self.values)
        for setting in (*self.scenario.levers, *self.scenario.ceilings_of):
            if setting.values.get("ceilings"):
                rows = self.allocation.within(setting)
                given = setting.table("ceilings")
                capable[rows] = clinic.capable_share(self.clinic, codes[rows], given, self.values)
        return capable

    def _provider(self, env: simpy.Environment, begin: int, end: int) -> Process:
        yield env.timeout(MIDWEEK)
        for week in range(self.weeks):
            kernel.provider_week(
                self.inputs,
                self.settings.table,
                self.state,
                begin,
                end,
                week,
                float(self.days[week]),
                self.demand[week],
                self.capacity[week],
                self.class_tracking,
            )
            yield env.timeout(1)

    def _static_inputs(self, seed: int, replications: Sequence[int]) -> state.StaticInputs:
        calibration = self.calibration
        keys = np.empty((calibration.series, len(replications)), np.uint64)
        place = {code: i for i, code in enumerate(TREATMENT_FUNCTIONS)}
        order = np.array([place[code] for code in calibration.treatment_functions])
        for begin, end in self.spans:
            for column, replication in enumerate(replications):
                sequence = provider_sequence(seed, replication, str(calibration.providers[begin]))
                keys[begin:end, column] = series_keys(sequence)[order[begin:end]]
        return state.StaticInputs(
            clinic_parameters=clinic_parameter_table(self.clinic, len(replications)),
            keys=keys,
            starts=calibration.starts,
            minutes=calibration.exits[:, None] * self.minutes_an_exit,
            theatre=calibration.admissions,
            capable=self.capable,
            again=self.each.again,
            removal_level=uncertainty.removal_levels(calibration, keys),
            booking=_order(self._by_week(calibration.booking)),
            booking_admitted=_order(self._by_week(calibration.booking_admitted)),
            decisions=np.pad(calibration.decisions, ((0, 0), (0, self.weeks)), mode="edge"),
            leaving=rates(self._by_week(calibration.removal)),
        )

    def _by_week(self, bands: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chances by weeks waited as those who end a week at each wait met them. (S, 105 + weeks)

        A week takes them from the wait before into this one, half and half; the newest have waited half a
        week on average. The last band holds for all longer waits.
        """
        met = bands.copy()
        met[:, 1:] += bands[:, :-1]
        return np.pad(met / 2, ((0, 0), (0, self.weeks)), mode="edge")

    def _initial_state(self, first: NDArray[np.int32], out: NDArray[np.int32]) -> state.WorldState:
        calibration = self.calibration
        until, spread = (
            parameter(self.inputs.clinic_parameters, name) for name in ("follow_up_weeks", "follow_up_spread")
        )
        longest = max(int((until + spread).max()), self.clinic.safety_weeks)
        a_week = calibration.exits[:, None] * months.DAYS_A_WEEK * self.each.later
        return state.WorldState(
            pathways=initial_state.queues(calibration, first, self.capable, self.weeks),
            due=initial_state.promised(a_week, until, spread, self.weeks + longest + 1),
            repeats=np.zeros(a_week.shape, np.int32),
            minutes=np.zeros(a_week.shape),
            admissions=np.zeros(a_week.shape),
            oldest=np.zeros(a_week.shape, np.int32),
            out=out,
        )


def clinic_parameter_table(believed: clinic.Clinic, replications: int) -> NDArray[np.float64]:
    """How clinics work by replication, as the evidence has it. (R, parameters)"""
    return parameter_table(
        replications,
        first_minutes=believed.first_minutes,
        follow_up_minutes=believed.follow_up_minutes,
        review_share=believed.review_share,
        extra_if_admitted=believed.extra_if_admitted,
        follow_up_weeks=believed.follow_up_weeks,
        follow_up_spread=np.minimum(believed.follow_up_spread, believed.follow_up_weeks - 1),
        follow_up_cap=believed.follow_up_cap,
        kept_weeks=believed.kept_weeks,
        returns=believed.initiated_returns,
        safety=believed.initiated_safety,
        safety_weeks=believed.safety_weeks,
    )


def _provider_spans(providers: NDArray[Any]) -> list[tuple[int, int]]:
    """The first and past-the-last series of each provider; a provider's series stand together."""
    changes = np.flatnonzero(providers[1:] != providers[:-1]) + 1
    bounds = [0, *changes.tolist(), len(providers)]
    return list(itertools.pairwise(bounds))


def _order(chances: NDArray[np.float64]) -> NDArray[np.int32]:
    """Relative chances in millionths, in whole numbers, none without any chance."""
    return np.maximum(np.rint(np.minimum(chances, 1000.0) * 1e6), 1).astype(np.int32)
