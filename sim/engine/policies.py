"""What each lever does in time: a SimPy process a lever, under the name of its definition.

A policy sleeps until its start and then changes the settings that clinics read each week. To add a lever,
define it in `models/scenarios/levers/` and give it a process here, marked as a policy.
"""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models.queueing import clinic_minutes as clinic
from models.scenarios.scenario import LeverSetting
from sim.engine.lever_shares import allocate
from sim.engine.transfers import pair_week

if TYPE_CHECKING:
    from sim.engine.world import World

Process = Generator[simpy.Event, Any, None]
Policy = Callable[[simpy.Environment, "World", LeverSetting], Process]
Settable = NDArray[np.float64]
WEEKS_A_YEAR = 365.25 / 7
KINDS = ("first", "follow_up")  # of appointments, as virtual_by_default tells them apart
POLICIES: dict[str, Policy] = {}


def policy(process: Policy) -> Policy:
    """Make a process that of the lever of its name."""
    POLICIES[process.__name__] = process
    return process


def _from_to(world: "World", setting: LeverSetting) -> tuple[int, int]:
    """The weeks a lever starts in and is in full by; at once where no later date is given."""
    begin = setting.week("starts", world.calibration.data_month) or 0
    full = setting.week("full_by", world.calibration.data_month)
    return begin, max(full if full is not None else begin, begin)


def _ramp(env: simpy.Environment, begin: int, full: int, change: Callable[[float], None]) -> Process:
    """Sleep until `begin`, then `change` week by week with the part in force, evenly up to 1."""
    yield env.timeout(begin)
    steps = max(full - begin, 1)
    for step in range(1, steps + 1):
        change(step / steps)
        yield env.timeout(1)


def _for_a_while(
    env: simpy.Environment, world: "World", setting: LeverSetting, series_settings: Settable, more: Settable
) -> Process:
    """Add `more` to a setting from the lever's start to its end, if it has one."""
    begin = setting.week("starts", world.calibration.data_month) or 0
    end = setting.week("ends", world.calibration.data_month)
    rows = world.rows(setting)
    yield env.timeout(begin)
    series_settings[rows] += more
    if end is not None:
        yield env.timeout(max(end - begin, 0))
        series_settings[rows] -= more


