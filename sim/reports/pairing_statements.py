"""A plan as simulated, in sentences: who loses, what is changed together, how far the plan's count held."""

from collections.abc import Mapping

from models.pairing.reasons import whose
from models.statements import Interval, count, rounded
from sim.studies.pairing_trial import BothSides, Trial

WORSE = 0.1  # percentage points, or weeks, by which a giver's list must clearly be worse to be told
TAKEN_UP = 0.9  # of the planned appointments: offers that fall below are told


def warnings(sides: BothSides, names: Mapping[str, str]) -> tuple[str, ...]:
    """What a giver would lose, in sentences: below its floor, fewer within 18 weeks, longer to wait."""
    sentences = []
    for side in sides.sides:
        if not side.helps:
            continue
        name = names.get(side.trust, side.trust)
        share, change = side.with_plan["share_within_18"], side.change["share_within_18"]
        worse = change.mean < 0 and change.is_clear(WORSE)
        if share.mean < side.floor - WORSE and side.without["share_within_18"].mean >= side.floor:
            sentences.append(
                f"{name} would fall below its floor: {share.mean:.1f}% within 18 weeks in what it shares, "
                f"where it keeps {side.floor:.1f}%."
            )
        elif worse:
            sentences.append(
                f"{name} would have {abs(change.mean):.1f} points fewer within 18 weeks in what it shares "
                f"(80%: {min(abs(change.lower), abs(change.upper)):.1f} to "
                f"{max(abs(change.lower), abs(change.upper)):.1f})."
            )
        firsts = side.weeks_of_firsts
        if firsts and firsts.mean > 0 and firsts.is_clear(WORSE):
            sentences.append(
                f"{whose(name)} own patients would wait longer for a first appointment: its list would be "
                f"{firsts.mean:.1f} weeks of first appointments longer (80%: {firsts.lower:.1f} to "
                f"{firsts.upper:.1f}). Urgent referrals are among them; the returns do not tell them apart."
            )
    return tuple(sentences)


def together_said(who: str, change: Mapping[str, Interval], month: str) -> str:
    """What is changed for all sides together, in a sentence."""
    changes = [
        f"{change_said(change[measure])} {word}"
        for measure, word in (("over_52", "over 52 weeks"), ("waiting", "on their lists"))
    ]
    return f"{who}, by {month}: {changes[0]}, {changes[1]}."


def agreement_said(trial: Trial) -> str:
    """How the plan's count of long waiting avoided stands to the simulated one, in a sentence."""
    beyond = f"weeks of waiting beyond {trial.waited} weeks avoided, each week"
    plan = f"The plan counts {rounded(trial.planned):,} {beyond}"
    avoided = trial.avoided
    if avoided is None:
        return f"{plan}; the simulation does not count waits beyond {trial.waited} weeks."
    ends = f"80%: {rounded(avoided.lower):,} to {rounded(avoided.upper):,}".replace("-", "−")
    if not avoided.clear:
        return (
            f"{plan}. Both queues together show no clear gain ({ends}): between these trusts pairing moves "
            "long waits rather than removes them. What one is given, the other’s own list goes without."
        )
    if avoided.mean < 0:
        more = f"80%: {rounded(-avoided.upper):,} to {rounded(-avoided.lower):,}"
        return f"{plan}. Both queues together would have {rounded(-avoided.mean):,} more ({more})."
    part = f"{100 * avoided.mean / trial.planned:.0f}% of it"
    return (
        f"{plan}. Both queues together avoid {rounded(avoided.mean):,} ({ends}), {part}: what is given is "
        "also missed in the giver’s own list."
    )


def taken_up_said(sides: BothSides, weeks: int) -> str:
    """How many of the appointments planned for a pair are used, in a sentence; empty if nearly all are."""
    planned = weeks * sum(flow.a_week for flow in sides.pair.flows)
    offered = sides.way.steps["offered"].mean
    if offered > TAKEN_UP * planned:
        return ""
    return (
        f"{count(offered)} of the {count(planned)} appointments planned are used: long waiters who can be "
        "seen virtually come up more slowly than they are seen, or the other trust’s spare time runs out."
    )


def beside_said(trial: Trial) -> str:
    """What is placed beside the pairs does, in a sentence; empty where nothing is."""
    if trial.beside is None:
        return ""
    return together_said("Of it, emeritus sessions and independent-sector slots", trial.beside, trial.month)


def change_said(change: Interval) -> str:
    """A change of patients with its range: '79 fewer (80%: 22 to 134 fewer)'."""
    if not change.clear:
        return f"no clear difference (80%: {rounded(change.lower):+,} to {rounded(change.upper):+,})".replace(
            "-", "−"
        )
    ends = sorted((abs(rounded(change.lower)), abs(rounded(change.upper))))
    return f"{count(change.mean)} {'more' if change.mean > 0 else 'fewer'} (80%: {ends[0]:,} to {ends[1]:,})"


def range_said(number: Interval) -> str:
    """A number of patients with its range: '120 (80%: 101 to 140)'."""
    return f"{count(number.mean)} (80%: {rounded(number.lower):,} to {rounded(number.upper):,})"
