"""What the Compare page was asked: which scenarios, on what, at which prices, and the link to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from data.database.store import Store
from data.saved.scenarios import SavedScenario, saved_scenario, saved_scenarios
from models.errors import TandemError
from models.outcomes.cost import Prices, read_prices
from models.rtt.months import month_label
from models.scenarios.presets import PRESETS, preset
from models.scenarios.scenario import Scenario, read_scenario
from questions.question import REPLICATIONS, SEEDS, WEEKS, Question, canonical, pack, read_query, unpack
from sim.reports.comparison_report import MOST
from sim.reports.scenario_report import numbered

NO_PRICES = Prices()
SAVED = "s."  # before a saved scenario's id and version
NAMES = ("with", "weeks", "replications", "seed", "asof", "edition", "prices")


@dataclass(frozen=True)
class Choice:
    """One scenario that can be compared, by what stands for it in a link."""

    token: str
    title: str
    scenario: Scenario
    saved: SavedScenario | None = None


@dataclass(frozen=True)
class Asked:
    """One question to the Compare page; all its scenarios run at one setting."""

    scope: str
    month: str
    edition: str
    tokens: tuple[str, ...] = ()
    weeks: int = WEEKS[2]
    replications: int = REPLICATIONS[2]
    seed: int = SEEDS[2]
    prices: Prices = NO_PRICES

    def parameters(self) -> dict[str, str]:
        """The link's query, board left out."""
        given = ",".join(f"{name}:{price:.12g}" for name, price in self.prices.given().items())
        return {
            "with": ",".join(self.tokens),
            "weeks": str(self.weeks),
            "replications": str(self.replications),
            "seed": str(self.seed),
            "asof": self.month,
            "edition": self.edition,
        } | ({"prices": given} if given else {})

    def question(self, choice: Choice) -> Question:
        """What the run of one of its scenarios is asked as."""
        return Question(
            self.scope,
            self.month,
            self.edition,
            canonical(choice.scenario),
            self.weeks,
            self.replications,
            self.seed,
        )


def offered(store: Store, scope: str) -> dict[str, Choice]:
    """The choices at a board by token: what is saved, latest first, then the presets that change anything."""
    choices = [_of_saved(each) for each in saved_scenarios(store, scope)]
    choices += [_of_scenario(preset(name)) for name in PRESETS if preset(name).levers]
    return {each.token: each for each in choices}


def read_choice(store: Store, token: str) -> Choice:
    """The choice that a link's token stands for; raises TandemError where there is none."""
    if not token.startswith(SAVED):
        return _of_scenario(unpack(token))
    identity, _, version = token.removeprefix(SAVED).partition(".")
    if not (version.isascii() and version.isdigit() and len(version) < 7):
        raise TandemError(
            f"The link names a saved scenario as '{token[:40]}', which has no version.",
            "Ask for the link again, or choose from the scenarios offered.",
        )
    return _of_saved(saved_scenario(store, identity, int(version)))


def read_asked(
    store: Store, query: Mapping[str, str], scope: str, held: Sequence[str], edition: Callable[[str], str]
) -> Asked:
    """The question in a link's query; raises TandemError that names the part that is wrong and what to do."""
    shared = read_query(
        {name: query[name] for name in query if name in ("weeks", "replications", "seed", "asof")},
        scope,
        held,
        edition,
    )
    tokens = tuple(dict.fromkeys(token for token in query.get("with", "").split(",") if token))
    if len(tokens) > MOST:
        raise TandemError(
            f"The link compares {len(tokens)} scenarios.", f"Choose up to {MOST}: more can't be told apart."
        )
    for token in tokens:
        read_choice(store, token)
    return Asked(
        scope,
        shared.month,
        shared.edition,
        tokens,
        shared.weeks,
        shared.replications,
        shared.seed,
        read_prices(filter(None, query.get("prices", "").split(",")), ":"),
    )


def differing(choices: Sequence[Choice], asked: Asked) -> list[str]:
    """How saved scenarios were run otherwise than they are here, a sentence each."""
    sentences = []
    for choice in choices:
        if choice.saved is None:
            continue
        own, words = choice.saved, []
        if own.data_month != asked.month:
            words.append(f"figures to {month_label(own.data_month)}")
        elif own.edition != asked.edition:
            words.append(f"figures to {month_label(own.data_month)} as they were before they were revised")
        for name, unit in (("weeks", "weeks"), ("replications", "futures")):
            if getattr(own, name) != getattr(asked, name):
                words.append(f"{getattr(own, name)} {unit}")
        if own.seed != asked.seed:
            words.append(f"seed {own.seed}")
        if words:
            sentences.append(f"{choice.title} was saved with {', '.join(words)}.")
    return sentences


def titled(choices: Sequence[Choice]) -> list[str]:
    """The choices' titles, those that are alike numbered."""
    return numbered([choice.title for choice in choices])


def _of_saved(saved: SavedScenario) -> Choice:
    return Choice(f"{SAVED}{saved.id}.{saved.version}", saved.name, read_scenario(saved.document), saved)


def _of_scenario(scenario: Scenario) -> Choice:
    return Choice(pack(scenario), scenario.title, scenario)
