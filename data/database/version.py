"""The product's version, as written into the store's ledger and every saved run."""

PRODUCT_VERSION = "0.1.0"
