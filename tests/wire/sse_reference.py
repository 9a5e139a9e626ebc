"""The event stream of the WHATWG, slow and as the standard puts it: the witness for our decoder.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import re
from typing import NamedTuple


class Event(NamedTuple):
    event: str
    data: str
    id: str


class Reading(NamedTuple):
    events: list[Event]
    pending: list[Event]
    comments: int
    foreign: int
    retry: int | None


def read(body: bytes) -> Reading:
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, unfinished = re.split("\r\n|\r|\n", text)
    events: list[Event] = []
    comments = foreign = 0
    retry: int | None = None
    data_buffer = event_type = last_event_id = ""

    def dispatched() -> list[Event]:
        return [Event(event_type or "message", data_buffer[:-1], last_event_id)] if data_buffer else []

    for line in lines:
        if line == "":
            events += dispatched()
            data_buffer = event_type = ""
            continue
        if line.startswith(":"):
            comments += 1
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                event_type = value
            case "data":
                data_buffer += value + "\n"
            case "id":
                last_event_id = last_event_id if "\0" in value else value
            case "retry":
                retry = int(value) if re.fullmatch("[0-9]{1,18}", value) else retry
            case _:
                foreign += 1

    # The standard drops what is pending at the end; ours returns it, with a last data line that lacks its line end.
    field, _, value = unfinished.partition(":")
    if field == "data":
        data_buffer += (value.removeprefix(" ")) + "\n"
    return Reading(events, dispatched(), comments, foreign, retry)


def passes_limit(body: bytes, limit: int) -> tuple[int, bool]:
    """Return how many events are complete before the limit is passed, and whether it is passed."""
    events = held = 0
    lines = re.split(b"\r\n|\r|\n", body.removeprefix(b"\xef\xbb\xbf"))
    for number, line in enumerate(lines):
        if held + len(line) > limit:
            return events, True
        finished = number < len(lines) - 1
        if finished and line == b"":
            events += held > 0
            held = 0
        elif finished and line.partition(b":")[0] == b"data":
            held += len(line)
    return events, False
