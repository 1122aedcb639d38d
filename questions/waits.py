"""How long patients can expect to wait under a scenario, and the GP work that waiting makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from data.database.store import Store
from data.returns.areas import areas
from data.returns.gp_work import area_shares
from data.returns.scope import scope_name
from data.returns.wait_curves import curves_of
from models.reports.report import Report, Sheet
from models.rtt.treatment_functions import name_of
from models.waits.expected_waits import WaitCurves, weeks_said, weeks_until
from models.waits.gp_work import area_lists, change_said, changes, table
from questions.plain_report import plain_report
from questions.prepare import prepare
from questions.question import Question
from questions.way import Way
from sim.observers.expected_waits import expected_waits
from sim.observers.gp_work import GpChange, gp_change

GP_FUTURES = 20
PART = 0.8  # of the way: the waits


@dataclass(frozen=True)
class WaitsAnswer:
    """Today's waits with a scenario's change in those of the board, by weeks until the referral."""

    question: Question
    place: str
    providers: tuple[str, ...]  # the board's
    curves: Mapping[int, WaitCurves]

    def frame(self) -> pd.DataFrame:
        """A row a referral and known series of the board: weeks to half, nine in ten treated; inf: over 104.

        Columns: referred, provider, treatment_function, half_within, nine_in_ten_within.
        """
        parts = []
        for referred, curves in self.curves.items():
            here = curves.known & np.isin(curves.providers, self.providers)
            left = curves.untreated()[here]
            columns = {
                "referred": referred,
                "provider": curves.providers[here],
                "treatment_function": curves.treatment_functions[here],
                "half_within": weeks_until(left, 0.5),
                "nine_in_ten_within": weeks_until(left, 0.9),
            }
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        frame = self.frame()
        longest = frame.loc[frame["nine_in_ten_within"].idxmax()]
        sentence = (
            f"{self.question.scenario.title}: the longest wait is {name_of(longest['treatment_function'])} "
            f"at {longest['provider']}, nine in ten within {weeks_said(longest['nine_in_ten_within'])}."
        )
        sheet = Sheet("Expected waits", "Weeks from referral to treatment, estimated", frame)
        return plain_report(self.question, self.place, (sentence,), (sheet,))


@dataclass(frozen=True)
class Waits:
    """Expected waits of those `referred` so many weeks on, under a scenario."""

    question: Question
    referred: tuple[int, ...] = (0,)

    @property
    def key(self) -> tuple[object, ...]:
        return ("waits", self.question.digest, self.referred)

    def work_out(self, store: Store, way: Way) -> WaitsAnswer:
        prepared = prepare(store, self.question)
        before, after = expected_waits(
            prepared.calibration,
            [prepared.baseline, prepared.scenario],
            referred=self.referred,
            seed=self.question.seed,
            replications=self.question.replications,
            **way.options,
        )
        today = curves_of(store, self.question.month)
        curves = {
            weeks: today.under(
                before.providers, before.treatment_functions, before.left[place], after.left[place]
            )
            for place, weeks in enumerate(self.referred)
        }
        here = tuple(sorted({str(code) for code in before.providers}))
        return WaitsAnswer(self.question, scope_name(store, self.question.scope), here, curves)


@dataclass(frozen=True)
class GpWorkAnswer:
    """GP contacts a month in a board's areas: today, and at the run's end without and with it."""

    question: Question
    place: str
    change: GpChange

    @cached_property
    def sentence(self) -> str:
        """What the scenario does over all areas, and by which cause."""
        return f"{change_said(changes(self.change.baseline, self.change.scenario), self.place)}."

    def frame(self) -> pd.DataFrame:
        """A row an area, as `models.waits.gp_work.table`."""
        return table(self.change.today, self.change.baseline, self.change.scenario)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("GP work", "GP contacts a month by area, estimated", self.frame())
        return plain_report(self.question, self.place, (self.sentence,), (sheet,))


@dataclass(frozen=True)
class GpWork:
    """The GP contacts that waiting makes in a board's areas under a scenario."""

    question: Question

    @property
    def key(self) -> tuple[object, ...]:
        return ("gp_work", self.question.digest)

    def work_out(self, store: Store, way: Way) -> GpWorkAnswer:
        prepared = prepare(store, self.question)
        rates, scope = prepared.calibration, self.question.scope
        names = areas(store, scope).set_index("code")["name"].to_dict()
        shares = area_shares(store, scope, self.question.month)
        lists = area_lists(shares, names, rates.providers.tolist(), rates.treatment_functions.tolist())
        change = gp_change(
            rates,
            prepared.scenario,
            lists,
            weeks=self.question.weeks,
            replications=self.question.replications,
            seed=self.question.seed,
            **way.options,
        )
        return GpWorkAnswer(self.question, scope_name(store, scope), change)


@dataclass(frozen=True)
class WhileYouWaitAnswer:
    """What the While you wait page shows under a scenario."""

    waits: WaitsAnswer
    gp_work: GpWorkAnswer

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        waits, work = self.waits.report(), self.gp_work.report()
        return replace(
            waits, messages=(*waits.messages, *work.messages), sheets=(*waits.sheets, *work.sheets)
        )


@dataclass(frozen=True)
class WhileYouWait:
    """Both questions of the page at once."""

    question: Question
    referred: tuple[int, ...]

    @property
    def key(self) -> tuple[object, ...]:
        return ("while_you_wait", self.question.digest, self.referred)

    def work_out(self, store: Store, way: Way) -> WhileYouWaitAnswer:
        waits = Waits(self.question, self.referred).work_out(store, way.part(0, PART))
        work = GpWork(replace(self.question, replications=GP_FUTURES))
        return WhileYouWaitAnswer(waits, work.work_out(store, way.part(PART, 1 - PART)))
