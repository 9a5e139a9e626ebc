"""Strategies, recorded streams and fakes for tests."""
