"""Keeps people's identities out: finds what looks like one in a table, and says where, never what.

Looks for NHS numbers, names, dates of birth, whole postcodes, addresses, telephone numbers, e-mail addresses
and hospital or National Insurance numbers, in headings and in every cell.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.imports.given_names import GIVEN_NAMES, SURNAMES
from data.imports.tables import TextTable
from models.errors import TandemError

NHS_NUMBER, NAME, BIRTH, POSTCODE = "an NHS number", "a person's name", "a date of birth", "a whole postcode"
TELEPHONE, EMAIL, ADDRESS = "a telephone number", "an e-mail address", "a home address"
LOCAL_NUMBER = "a hospital or National Insurance number"
_NOTHING_KEPT = "Nothing of the file was kept."
_OLDEST_APPOINTMENT = timedelta(days=366)
_DISGUISED = 0.5  # share of lettered ids over an NHS number's digits; chance gives 1 in 11
_DISGUISED_LEAST = 5

_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NHS_NUMBER, re.compile(r"\bnhs\b|nhs_?(?:no|num|number|id)\b")),
    (BIRTH, re.compile(r"\bd_?o_?b\b|birth|\bborn\b")),
    (EMAIL, re.compile(r"e_?mail")),
    (TELEPHONE, re.compile(r"phone|\bmobile\b|\btel\b|\btel_?(?:no|num|number)\b|contact_(?:no|num|number)")),
    (ADDRESS, re.compile(r"\b(?:home_)?address|\bstreet\b|house_?(?:no|number|name)|\buprn\b")),
    (
        LOCAL_NUMBER,
        re.compile(
            r"\bmrn\b|case_?note|(?:hospital|district|pas|unit|patient|national_insurance)_(?:no|num|number)\b"
        ),
    ),
    (
        NAME,
        re.compile(
            r"(?:first|last|middle|family|given|full|maiden|preferred|patients?|christian|known)_?names?\b"
            r"|fore_?names?\b|surnames?\b|^names?$|\binitials\b|next_of_kin|\bcarer\b|\bknown_as\b"
        ),
    ),
)

_AREAS = """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH
    EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M
    ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST
    SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
_OUTWARD = rf"(?:{'|'.join(_AREAS.split())})[0-9][0-9A-Z]?"
_OUTWARD_POSTCODE = re.compile(_OUTWARD)
_POSTCODE = re.compile(
    rf"(?<![A-Z0-9])(?:{_OUTWARD}|GIR)[ ]{{0,3}}[0-9][ABD-HJLNP-UW-Z]{{2}}(?![A-Z0-9])", re.I
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_TEN_DIGITS = re.compile(
    r"(?<![0-9A-Za-z.])(?:[0-9]{3}[ \-]{0,3}[0-9]{3}[ \-]{0,3}[0-9]{4}|[0-9]{3}([./])[0-9]{3}\1[0-9]{4})"
    r"(?![0-9A-Za-z]|\.[0-9])"
)
_DIGITS_APART = re.compile(r"[0-9](?:[ \-]{0,3}[0-9]){9}")
_LETTERED = re.compile(r"(?:[A-Za-z]+[_ -]?([0-9]{10})|([0-9]{10})[_ -]?[A-Za-z]+)")
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]{6,9}[eE]\+?0?9")
_TELEPHONE = re.compile(
    r"(?<![0-9A-Za-z.+])(?:(?:\+|00)[0-9]{2}[ ]?\(?0?\)?[ ]?|\(?0)[1-9]"
    r"(?:[ ()\-]{0,2}[0-9]){7,9}(?![0-9A-Za-z])"
)
_DATE_WITH_DASHES = re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}")
_INSURANCE = re.compile(r"(?<![A-Z0-9])[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?![A-Z0-9])")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:19|20)?[0-9]{2}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?[- ]{_MONTH}[-, ]+(?:19|20)?[0-9]{{2}})(?![0-9])",
    re.I,
)
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d %H:%M:%S")
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|rev)\.? +[a-z]", re.I)
# words that go with an operation named after somebody: Thomas splint, Charles procedure
_OF_MEDICINE = re.compile(
    r"procedure|operation|splint|test|repair|patch|plication|traction|technique|excision|tube|flap|graft"
    r"|fixation|release|clinic|review|hospital|\w+(?:ectomy|otomy|ostomy|plasty|scopy|graphy|pexy|desis|gram)"
)
_WORDS = re.compile(r"[a-z]+(?:['’-][a-z]+)*", re.I)
_ALL_WORDS = re.compile(r"[a-z'’-]{2,}(?:,? +[a-z'’-]+\.?){1,4}", re.I)


