"""The ledger of imports: what was read when, and the digest of its content."""

from data.database.store import Writer
from data.database.version import PRODUCT_VERSION


def digest_of(writer: Writer, month: str) -> str:
    """Give the content digest of the month as held, blank when the month is not held."""
    newest = writer.execute(
        "SELECT digest FROM imports WHERE kind = 'rtt' AND month = ? "
        "ORDER BY imported_at DESC, rowid DESC LIMIT 1",
        [month],
    )
    return newest[0][0] if newest else ""


def record(
    writer: Writer, kind: str, month: str, file: str, digest: str, file_rows: int, *, origin: str
) -> None:
    """Write one line of the ledger."""
    writer.execute(
        "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, now() AT TIME ZONE 'UTC')",
        [kind, month, file, digest, file_rows, origin, PRODUCT_VERSION],
    )
