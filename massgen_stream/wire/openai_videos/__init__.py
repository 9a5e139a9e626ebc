"""Jobs of OpenAI's Videos API, and of OpenRouter's: `decoder` and `encoder`."""

from .decoder import VideosDecoder as VideosDecoder
from .encoder import VideosEncoder as VideosEncoder