class IdentityFound(TandemError):
    """The table holds what looks like a person's identity: nothing was kept, and the message shows none."""


def is_nhs_number(digits: str) -> bool:
    """Gives whether ten digits end in the check digit of an NHS number: 11 less the weighed sum modulo 11."""
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10


def refuse_identities(
    table: TextTable,
    known: Iterable[str],
    *,
    ids: str,
    dates: Iterable[str] = (),
    places: Iterable[str] = (),
    today: date,
) -> None:
    """Raises IdentityFound at the first column that looks like it holds people's identities.

    Headings among `known` are trusted, their cells are not. `ids` is the column of pseudonyms; `dates` hold
    dates of about today; `places` name hospitals, which may be called after people and have postcodes.
    """
    known, dates, places = set(known), set(dates), set(places)
    for place, heading in enumerate(table.headings):
        name = plain_heading(heading)
        if name not in known and (what := _in_heading(name) or _in_value(heading)):
            raise IdentityFound(
                f"{table.file}, line 1, column {place + 1}: this heading looks like {what}, or names a "
                "column of them.",
                f"Take the column out, and use pseudonyms. {_NOTHING_KEPT}",
            )
    for place, (heading, cells) in enumerate(zip(table.headings, table.columns, strict=True)):
        name = plain_heading(heading)
        called = name if name in known else f"{place + 1}"
        codes, values = pd.factorize(cells)
        look = _look_at(name, ids, dates, places, today)
        identities = [(code, what) for code, value in enumerate(values) if value and (what := look(value))]
        if name == ids and not identities:
            identities = _disguised(values)
        if identities:
            _refuse(table, called, codes, dict(identities), is_id=name == ids)


def plain_heading(heading: str) -> str:
    """Gives a heading in small letters, its words joined by '_': 'Patient ID' is patient_id."""
    return re.sub(r"[^0-9a-z]+", "_", heading.casefold()).strip("_")


def is_outward_postcode(text: str) -> bool:
    """Gives whether the text is the first half of a postcode, such as LE1."""
    return bool(_OUTWARD_POSTCODE.fullmatch(text.upper()))


def identity_in(text: str) -> str:
    """Gives what in the text looks like a person's identity ('an e-mail address'); '' where nothing does."""
    return _in_value(text)


def _refuse(
    table: TextTable, column: str, codes: NDArray[np.int64], identities: Mapping[int, str], is_id: bool
) -> None:
    rows = np.flatnonzero(np.isin(codes, list(identities)))
    more = f" (and {len(rows) - 1:,} more in this column)" if len(rows) > 1 else ""
    what = identities[int(codes[rows[0]])]
    remedy = "Take it out; a list may hold pseudonyms only."
    if what == POSTCODE:
        remedy = "Give only the outward half, such as LE1, as home_area."
    elif what == BIRTH:
        remedy = "Give an age_band instead, and no other dates than that of the next appointment."
    elif is_id:
        filled = int((table.columns[list(map(plain_heading, table.headings)).index(column)] != "").sum())
        remedy = (
            f"{len(rows):,} of {filled:,} ids look so. If they are pseudonyms that do so by chance (one in "
            "eleven of ten digits does), number the patients afresh, such as P000001, P000002; a letter "
            "before an NHS number does not hide it."
        )
    raise IdentityFound(
        f"{table.file}, line {table.lines[rows[0]]}, column {column}{more}: this looks like {what}.",
        f"{remedy} {_NOTHING_KEPT}",
    )


def _in_heading(name: str) -> str:
    words = name.replace("_", " ")
    for what, pattern in _HEADINGS:
        if pattern.search(name) or pattern.search(words):
            return what
    return ""


