"""Boards, providers and where they are: who plans, who treats, and what a reader calls them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import TandemError

ENGLAND = "ENGLAND"  # the scope of every provider, beside the boards' codes
BOARDS = "BOARDS"  # all boards, each by itself
DEFAULT_BOARD = "QK1"  # Leicester, Leicestershire and Rutland: it set itself 70% virtual by default
EARTH_RADIUS_MILES = 3958.7613  # mean radius, 6371.0088 km (IUGG)

ProviderKind = Literal["NHS trust", "Independent or other"]


@dataclass(frozen=True)
class Place:
    """A point in WGS84 degrees; raises TandemError where the degrees are not on the globe."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise TandemError(
                f"Latitude {self.latitude:g}, longitude {self.longitude:g} is not a place on Earth.",
                "Give degrees: England lies between 49 and 56 north, 7 west and 2 east.",
            )

    def miles_to(self, other: "Place") -> float:
        """Gives the great-circle distance to `other` in miles: as the crow flies, not by road."""
        return float(
            great_circle_miles(self.latitude, self.longitude, other.latitude, other.longitude).item()
        )


@dataclass(frozen=True)
class Around:
    """A place by its name, and how far from it something may be in miles; None for any distance."""

    name: str
    place: Place
    miles: float | None = None


@dataclass(frozen=True)
class Board:
    """An integrated care board: the health board that plans for an area."""

    code: str  # ODS code, such as 'QK1'
    name: str  # official
    region: str = ""  # NHS England region

    @property
    def plain_name(self) -> str:
        """Gives the area's name, such as 'Leicester, Leicestershire and Rutland'."""
        return plain_name(self.name)


@dataclass(frozen=True)
class Provider:
    """A trust, or another organisation or site that treats; `place` is its head office, where known."""

    code: str  # ODS code
    name: str  # official
    board: str = ""  # code of its parent board
    place: Place | None = None

    @property
    def plain_name(self) -> str:
        """Gives the name without its legal form, such as 'University Hospitals of Leicester'."""
        return plain_name(self.name)

    @property
    def kind(self) -> ProviderKind:
        """Gives whether it is an NHS trust, by its code."""
        return provider_kind(self.code)


def provider_kind(code: str) -> ProviderKind:
    """Gives whether a provider is an NHS trust: its ODS code is R and two more letters or digits."""
    return "NHS trust" if re.fullmatch(r"R[0-9A-Z]{2}", code) else "Independent or other"


# Trusts that became part of another in the months held, and the first month returned together. A merged
# trust's last list is found whole in its successor's: 29,759 and 111,812 pathways, then 143,150.
_MERGED = {"RAP": ("RAL", "2025-01")}  # North Middlesex into Royal Free London, 1 January 2025


def merged_by(month: str) -> dict[str, str]:
    """Gives the successor of each trust that had merged into another by a month, as codes."""
    return {code: successor for code, (successor, since) in _MERGED.items() if since <= month}


def great_circle_miles(
    latitude: ArrayLike, longitude: ArrayLike, other_latitude: ArrayLike, other_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Gives great-circle distances in miles between WGS84 degrees, broadcast over arrays (haversine)."""
    phi, other_phi = np.radians(latitude), np.radians(other_latitude)
    half_lambda = np.radians(np.subtract(other_longitude, longitude)) / 2
    chord = np.sin((other_phi - phi) / 2) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin(half_lambda) ** 2
    # rounding can take the chord of antipodes a hair above 1
    return np.asarray(2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))


def nearest_boards(providers: Iterable[Provider], board: str, count: int) -> list[str]:
    """Gives the `count` boards nearest to a board, nearest first, by the middle of their providers' places.

    None where no provider of the board has a place.
    """
    places: dict[str, list[Place]] = {}
    for each in providers:
        if each.board and each.place:
            places.setdefault(each.board, []).append(each.place)
    middles = {
        code: Place(
            sum(place.latitude for place in known) / len(known),
            sum(place.longitude for place in known) / len(known),
        )
        for code, known in places.items()
    }
    here = middles.pop(board, None)
    if here is None:
        return []
    return sorted(middles, key=lambda code: (here.miles_to(middles[code]), code))[:count]


_LEGAL_FORMS = re.compile(
    r",?\s*(?:"
    r"(?:(?:TEACHING|UNIVERSITY)\s+)?(?:NHS|NATIONAL\s+HEALTH\s+SERVICE)\s+(?:FOUNDATION\s+)?TRUST"
    r"|INTEGRATED\s+CARE\s+BOARD|\(SUB\s+ICB\s+LOCATION\)|HQ)$",
    re.IGNORECASE,
)
_AREA = re.compile(r"^NHS\s+(?=.*(?:INTEGRATED\s+CARE\s+BOARD|\(SUB\s+ICB\s+LOCATION\))$)", re.IGNORECASE)
_WORD = re.compile(r"[A-Z0-9][A-Z0-9'’]*")
_SMALL = frozenset({"AND", "AT", "BY", "FOR", "FORMERLY", "IN", "OF", "ON", "UNDER", "UPON", "WITH"})
_AS_WRITTEN = {
    word.upper(): word
    for word in (
        "ACES",
        "CES",
        "CIC",
        "DHC",
        "DMC",
        "GP",
        "H",
        "HCRG",
        "HQ",
        "ICB",
        "J",
        "KIMS",
        "LLP",
        "MSK",
        "N2S",
        "NHS",
        "PLC",
        "UK",
        "InHealth",
        "iSight",
        "SpaMedica",
    )
}
# without its legal form the first would be a university, and the others keep a stray 'The'
_EXCEPTIONS = {
    "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST": "Manchester University NHS Foundation Trust",
    "THE ROTHERHAM NHS FOUNDATION TRUST": "Rotherham",
    "THE ROYAL WOLVERHAMPTON NHS TRUST": "Royal Wolverhampton",
}


def plain_name(official: str) -> str:
    """Gives an organisation's name as a planner reads it: no legal form, no capitals throughout.

    A name that is not all capitals keeps the letters it has.
    """
    name = " ".join(official.split())
    if name.upper() in _EXCEPTIONS:
        return _EXCEPTIONS[name.upper()]
    name = _LEGAL_FORMS.sub("", _AREA.sub("", name)) or name
    name = re.sub(r"\s-(?=\w)", " - ", name)
    return (_title_case(name) if name.isupper() else name).replace(" & ", " and ")


def _title_case(name: str) -> str:
    words: list[str] = []

    def cased(match: re.Match[str]) -> str:
        word = match.group()
        after_small = bool(words) and words[-1] in _SMALL
        words.append(word)
        if word in _AS_WRITTEN:
            return _AS_WRITTEN[word]
        # 'the Isles of Scilly' follows a small word; elsewhere 'The' begins a hospital's own name
        if len(words) > 1 and (word in _SMALL or (word == "THE" and after_small)):
            return word.lower()
        return word.capitalize()

    return _WORD.sub(cased, name)
