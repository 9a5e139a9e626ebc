"""Let the model call a tool, answer it, and stream the second turn."""

import asyncio
import json
import sys
from typing import Any

from massgen_stream import Accumulator, TextStreamChunk, create_backend

WEATHER = {
    "name": "get_weather",
    "description": "Current weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def get_weather(city: str) -> str:
    return f"Sunny, 21 degrees in {city}"


async def main(provider: str = "simulator") -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "What is the weather in Florence?"}]
    async with create_backend(provider) as backend:
        for _ in range(5):  # turns
            turn = Accumulator()
            async for chunk in backend.stream_with_tools(messages, [WEATHER]):
                turn.feed(chunk)
                if isinstance(chunk, TextStreamChunk) and chunk.type == "content":
                    print(chunk.content, end="", flush=True)
            if turn.finish_reason != "tool_calls":
                break
            messages.append(turn.message())
            for call in turn.tool_calls:
                if "invalid" in call:
                    answer, failed = f"not executed: {call['invalid']['reason']}", True
                else:
                    answer, failed = get_weather(**json.loads(call["arguments"])), False
                print(f"[{call['name']} {call['arguments']} -> {answer}]")
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": answer, "is_error": failed})
    print(f"\n[{turn.finish_reason}]")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
