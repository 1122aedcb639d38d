"""Random streams: the samplers against their distributions, and names that never run into each other."""

import itertools

import numba as nb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from sim.engine import random

pytestmark = pytest.mark.unit

DRAWS = 60_000
LEAST = 1e-4  # a right sampler's p-value falls below this once in ten thousand tests; seeds are fixed
PURPOSES = (
    random.REFERRALS,
    random.REMOVALS,
    random.FOLLOW_UPS,
    random.BOOKING,
    random.ATTENDANCE,
    random.AFTER,
    random.THEATRE,
)


@nb.njit
def uniforms(key, week, purpose, count):
    stream = np.zeros(1, np.uint64)
    random.start_stream(stream, key, week, purpose)
    out = np.empty(count)
    for i in range(count):
        out[i] = random.uniform(stream)
    return out


@nb.njit
def counts(key, which, first, second, count):
    stream = np.zeros(1, np.uint64)
    random.start_stream(stream, key, 0, 0)
    out = np.empty(count, np.int64)
    for i in range(count):
        if which == 0:
            out[i] = random.binomial(stream, int(first), second)
        else:
            out[i] = random.poisson(stream, first)
    return out


@nb.njit
def exponentials(key, count):
    stream = np.zeros(1, np.uint64)
    random.start_stream(stream, key, 0, 0)
    out = np.empty(count)
    for i in range(count):
        out[i] = random.exponential(stream)
    return out


@nb.njit
def pairs_of_halves(key, count):
    stream = np.zeros(1, np.uint64)
    random.start_stream(stream, key, 0, 0)
    out = np.empty((2, count), np.int64)
    point = stream[0]
    for i in range(count):
        point = random.next_point(point)
        out[0, i], out[1, i] = random.halves(point)
    return out


def binomials(trials: int, chance: float) -> NDArray[np.int64]:
    return counts(np.uint64(11), 0, float(trials), chance, DRAWS)


def poissons(mean: float) -> NDArray[np.int64]:
    return counts(np.uint64(12), 1, mean, 0.0, DRAWS)


def p_value(sample: NDArray[np.int64], law: stats.rv_discrete) -> float:
    """Chi-square of counts against a law, values met fewer than 20 times in expectation put together."""
    low, high = int(law.ppf(1e-9)), int(law.ppf(1 - 1e-9)) + 1
    values = np.arange(low, high + 1)
    expected = law.pmf(values) * sample.size
    seen = np.bincount(np.clip(sample, low, high) - low, minlength=len(values)).astype(float)
    cells: list[tuple[float, float]] = []
    seen_so_far = expected_so_far = 0.0
    for s, e in zip(seen, expected, strict=True):
        seen_so_far += s
        expected_so_far += e
        if expected_so_far >= 20:
            cells.append((seen_so_far, expected_so_far))
            seen_so_far = expected_so_far = 0.0
    cells[-1] = (cells[-1][0] + seen_so_far, cells[-1][1] + sample.size - sum(e for _, e in cells))
    found, wanted = np.array(cells).T
    return float(stats.chisquare(found, wanted).pvalue)


