"""Replicate's API for predictions (https://replicate.com/docs/reference/http)."""

from .api import PredictionsAPI

VENDOR = PredictionsAPI
