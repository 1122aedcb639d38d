"""What the ten expectations are judged by on the command line, read once from the store for all scenarios."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.database.store import Store
from data.returns.organisations import providers_by_code
from data.returns.travel import straight_miles
from data.saved.milestones import milestones
from models.calibration.rates import Calibration
from models.outcomes.expectations import last_whole_month, usual_targets
from models.outcomes.milestones import Milestone
from models.reports.report import Part
from models.scenarios.assumptions import resolve
from models.scenarios.scenario import read_scenario
from sim.observers.equity import Equity
from sim.reports.report_sections import expectations_part
from sim.reports.scorecard import Distances, Run, gap_reading, score, travel, weeks_to


@dataclass(frozen=True)
class Judge:
    """Miles one way in a straight line and plain names by trust's code, and the scope's milestones."""

    miles: Mapping[str, float]
    names: Mapping[str, str]
    milestones: Sequence[Milestone]

    @classmethod
    def of(cls, store: Store, found: Calibration) -> "Judge":
        """What a scope is judged by."""
        names = {code: each.plain_name for code, each in providers_by_code(store).items()}
        miles = straight_miles(store, sorted({str(code) for code in found.providers}))
        return cls(miles, names, milestones(store, found.scope))

    def part(self, runs: Sequence[tuple[str, Run, Run]], followed: Sequence[tuple[Equity, Equity]]) -> Part:
        """The scorecards and travel of scenarios, each as title, run and baseline, at the usual targets.

        `followed` are the same runs by class, or nothing where nobody asked for them.
        """
        scored = []
        for place, (title, scenario, baseline) in enumerate(runs):
            results = scenario.results
            values = resolve(read_scenario(results.document).assumptions)
            distances = Distances(self.miles, values["carbon_a_mile"])
            targets = usual_targets(results.data_month, last_whole_month(results.data_month, results.weeks))
            gap = None
            if followed:
                weeks = weeks_to(results.data_month, results.weeks, targets["equitable-care"].month)
                gap = gap_reading(*followed[place], weeks)
            card = score(title, scenario, baseline, targets, distances, self.milestones, gap)
            scored.append((card, travel(title, scenario, baseline, distances, self.names)))
        return expectations_part(scored)
