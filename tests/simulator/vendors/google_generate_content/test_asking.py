from typing import Any

import pytest

from massgen_stream.simulator.ask import Seen, Tool
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.google_generate_content.asking import lowered, read_ask

USER = {"role": "user", "parts": [{"text": "Hi"}]}
SCHEMA = {"type": "OBJECT", "properties": {"type": {"type": "STRING", "enum": ["OBJECT"]}}}


def asked(model: str = "m", **more: Any) -> Any:
    return read_ask({"contents": [USER], **more}, model, stream=True)


def config(**more: Any) -> Any:
    return asked(generationConfig=more)


def functions(*names: str) -> list[Any]:
    return [{"functionDeclarations": [{"name": name} for name in names]}]


def test_the_conversation() -> None:
    found = asked(
        systemInstruction={"parts": [{"text": "Be brief"}]},
        contents=[
            USER,
            {"role": "model", "parts": [{"text": "Yes"}]},
            {"parts": [{"text": "New"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
        ],
    )
    assert (found.prompt, found.user_turn, found.input_characters) == ("New", True, 8 + 2 + 3 + 3)
    assert found.media == (Seen("image", "image/png", 3),)
    assert (found.model, found.stream, found.usage) == ("m", True, True)


def test_results_of_functions() -> None:
    calls = {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}
    answer = {"parts": [{"functionResponse": {"name": "f", "response": {"a": 1}}}]}
    found = asked(contents=[USER, calls, answer])
    assert (found.results, found.user_turn) == (('{"a": 1}',), False)


def test_the_configuration_in_both_spellings() -> None:
    found = asked(
        generation_config={
            "max_output_tokens": 5,
            "stopSequences": ["x"],
            "candidateCount": 2,
            "thinkingConfig": {"include_thoughts": True},
            "responseMimeType": "application/json",
            "responseSchema": SCHEMA,
            "response_modalities": ["IMAGE"],
            "topK": None,
        },
        safetySettings=None,
    )
    assert (found.max_tokens, found.stop, found.choices, found.reasoning, found.json) == (5, ("x",), 2, True, True)
    assert found.schema == lowered(SCHEMA)
    assert found.server_tools == ("image_generation",)


def test_types_of_schemas_are_lowered_and_nothing_else() -> None:
    inner = {"type": {"type": "string", "enum": ["OBJECT"]}}
    assert lowered(SCHEMA) == {"type": "object", "properties": inner}


def test_tools() -> None:
    found = asked(
        tools=[
            {"function_declarations": [{"name": "f", "parameters": SCHEMA}]},
            {"google_search": {}},
            {"codeExecution": {}},
        ]
    )
    assert found.tools == (Tool("f", lowered(SCHEMA)),)
    assert found.server_tools == ("web_search", "code_execution")


@pytest.mark.parametrize(
    ("calling", "choice", "left"),
    [
        ({"mode": "AUTO"}, "auto", ["f", "g"]),
        ({"mode": "NONE"}, "none", ["f", "g"]),
        ({"mode": "ANY"}, "required", ["f", "g"]),
        ({"mode": "ANY", "allowedFunctionNames": ["g"]}, "g", ["g"]),
        ({"mode": "ANY", "allowed_function_names": ["f", "g"]}, "required", ["f", "g"]),
        ({"mode": "VALIDATED", "allowedFunctionNames": ["f"]}, "auto", ["f"]),
    ],
)
def test_choices(calling: Any, choice: str, left: list[str]) -> None:
    found = asked(tools=functions("f", "g"), toolConfig={"functionCallingConfig": calling})
    assert (found.tool_choice, [tool.name for tool in found.tools]) == (choice, left)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"contents": []}, "contents is not specified"),
        ({"contents": "a"}, "contents"),
        ({"colour": 1}, 'Unknown name "colour"'),
        ({"generationConfig": {"colour": 1}}, "Unknown name \"colour\" at 'generation_config'"),
        ({"generationConfig": 1}, "generationConfig"),
        ({"generationConfig": {"maxOutputTokens": 0}}, "maxOutputTokens"),
        ({"generationConfig": {"candidateCount": 9}}, "candidateCount"),
        ({"generationConfig": {"stopSequences": "x"}}, "stopSequences"),
        ({"tools": [1]}, "tools"),
        ({"tools": [{"functionDeclarations": [{}]}]}, "Invalid function name"),
        ({"toolConfig": {"functionCallingConfig": {"mode": "SOME"}}}, "SOME"),
        ({"toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}}}, "not declared"),
    ],
)
def test_what_google_refuses(more: Any, message: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(**more)
    assert message in caught.value.message
    assert caught.value.status == 400


def test_signatures_of_earlier_turns_are_not_asked_for() -> None:
    calls = {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}
    signed = {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "YQ=="}, *calls["parts"]]}
    answer = {"parts": [{"functionResponse": {"name": "f", "response": {}}}]}
    answers = {"parts": [*answer["parts"], *answer["parts"]]}
    assert asked("gemini-3-x", contents=[USER, calls, answer, USER]).user_turn
    assert asked("gemini-3-x", contents=[USER, signed, answers]).results
    with pytest.raises(BadRequest, match="thought_signature"):
        asked("gemini-3-x", contents=[USER, signed, answers, calls, answer])


def test_each_call_is_answered_in_the_next_turn() -> None:
    call, answer = {"functionCall": {"name": "f"}}, {"functionResponse": {"name": "f", "response": {}}}
    calls = {"role": "model", "parts": [call, call]}
    assert asked(contents=[USER, calls, {"parts": [answer, answer]}]).results
    assert asked(contents=[USER, calls]).model == "m"
    for turns in (
        [calls, USER],
        [calls, {"parts": [answer]}],
        [{"parts": [answer]}],
        [calls, USER, {"parts": [answer]}],
    ):
        with pytest.raises(BadRequest, match="as many function response parts"):
            asked(contents=[USER, *turns])
