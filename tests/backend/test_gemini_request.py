"""What goes to Gemini, without sending it."""

from typing import Any

import pytest

from massgen_stream.backend.gemini_request import GeminiRequest, formatter_for
from massgen_stream.errors import ConfigurationError, UsageError
from massgen_stream.provider import get_provider

pytestmark = pytest.mark.anyio
Data = dict[str, Any]
HELLO = [{"role": "user", "content": "hello"}]
TOOL = {"name": "f"}


def request(
    model: str = "gemini-3.8-flash", tools: Any = (), *, enterprise: bool = False, **options: Any
) -> GeminiRequest:
    return GeminiRequest(get_provider("gemini"), HELLO, tools, model, options, enterprise=enterprise)


async def body(*arguments: Any, **options: Any) -> Data:
    return await request(*arguments, **options).body()


async def test_options_become_google_s_fields() -> None:
    found = await body(
        max_tokens=5,
        temperature=0.5,
        top_p=0.9,
        top_k=3,
        seed=1,
        n=2,
        stop="x",
        presence_penalty=0.1,
        safety_settings=[{"category": "C", "threshold": "BLOCK_NONE"}],
        cached_content="cachedContents/1",
        service_tier="flex",
        labels={"a": "b"},
    )
    assert found.pop("contents") == [{"role": "user", "parts": [{"text": "hello"}]}]
    assert found == {
        "model": "gemini-3.8-flash",
        "generationConfig": {
            "maxOutputTokens": 5,
            "temperature": 0.5,
            "topP": 0.9,
            "topK": 3,
            "seed": 1,
            "candidateCount": 2,
            "stopSequences": ["x"],
            "presencePenalty": 0.1,
        },
        "safetySettings": [{"category": "C", "threshold": "BLOCK_NONE"}],
        "cachedContent": "cachedContents/1",
        "serviceTier": "flex",
        "labels": {"a": "b"},
    }


async def test_a_whole_configuration_is_joined() -> None:
    found = await body(temperature=0.5, stop=["x"], generation_config={"topK": 3}, speech_config={"a": 1})
    assert found["generationConfig"] == {
        "topK": 3,
        "temperature": 0.5,
        "stopSequences": ["x"],
        "speechConfig": {"a": 1},
    }
    with pytest.raises(ConfigurationError, match="given too"):
        request(temperature=0.5, generation_config={"temperature": 1})


async def test_the_body_of_the_user_wins() -> None:
    found = await body(temperature=0.5, extra_body={"generationConfig": {"topK": 1}, "store": False})
    assert found["generationConfig"] == {"topK": 1}
    assert found["store"] is False


async def test_tools_and_choice() -> None:
    found = await body(
        "gemini-3.8-flash", [TOOL], tool_choice="required", maps=True, file_search={"fileSearchStoreNames": ["s"]}
    )
    assert found["tools"] == [
        {"functionDeclarations": [{"name": "f"}]},
        {"googleMaps": {}},
        {"fileSearch": {"fileSearchStoreNames": ["s"]}},
    ]
    config = {"functionCallingConfig": {"mode": "ANY"}, "includeServerSideToolInvocations": True}
    assert found["toolConfig"] == config
    native = await body(web_search=True, web_fetch=True, code_execution=True)
    assert native["tools"] == [{"googleSearch": {}}, {"urlContext": {}}, {"codeExecution": {}}]
    assert "toolConfig" not in native
    cloud = await body("gemini-3.8-flash", [TOOL], web_search=True, enterprise=True)
    assert "toolConfig" not in cloud
    merged = await body("gemini-3.8-flash", [TOOL], tool_choice="auto", tool_config={"retrievalConfig": {}})
    assert merged["toolConfig"] == {"functionCallingConfig": {"mode": "AUTO"}, "retrievalConfig": {}}


def test_what_gemini_does_without_is_told() -> None:
    found = request(user="me", metadata={"a": "b"}, parallel_tool_calls=False)
    assert [loss.split(":")[0] for loss in found.losses] == [
        "option user dropped",
        "option metadata dropped",
        "option parallel_tool_calls dropped",
    ]


@pytest.mark.parametrize(
    "options",
    [{"history": []}, {"system_instruction": "x"}, {"contents": []}, {"timeout": 3}, {"image_generation": True}],
)
def test_what_would_be_misunderstood_is_refused(options: Data) -> None:
    with pytest.raises(UsageError):
        request(**options)


@pytest.mark.parametrize("model", ["a?b", "a b", "../b", "a#b", "a%2f"])
def test_a_model_that_is_no_part_of_an_address(model: str) -> None:
    with pytest.raises(ConfigurationError, match="model"):
        request(model)


@pytest.mark.parametrize(
    ("model", "new"),
    [
        ("gemini-2.5-pro", False),
        ("gemini-3.1-pro-preview", True),
        ("models/gemini-4-carbon", True),
        ("gemini-flash-latest", True),
        ("gemini-nano-banana-2.1", True),
        ("gemma-4-31b-it", False),
        ("gemini-10-x", True),
    ],
)
def test_what_a_model_takes(model: str, new: bool) -> None:
    options = formatter_for(model).options
    assert (options.media_in_responses, options.signed_calls) == (new, new)


def test_continuing_is_usual() -> None:
    assert request().continues
    assert not request(automatic_continuation=False).continues
