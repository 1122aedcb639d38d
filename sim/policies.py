"""What each lever does in time: a SimPy process a lever, under the name of its definition.

A policy sleeps until its start and then changes the settings that clinics read each week. To add a lever,
define it in `models/levers.py` and give it a process here.
"""

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from models import clinic
from models.scenario import LeverSetting

if TYPE_CHECKING:
    from sim.world import World

Process = Generator[simpy.Event, Any, None]
Policy = Callable[[simpy.Environment, "World", LeverSetting], Process]
WEEKS_A_YEAR = 365.25 / 7


def virtual_by_default(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Raise the share held virtually evenly from today's to the target, as far as it can go."""
    rows = world.rows(setting)
    begin = setting.week("starts", world.calibration.data_month) or 0
    full = setting.week("full_by", world.calibration.data_month)
    steps = max((full if full is not None else begin) - begin, 1)
    yield env.timeout(begin)
    for step in range(1, steps + 1):
        part = step / steps
        for name, today, chosen in (
            ("first", world.today_first, world.settings.virtual_first),
            ("follow_up", world.today_follow_up, world.settings.virtual_follow_up),
        ):
            target = today[rows] + (setting.number(name) / 100 - today[rows]) * part
            chosen[rows] = clinic.virtual_bookings(world.clinic, target, world.capable[rows])
        yield env.timeout(1)


def extra_sessions(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Add clinic sessions and theatre slots each week, shared by those waiting at the count."""
    rows = world.rows(setting)
    begin = setting.week("starts", world.calibration.data_month) or 0
    end = setting.week("ends", world.calibration.data_month)
    found = world.calibration
    minutes = setting.number("clinics") * world.clinic.session_minutes
    shares = (
        (world.settings.extra_minutes, minutes, (found.first + found.review)[rows].sum(axis=1)),
        (world.settings.extra_theatre, setting.number("theatre_slots"), found.admitted[rows].sum(axis=1)),
    )
    added = [(pool, amount * waiting / max(waiting.sum(), 1)) for pool, amount, waiting in shares]
    yield env.timeout(begin)
    for pool, more in added:
        pool[rows] += more
    if end is not None:
        yield env.timeout(max(end - begin, 0))
        for pool, more in added:
            pool[rows] -= more


def referral_growth(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Let clock starts grow by a steady share a year, week by week."""
    rows = world.rows(setting)
    yield env.timeout(setting.week("starts", world.calibration.data_month) or 0)
    weekly = np.power(1 + setting.number("growth") / 100, 1 / WEEKS_A_YEAR)
    while True:
        world.settings.demand[rows] *= weekly
        yield env.timeout(1)


POLICIES: Mapping[str, Policy] = {
    policy.__name__: policy for policy in (virtual_by_default, extra_sessions, referral_growth)
}
