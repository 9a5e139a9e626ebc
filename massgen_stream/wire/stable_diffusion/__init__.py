"""Answers of AUTOMATIC1111's API, ``/sdapi/v1``: documents that no stream says, so they have no decoder."""

from .answer import Answer as Answer
from .answer import answer_of as answer_of
from .answer import failure_of as failure_of
from .progress import Progress as Progress
from .progress import progress_of as progress_of
