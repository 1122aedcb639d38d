"""The 23 treatment functions of the RTT returns: what planners call the specialties."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.errors import TandemError


@dataclass(frozen=True)
class TreatmentFunction:
    """A specialty of the returns.

    `chapter` is the diagnosis chapter of the outpatient statistics that stands in for it where nothing is
    published by treatment function; '' where it spans many. The returns name no chapter: mapped by Tandem.
    """

    code: str  # as in the official file
    name: str  # as a planner says it
    official_name: str  # as in the official file
    chapter: str


_ENTRIES = (
    TreatmentFunction("C_100", "General surgery", "General Surgery Service", "digestive"),
    TreatmentFunction("C_101", "Urology", "Urology Service", "genitourinary"),
    TreatmentFunction(
        "C_110", "Trauma and orthopaedics", "Trauma and Orthopaedic Service", "musculoskeletal"
    ),
    TreatmentFunction("C_120", "Ear, nose and throat", "Ear Nose and Throat Service", "eye and ear"),
    TreatmentFunction("C_130", "Ophthalmology", "Ophthalmology Service", "eye and ear"),
    # ICD-10 puts teeth and mouth in the digestive chapter, but they are examined by hand, as an ear is
    TreatmentFunction("C_140", "Oral surgery", "Oral Surgery Service", "eye and ear"),
    TreatmentFunction("C_150", "Neurosurgery", "Neurosurgical Service", "nervous"),
    TreatmentFunction("C_160", "Plastic surgery", "Plastic Surgery Service", "skin"),
    TreatmentFunction("C_170", "Cardiothoracic surgery", "Cardiothoracic Surgery Service", "circulatory"),
    TreatmentFunction("C_300", "General internal medicine", "General Internal Medicine Service", ""),
    TreatmentFunction("C_301", "Gastroenterology", "Gastroenterology Service", "digestive"),
    TreatmentFunction("C_320", "Cardiology", "Cardiology Service", "circulatory"),
    TreatmentFunction("C_330", "Dermatology", "Dermatology Service", "skin"),
    TreatmentFunction("C_340", "Respiratory medicine", "Respiratory Medicine Service", "respiratory"),
    TreatmentFunction("C_400", "Neurology", "Neurology Service", "nervous"),
    TreatmentFunction("C_410", "Rheumatology", "Rheumatology Service", "musculoskeletal"),
    TreatmentFunction("C_430", "Elderly medicine", "Elderly Medicine Service", ""),
    TreatmentFunction("C_502", "Gynaecology", "Gynaecology Service", "genitourinary"),
    TreatmentFunction("X02", "Other: medical", "Other - Medical Services", ""),
    TreatmentFunction("X03", "Other: mental health", "Other - Mental Health Services", ""),
    TreatmentFunction("X04", "Other: paediatric", "Other - Paediatric Services", ""),
    TreatmentFunction("X05", "Other: surgical", "Other - Surgical Services", ""),
    TreatmentFunction("X06", "Other: all else", "Other - Other Services", ""),
)

# By code, in the order of the official file, which groups surgery, medicine, then the rest.
TREATMENT_FUNCTIONS: Mapping[str, TreatmentFunction] = MappingProxyType(
    {each.code: each for each in _ENTRIES}
)
TOTAL_CODE = "C_999"  # the total of the others in the official file: never added to them, never stored


def treatment_function(code: str) -> TreatmentFunction:
    """Gives the treatment function with `code`; raises TandemError if there is none."""
    found = TREATMENT_FUNCTIONS.get(code)
    if found is None:
        raise TandemError(
            f"'{code}' is not a treatment function.", f"Use one of {', '.join(TREATMENT_FUNCTIONS)}."
        )
    return found


def name_of(code: str) -> str:
    """Gives the name a planner uses, such as 'Trauma and orthopaedics' for 'C_110'."""
    return treatment_function(code).name


def order_of(code: str) -> int:
    """Gives the place of `code` in the official file's order, 0 to 22, for sorting."""
    return list(TREATMENT_FUNCTIONS).index(treatment_function(code).code)
