"""The OpenAI Speech protocol, raw sound and events, also of hosts that answer with raw sound: `decoder`, `encoder`."""

from .decoder import SpeechDecoder as SpeechDecoder
from .encoder import SpeechEncoder as SpeechEncoder
