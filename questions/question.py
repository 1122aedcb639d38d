"""What is asked of a scenario: where, on which figures, how far; and the link that asks it again."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from data.database.edition import edition
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.lists import months
from data.returns.scope import scope_code
from models.errors import TandemError
from models.rtt.months import month_label, parse_month
from models.scenarios.presets import PRESETS, baseline_for, preset
from models.scenarios.scenario import Scenario, read_scenario

WEEKS = (52, 156, 104)  # least, most, usual
REPLICATIONS = (10, 100, 30)
SEEDS = (1, 999_999, 1)
PACKED = "z."  # before a scenario that is packed into the link rather than named
LONGEST_SCENARIO = 20_000  # characters once unpacked; the longest the form can make is about 2,000
# a link to a saved scenario has the last two alone
NAMES = ("scenario", "weeks", "replications", "seed", "asof", "edition", "saved", "version")


@dataclass(frozen=True)
class Question:
    """A scenario asked about. `month` is that of the figures, `edition` the digest of what it rests on."""

    scope: str
    month: str
    edition: str
    document: str  # the scenario as canonical JSON
    weeks: int = WEEKS[2]
    replications: int = REPLICATIONS[2]
    seed: int = SEEDS[2]
    baseline_of: str = ""  # of a baseline: the document whose ceilings it shares, where it has any
    given: Scenario | None = field(default=None, compare=False, repr=False)  # in the order it was written

    @classmethod
    def of(
        cls,
        store: Store,
        scope: str,
        scenario: Scenario,
        until: str | None = None,
        weeks: int = WEEKS[2],
        replications: int = REPLICATIONS[2],
        seed: int = SEEDS[2],
    ) -> "Question":
        """The question on the newest figures held, or on the newest up to the month `until`.

        Raises TandemError for an unknown scope, or where no month up to `until` is held.
        """
        held_months = [month for month in months(store) if until is None or month <= until]
        if not held_months:
            raise TandemError(
                f"The store holds no returns of {scope} until {until or 'now'}.",
                "Choose another board or month, or import the month on the Data page.",
            )
        return cls(
            scope_code(store, scope),
            held_months[-1],
            edition(store, held_months[-1]),
            canonical(scenario),
            weeks,
            replications,
            seed,
            given=scenario,
        )

    @cached_property
    def scenario(self) -> Scenario:
        if self.given:
            return self.given
        if self.baseline_of:  # a document has no place for what only a baseline shares
            return baseline_for(read_scenario(json.loads(self.baseline_of)))
        return read_scenario(json.loads(self.document))

    @cached_property
    def digest(self) -> str:
        """What names this run among all runs: 32 hex digits; another product version is another run."""
        ceilings = [setting.document() for setting in self.scenario.ceilings_of]
        whole = json.dumps(
            [
                PRODUCT_VERSION,
                self.scope,
                self.month,
                self.edition,
                _effect(self.scenario),
                self.weeks,
                self.replications,
                self.seed,
                *ceilings,
            ],
            sort_keys=True,
        )
        return hashlib.sha256(whole.encode()).hexdigest()[:32]

    @property
    def baseline(self) -> "Question":
        """The question this one is held against: the same without levers."""
        unchanged = baseline_for(self.scenario)
        shared = self.document if unchanged.ceilings_of else ""
        return replace(self, document=canonical(unchanged), baseline_of=shared, given=unchanged)

    def parameters(self) -> dict[str, str]:
        """The link's query, board left out: the page keeps that for itself."""
        return {
            "scenario": pack(self.scenario),
            "weeks": str(self.weeks),
            "replications": str(self.replications),
            "seed": str(self.seed),
            "asof": self.month,
            "edition": self.edition,
        }

    def link(self, page: str) -> str:
        """The whole link, on the address of the page."""
        return f"{page}?{urlencode({'board': self.scope} | self.parameters())}"


def canonical(scenario: Scenario) -> str:
    """The scenario's document as JSON that is the same for equal scenarios."""
    return json.dumps(scenario.document(), sort_keys=True, ensure_ascii=False)


def _effect(scenario: Scenario) -> dict[str, Any]:
    """What of a scenario decides its numbers: not its name or description."""
    document = scenario.document()
    return {"levers": document["levers"], "assumptions": document["assumptions"]}


def same_effect(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios give the same numbers, whatever they are called."""
    return _effect(one) == _effect(other)


def pack(scenario: Scenario) -> str:
    """The scenario for a link: the name of a preset, or its document packed."""
    if scenario.name in PRESETS and preset(scenario.name) == scenario:
        return scenario.name
    packed = zlib.compress(canonical(scenario).encode(), 9)
    return PACKED + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(text: str) -> Scenario:
    """The scenario that `pack` put into a link; raises TandemError where it is damaged or not known."""
    if not text.startswith(PACKED):
        if text not in PRESETS:
            raise TandemError(
                f"There is no preset scenario called {text[:40]!r}.",
                "Ask for the link again, or choose a scenario below.",
            )
        return preset(text)
    body = text.removeprefix(PACKED)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        opener = zlib.decompressobj()
        plain = opener.decompress(raw, LONGEST_SCENARIO)
        if not opener.eof:
            raise ValueError("cut short, or longer than any scenario")
        document = json.loads(plain)
    except (ValueError, RecursionError, zlib.error) as fault:
        raise TandemError(
            "The scenario in this link can't be read: it was cut short or altered.",
            "Ask for the link again, or choose a scenario below.",
        ) from fault
    return read_scenario(document)


def asked(query: Mapping[str, str]) -> bool:
    """Whether a link's query asks the lab for anything beyond the board."""
    return any(name in query for name in NAMES)


def read_query(
    query: Mapping[str, str], scope: str, held: Sequence[str], edition: Callable[[str], str]
) -> Question:
    """The question in a link's query; what it leaves out is usual. `held`: the months held, oldest first;
    `edition` gives the digest of what a run on a month rests on.

    Raises TandemError that names the part that is wrong and what to do.
    """
    month = query.get("asof") or held[-1]
    try:
        month = parse_month(month)
    except TandemError as fault:
        raise TandemError(
            f"The month in this link (asof) can't be read. {fault.message}", fault.remedy
        ) from None
    if month not in held:
        raise TandemError(
            f"This link was made on the figures of {month_label(month)}, which are not held here.",
            "Import that month on the Data page, or run the scenario on the figures held: choose it below.",
        )
    scenario = unpack(query.get("scenario") or "baseline")
    return Question(
        scope=scope,
        month=month,
        edition=edition(month),
        document=canonical(scenario),
        weeks=_whole(query, "weeks", WEEKS),
        replications=_whole(query, "replications", REPLICATIONS),
        seed=_whole(query, "seed", SEEDS),
    )


def _whole(query: Mapping[str, str], name: str, limits: tuple[int, int, int]) -> int:
    least, most, usual = limits
    text = query.get(name, str(usual))
    allowed = f"It is a whole number from {least:,} to {most:,}: correct the link, or choose it below."
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise TandemError(f"The link gives {name} as {text[:20]!r}, which is not a whole number.", allowed)
    if not least <= int(text) <= most:
        raise TandemError(f"The link gives {name} as {int(text):,}, which the lab does not run.", allowed)
    return int(text)