def _look_at(name: str, ids: str, dates: set[str], places: set[str], today: date) -> Callable[[str], str]:
    if name == ids:
        return _in_id
    if name in dates:
        return lambda value: _in_date(value, today)
    if name in places:
        return _in_place
    if name == "age_band":
        return lambda value: "" if _made_of_age_band(value) else _in_value(value)
    return _in_value


def _in_id(value: str) -> str:
    value = _folded(value)
    lone = value.casefold()
    if lone in SURNAMES or lone in GIVEN_NAMES or _ALL_WORDS.fullmatch(value):
        return NAME
    if value.isdigit() and len(value) == 8 and _is_day(value):
        return BIRTH
    identity = _in_value(value)
    whole = {TELEPHONE: _TELEPHONE, POSTCODE: _POSTCODE}.get(identity)
    if whole and " " not in value and not whole.fullmatch(value):
        return ""  # part of a longer pseudonym, such as a UUID
    return identity


def _in_date(value: str, today: date) -> str:
    for form in _DAY_FORMS:
        try:
            day = datetime.strptime(value, form).date()
        except ValueError:
            continue
        return BIRTH if day < today - _OLDEST_APPOINTMENT else ""
    return _in_value(value)


def _in_place(value: str) -> str:
    identity = _in_value(value)
    return identity if identity in (NHS_NUMBER, EMAIL, TELEPHONE, LOCAL_NUMBER) else ""


def _folded(value: str) -> str:
    """Gives the value with wide digits, odd dashes and unseen characters made plain."""
    if value.isascii():
        return value
    plain = unicodedata.normalize("NFKC", value)
    plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    return re.sub("[\u2010-\u2015\u2212]", "-", plain)


def _in_value(value: str) -> str:
    value = _folded(value)
    if any(character.isdigit() for character in value) and (identity := _in_digits(value)):
        return identity
    if "@" in value and _EMAIL.search(value):
        return EMAIL
    return NAME if _is_name(value) else ""


def _in_digits(value: str) -> str:
    apart = [match.group() for match in _TEN_DIGITS.finditer(value)]
    if _DIGITS_APART.fullmatch(value):
        apart.append(value)
    if any(is_nhs_number(re.sub("[^0-9]", "", each)) for each in apart):
        return NHS_NUMBER
    if _SCIENTIFIC.fullmatch(value) and is_nhs_number(str(round(float(value)))):
        return NHS_NUMBER
    if _POSTCODE.search(value):
        return POSTCODE
    if _DATE.search(value):
        return BIRTH
    if _TELEPHONE.search(value) and not _DATE_WITH_DASHES.search(value):
        return TELEPHONE
    return LOCAL_NUMBER if _INSURANCE.search(value.upper()) else ""


def _is_name(value: str) -> bool:
    if _TITLED.search(value):
        return True
    words = [word.casefold() for word in _WORDS.findall(value)]
    if not words or len(words) > 4 or any(_OF_MEDICINE.fullmatch(word) for word in words):
        return False
    if len(words) == 1:
        return words[0] in GIVEN_NAMES and value.strip().casefold() == words[0]
    given = [word in GIVEN_NAMES for word in words]
    either = sum(word in GIVEN_NAMES or word in SURNAMES for word in words)
    return any(given) and (either >= 2 or "," in value or given[0])


def _is_day(digits: str) -> bool:
    for form in ("%Y%m%d", "%d%m%Y"):
        try:
            day = datetime.strptime(digits, form)
        except ValueError:
            continue
        if 1900 <= day.year <= 2035:
            return True
    return False


def _made_of_age_band(value: str) -> bool:
    """Gives whether a spreadsheet made this date of the age band 5-15."""
    return bool(
        re.fullmatch(r"[0-9]{4}-05-15|2015-05-01|15/0?5/[0-9]{4}|0?1/0?5/2015|0?5/15/[0-9]{4}", value)
    )


def _disguised(values: Iterable[str]) -> list[tuple[int, str]]:
    """Gives the ids that are NHS numbers with letters about them, if too many are for chance."""
    lettered = [(code, match) for code, value in enumerate(values) if (match := _LETTERED.fullmatch(value))]
    hits = [(code, NHS_NUMBER) for code, match in lettered if is_nhs_number(match.group(1) or match.group(2))]
    return hits if len(hits) >= max(_DISGUISED_LEAST, _DISGUISED * len(lettered)) else []
