"""What xAI's own SDK sends back of an answer is what we send back: `chat.append(response)` is the witness."""

from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from xai_sdk import AsyncClient
from xai_sdk.chat import Response
from xai_sdk.proto import chat_pb2

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import GrokFormatter
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.wire.grok import GrokDecoder

from ....wire.grok import messages as wire
from ....wire.grok.messages import client_call, image_result, output, saying, server_call

Data = dict[str, Any]
ENDED = {"status": "COMPLETED"}


def sent_by_us(documents: list[Data]) -> list[Data]:
    decoder, gate, accumulator = GrokDecoder(), Gate(stream_id="s"), Accumulator()
    chunks = [chunk for one in documents for chunk in decoder.feed_message(wire.message(one))]
    for chunk in chunks + decoder.close():
        for out in gate.feed(chunk, 1.0):
            accumulator.feed(out)
    payload, losses = GrokFormatter().format_messages([accumulator.message()])
    assert losses == []
    return plain(json_format.ParseDict(one, chat_pb2.Message()) for one in payload)


def sent_by_the_sdk(documents: list[Data]) -> list[Data]:
    empty = chat_pb2.GetChatCompletionResponse(outputs=[chat_pb2.CompletionOutput()])
    response = Response(empty, None)
    for one in documents:
        response.process_chunk(wire.message(one))
    chat = AsyncClient(api_key="k", api_host="127.0.0.1:1", use_insecure_channel=True).chat.create("grok-4.6")
    return plain(chat.append(response).messages)


def plain(messages: Any) -> list[Data]:
    """The messages in their JSON form; empty optional texts say nothing."""
    found = [json_format.MessageToDict(one, preserving_proto_field_name=True) for one in messages]
    return [{name: value for name, value in one.items() if value != ""} for one in found]


ANSWERS = {
    "text": [saying(output(content="Hel")), saying(output(content="lo")), saying(output(finish="REASON_STOP"))],
    "reasoning": [
        saying(output(reasoning_content="Hm", encrypted_content="x1")),
        saying(output(encrypted_content="x2")),
        saying(output(content="a")),
        saying(output(encrypted_content="x3", finish="REASON_STOP")),
    ],
    "encrypted reasoning after the text": [
        saying(output(content="a")),
        saying(output(encrypted_content="x", finish="REASON_STOP")),
    ],
    "calls": [
        saying(output(reasoning_content="Hm", encrypted_content="x")),
        saying(
            output(content="So:", tool_calls=[client_call(), client_call("c-2", status="TOOL_CALL_STATUS_COMPLETED")])
        ),
        saying(output(finish="REASON_TOOL_CALLS")),
    ],
    "tools of xAI's": [
        saying(output(reasoning_content="Hm", encrypted_content="x", tool_calls=[server_call()])),
        saying(output(1, role="ROLE_TOOL", content="found", encrypted_content="y", tool_calls=[server_call(**ENDED)])),
        saying(output(2, reasoning_content="Aha", encrypted_content="z", tool_calls=[server_call("s-2", "X_SEARCH")])),
        saying(output(3, role="ROLE_TOOL", tool_calls=[server_call("s-2", "X_SEARCH", **ENDED)])),
        saying(output(4, content="It is so.", encrypted_content="w")),
        saying(output(4, finish="REASON_STOP")),
    ],
    "tools whose output is not told": [
        saying(output(tool_calls=[server_call()])),
        saying(output(1, tool_calls=[server_call("s-2")])),
        saying(output(2, content="It is so.")),
        saying(output(2, finish="REASON_STOP")),
    ],
    "an image": [
        saying(output(tool_calls=[server_call(kind="IMAGE_GENERATION")])),
        saying(
            output(
                1,
                role="ROLE_TOOL",
                content=image_result(),
                tool_calls=[server_call(kind="IMAGE_GENERATION", **ENDED)],
            )
        ),
        saying(output(2, content="There.", finish="REASON_STOP")),
    ],
    "tools of both": [
        saying(output(tool_calls=[server_call()])),
        saying(output(1, role="ROLE_TOOL", content="found", tool_calls=[server_call(**ENDED)])),
        saying(output(2, content="Now yours.", tool_calls=[client_call()], finish="REASON_TOOL_CALLS")),
    ],
}


@pytest.mark.anyio
@pytest.mark.parametrize("documents", ANSWERS.values(), ids=ANSWERS)
async def test_we_send_back_what_the_sdk_sends_back(documents: list[Data]) -> None:
    assert sent_by_us(documents) == sent_by_the_sdk(documents)


@given(wire.streams)
def test_any_answer_can_be_sent_back(documents: list[Data]) -> None:
    decoder, gate, accumulator = GrokDecoder(), Gate(stream_id="s"), Accumulator()
    chunks = [chunk for one in documents for chunk in decoder.feed_message(wire.message(one))]
    for chunk in chunks + decoder.close():
        for out in gate.feed(chunk, 1.0):
            accumulator.feed(out)
    payload, _ = GrokFormatter().format_messages([accumulator.message()])
    for one in payload:
        json_format.ParseDict(one, chat_pb2.Message())
