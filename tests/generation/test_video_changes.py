"""What is told where a video is made of a video."""

from massgen_stream.generation import GenerationConfig
from massgen_stream.generation.video_changes import told_of_change
from massgen_stream.stream_chunk.kinds import MediaType

from .reading import details

CONFIG = GenerationConfig(prompt="a", media_type=MediaType.VIDEO, duration=4, aspect_ratio="1:1", seed=1)


def test_options_that_the_video_says() -> None:
    told = list(told_of_change("one", CONFIG, "edited", ("size", "duration", "aspect_ratio")))
    assert details(told, "info") == ["one: the video is edited"]
    why = "is left out, since the video that is edited says it"
    assert details(told, "loss") == [f"one: aspect_ratio {why}", f"one: duration {why}"]


def test_other_reasons() -> None:
    told = list(told_of_change("one", CONFIG, "extended", ("seed",), more="; a bit", why="nobody asks"))
    assert details(told, "info") == ["one: the video is extended; a bit"]
    assert details(told, "loss") == ["one: seed is left out, since nobody asks"]
