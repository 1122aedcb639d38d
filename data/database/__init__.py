"""The store: one DuckDB file, its schema, ledger and versions."""
