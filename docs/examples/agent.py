"""Let an agent run functions for the model, and show its stream: text, tools, media."""

import asyncio
import sys
import tempfile

from massgen_stream import Agent, MediaTool, MultimodalStreamChunk, TextStreamChunk, create_backend


def lighthouse_at(coast: str, built_before: int = 1900) -> str:
    """Find a lighthouse.

    Args:
        coast: Where it stands.
        built_before: Year.
    """
    return f"the old lighthouse of {coast}, from {built_before - 37}"


async def main(provider: str = "simulator") -> None:
    async with create_backend(provider) as backend:
        maker = MediaTool(tempfile.mkdtemp(), backend_type="local")  # without a name: whoever has a key
        agent = Agent(backend, [lighthouse_at, maker], max_rounds=5)
        stream = agent.run("draw a lighthouse. Then ask lighthouse_at about Brittany.")
        async with stream:
            async for chunk in stream:
                if isinstance(chunk, MultimodalStreamChunk):
                    if chunk.type == "media" and not chunk.is_partial:
                        print(f"[{chunk.source}: {chunk.path}]")
                elif isinstance(chunk, TextStreamChunk):
                    if chunk.type == "content":
                        print(chunk.content, end="", flush=True)
                    elif chunk.type == "tool_result":
                        print(f"[{chunk.tool_name} -> {chunk.content}]")
                    elif chunk.type == "done":
                        print(f"\n[{chunk.finish_reason}] {len(stream.messages)} messages")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