@policy
def virtual_by_default(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Raise the share held virtually evenly from today's to the target, as far as it can go."""
    rows = world.rows(setting)
    today = {kind: getattr(world.settings, f"virtual_{kind}")[rows].copy() for kind in KINDS}

    def change(part: float) -> None:
        for kind in KINDS:
            at_full = setting.optional(f"{kind}_by_telephone")
            telephone = world.telephone[kind]
            if at_full is not None:
                telephone[rows] = world.telephone_today + (at_full / 100 - world.telephone_today) * part
            mixed = world.clinic.with_telephone(telephone[rows])
            share = world.today[kind][rows]
            target = share + (setting.number(kind) / 100 - share) * part
            most = clinic.most_bookings(mixed, telephone[rows], setting.number("declined") / 100)
            bookings = clinic.virtual_bookings(mixed, target, world.capable[rows])
            # who is seen virtually today goes on being so
            most = np.maximum(most, today[kind])
            getattr(world.settings, f"virtual_{kind}")[rows] = np.minimum(bookings, most)
        world.set_media(rows)

    return _ramp(env, *_from_to(world, setting), change)


@policy
def asking_for_virtual(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Let uptake grow with the local wait: the kernel reads each replication's own."""
    more = np.full((len(world.rows(setting)), 1), setting.number("share") / 100)
    return _for_a_while(env, world, setting, world.settings.asking, more)


@policy
def patient_initiated_follow_up(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Leave a growing share of follow-ups to the patient."""
    rows = world.rows(setting)

    def change(part: float) -> None:
        world.settings.patient_initiated[rows] = part * setting.number("share") / 100

    return _ramp(env, *_from_to(world, setting), change)


@policy
def advice_and_guidance(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Answer a growing share of referrals with advice."""
    rows = world.rows(setting)

    def change(part: float) -> None:
        world.settings.advice[rows] = part * setting.number("share") / 100

    return _ramp(env, *_from_to(world, setting), change)


@policy
def missed_appointments(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Lower the chances that an appointment is missed, and book over part of the slots."""
    rows = world.rows(setting)

    def change(part: float) -> None:
        world.still_missed[rows] = 1 - part * setting.number("reduction") / 100
        world.set_media(rows)
        world.settings.overbooked[rows] = part * setting.number("overbooking") / 100

    return _ramp(env, *_from_to(world, setting), change)


@policy
def emeritus_consultants(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Add minutes for virtual first appointments, shared by those who wait for one and can be seen so."""
    minutes = setting.number("sessions") * world.values["emeritus_session_hours"] * 60
    waiting = world.allocation.first[:, None] * world.capable_in_all
    more = world.allocation.allocated(setting, minutes, waiting)
    return _for_a_while(env, world, setting, world.settings.emeritus_minutes, more)


@policy
def extra_sessions(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Add clinic sessions and theatre slots each week, shared by those waiting at the count."""
    allocation = world.allocation
    minutes = setting.number("clinics") * world.clinic.session_minutes
    clinics = allocation.allocated(setting, minutes, allocation.outpatients[:, None])
    theatre = allocation.allocated(setting, setting.number("theatre_slots"), allocation.admitted[:, None])
    env.process(_for_a_while(env, world, setting, world.settings.extra_theatre, theatre))
    return _for_a_while(env, world, setting, world.settings.extra_minutes, clinics)


@policy
def independent_sector(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Let the independent sector take patients with a decision to admit, shared by those waiting for one."""
    more = world.allocation.allocated(setting, setting.number("slots"), world.allocation.admitted[:, None])
    return _for_a_while(env, world, setting, world.settings.independent, more)


@policy
def validation(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Check long waits in the first week, and again every so often."""
    rows = world.rows(setting)
    every = round(setting.number("every"))
    yield env.timeout(setting.week("starts", world.calibration.data_month) or 0)
    world.settings.validation_from[rows] = round(setting.number("waited"))
    while True:
        world.settings.validation[rows] = setting.number("removed") / 100
        yield env.timeout(1)
        world.settings.validation[rows] = 0.0
        if every == 0:
            return
        yield env.timeout(every - 1)


@policy
def booking_order(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Give a growing share of slots strictly to the longest waits."""
    rows = world.rows(setting)

    def change(part: float) -> None:
        world.settings.longest_first[rows] = part * setting.number("share") / 100
        world.settings.longest_from[rows] = round(setting.number("waited"))

    return _ramp(env, *_from_to(world, setting), change)


@policy
def capacity_shock(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Take a share of the usual minutes and admissions away for some weeks."""
    rows = world.rows(setting)
    kept = 1 - setting.number("lost") / 100
    yield env.timeout(setting.week("starts", world.calibration.data_month) or 0)
    before = world.settings.capacity[rows]
    world.settings.capacity[rows] = before * kept
    yield env.timeout(round(setting.number("weeks")))
    world.settings.capacity[rows] = before


@policy
def referral_growth(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Let clock starts grow by a steady share a year, week by week."""
    rows = world.rows(setting)
    yield env.timeout(setting.week("starts", world.calibration.data_month) or 0)
    weekly = np.power(1 + setting.number("growth") / 100, 1 / WEEKS_A_YEAR)
    while True:
        world.settings.demand[rows] *= weekly
        yield env.timeout(1)


@policy
def trust_pairing(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """A broker who, before each week's clinics, offers the home trust's long waiters the partner's slots."""
    calibration = world.calibration
    pairs = [
        (int(home), int(partner))
        for home in world.rows(setting)
        for partner in np.flatnonzero(
            (calibration.providers == setting.text("partner"))
            & (calibration.treatment_functions == calibration.treatment_functions[home])
        )
        if calibration.providers[home] == setting.text("home")
    ]
    waited = round(setting.number("waited"))
    if not pairs or setting.text("home") == setting.text("partner"):
        return
    long_waits = np.array([calibration.first[home, waited:].sum() * world.capable[home] for home, _ in pairs])
    limits = allocate(setting.number("weekly_limit"), long_waits)
    begin = setting.week("starts", calibration.data_month) or 0
    end = setting.week("ends", calibration.data_month)
    yield env.timeout(begin)
    spare = world.spare_minutes() * setting.number("from_spare") / 100
    diagnostic = world.values["local_diagnostic"] / 100
    while end is None or env.now < end:
        week = int(env.now)
        usual = world.inputs.minutes * world.settings.capacity * setting.number("given") / 100
        minutes = (usual + spare) * float(world.days[week])
        for (home, partner), limit in zip(pairs, limits, strict=True):
            pair_week(
                world.inputs,
                world.settings.table,
                world.state,
                home,
                partner,
                week,
                limit,
                minutes[partner],
                waited,
                diagnostic,
                world.class_tracking,
            )
        yield env.timeout(1)
