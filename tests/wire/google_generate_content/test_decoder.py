"""Bytes to chunks: what each rule comes to; the laws are in `tests.wire.test_laws`."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.testing.cuts import decode
from massgen_stream.testing.wires_google_generate_content import ODD_METADATA, USUAL, wires
from massgen_stream.wire.google_generate_content import GenerateContentDecoder

from .saying import PROTOCOL, argument, call, candidate, decoded, event, finish, only, parts, types


@given(wires(fields=USUAL) | wires(fields=ODD_METADATA))
def test_only_arguments_out_of_order_make_a_usual_event_malformed(wire: bytes) -> None:
    for one in only(decoded(wire), "error"):
        if one.error_info.get("code") == "malformed_event":
            assert "jsonPath" in one.error or "not JSON" in one.error


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("CONTINUATION", "pause"),
        *((name, "content_filter") for name in ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")),
        *((f"IMAGE_{name}", "content_filter") for name in ("SAFETY", "PROHIBITED_CONTENT", "RECITATION")),
        ("MODEL_ARMOR", "content_filter"),
        *((f"MALFORMED_{name}", "error") for name in ("FUNCTION_CALL", "RESPONSE")),
        *((name, "error") for name in ("UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE")),
        *((name, "other") for name in ("OTHER", "LANGUAGE", "NO_IMAGE", "IMAGE_OTHER", "ESCALATION", "NEW_WORD")),
        ("PUP_LIMITED_DISABLED", "other"),
        ("FINISH_REASON_UNSPECIFIED", "other"),
    ],
)
def test_finish_reasons(raw: str, word: str) -> None:
    chunks = decoded(parts({"text": "x"}), finish(raw))
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == (word, raw)
    assert len(only(chunks, "error")) == (word == "error")


def test_the_last_finish_reason_wins_and_content_may_follow_it() -> None:
    chunks = decoded(finish("STOP"), parts({"text": "late"}), finish("MAX_TOKENS"))
    assert types(chunks) == ["start", "content", "done"]
    assert chunks[-1].finish_reason == "length"


def test_done_comes_at_the_end_of_the_input() -> None:
    decoder = GenerateContentDecoder()
    assert "done" not in types(decoder.feed(parts({"text": "x"}, finishReason="STOP")))
    assert types(decoder.close()) == ["done"]
    assert decoder.feed(b"x") == decoder.close() == []


def test_a_continuation_says_with_what_it_goes_on() -> None:
    (done,) = only(decoded(finish("CONTINUATION", continuationToken="tok")), "done")
    assert (done.finish_reason, done.finish_details) == ("pause", {"continuationToken": "tok"})


def test_a_cut_stream_is_incomplete() -> None:
    chunks = decoded(
        parts({"text": "x"}), parts(call(name="f", willContinue=True)), parts(argument("$.a", stringValue="b"))
    )
    assert types(chunks)[-3:] == ["error", "tool_calls", "done"]
    assert chunks[-1].finish_reason == "incomplete"
    assert chunks[-2].tool_calls[0]["invalid"] == {"reason": "cut_off"}


def test_a_blocked_prompt_is_an_end() -> None:
    feedback = {"blockReason": "SAFETY", "safetyRatings": [{"category": "c", "probability": "HIGH"}]}
    chunks = decoded(event(promptFeedback=feedback, modelVersion="m"))
    assert types(chunks) == ["start", "complete_response", "done"]
    assert chunks[-1].finish_reason == "content_filter"
    assert chunks[-1].raw_finish_reason is None
    assert chunks[-1].finish_details == {"promptFeedback": feedback}


def test_a_filtered_answer_tells_the_ratings() -> None:
    ratings = [{"category": "c", "probability": "LOW", "blocked": True}]
    (done,) = only(decoded(finish("SAFETY", safetyRatings=ratings, finishMessage="why")), "done")
    assert done.finish_details == {"safetyRatings": ratings, "finishMessage": "why"}


def test_an_error_in_the_stream_is_one_error_and_reading_goes_on() -> None:
    said = {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}
    usage = event(usageMetadata={"promptTokenCount": 3})
    chunks = decoded(parts({"text": "x"}), event(error=said), event(error=said), usage)
    assert types(chunks) == ["start", "content", "error", "usage", "done"]
    assert (chunks[2].error, chunks[2].error_info["kind"]) == ("overloaded", "overloaded")
    assert (chunks[-1].finish_reason, chunks[-1].usage["input_tokens"]) == ("error", 3)


@pytest.mark.parametrize("rest", [b"data: [DONE]\n\n", event(new={"x": 1}), b": ping\n\n", b"data: 5\n\n"])
def test_what_is_foreign_says_nothing(rest: bytes) -> None:
    assert decoded(parts({"text": "x"}), rest, finish()) == decoded(parts({"text": "x"}), finish())


@pytest.mark.parametrize(
    "part",
    [
        {"text": 5},
        {"inlineData": {"data": "?"}},
        {"inlineData": 5},
        {"functionCall": {"name": 5}},
        {"functionCall": {"name": "f", "args": "x"}},
        {"functionCall": {"name": "f", "willContinue": 1}},
        {"functionCall": {"name": "f", "partialArgs": [{"jsonPath": "$.a", "numberValue": "1"}]}},
        {"functionCall": {"name": "f", "partialArgs": [{"jsonPath": "x", "numberValue": 1}]}},
        {"functionCall": {"name": "f", "partialArgs": [{"jsonPath": "$.a", "numberValue": float("inf")}]}},
        {"executableCode": "x"},
    ],
)
def test_content_of_an_unusable_type_ends_the_stream(part: dict[str, Any]) -> None:
    chunks = decoded(parts({"text": "x"}), parts(part), parts({"text": "never"}))
    assert types(chunks) == ["start", "content", "error", "done"]
    assert chunks[-1].finish_reason == "error"
    assert chunks[-2].error_info["code"] == "malformed_event"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (event(modelVersion=5, candidates=[]), "modelVersion"),
        (event(usageMetadata="x", candidates=[]), "usageMetadata"),
        (candidate(finishReason=0), "candidates.finishReason"),
        (candidate(index="0"), "candidates.index"),
        (candidate(groundingMetadata=[]), "candidates.groundingMetadata"),
        (candidate(avgLogprobs=float("nan")), "candidates.avgLogprobs"),
        (candidate(avgLogprobs=True), "candidates.avgLogprobs"),
        (parts({"thoughtSignature": 5}), "parts.thoughtSignature"),
        (parts({"thought": "yes"}), "parts.thought"),
        (parts({"inlineData": {"mimeType": 5}}), "inlineData.mimeType"),
        (parts({"functionCall": {"id": 5, "willContinue": True}}), "functionCall.id"),
    ],
)
def test_metadata_of_an_unusable_type_is_dropped_and_named(said: bytes, path: str) -> None:
    chunks = decoded(said, said, parts({"text": "x"}), finish())
    assert [(one.status, one.detail) for one in only(chunks, "backend_status")] == [("ignored_field", path)]
    assert chunks[-1].finish_reason == "stop"


def test_a_figure_that_is_no_number_is_named_once_and_only_that_is_missing() -> None:
    usage = {"promptTokenCount": "5", "candidatesTokenCount": 2}
    chunks = decoded(parts({"text": "x"}), candidate(finishReason="STOP") + event(candidates=[], usageMetadata=usage))
    assert [one.detail for one in only(chunks, "backend_status")] == ["usageMetadata.promptTokenCount"]
    assert chunks[-1].usage == {"output_tokens": 2, "all_output_tokens": 2, "raw": usage}


def test_the_last_usage_wins_and_all_tokens_are_counted() -> None:
    first = {"promptTokenCount": 9, "totalTokenCount": 90}
    last = {
        "promptTokenCount": 5,
        "candidatesTokenCount": 2,
        "thoughtsTokenCount": 3,
        "toolUsePromptTokenCount": 4,
        "cachedContentTokenCount": 1,
        "totalTokenCount": 14,
        "trafficType": "ON_DEMAND",
    }
    chunks = decoded(
        event(candidates=[], usageMetadata=first), event(candidates=[{"finishReason": "STOP"}], usageMetadata=last)
    )
    assert chunks[-1].usage == {
        "input_tokens": 5,
        "output_tokens": 2,
        "total_tokens": 14,
        "cached_input_tokens": 1,
        "reasoning_tokens": 3,
        "all_input_tokens": 9,
        "all_output_tokens": 5,
        "details": {"toolUsePromptTokenCount": 4, "trafficType": "ON_DEMAND"},
        "raw": last,
    }


def test_thoughts_and_signatures_are_found_again_in_the_message() -> None:
    chunks = decoded(
        parts({"text": "hm", "thought": True}),
        parts({"text": " so", "thought": True, "thoughtSignature": "S0"}),
        parts({"text": "Hel"}),
        parts({"text": "lo", "thoughtSignature": "S1"}),
        parts({"text": "", "thoughtSignature": "S2"}),
        parts({"thoughtSignature": "S3"}),
        finish(),
    )
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    reasoning, text = accumulator.message()["content"]
    assert (reasoning["text"], text["text"]) == ("hm so", "Hello")
    assert reasoning["provider_data"][PROTOCOL]["parts"] == [{"start": 2, "end": 5, "thoughtSignature": "S0"}]
    assert text["provider_data"][PROTOCOL]["parts"] == [
        {"start": 3, "end": 5, "thoughtSignature": "S1"},
        {"start": 5, "end": 5, "thoughtSignature": "S2", "text": ""},
        {"start": 5, "end": 5, "thoughtSignature": "S3"},
    ]


def test_a_place_counts_from_the_part_of_the_message_that_it_is_in() -> None:
    code = {"executableCode": {"language": "PYTHON", "code": "1"}}
    chunks = decoded(parts({"text": "abc"}, code, {"text": "de", "thoughtSignature": "S"}), finish())
    (signed,) = [one for one in only(chunks, "content") if one.provider_data]
    assert signed.provider_data[PROTOCOL]["parts"][0]["start"] == 0


def test_whole_calls_without_ids_get_some() -> None:
    said = parts({**call(name="f", args={"a": 1}), "thoughtSignature": "S"}, call(name="f"))
    chunks = decoded(event(responseId="r", candidates=[]), said, finish())
    calls = [one for chunk in only(chunks, "tool_calls") for one in chunk.tool_calls]
    assert calls == [
        {
            "id": "r-call-0",
            "name": "f",
            "arguments": '{"a":1}',
            "kind": "function",
            "provider_data": {PROTOCOL: {"id": None, "thoughtSignature": "S"}},
        },
        {
            "id": "r-call-1",
            "name": "f",
            "arguments": "{}",
            "kind": "function",
            "provider_data": {PROTOCOL: {"id": None}},
        },
    ]
    assert chunks[-1].finish_reason == "tool_calls"


def test_ids_that_come_twice_stay_two_calls() -> None:
    chunks = decoded(parts(call(id="c", name="f"), call(id="c", name="g")), finish())
    first, second = (one for chunk in only(chunks, "tool_calls") for one in chunk.tool_calls)
    assert (first["id"], "provider_data" in first) == ("c", False)
    assert second["id"] != "c"
    assert second["provider_data"] == {PROTOCOL: {"id": "c"}}


def test_arguments_that_stream() -> None:
    chunks = decoded(
        parts(call(name="f", willContinue=True)),
        parts(argument("$.city", stringValue="Par", willContinue=True)),
        parts(argument("$.city", stringValue="is")),
        parts(call(willContinue=True)),
        parts(argument("$.days[0].n", numberValue=2)),
        parts(call(), finishReason="STOP"),
        finish(),
    )
    deltas = [one.arguments_delta for one in only(chunks, "tool_call_delta")]
    assert deltas == ["", '{"city":"Par', 'is"', ',"days":[{"n":2', "}]}"]
    assert only(chunks, "tool_calls")[0].tool_calls[0]["arguments"] == '{"city":"Paris","days":[{"n":2}]}'


def test_whole_arguments_that_contradict_their_pieces_are_told() -> None:
    start = [parts(call(name="f", willContinue=True)), parts(argument("$.a", numberValue=1))]
    chunks = decoded(*start, parts(call(args={"a": 2})), finish())
    assert [one.status for one in only(chunks, "backend_status")] == ["contradiction"]
    assert only(chunks, "tool_calls")[0].tool_calls[0]["arguments"] == '{"a":1}'
    assert "backend_status" not in types(decoded(*start, parts(call(args={"a": 1})), finish()))


def test_a_call_that_another_interrupts_is_cut_off() -> None:
    chunks = decoded(parts(call(name="f", willContinue=True)), parts(call(name="g", args={})), finish())
    first, second = (one for chunk in only(chunks, "tool_calls") for one in chunk.tool_calls)
    assert first["invalid"] == {"reason": "cut_off"}
    assert "invalid" not in second


def test_code_and_its_result_belong_together() -> None:
    code, result = {"language": "PYTHON", "code": "1"}, {"outcome": "OUTCOME_FAILED", "output": "boom"}
    chunks = decoded(
        parts({"executableCode": code, "thoughtSignature": "S"}), parts({"codeExecutionResult": result}), finish()
    )
    tool, answer = chunks[1:3]
    assert (tool.type, tool.tool_name, tool.arguments) == (
        "server_tool_call",
        "code_execution",
        '{"language":"PYTHON","code":"1"}',
    )
    assert tool.provider_data == {PROTOCOL: {"part": {"executableCode": code, "thoughtSignature": "S"}}}
    assert (answer.tool_call_id, answer.content, answer.is_error) == (tool.tool_call_id, "boom", True)


def test_tools_that_google_runs() -> None:
    search = {"toolType": "FILE_SEARCH", "id": "t", "args": {"q": "x"}}
    found = {"toolType": "FILE_SEARCH", "id": "t", "response": {"n": 1}}
    tool, answer = decoded(parts({"toolCall": search}, {"toolResponse": found}), finish())[1:3]
    assert (tool.tool_call_id, tool.tool_name, tool.arguments, tool.status) == (
        "t",
        "FILE_SEARCH",
        '{"q":"x"}',
        "in_progress",
    )
    assert (answer.tool_call_id, answer.tool_name, answer.content) == ("t", "FILE_SEARCH", '{"n":1}')


@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [
        ("image/png", "image"),
        ("video/mp4", "video"),
        ("audio/wav", "audio"),
        ("application/pdf", "document"),
        ("x/y", "file"),
    ],
)
def test_media_that_are_whole(mime_type: str, kind: str) -> None:
    blob = {"mimeType": mime_type, "data": b64encode(b"bytes").decode()}
    (medium,) = only(decoded(parts({"inlineData": blob, "thoughtSignature": "S"}), finish()), "media")
    assert (medium.media_type, medium.media_data, medium.media_encoding, medium.is_partial) == (
        kind,
        b"bytes",
        "binary",
        False,
    )
    assert medium.media_metadata.checksum == f"sha256:{sha256(b'bytes').hexdigest()}"
    assert medium.provider_data == {PROTOCOL: {"thoughtSignature": "S"}}
    assert medium.display


def test_drafts_of_the_thinking_are_not_displayed() -> None:
    blob = {"mimeType": "image/png", "data": "AAAA"}
    (medium,) = only(decoded(parts({"inlineData": blob, "thought": True}), finish()), "media")
    assert not medium.display


def test_raw_sound_comes_in_segments() -> None:
    pieces = [b"\0\1" * 10, b"\2\3" * 5]
    mime_type = "audio/L16;codec=pcm;rate=24000"
    said = [parts({"inlineData": {"mimeType": mime_type, "data": b64encode(piece).decode()}}) for piece in pieces]
    first, second, final = only(decoded(*said, finish()), "media")
    assert [(one.chunk_index, one.byte_offset, one.partial_kind) for one in (first, second)] == [
        (0, 0, "segment"),
        (1, 20, "segment"),
    ]
    assert first.media_metadata.sample_rate == 24000
    assert (final.media_id, final.is_partial, final.media_data) == (first.media_id, False, None)
    assert (final.media_metadata.size_bytes, final.media_metadata.mime_type) == (30, mime_type)
    assert final.media_metadata.checksum == f"sha256:{sha256(b''.join(pieces)).hexdigest()}"


def test_a_file_is_a_reference() -> None:
    (medium,) = only(decoded(parts({"fileData": {"fileUri": "https://f", "mimeType": "video/mp4"}}), finish()), "media")
    assert (medium.media_type, medium.media_encoding, medium.media_data) == ("video", "url", "https://f")


def test_grounding_is_told_once_per_source() -> None:
    support = {"segment": {"startIndex": 5, "endIndex": 9, "text": "😀"}, "groundingChunkIndices": [1]}
    grounding: dict[str, Any] = {
        "groundingChunks": [
            {"web": {"uri": "https://a", "title": "A"}},
            {"retrievedContext": {"text": "t", "title": "T"}},
        ],
        "groundingSupports": [support],
        "webSearchQueries": ["q"],
    }
    chunks = decoded(
        parts({"text": "é b 😀"}), finish(groundingMetadata=grounding), candidate(groundingMetadata=grounding)
    )
    first, second = (one.citation for one in only(chunks, "citation"))
    assert first == {
        "url": "https://a",
        "title": "A",
        "raw": {"index": 0, "groundingChunk": grounding["groundingChunks"][0]},
    }
    assert (second["title"], second["cited_text"], second["start"], second["end"]) == ("T", "t", 4, 5)
    assert second["raw"]["groundingSupports"] == [support]
    (response,) = only(chunks, "complete_response")
    assert response.response == {"candidates": [{"index": 0, "groundingMetadata": {"webSearchQueries": ["q"]}}]}


@pytest.mark.parametrize("name", ["citationSources", "citations"])
def test_recited_sources(name: str) -> None:
    source = {"startIndex": 0, "endIndex": 2, "uri": "https://r"}
    chunks = decoded(parts({"text": "abc"}, citationMetadata={name: [source]}), finish("RECITATION"))
    (citation,) = only(chunks, "citation")
    assert citation.citation == {"url": "https://r", "start": 0, "end": 2, "raw": {"citationSource": source}}


def test_several_candidates() -> None:
    chunks = decoded(
        parts({"text": "a"}), parts({"text": "b"}, index=1), finish(), candidate(index=1, finishReason="SAFETY")
    )
    assert [(one.content, one.choice_index) for one in only(chunks, "content")] == [("a", None), ("b", 1)]
    assert chunks[-1].finish_details == {
        "choices": [{"index": 1, "finish_reason": "content_filter", "raw_finish_reason": "SAFETY"}]
    }


def test_made_up_ids_carry_the_prefix() -> None:
    decoder = GenerateContentDecoder(id_prefix="turn-2-")
    (delta, *_) = only(decode(decoder, [parts(call(name="f")), finish()]), "tool_call_delta")
    assert delta.tool_call_id == "turn-2-response-call-0"


def test_a_medium_says_which_later_candidate_it_is_of() -> None:
    blob = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    chunks = decoded(parts(blob), parts(blob, index=1))
    assert [one.provider_data for one in only(chunks, "media")] == [None, {PROTOCOL: {"candidate": 1}}]


def test_grounding_of_several_events_is_joined() -> None:
    chunks = decoded(
        parts({"text": "x"}, groundingMetadata={"webSearchQueries": ["q"]}),
        finish(groundingMetadata={"retrievalMetadata": {"a": 1}}),
    )
    told = only(chunks, "complete_response")[0].response["candidates"][0]["groundingMetadata"]
    assert told == {"webSearchQueries": ["q"], "retrievalMetadata": {"a": 1}}


def test_an_id_that_comes_late_is_kept_for_the_next_request() -> None:
    chunks = decoded(parts(call(name="f", willContinue=True)), parts(call(id="late")), finish())
    (final,) = only(chunks, "tool_calls")[0].tool_calls
    assert (final["id"], final["provider_data"]) == ("response-call-0", {PROTOCOL: {"id": "late"}})


def test_sound_stays_open_after_an_error() -> None:
    sound = parts({"inlineData": {"mimeType": "audio/pcm", "data": "AAAA"}})
    assert [one.is_partial for one in only(decoded(sound, event(error={"message": "no"})), "media")] == [True]


def test_a_block_after_text_is_the_end_of_a_candidate_without_one() -> None:
    chunks = decoded(
        parts({"text": "x"}), parts({"text": "y"}, index=1), event(promptFeedback={"blockReason": "OTHER"})
    )
    assert chunks[-1].finish_reason == "content_filter"
    assert chunks[-1].finish_details["choices"] == [{"index": 1, "finish_reason": "content_filter"}]
    assert not only(chunks, "complete_response")


def test_the_first_id_of_the_response_counts_and_the_latest_feedback() -> None:
    feedback = [{"safetyRatings": [{"category": name}]} for name in "ab"]
    said = [event(responseId=f"r{n}", modelVersion="m", promptFeedback=one) for n, one in enumerate(feedback)]
    (response,) = only(decoded(*said, finish()), "complete_response")
    assert response.response == {"responseId": "r0", "modelVersion": "m", "promptFeedback": feedback[1]}


@pytest.mark.parametrize(
    ("segment", "span"),
    [
        ({"endIndex": 2}, (0, 2)),
        ({"partIndex": 1, "endIndex": 2}, None),
        ({"startIndex": 3, "endIndex": 2}, None),
        ({}, None),
    ],
)
def test_places_of_a_source(segment: dict[str, Any], span: tuple[int, int] | None) -> None:
    supports = [{"segment": segment, "groundingChunkIndices": [0]}]
    grounding = {"groundingChunks": [{"web": {"uri": "u"}}], "groundingSupports": supports}
    (chunk,) = only(decoded(parts({"text": "abc"}), finish(groundingMetadata=grounding)), "citation")
    assert (chunk.citation.get("start"), chunk.citation.get("end")) == (span or (None, None))


def test_a_recited_source_that_starts_at_the_beginning() -> None:
    chunks = decoded(parts({"text": "abc"}, citationMetadata={"citations": [{"endIndex": 1}]}), finish())
    assert only(chunks, "citation")[0].citation["start"] == 0


def test_calls_of_server_tools_with_one_id_stay_two() -> None:
    code = {"executableCode": {"code": "1", "id": "e"}}
    first, second = only(decoded(parts(code, code), finish()), "server_tool_call")
    assert first.tool_call_id == "e" != second.tool_call_id


def _response(text: str, *, reason: str | None = None, token: str | None = None, tokens: int = 1) -> bytes:
    candidate: dict[str, Any] = {"content": {"parts": [{"text": text}], "role": "model"}} if text else {}
    candidate |= {"finishReason": reason} if reason else {}
    candidate |= {"continuationToken": token} if token else {}
    rows = [{"modality": "TEXT", "tokenCount": tokens}]
    usage = {"promptTokenCount": 10, "candidatesTokenCount": tokens, "totalTokenCount": 10 + tokens}
    report = {**usage, "candidatesTokensDetails": rows, "trafficType": "X"}
    return b"data: " + json.dumps({"candidates": [candidate], "usageMetadata": report}).encode() + b"\r\n\r\n"


def _tokens(decoder: GenerateContentDecoder) -> tuple[str | None, str | None]:
    """Where the answer goes on, and from where a cut one could."""
    return decoder.continuation, decoder.checkpoint


def test_an_answer_goes_on_in_another_response() -> None:
    decode = GenerateContentDecoder()
    chunks: list[Any] = decode.feed(_response("Hel") + _response("", reason="CONTINUATION", token="t1", tokens=2)[:-4])
    assert _tokens(decode) == (None, None)
    chunks += decode.end_body()
    assert _tokens(decode) == ("t1", "t1")
    decode.go_on("t1")
    assert _tokens(decode) == (None, "t1")
    chunks += decode.feed(_response("lo", tokens=3) + _response("", reason="STOP", tokens=5))
    assert _tokens(decode) == (None, None)
    chunks += decode.end_body()
    assert _tokens(decode) == (None, None)
    chunks += decode.close()
    assert [chunk.content for chunk in chunks if chunk.type == "content"] == ["Hel", "lo"]
    assert [chunk.type for chunk in chunks if chunk.type in ("start", "done")] == ["start", "done"]
    done = chunks[-1]
    assert (done.finish_reason, done.raw_finish_reason, done.finish_details) == ("stop", "STOP", None)
    rows = [{"modality": "TEXT", "tokenCount": 7}]
    raw = {"promptTokenCount": 20, "candidatesTokenCount": 7, "totalTokenCount": 27}
    assert done.usage["raw"] == {**raw, "candidatesTokensDetails": rows, "trafficType": "X"}
    assert (done.usage["input_tokens"], done.usage["all_output_tokens"]) == (20, 7)


def test_an_answer_that_is_not_continued_says_where_it_would_go_on() -> None:
    decode = GenerateContentDecoder()
    chunks: list[Any] = (
        decode.feed(_response("a", reason="CONTINUATION", token="t1")) + decode.end_body() + decode.close()
    )
    done = chunks[-1]
    assert (done.finish_reason, done.finish_details) == ("pause", {"continuationToken": "t1"})


def test_a_token_that_brought_nothing_new_is_not_used_again() -> None:
    decode = GenerateContentDecoder()
    decode.feed(_response("a", reason="CONTINUATION", token="t1"))
    decode.go_on("t1")
    decode.feed(_response("b", reason="CONTINUATION", token="t1"))
    assert _tokens(decode) == (None, None)


def test_a_checkpoint_lasts_until_something_is_said() -> None:
    decode = GenerateContentDecoder()
    decode.feed(_response("a", token="t1"))
    assert _tokens(decode)[1] == "t1"
    decode.feed(b'data: {"candidates": [{"index": 1, "content": {"parts": [{"text": "x"}]}}]}\n\n')
    decode.feed(b'data: {"usageMetadata": {"promptTokenCount": 3}}\n\n')
    assert _tokens(decode)[1] == "t1"
    decode.feed(_response("b"))
    assert _tokens(decode)[1] is None
    decode.feed(_response("c", token="t2"))
    decode.feed(b'data: {"error": {"code": 500, "message": "no", "status": "INTERNAL"}}\n\n')
    assert _tokens(decode)[1] is None


def test_the_end_of_a_body_that_is_no_stream_is_no_end() -> None:
    decode = GenerateContentDecoder()
    assert decode.feed(b'{"error": {"code": 404, "message": "gone", "status": "NOT_FOUND"}}') == []
    assert decode.end_body() == []
    assert [chunk.type for chunk in decode.close()] == ["error", "done"]
