"""The simulator's default answers: deterministic, and the same through every vendor's API."""

from .answer import answer as answer