def test_uniforms_are_even() -> None:
    drawn = uniforms(np.uint64(5), 3, 2, 200_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert stats.chisquare(np.bincount((drawn * 100).astype(int), minlength=100)).pvalue > LEAST
    assert stats.kstest(drawn, "uniform").pvalue > LEAST


def test_a_uniform_says_nothing_of_the_next() -> None:
    drawn = (uniforms(np.uint64(6), 0, 0, 200_000) * 16).astype(int)
    pairs = np.bincount(drawn[:-1:2] * 16 + drawn[1::2], minlength=256)
    assert stats.chisquare(pairs).pvalue > LEAST


def test_the_first_number_is_even_over_keys_weeks_and_purposes() -> None:
    # clinics use few numbers of many streams: the starts have to be as random as the streams
    keys = random.series_keys(random.provider_sequence(1, 0, "RWE"))
    first = np.array(
        [uniforms(k, w, p, 1)[0] for k, w, p in itertools.product(keys, range(104), PURPOSES)]
    )  # 23 x 104 x 7 = 16,744 streams
    assert len(np.unique(first)) == first.size
    assert stats.chisquare(np.bincount((first * 64).astype(int), minlength=64)).pvalue > LEAST
    weeks = first.reshape(23, 104, 7)
    neighbours = np.corrcoef(weeks[:, :-1].ravel(), weeks[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 4 / np.sqrt(weeks[:, 1:].size)


# below n x min(p, 1 - p) = 10 by inversion, from there by rejection; either side of the border, and far out
@pytest.mark.parametrize(
    ("trials", "chance"),
    [
        (1, 0.5),
        (5, 0.1),
        (30, 0.3),
        (99, 0.1),
        (101, 0.1),
        (20, 0.49),
        (20, 0.5),
        (20, 0.51),
        (200, 0.076),
        (1000, 0.002),
        (1000, 0.4),
        (100_000, 0.0005),
        (100_000, 0.3),
        (12, 0.9),
        (200, 0.93),
        (5000, 0.87),
        (1000, 0.998),
    ],
)
def test_binomial_follows_its_law(trials: int, chance: float) -> None:
    sample = binomials(trials, chance)
    assert sample.min() >= 0
    assert sample.max() <= trials
    assert p_value(sample, stats.binom(trials, chance)) > LEAST


@pytest.mark.parametrize(
    ("trials", "chance", "always"),
    [(0, 0.5, 0), (-3, 0.5, 0), (40, 0.0, 0), (40, 1.0, 40), (40, -0.1, 0), (40, 1.5, 40)],
)
def test_binomial_at_its_edges(trials: int, chance: float, always: int) -> None:
    assert set(binomials(trials, chance)) == {always}


# by products below a mean of 10, by rejection from there
@pytest.mark.parametrize("mean", [0.01, 0.3, 1.0, 4.5, 9.99, 10.0, 10.01, 35.0, 200.0, 4321.0])
def test_poisson_follows_its_law(mean: float) -> None:
    assert p_value(poissons(mean), stats.poisson(mean)) > LEAST


@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_poisson_of_nothing_is_nothing(mean: float) -> None:
    assert set(poissons(mean)) == {0}


def test_exponential_follows_its_law() -> None:
    drawn = exponentials(np.uint64(13), DRAWS)
    assert drawn.min() >= 0
    assert stats.kstest(drawn, "expon").pvalue > LEAST


def test_both_halves_of_a_number_are_even_and_say_nothing_of_each_other() -> None:
    drawn = pairs_of_halves(np.uint64(14), 200_000)
    assert drawn.min() >= 0
    assert drawn.max() < 2**32
    for half in drawn:
        assert stats.kstest(half / 2**32, "uniform").pvalue > LEAST
    high, low = drawn >> 28  # in 16 parts each
    assert stats.chisquare(np.bincount(high * 16 + low, minlength=256)).pvalue > LEAST
    following = np.bincount(low[:-1] * 16 + high[1:], minlength=256)
    assert stats.chisquare(following).pvalue > LEAST


@pytest.mark.parametrize("chance", [0.0, 0.07, 0.5, 1.0])
def test_a_half_lies_below_a_chance_in_parts_with_that_chance(chance: float) -> None:
    high, low = pairs_of_halves(np.uint64(15), DRAWS)
    for half in (high, low):
        # the error of a share of 60 thousand draws, at most 0.5 / sqrt(60,000) = 0.2%
        assert (
            abs((half < random.in_parts(chance)).mean() - chance)
            < 4 * np.sqrt(chance * (1 - chance) / DRAWS) + 1e-12
        )


@given(
    st.lists(
        st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 260), st.sampled_from(PURPOSES)),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_a_stream_repeats_exactly_and_no_other_is_like_it(names: list[tuple[int, int, int]]) -> None:
    (key, week, purpose), (other_key, other_week, other_purpose) = names
    drawn = uniforms(np.uint64(key), week, purpose, 8)
    assert drawn.tobytes() == uniforms(np.uint64(key), week, purpose, 8).tobytes()
    other = uniforms(np.uint64(other_key), other_week, other_purpose, 8)
    assert not np.isin(drawn, other).any()


@given(
    st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8), unique=True)
)
def test_providers_have_numbers_of_their_own(codes: list[str]) -> None:
    assert len({random.provider_number(code) for code in codes}) == len(codes)


def test_a_provider_number_is_base_256() -> None:
    # 'RWE' is 82, 87, 69: 82 x 65,536 + 87 x 256 + 69 = 5,373,952 + 22,272 + 69
    assert random.provider_number("RWE") == 5_396_293


def test_keys_differ_by_seed_replication_provider_and_function() -> None:
    keys = {
        int(key)
        for seed, replication, provider in itertools.product(
            (1, 2), range(30), ("RWE", "RNQ", "NT322", "NT3")
        )
        for key in random.series_keys(random.provider_sequence(seed, replication, provider))
    }
    assert len(keys) == 2 * 30 * 4 * 23
