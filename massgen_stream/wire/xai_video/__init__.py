"""xAI's REST API for videos: `decoder` and `encoder`."""

from .decoder import VideoDecoder as VideoDecoder
from .encoder import VideoEncoder as VideoEncoder
