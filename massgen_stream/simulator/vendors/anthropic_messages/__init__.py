"""Anthropic's Messages API."""

from .api import MessagesAPI

VENDOR = MessagesAPI
