"""Generators: every class of every module in here, or in a package of here, is found by itself."""
