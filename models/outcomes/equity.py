"""Who waits: patients in classes by deprivation, age and how they can be seen, and each series' mix.

A class is a fifth of areas by deprivation (1 the most deprived), an age band as published, and a route: can
be seen by video or telephone; needs hands on; could be seen virtually but can use neither. The last is for
want of access alone: whoever needs hands on is seen face to face whatever they can use.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIFTHS = ("1", "2", "3", "4", "5")
AGES = ("0-18", "19-64", "65+")
ROUTES = ("virtual", "hands_on", "no_access")
DIMENSIONS: Mapping[str, tuple[str, ...]] = {"route": ROUTES, "deprivation": FIFTHS, "age": AGES}
GROUPS = len(FIFTHS) * len(AGES)  # by deprivation, then age
CLASSES = len(ROUTES) * GROUPS  # by route first: the first GROUPS are those who can be seen virtually
CHILDREN, ADULTS, OLDER = range(3)
MIXES = ("virtual", "face_to_face", "all")  # of whom a series' mix is given: MIXES[i] is `class_mix`'s i-th
HALVINGS = 60  # of the range of log odds, when the odds that give a known share are sought


@dataclass(frozen=True)
class Composition:
    """Who is on the list of each of S series, as shares that add up to one in each row.

    `reference` is England's list, (5, 3) by fifth and age: where the share without access is what it is said
    to be. Within a series deprivation and age are taken as independent of each other, and of weeks waited.
    """

    deprivation: Floats  # (S, 5)
    age: Floats  # (S, 3)
    reference: Floats  # (5, 3)

    @property
    def groups(self) -> Floats:
        """Each series' shares by fifth and age. (S, 15)"""
        return (self.deprivation[:, :, None] * self.age[:, None, :]).reshape(-1, GROUPS)

    def chosen(self, rows: NDArray[np.intp]) -> "Composition":
        """The same with these series alone."""
        return Composition(self.deprivation[rows], self.age[rows], self.reference)


def no_access(reference: Floats, values: Mapping[str, Floats]) -> Floats:
    """Chance that a patient can use neither video nor telephone, by fifth and age. (R, 15), fractions

    The share of adults without access (`cannot_use_virtual`, %) is that of the adults of `reference`, (5, 3).
    Odds rise evenly, as logarithms, from the least deprived fifth to the most, and are set apart for those of
    65 and over and for children, whose parents' access it is. `values` are the register's, (R,) each.
    """
    deprivation = np.log(values["no_access_deprivation_odds"])[:, None]
    log_odds = np.zeros((len(deprivation), len(FIFTHS), len(AGES)))
    log_odds += (deprivation * np.linspace(1, 0, len(FIFTHS)))[:, :, None]
    log_odds[:, :, OLDER] += np.log(values["no_access_older_odds"])[:, None]
    log_odds[:, :, CHILDREN] += np.log(values["no_access_child_odds"])[:, None]

    adults = reference.copy()
    adults[:, CHILDREN] = 0
    adults /= adults.sum()
    wanted = values["cannot_use_virtual"] / 100
    low, high = np.full(len(wanted), -50.0), np.full(len(wanted), 50.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        share = (_chance(log_odds + middle[:, None, None]) * adults).sum(axis=(1, 2))
        low, high = np.where(share < wanted, middle, low), np.where(share < wanted, high, middle)
    chance = _chance(log_odds + high[:, None, None])
    chance[wanted == 0] = 0
    return np.asarray(chance.reshape(-1, GROUPS))


def class_mix(groups: Floats, without: Floats, capable: Floats) -> Floats:
    """Shares of each class among three kinds of patients of each series, in the order of MIXES. (3, S, R, 45)

    The kinds are those who can be seen virtually, the others, and all. `groups` is (S, 15), `without` the
    chance of no access, (R, 15), and `capable` the share who can be seen virtually, (S, R), which stays as it
    is: where a series' patients have less access than England's, that many more of its conditions are taken
    to need no hands. Each row of shares adds up to one.
    """
    people = np.broadcast_to(groups[:, None, :], (*capable.shape, GROUPS))
    shut_out = people * without[None, :, :]
    access = 1 - shut_out.sum(axis=2)  # (S, R)
    clinical = np.minimum(capable / access, 1.0)[..., None]  # share whose condition needs no hands
    mix = np.zeros((len(MIXES), *capable.shape, len(ROUTES), GROUPS))
    mix[0, :, :, 0] = (people - shut_out) / access[..., None]
    needs_hands, for_access = (1 - clinical) * people, clinical * shut_out
    others = (needs_hands + for_access).sum(axis=2)[..., None]
    somebody = others > 1e-12
    mix[1, :, :, 1] = np.where(somebody, needs_hands / np.where(somebody, others, 1), people)
    mix[1, :, :, 2] = np.where(somebody, for_access / np.where(somebody, others, 1), 0)
    mix[2] = capable[..., None, None] * mix[0] + (1 - capable[..., None, None]) * mix[1]
    return mix.reshape(len(MIXES), *capable.shape, CLASSES)


def by_group(classes: Floats, dimension: str) -> Floats:
    """A measure by class, (..., 45), summed by the groups of a dimension, in the order of DIMENSIONS."""
    table = classes.reshape(*classes.shape[:-1], len(ROUTES), len(FIFTHS), len(AGES))
    kept = list(DIMENSIONS).index(dimension)
    return np.asarray(table.sum(axis=tuple(axis - 3 for axis in range(3) if axis != kept)))


def _chance(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))
