"""Chat Completions streams (``openai.chat``), as OpenAI documents them and as compatible servers send them."""

from .decoder import ChatDecoder as ChatDecoder
from .encoder import ChatEncoder as ChatEncoder
