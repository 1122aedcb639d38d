"""Every list at coming month ends if nothing is changed, and how wrong such forecasts have been."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from data.database.store import Store
from data.returns.history import history, provider_boards
from data.returns.lists import months
from data.returns.scope import scope_name
from models.calibration.forecast_errors import PastError
from models.calibration.rates import Calibration
from models.reports.report import Report, Sheet
from models.rtt.history import History
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from models.scenarios.presets import preset
from questions.plain_report import plain_report
from questions.prepare import calibration
from questions.question import Question
from questions.way import Way
from sim.studies import forecast as study
from sim.studies.hindcast import hindcast
from sim.studies.hindcast_boards import look_back, past_errors
from sim.studies.hindcast_table import Table, tables

FIRST_ORIGIN = 6  # of the months held: what comes before is learnt from

HeardMonth = Callable[[float, str], None]


@dataclass(frozen=True)
class ForecastAnswer:
    """A forecast of every list, and how many wait on the day it begins."""

    question: Question
    place: str
    forecast: study.Forecast
    waiting: int  # patients

    @property
    def sentence(self) -> str:
        """The whole list now and at the last month's end."""
        made = self.forecast
        return (
            f"{made.scope}: {self.waiting:,} waiting in {month_label(made.data_month)}, "
            f"{made.mean[-1, :, 0].sum():,.0f} expected in {month_label(made.months[-1])}"
        )

    def frame(self) -> pd.DataFrame:
        """A row a month, provider and treatment function, as `sim.studies.forecast.Forecast.frame`."""
        return self.forecast.frame()

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("Forecast", "Each list at coming month ends, with 80% ranges", self.frame())
        return plain_report(self.question, self.place, (f"{self.sentence}.",), (sheet,))


@dataclass(frozen=True)
class Forecast:
    """Every list so many months ahead."""

    question: Question
    horizon: int  # months

    @property
    def key(self) -> tuple[object, ...]:
        return ("forecast", self.question.digest, self.horizon)

    def work_out(self, store: Store, way: Way) -> ForecastAnswer:
        rates = calibration(store, self.question)
        made = study.forecast(
            rates,
            self.horizon,
            replications=self.question.replications,
            seed=self.question.seed,
            progress=way.progress,
        )
        place = scope_name(store, self.question.scope)
        return ForecastAnswer(self.question, place, made, int(rates.waiting.sum()))


@dataclass(frozen=True)
class HindcastAnswer:
    """The tables of what forecasts from earlier months missed."""

    question: Question
    tables: tuple[Table, ...]

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        words = "\n\n".join(table.text() for table in self.tables)
        return plain_report(self.question, "England", tuple(words.splitlines()))


@dataclass(frozen=True)
class Hindcast:
    """Forecasts of England from earlier months, `horizons` months ahead; without origins from every one.

    `heard` is told of each month as it is forecast from.
    """

    question: Question
    horizons: tuple[int, ...]
    origins: tuple[str, ...] = ()
    heard: HeardMonth = lambda share, said: None

    @property
    def key(self) -> tuple[object, ...]:
        return ("hindcast", self.question.digest, self.horizons, self.origins)

    def work_out(self, store: Store, way: Way) -> HindcastAnswer:
        outcomes = hindcast(
            _whole(store),
            _calibrated(store),
            provider_boards(store),
            origins=self.origins or _origins(store),
            horizons=self.horizons,
            replications=self.question.replications,
            seed=self.question.seed,
            progress=self.heard,
        )
        return HindcastAnswer(self.question, tuple(tables(outcomes)))


def errors_so_far(store: Store, heard: HeardMonth) -> Sequence[PastError]:
    """How wrong forecasts of whole lists from every month held would have been, by months ahead."""
    lists = look_back(
        _whole(store),
        _calibrated(store),
        provider_boards(store),
        origins=_origins(store),
        horizons=range(1, len(months(store))),
        progress=heard,
    )
    return past_errors(lists)


def _whole(store: Store) -> History:
    return history(store, ENGLAND, months=len(months(store)))


def _origins(store: Store) -> tuple[str, ...]:
    return tuple(months(store)[FIRST_ORIGIN:-1])


def _calibrated(store: Store) -> Callable[[str], Calibration]:
    return lambda origin: calibration(store, Question.of(store, ENGLAND, preset("baseline"), origin))
