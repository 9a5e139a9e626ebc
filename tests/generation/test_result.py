"""What came of a request."""

from pathlib import Path

from massgen_stream.generation import GenerationResult


def test_it_has_the_fields_of_the_origin_and_shows_no_bytes() -> None:
    result = GenerationResult(success=False, error="no key", output_path=Path("a.png"), data=b"x" * 100)
    wanted = (
        "success output_path media_type backend_name model_used file_size_bytes duration_seconds error metadata "
        "continuation_id"
    )
    assert set(wanted.split()) <= set(GenerationResult.__struct_fields__)
    assert repr(result) == "GenerationResult(success=False, backend_name='', output_path='a.png', error='no key')"
    assert GenerationResult(success=True).metadata == {}
