"""What is told where a video is made of a video."""

from massgen_stream.generation.video_changes import said_by_video, told_of_change

from .reading import details


def test_what_is_done() -> None:
    told = [told_of_change("one", "edited"), told_of_change("one", "extended", "; a bit")]
    assert details(told, "info") == ["one: the video is edited", "one: the video is extended; a bit"]


def test_options_that_the_video_says() -> None:
    why = "the video that is edited says it"
    assert said_by_video("edited", ("size", "duration")) == {"size": why, "duration": why}
