"""Google's Interactions API (https://ai.google.dev/api/interactions-api), by key and through Google Cloud."""

from .api import InteractionsAPI

VENDOR = InteractionsAPI
