"""ElevenLabs' sound with what is said of it, as JSON Lines or events: `decoder`, `encoder`."""

from .decoder import SoundDecoder as SoundDecoder
from .encoder import SoundEncoder as SoundEncoder
