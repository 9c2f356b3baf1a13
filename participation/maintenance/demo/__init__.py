"""Lindenow, an invented town, for trying the platform out. All of it is made up by us."""
