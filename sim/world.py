"""The health system in time: SimPy is its calendar, and every provider and every policy a process on it.

At the start of a week policies change the settings; in mid-week each provider holds its clinics. What
happens inside a provider's week is one compiled call (`sim.kernel`) over all replications at once.
"""

import itertools
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models import assumptions, clinic, months
from models.calibration import Calibration
from models.scenario import LeverSetting, Scenario
from models.treatment_functions import TREATMENT_FUNCTIONS
from sim import kernel, policies, state, uncertainty
from sim.random import provider_sequence, series_keys

Process = Generator[simpy.Event, Any, None]
MIDWEEK = 0.5


class World:
    """One board, or England, from the Monday after its figures were counted, in a block of replications.

    `replications` are their numbers, which name their random streams: a block run apart gives the same
    counts as run together. `out` is (replications, S, weeks, measures), filled as the weeks pass.
    """

    def __init__(
        self,
        calibration: Calibration,
        scenario: Scenario,
        seed: int,
        replications: Sequence[int],
        weeks: int,
        out: NDArray[np.int32],
    ) -> None:
        self.calibration = calibration
        self.scenario = scenario
        self.weeks = weeks
        self.values = assumptions.resolve(scenario.assumptions)
        self.clinic = clinic.Clinic.from_assumptions(self.values)
        self.days = months.working_days_by_week(calibration.data_month, weeks)
        self.spans = _provider_spans(calibration.providers)

        codes = calibration.treatment_functions
        self.capable = self._capable()
        self.today_first = clinic.today_share(codes, self.values["virtual_share_first"])
        self.today_follow_up = clinic.today_share(codes, self.values["virtual_share_follow_up"])

        self.each = clinic.appointments_per_exit(
            self.clinic, calibration.decided(), calibration.lost_after_first()
        )
        self.rules = _rules(self.clinic)
        self.settings = self._settings()
        self.model = self._model(seed, replications)
        self.demand, self.capacity = uncertainty.factors(
            calibration, self.spans, seed, replications, weeks
        )  # each (weeks, S, R)
        self.world = self._world(len(replications), out)

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
                return

    def rows(self, setting: LeverSetting) -> NDArray[np.intp]:
        """The series a lever applies to."""
        chosen = np.ones(self.calibration.series, bool)
        if setting.providers:
            chosen &= np.isin(self.calibration.providers, setting.providers)
        if setting.treatment_functions:
            chosen &= np.isin(self.calibration.treatment_functions, setting.treatment_functions)
        return np.flatnonzero(chosen)

    def waiting(self) -> NDArray[np.int64]:
        """Pathways waiting now by series and whole weeks waited, summed over replications. (S, 105)"""
        by_cohort = self.world.state.sum(axis=(1, 2), dtype=np.int64)[:, ::-1]  # the longest wait last
        bands = by_cohort[:, : state.BANDS].copy()
        bands[:, -1] += by_cohort[:, state.BANDS :].sum(axis=1)
        return bands

    def _capable(self) -> NDArray[np.float64]:
        """Share of patients who can be seen virtually: a lever's ceilings hold in its scope. (S,)"""
        codes = self.calibration.treatment_functions
        capable = clinic.capable_share(self.clinic, codes, {}, self.values)
        for setting in (*self.scenario.levers, *self.scenario.ceilings_of):
            if setting.values.get("ceilings"):
                rows = self.rows(setting)
                given = setting.table("ceilings")
                capable[rows] = clinic.capable_share(self.clinic, codes[rows], given, self.values)
        return capable

    def _provider(self, env: simpy.Environment, begin: int, end: int) -> Process:
        yield env.timeout(MIDWEEK)
        for week in range(self.weeks):
            kernel.provider_week(
                self.rules, self.model, self.settings, self.world, begin, end, week,
                float(self.days[week]), self.demand[week], self.capacity[week],
            )  # fmt: skip
            yield env.timeout(1)

    def _settings(self) -> state.Settings:
        series = self.calibration.series
        return state.Settings(
            virtual_first=clinic.virtual_bookings(self.clinic, self.today_first, self.capable),
            virtual_follow_up=clinic.virtual_bookings(self.clinic, self.today_follow_up, self.capable),
            telephone=np.full(series, self.values["telephone_share"] / 100),
            asking=np.zeros(series),
            missed_face=np.full(series, self.clinic.missed_face_to_face),
            missed_virtual=np.full(series, self.clinic.missed_virtual),
            overbooked=np.zeros(series),
            patient_initiated=np.zeros(series),
            advice=np.zeros(series),
            demand=np.ones(series),
            capacity=np.ones(series),
            extra_minutes=np.zeros(series),
            extra_theatre=np.zeros(series),
            emeritus_minutes=np.zeros(series),
            independent=np.zeros(series),
            longest_first=np.zeros(series),
            longest_from=np.zeros(series),
            validation=np.zeros(series),
            validation_from=np.zeros(series),
        )

    def _model(self, seed: int, replications: Sequence[int]) -> state.Model:
        found, rules = self.calibration, self.clinic
        keys = np.empty((found.series, len(replications)), np.uint64)
        place = {code: i for i, code in enumerate(TREATMENT_FUNCTIONS)}
        order = np.array([place[code] for code in found.treatment_functions])
        for begin, end in self.spans:
            for column, replication in enumerate(replications):
                sequence = provider_sequence(seed, replication, str(found.providers[begin]))
                keys[begin:end, column] = series_keys(sequence)[order[begin:end]]
        # minutes are those that give the calibrated exits with today's mix of face to face and virtual
        minutes = found.exits * clinic.minutes_per_exit(
            rules, self.each, self.settings.virtual_first, self.settings.virtual_follow_up, self.capable
        )
        return state.Model(
            keys=keys,
            starts=found.starts,
            minutes=minutes,
            theatre=found.admissions,
            capable=self.capable,
            again=self.each.again,
            booking=_order(self._by_week(found.booking)),
            booking_admitted=_order(self._by_week(found.booking_admitted)),
            decisions=np.pad(found.decisions, ((0, 0), (0, self.weeks)), mode="edge"),
            removal=self._by_week(found.removal),
        )

    def _by_week(self, bands: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chances by weeks waited as those who end a week at each wait met them. (S, 105 + weeks)

        A week takes them from the wait before into this one, half and half; the newest have waited half a
        week on average. The last band holds for all longer waits.
        """
        met = bands.copy()
        met[:, 1:] += bands[:, :-1]
        return np.pad(met / 2, ((0, 0), (0, self.weeks)), mode="edge")

    def _world(self, replications: int, out: NDArray[np.int32]) -> state.World:
        found, rules = self.calibration, self.clinic
        series = found.series
        cohorts = state.BANDS + self.weeks
        pathways = np.zeros((series, replications, state.QUEUES, cohorts), np.int32)
        for queue, waiting in ((state.FIRST, found.first), (state.REVIEW, found.review)):
            able = _whole_share(waiting, self.capable)
            pathways[:, :, queue, : state.BANDS] = able[:, None, ::-1]
            pathways[:, :, queue + 1, : state.BANDS] = (waiting - able)[:, None, ::-1]
        pathways[:, :, state.ADMITTED, : state.BANDS] = found.admitted[:, None, ::-1]

        # follow-ups already promised when the run begins: as many a week as exits have been leaving behind
        due = np.zeros(
            (
                series,
                replications,
                self.weeks + max(rules.follow_up_weeks + rules.follow_up_spread, rules.safety_weeks) + 1,
            ),
            np.int32,
        )
        a_week = found.exits * months.DAYS_A_WEEK * self.each.later
        spread = self.rules.follow_up_spread
        ahead = np.arange(min(rules.follow_up_weeks + spread, due.shape[2]))
        still = np.clip((rules.follow_up_weeks + spread - ahead) / (2 * spread + 1), 0, 1)
        running = np.floor(np.outer(a_week, np.cumsum(still)) + 0.5)
        due[:, :, : len(ahead)] = np.diff(running, axis=1, prepend=0)[:, None, :].astype(np.int32)
        return state.World(
            state=pathways,
            due=due,
            repeats=np.zeros((series, replications), np.int32),
            minutes=np.zeros((series, replications)),
            admissions=np.zeros((series, replications)),
            oldest=np.zeros((series, replications), np.int32),
            out=out,
        )


def _rules(rules: clinic.Clinic) -> state.Rules:
    return state.Rules(
        first_minutes=rules.first_minutes,
        follow_up_minutes=rules.follow_up_minutes,
        virtual_length=rules.virtual_length,
        repeated=rules.repeated,
        review_share=rules.review_share,
        extra_if_admitted=rules.extra_if_admitted,
        follow_up_weeks=rules.follow_up_weeks,
        follow_up_spread=min(rules.follow_up_spread, rules.follow_up_weeks - 1),
        follow_up_cap=rules.follow_up_cap,
        kept_weeks=rules.kept_weeks,
        returns=rules.initiated_returns,
        safety=rules.initiated_safety,
        safety_weeks=rules.safety_weeks,
    )


def _provider_spans(providers: NDArray[Any]) -> list[tuple[int, int]]:
    """The first and past-the-last series of each provider; a provider's series stand together."""
    changes = np.flatnonzero(providers[1:] != providers[:-1]) + 1
    bounds = [0, *changes.tolist(), len(providers)]
    return list(itertools.pairwise(bounds))


def _order(chances: NDArray[np.float64]) -> NDArray[np.int32]:
    """Relative chances in millionths, in whole numbers, none without any chance."""
    return np.maximum(np.rint(np.minimum(chances, 1000.0) * 1e6), 1).astype(np.int32)


def _whole_share(waiting: NDArray[np.int32], share: NDArray[np.float64]) -> NDArray[np.int32]:
    """`share` of each series' patients in whole numbers by band, rounded along the line to keep the sum."""
    running = np.floor(np.cumsum(waiting * share[:, None], axis=1) + 0.5)
    whole = np.diff(running, axis=1, prepend=0.0)
    return np.minimum(whole, waiting).astype(np.int32)
