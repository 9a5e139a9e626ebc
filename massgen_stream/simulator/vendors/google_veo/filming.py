"""Operations that make films, checked as Google's servers check them.

The model ``veo-fault:error`` makes an operation fail with the fault's `code` and `message`; with the code
``moderation`` the first video is withheld, with ``expired`` the operation is not known any more once it is done.

A bucket is its user's, so what is in it may be named from outside; but a video that the simulator has written there,
and that has expired, is not in it any more.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from ...answers.film import BLOCK, mp4
from ...body_fields import number_at, object_at, wrong_type
from ...given import Ids
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import JSON, BadRequest, Result

Body = Mapping[str, Any]
_PARAMETERS: Final = frozenset((
    "addWatermark", "aspectRatio", "compressionQuality", "durationSeconds", "enhancePrompt", "fps", "generateAudio",
    "negativePrompt", "personGeneration", "pubsubTopic", "resizeMode", "resolution", "sampleCount", "seed",
    "storageUri",
))  # fmt: skip
_MEDIA: Final = ("image", "video", "lastFrame")
_RATIOS: Final = {"16:9": (16, 9), "9:16": (9, 16)}
_BLOCKS: Final = {"720p": BLOCK, "1080p": 2 * BLOCK, "4k": 2 * BLOCK}
_MOST: Final = 4
_USUAL_SECONDS, _EXTENSION_SECONDS, _SHORTEST, _LONGEST = 8, 7, 4, 8
_MOST_REFERENCES: Final = 3
_WHOLE: Final = 100
"""Per cent."""
_MODERATED, _EXPIRED = "moderation", "expired"
_REASON: Final = "The video was withheld, since it could violate Google's usage guidelines. Support codes: 0"
_INTERNAL: Final = 13
"""https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto"""
_TYPE: Final = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"


def begun(request: Request, jobs: Jobs, written: Ids[str]) -> Result:
    """Begin an operation.

    Raises:
        BadRequest: Google would not.
    """
    body = request.json if isinstance(request.json, dict) else {}
    instance, parameters = _instance(body), object_at(body, "parameters")
    unknown = next((name for name in parameters if name not in _PARAMETERS), None)
    if unknown is not None:
        raise BadRequest(f"Unknown parameter: {unknown[:40]}", param=unknown)
    _check(instance)
    for medium in (instance[name] for name in _MEDIA if instance.get(name)):
        if written.expired(str(medium.get("gcsUri"))) is not None:
            raise BadRequest(f"The object {medium['gcsUri']:.200} is not found.", status=404)
    across, down = _word(parameters, "aspectRatio", _RATIOS, "16:9")
    side = _word(parameters, "resolution", _BLOCKS, "720p")
    told = {"count": number_at(parameters, "sampleCount", most=_MOST) or 1, "bucket": parameters.get("storageUri")}
    told["folder"] = str(uuid4().int)[:20]
    model = request.params["model"]
    job = Job(model, _seconds(instance, parameters), across * side, down * side, told)
    where = request.path.partition("/publishers/")[0].partition("/projects/")[2] or "simulator/locations/global"
    name = f"projects/{where}/publishers/google/models/{model}/operations/{uuid4()}"
    return Result({"name": jobs.begin(job, name)}, model)


def so_far(request: Request, jobs: Jobs, written: Ids[str]) -> Result:
    """Return an operation as it is now.

    Raises:
        BadRequest: There is none.
    """
    body = request.json if isinstance(request.json, dict) else {}
    name = str(body.get("operationName", ""))
    job = jobs.look(name)
    return Result({"name": name} if job.percentage < _WHOLE else {"name": name, "done": True, **_ended(job, written)})


def _ended(job: Job, written: Ids[str]) -> JSON:
    failure = job.failure
    if failure is not None and failure.code == _EXPIRED:
        raise BadRequest("The operation is not found.", status=404)
    if failure is not None and failure.code != _MODERATED:
        return {"error": {"code": _INTERNAL, "message": failure.message}}
    withheld = int(failure is not None)
    videos = [_film(job, number, written) for number in range(withheld, job.told["count"])]
    filtered = {"raiMediaFilteredCount": withheld, "raiMediaFilteredReasons": [_REASON]} if withheld else {}
    return {"response": {"@type": _TYPE, "videos": videos, **filtered}}


def _film(job: Job, number: int, written: Ids[str]) -> JSON:
    if job.told["bucket"]:
        place = f"{job.told['bucket'].rstrip('/')}/{job.told['folder']}/sample_{number}.mp4"
        if written.find(place) is None and written.expired(place) is None:
            written.give(place, place)
        return {"gcsUri": place, "mimeType": "video/mp4"}
    film = mp4(job.width, job.height, job.seconds)
    return {"bytesBase64Encoded": b64encode(film).decode(), "mimeType": "video/mp4"}


def _instance(body: Body) -> Body:
    instances = body.get("instances")
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(instances[0], dict):
        raise BadRequest("Exactly one instance is expected.", param="instances")
    return instances[0]


def _check(instance: Body) -> None:
    references = instance.get("referenceImages") or []
    if not isinstance(references, list) or len(references) > _MOST_REFERENCES:
        raise wrong_type("referenceImages", f"a list of at most {_MOST_REFERENCES} images")
    given = [name for name in _MEDIA if instance.get(name)]
    if not (instance.get("prompt") or given):
        raise BadRequest("A prompt, an image or a video is required.", param="prompt")
    if "video" in given and "image" in given:
        raise BadRequest("Image and video are not supported together.", param="video")
    if references and given:
        raise BadRequest("Reference images are not supported with other media.", param="referenceImages")
    if "lastFrame" in given and "image" not in given:
        raise BadRequest("The last frame needs the first one.", param="lastFrame")
    for medium in (*(instance[name] for name in given), *(one.get("image", {}) for one in references)):
        if not medium.get("gcsUri") and not (medium.get("bytesBase64Encoded") and medium.get("mimeType")):
            raise BadRequest("A medium needs a gcsUri, or bytes and their mimeType.")


def _word(parameters: Body, name: str, known: Mapping[str, Any], usual: str) -> Any:
    value = parameters.get(name, usual)
    if value not in known:
        raise BadRequest(f"{name} must be one of {', '.join(known)}.", param=name)
    return known[value]


def _seconds(instance: Body, parameters: Body) -> int:
    if instance.get("video"):
        return _EXTENSION_SECONDS
    seconds = parameters.get("durationSeconds", _USUAL_SECONDS)
    if not isinstance(seconds, int) or not _SHORTEST <= seconds <= _LONGEST:
        raise BadRequest(f"durationSeconds must be {_SHORTEST} to {_LONGEST}.", param="durationSeconds")
    return seconds
