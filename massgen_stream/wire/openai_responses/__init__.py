"""Responses streams (``openai.responses``), as OpenAI documents them and as compatible servers send them."""

from .decoder import Cursor as Cursor
from .decoder import ResponsesDecoder as ResponsesDecoder
from .encoder import ResponsesEncoder as ResponsesEncoder
