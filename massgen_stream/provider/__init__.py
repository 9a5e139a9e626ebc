"""Hosts, one module each."""
