"""Shapley values: each player's fair share of what all of them together bring about.

A player's share is what joining adds, on the mean over all orders in which the players can join: the only
division that adds up to the whole, gives equal players equal shares and idle ones nothing, and adds up over
games (Shapley 1953, "A value for n-person games"). A coalition is a whole number: it holds player i where its
bit i is set, so 0 is nobody and 2**players - 1 everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Order = tuple[int, ...]  # players as they join
FEWEST_PAIRS = 2  # of orders: fewer tell nothing of how far they may be out


def exact_shares(values: NDArray[Any]) -> Floats:
    """Each player's Shapley value from what every coalition gives. (players, ...)

    `values` is (2**players, ...), by coalition; trailing axes, such as replications, are games of their own.
    The shares add up to values[-1] - values[0]. Raises ValueError where a coalition is missing.
    """
    worth = np.asarray(values, float)
    players = len(worth).bit_length() - 1
    if len(worth) != 1 << players:
        raise ValueError(f"{len(worth)} coalitions are no power of two")
    coalitions = np.arange(len(worth))
    sizes = np.array([int(each).bit_count() for each in coalitions])
    # of all orders, the part in which exactly the members of a coalition stand before the player
    before = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    shares = np.empty((players, *worth.shape[1:]))
    for player in range(players):
        without = coalitions[(coalitions >> player) & 1 == 0]
        added = worth[without | (1 << player)] - worth[without]
        shares[player] = np.tensordot(before[sizes[without]], added, axes=1)
    return shares


@dataclass(frozen=True)
class Estimate:
    """Shares read from some of the orders, and how far chance in the choice of orders may put them out."""

    shares: Floats  # (players, ...)
    error: Floats  # (players, ...) standard error


def coalitions_along(orders: Sequence[Order]) -> tuple[int, ...]:
    """The coalitions met while players join in these orders, nobody and everybody among them."""
    return tuple(dict.fromkeys(coalition for order in orders for coalition in _joining(order)))


def orders_within(players: int, most_coalitions: int, seed: int = 1) -> tuple[Order, ...]:
    """Random orders, each followed by its reverse, that together meet at most so many coalitions.

    An order and its reverse err in opposite ways, so that pairs settle sooner. There are always two pairs.
    """
    draw = np.random.default_rng([seed, players])
    orders: tuple[Order, ...] = ()
    while True:
        drawn = tuple(draw.permutation(players).tolist())
        longer = (*orders, drawn, drawn[::-1])
        pairs, met = len(longer) // 2, len(coalitions_along(longer))
        if pairs > FEWEST_PAIRS and (met > most_coalitions or met == len(coalitions_along(orders))):
            return orders
        orders = longer


def shares_along(orders: Sequence[Order], values: Mapping[int, Any]) -> Estimate:
    """The mean over `orders`, pairs as from `orders_within`, of what each player adds on joining.

    `values` gives what every coalition of `coalitions_along(orders)` is worth, a number or an array. The
    shares add up to what everybody gives less what nobody gives, however few the orders.
    """
    worth = {coalition: np.asarray(value, float) for coalition, value in values.items()}
    added = np.empty((len(orders), len(orders[0]), *worth[0].shape))
    for row, order in enumerate(orders):
        joined = _joining(order)
        for place, player in enumerate(order):
            added[row, player] = worth[joined[place + 1]] - worth[joined[place]]
    pairs = added.reshape(-1, 2, *added.shape[1:]).mean(axis=1)
    return Estimate(pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)))


def _joining(order: Order) -> list[int]:
    """The coalitions from nobody to everybody as players join in this order."""
    met = [0]
    for player in order:
        met.append(met[-1] | 1 << player)
    return met
