"""The figures that ship with Tandem, loaded into a new store."""
