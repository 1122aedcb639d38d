"""Results written as files: whole or not at all, with what they came from written in or beside them."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import TandemError

FORMATS = (".parquet", ".csv")


def check_format(path: Path) -> None:
    """Raises TandemError unless results can be written to `path`: its ending and its folder."""
    if path.suffix.lower() not in FORMATS:
        raise TandemError(
            f"Results can't be written to {path.name}: its ending is neither .parquet nor .csv.",
            "Name a file such as results.parquet.",
        )
    if not path.absolute().parent.is_dir():
        raise TandemError(f"There is no folder {path.absolute().parent}.", "Make it first, or name another.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all; raises TandemError where it can't be written."""
    parted = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        parted.write_bytes(content)
        os.replace(parted, path)
    except OSError as fault:
        raise TandemError(
            f"{path} could not be written: {fault.strerror}.", "Name another file, or make room."
        ) from fault
    finally:
        parted.unlink(missing_ok=True)


def write_results(
    frames: Iterable[pd.DataFrame],
    path: Path,
    about: Mapping[str, Any],
    ending: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Write frames one after the other to `path`; returns the rows written.

    `about` (seed, scenario, data month, version ...) goes into the Parquet file's metadata under 'tandem', or
    beside a CSV file as NAME.about.json. `ending` holds what is known only after the last frame, and is read
    then: it goes under 'tandem_ending', or into the same JSON. The file appears whole or not at all.
    """
    check_format(path)
    parted = path.with_name(f".{path.name}.{os.getpid()}.part")
    written = _write_parquet if path.suffix.lower() == ".parquet" else _write_csv
    try:
        rows = written(frames, parted, about, ending)
        os.replace(parted, path)
        if path.suffix.lower() == ".csv":
            about_path = path.with_name(path.name + ".about.json")
            about_path.write_text(json.dumps({**about, **ending}, indent=2) + "\n", encoding="utf-8")
    except OSError as fault:
        raise TandemError(
            f"{path} could not be written: {fault.strerror}.", "Name another file, or make room."
        ) from fault
    finally:
        parted.unlink(missing_ok=True)
    return rows


def _write_parquet(
    frames: Iterable[pd.DataFrame], path: Path, about: Mapping[str, Any], ending: Mapping[str, Any]
) -> int:
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        for frame in frames:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if writer is None:
                noted = table.schema.with_metadata({b"tandem": json.dumps(about).encode()})
                writer = pq.ParquetWriter(path, noted, compression="zstd")
            writer.write_table(table.replace_schema_metadata(noted.metadata))
            rows += table.num_rows
        if writer is not None and ending:
            writer.add_key_value_metadata({"tandem_ending": json.dumps(dict(ending))})
    finally:
        if writer is not None:
            writer.close()
    return rows


def _write_csv(
    frames: Iterable[pd.DataFrame], path: Path, about: Mapping[str, Any], ending: Mapping[str, Any]
) -> int:
    rows = 0
    for frame in frames:
        frame.to_csv(path, mode="a", index=False, header=rows == 0, lineterminator="\n")
        rows += len(frame)
    return rows
