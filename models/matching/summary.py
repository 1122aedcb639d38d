"""What a matching comes to: how many, how far, how many weeks saved, who gives and who takes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.matching.preview import Preview
from models.matching.solving.offers import STANDBY


@dataclass(frozen=True)
class Summary:
    """The figures of one preview. Shares are 0 to 1; NaN where there is nothing to share."""

    patients: int
    places: int  # in weeks that have not begun
    matched: int
    confirmed: int
    weeks_saved: float  # sum over matched patients whose wait at home is known
    weeks_known_for: int  # how many these are
    median_miles: float  # of matched patients seen face to face, as the crow flies
    miles_90: float  # 90th percentile of the same
    seen_face_to_face: int
    share_with_choice: float  # of all patients still asked: two or more places that are theirs to take
    share_with_standby: float  # the same, standby counted
    synthetic: bool  # some patients or slots were made up by Tandem
    warnings: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Gives the figures as sentences, one a line."""
        lines = [
            f"{self.matched:,} of {self.patients:,} patients have a place "
            f"({_share(self.matched, self.patients)}), {self.confirmed:,} of them accepted; "
            f"{self.places - self.matched:,} of {self.places:,} places are left."
        ]
        if self.weeks_known_for:
            lines.append(
                f"{self.weeks_saved:,.0f} weeks of waiting saved, over the {self.weeks_known_for:,} matched "
                "patients whose wait at home is known."
            )
        else:
            lines.append("No matched patient's wait at home is known, so weeks saved are not counted.")
        if self.seen_face_to_face:
            lines.append(
                f"{self.seen_face_to_face:,} travel: half of them {self.median_miles:,.0f} miles or less, "
                f"nine in ten {self.miles_90:,.0f} or less, as the crow flies."
            )
        if not np.isnan(self.share_with_choice):
            lines.append(
                f"{self.share_with_choice:.0%} of patients still to answer have two or more places to choose "
                f"from; {self.share_with_standby:.0%} with standby."
            )
        if self.synthetic:
            lines.insert(0, "Synthetic: patients or slots made up by Tandem are among these. Nobody's own.")
        return [*lines, *self.warnings]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def summary(preview: Preview) -> Summary:
    """Gives the figures of a preview."""
    matches, batches = preview.matches, preview.inputs.batches
    miles = matches.loc[matches["medium"] == "face_to_face", "miles"].dropna()
    saved = matches["weeks_saved"].dropna()
    asked = len(preview.inputs.patients.ids) - int(matches["confirmed"].sum())
    counts = preview.offers["patient_id"].value_counts()
    firm = preview.offers.loc[preview.offers["kind"] != STANDBY, "patient_id"].value_counts()
    return Summary(
        patients=len(preview.inputs.patients.ids),
        places=int(batches.count[batches.week >= preview.inputs.first_week].sum()),
        matched=len(matches),
        confirmed=int(matches["confirmed"].sum()),
        weeks_saved=float(saved.sum()),
        weeks_known_for=len(saved),
        median_miles=float(miles.median()) if len(miles) else float("nan"),
        miles_90=float(miles.quantile(0.9)) if len(miles) else float("nan"),
        seen_face_to_face=int((matches["medium"] == "face_to_face").sum()),
        share_with_choice=float((firm >= 2).sum() / asked) if asked else float("nan"),
        share_with_standby=float((counts >= 2).sum() / asked) if asked else float("nan"),
        synthetic=preview.synthetic,
        warnings=tuple(warning for warning in preview.fairness["warning"] if warning),
    )


def give_and_take(preview: Preview) -> pd.DataFrame:
    """Gives a row a provider: patients listed, of them placed elsewhere, places offered, of them filled."""
    patients, slots = preview.inputs.patient_frame, preview.inputs.slot_frame
    counted = preview.inputs.batches.week >= preview.inputs.first_week
    table = pd.DataFrame(
        {
            "patients_listed": patients["home_provider"].value_counts(),
            "patients_placed": preview.matches["home_provider"].value_counts(),
            "places_offered": pd.Series(np.where(counted, preview.inputs.batches.count, 0))
            .groupby(slots["provider"].to_numpy(object))
            .sum(),
            "places_filled": preview.matches["provider"].value_counts(),
        }
    )
    table = table.fillna(0).astype(int).sort_index()
    return table.rename_axis("provider").reset_index()


def flows(preview: Preview) -> pd.DataFrame:
    """Gives a row a pair of providers: patients who would go from one to the other, and median miles."""
    pairs = preview.matches.groupby(["home_provider", "provider"], sort=True)
    return pairs.agg(patients=("patient_id", "size"), median_miles=("miles", "median")).reset_index()
