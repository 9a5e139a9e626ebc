from typing import Any

import pytest

from massgen_stream.backend import BACKEND_CAPABILITIES
from massgen_stream.backend.capabilities import (
    BackendCapabilities,
    get_backends_with_capability,
    get_capabilities,
    has_capability,
    validate_backend_config,
)
from massgen_stream.provider import providers

WORDS = {
    *("web_search", "code_execution", "bash", "mcp", "reasoning", "filesystem_native", "filesystem_mcp"),
    *("image_generation", "image_understanding", "audio_generation", "audio_understanding"),
    *("video_generation", "video_understanding"),
}
"""The origin's vocabulary."""


def test_the_table_is_the_providers() -> None:
    assert list(BACKEND_CAPABILITIES) == list(providers())
    assert len(BACKEND_CAPABILITIES) == len(providers())
    assert "groq" in BACKEND_CAPABILITIES
    assert "nobody" not in BACKEND_CAPABILITIES
    with pytest.raises(TypeError):
        BACKEND_CAPABILITIES["x"] = None  # type: ignore[index]


@pytest.mark.parametrize("name", list(providers()))
def test_every_entry_holds_what_the_origins_tests_ask_for(name: str) -> None:
    found = BACKEND_CAPABILITIES[name]
    assert found.backend_type == name
    assert found.provider_name
    assert found.models
    assert found.default_model in found.models
    assert found.supported_capabilities <= WORDS
    assert found.filesystem_support in {"none", "native", "mcp"}
    assert found.model_release_dates.keys() <= set(found.models)
    assert found.context_tokens.keys() | found.max_output_tokens.keys() <= set(found.models)


def test_an_entry() -> None:
    groq = BACKEND_CAPABILITIES["groq"]
    assert isinstance(groq, BackendCapabilities)
    assert groq.env_var == "GROQ_API_KEY"
    assert groq.builtin_tools == ("web_search", "code_execution")
    expected = {"web_search", "code_execution", "image_understanding", "reasoning"}
    assert groq.supported_capabilities == expected
    assert groq.max_media_bytes == {"image": 4 * 2**20}
    assert groq.context_tokens["openai/gpt-oss-120b"] == 131_072
    assert groq.base_url == "https://api.groq.com/openai/v1"


def test_the_functions_of_the_origin() -> None:
    assert get_capabilities("groq") == BACKEND_CAPABILITIES["groq"]
    assert get_capabilities("nobody") is None
    assert has_capability("openrouter", "image_generation")
    assert not has_capability("ollama", "web_search")
    assert not has_capability("nobody", "web_search")
    assert {"groq", "zai", "qwen"} <= set(get_backends_with_capability("web_search"))


@pytest.mark.parametrize(
    ("name", "config", "problems"),
    [
        ("groq", {"model": "m", "enable_web_search": True, "code_execution": {"x": 1}, "file_search": False}, []),
        ("ollama", {"enable_web_search": True}, ["ollama does not support web_search; its native tools: none"]),
        (
            "zai",
            {"shell": True, "enable_code_interpreter": True},
            [
                "zai does not support code_execution; its native tools: web_search",
                "zai does not support shell; its native tools: web_search",
            ],
        ),
        ("groq", {"mcp_servers": [{}]}, ["groq does not support MCP servers"]),
        ("groq", {"api": "responses"}, ["groq has no api 'responses'; it has: none to choose"]),
        ("groq", {"api": []}, ["groq has no api []; it has: none to choose"]),
        ("azure_openai", {"api": "responses"}, []),
    ],
)
def test_configurations(name: str, config: dict[str, Any], problems: list[str]) -> None:
    assert validate_backend_config(name, config) == problems


def test_an_unknown_backend_is_told_what_exists() -> None:
    (problem,) = validate_backend_config("nobody", {})
    assert problem.startswith("unknown backend type 'nobody'; use one of: ")
    assert "groq" in problem
