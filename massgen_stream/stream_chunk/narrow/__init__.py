"""One constructor per type of chunk; none of them can build a chunk that breaks the rules of its type.

Every function is called like its type, takes the fields of the type as `rules.FIELDS` describes them, required ones
first, and raises `InvalidChunk` for a value of the wrong type, out of its vocabulary, or empty where it must not be.
"""

from .ending import complete_message as complete_message
from .ending import complete_response as complete_response
from .ending import done as done
from .ending import error as error
from .ending import turn_done as turn_done
from .ending import usage as usage
from .media import attachment as attachment
from .media import attachment_complete as attachment_complete
from .media import media as media
from .media import media_progress as media_progress
from .status import agent_status as agent_status
from .status import backend_status as backend_status
from .status import compression_status as compression_status
from .status import custom_tool_status as custom_tool_status
from .status import hook_execution as hook_execution
from .status import mcp_status as mcp_status
from .text import citation as citation
from .text import content as content
from .text import reasoning as reasoning
from .text import reasoning_done as reasoning_done
from .text import reasoning_summary as reasoning_summary
from .text import reasoning_summary_done as reasoning_summary_done
from .text import refusal as refusal
from .text import start as start
from .tools import server_tool_call as server_tool_call
from .tools import tool_call_delta as tool_call_delta
from .tools import tool_calls as tool_calls
from .tools import tool_result as tool_result
