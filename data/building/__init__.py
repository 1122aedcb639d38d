"""The figures that ship, made from folders of official files."""
