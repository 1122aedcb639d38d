"""Makes the shipped figures on where patients live and who they are: `reference_build` calls it.

From `equity/lsoa_england.parquet`, `equity/trust_catchment_ltla21.csv`, `equity/waiting_list_shares.csv` and
`org/gp_practices_2023.csv`.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.building.practices import FILE as PRACTICES
from data.building.practices import write_practices
from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

FILES = ("small_areas.parquet", "catchments.csv", "list_shares.csv", "outward_postcodes.csv", PRACTICES)

_AREAS = pa.schema(
    [
        ("district", pa.string()),
        ("latitude", pa.float32()),
        ("longitude", pa.float32()),
        ("deprivation", pa.int8()),
        ("exclusion_risk", pa.float32()),
    ]
)
_DIMENSIONS = {"Age": "age", "Sex": "sex", "Deprivation": "deprivation"}
_GROUPS = {
    "0 to 18 years": "0-18",
    "19 to 64 years": "19-64",
    "Over 65 years": "65+",
    "Female": "female",
    "Male": "male",
    **{f"IMD {tenth}": str(tenth) for tenth in range(1, 11)},
}
_SPELT_OTHERWISE = {"Trauma and Orthopaedics Service": "C_110"}
_DECIMALS = 4  # of a share, as published


def build_homes(source: Path, folder: Path) -> None:
    """Writes the five files of FILES into `folder` from the official ones below `source`.

    Raises TandemError when a file is missing or has not the columns it is published with.
    """
    try:
        _areas(pd.read_parquet(source / "equity" / "lsoa_england.parquet"), folder / FILES[0])
        _catchments(pd.read_csv(source / "equity" / "trust_catchment_ltla21.csv"), folder / FILES[1])
        _shares(pd.read_csv(source / "equity" / "waiting_list_shares.csv"), folder / FILES[2])
        practices = pd.read_csv(source / "org" / "gp_practices_2023.csv")
        _outward(practices, folder / FILES[3])
        commissioners = pd.read_csv(folder / "commissioners.csv", keep_default_na=False)
        write_practices(practices, commissioners, folder / FILES[4])
    except (OSError, KeyError, ValueError, pa.ArrowException) as fault:
        raise TandemError(
            f"The figures on homes below {source} can't be read: {fault}.",
            "Check the folder given with --from: it needs equity/ and org/gp_practices_2023.csv.",
        ) from fault


def _areas(neighbourhoods: pd.DataFrame, path: Path) -> None:
    """Writes a row a small area, without its code: about 1,500 people each, its middle to a mile."""
    areas = pd.DataFrame(
        {
            "district": neighbourhoods["ltla22_code"],
            "latitude": neighbourhoods["lat"].round(2),
            "longitude": neighbourhoods["lon"].round(2),
            "deprivation": neighbourhoods["imd2019_decile"],
            "exclusion_risk": neighbourhoods["digital_exclusion_risk"].round(1),
        }
    ).sort_values(["district", "deprivation", "latitude", "longitude", "exclusion_risk"])
    table = pa.Table.from_pandas(areas, schema=_AREAS, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", compression_level=19)


def _catchments(catchments: pd.DataFrame, path: Path) -> None:
    named = catchments.rename(columns={"provider_code": "provider", "ltla21_code": "district"})
    _write(named[["provider", "district", "share"]].sort_values(["provider", "district"]), path)


def _shares(published: pd.DataFrame, path: Path) -> None:
    """Writes shares by provider, board and treatment function, where the groups of a dimension add up to one.

    England's and the regions' rows are left out: they stand there several times and disagree.
    """
    codes = {each.official_name: each.code for each in TREATMENT_FUNCTIONS.values()} | _SPELT_OTHERWISE
    shares = pd.DataFrame(
        {
            "code": published["code"].where(published["level"] == "provider", published["code"].map(codes)),
            "dimension": published["dimension"].map(_DIMENSIONS),
            "group": published["group"].map(_GROUPS),
            "share": published["share"].round(_DECIMALS),
        }
    )
    shares = shares[shares["code"].notna() & (shares["code"] != "ENG") & ~shares["code"].str.startswith("Y")]
    whole = shares.groupby(["code", "dimension"])["share"].transform("sum").between(0.98, 1.02)
    _write(shares[whole].sort_values(["code", "dimension", "group"]), path)


def _outward(practices: pd.DataFrame, path: Path) -> None:
    """Writes the middle of each outward postcode: the median of the general practices' places in it."""
    placed = practices.dropna(subset=["postcode", "lat", "lon"])
    outward = placed["postcode"].str.replace(" ", "").str[:-3].str.upper()
    middle = placed.groupby(outward)[["lat", "lon"]].median().round(2)
    _write(
        middle.rename(columns={"lat": "latitude", "lon": "longitude"}).rename_axis("outward").reset_index(),
        path,
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n")
