"""ElevenLabs' flows: images and videos by models of others (https://elevenlabs.io/docs/api-reference/flows)."""

from .api import FlowsAPI

VENDOR = FlowsAPI
