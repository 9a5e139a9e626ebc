"""Google's ``predict`` for Imagen models: `decoder` and `encoder`."""

from .decoder import ImagenDecoder as ImagenDecoder
from .encoder import ImagenEncoder as ImagenEncoder
