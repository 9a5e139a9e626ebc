"""The OpenAI Images protocol, also as OpenRouter, xAI and other compatible hosts speak it: `decoder` and `encoder`."""

from .decoder import ImagesDecoder as ImagesDecoder
from .encoder import ImagesEncoder as ImagesEncoder
