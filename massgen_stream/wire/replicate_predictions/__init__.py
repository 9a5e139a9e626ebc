"""Replicate's predictions: `decoder` and `encoder`."""

from .decoder import PredictionsDecoder as PredictionsDecoder
from .encoder import PredictionsEncoder as PredictionsEncoder
