"""``massgen-stream media``: with the local engine, since no key is set."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import AsyncGenerator, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from massgen_stream.backend import Turn
from massgen_stream.cli.notices import tell_open_jobs
from massgen_stream.errors import ProviderError
from massgen_stream.generation import Order, generate_media
from massgen_stream.generation.vendors.grok.job import GrokJob
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec_jsonl import decode_jsonl
from massgen_stream.stream_chunk.narrow import content, done
from massgen_stream.stream_chunk.verifier import StreamVerifier

from ..generation.fakes import Script, maker, whole, yielding
from .commands import KEYS, Ran, run, run_here, started


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_picture_and_its_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run_here(capsys, "media", "a lighthouse at dusk", "--mode", "image", "--out", str(tmp_path / "out"))
    (path,) = files(tmp_path)
    assert (ran.code, ran.out) == (0, f"{path}\n")
    with Image.open(path) as image:
        assert (image.format, image.size) == ("PNG", (768, 512))
    introduction, status, *lines, _, closing = ran.err.splitlines()
    assert introduction == "massgen-stream: local makes it with sketch"
    assert status.startswith("· no key is set that could make this, so the local engine does: a sketch")
    assert sum(line.startswith("◆ image preview") for line in lines) == 4
    assert f"◆ image  image/png, 768×512, {path.stat().st_size / 1000:.1f} kB → {path}" in lines
    assert closing.startswith("stop · first chunk ")
    assert "token" not in closing


def test_several_and_a_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("-n", "2", "--output", str(tmp_path / "a.jpg"), "--option", "output_format=jpg", "--option", "size=64x64")
    ran = run_here(capsys, "media", *words, "a", "cat")
    assert (ran.code, ran.out.split()) == (0, [str(tmp_path / "a.jpg"), str(tmp_path / "a-2.jpg")])
    assert [path.read_bytes()[:2] for path in files(tmp_path)] == [b"\xff\xd8"] * 2


def test_sound_where_you_are(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    ran = run_here(
        capsys, "media", "--mode", "audio", "--option", "audio_type=music", "--option", "duration=0.5", "hush"
    )
    (path,) = files(here)
    assert (ran.code, ran.out) == (0, f"{path.name}\n")
    assert path.read_bytes()[:4] == b"RIFF"


def test_programs_read_json_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run_here(capsys, "media", "--json", "--out", str(tmp_path), "--option", "size=64x64", "a cat")
    verifier = StreamVerifier()
    for chunk in decode_jsonl([ran.out.encode()]):
        verifier.feed(chunk)
    verifier.close()
    assert (ran.code, verifier.breaches) == (0, [])
    assert ran.documents[-1]["media_results"][0]["path"] == str(files(tmp_path)[0])
    assert ran.err == "massgen-stream: local makes it with sketch\n"


def test_who_would_make_it(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    ran = run_here(capsys, "media", "--explain", "--option", "quality=hd")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert "local: chosen, with sketch; quality is left out, since it has no such option" in lines
    as_json = run_here(capsys, "media", "--explain", "--option", "quality=hd", "--json")
    assert json.loads(as_json.out) == lines
    assert files(here) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--provider", "nobody", "a"], 2, "unknown provider 'nobody'"),
        ([" "], 2, "prompt is empty"),
        (["--option", "colour=red", "a"], 2, "no option is called colour"),
        (["--provider", "local", "--strict", "--option", "quality=hd", "a"], 2, "sketch): it does not know quality"),
        (["--mask", "m.png", "a"], 2, "--mask needs an image"),
        (["--mode", "smell", "a"], 2, "invalid choice: 'smell'"),
        (["--out", "a", "--output", "b", "a"], 2, "not allowed with"),
        (["--output", "/", "a"], 2, "is a folder; name a file"),
        (["--out", "/proc/nowhere", "a"], 2, "cannot make the folder"),
        (["--output", "/proc/nowhere/a.png", "a"], 2, "cannot make the folder"),
        (["--out", "", "a"], 2, "--out must be a path, not ''"),
        (["--provider", "local", "--option", "size=9x9", "a"], 2, "it draws 16 to 4096 pixels a side"),
    ],
)
def test_what_goes_wrong(
    capsys: pytest.CaptureFixture[str], here: Path, words: list[str], code: int, said: str
) -> None:
    ran = run_here(capsys, "media", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert files(here) == []


def test_an_end_without_a_medium_is_a_failure(
    capsys: pytest.CaptureFixture[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = maker("fake", yielding(content("I cannot draw this."), done("content_filter")))
    monkeypatch.setattr(
        "massgen_stream.cli.media.generate_media",
        lambda **options: generate_media(**{**options, "backend_type": refusing}),
    )
    ran = run_here(capsys, "media", "a")
    assert (ran.code, ran.out, files(here)) == (1, "", [])
    assert "I cannot draw this." in ran.err


def test_from_standard_input_as_a_program(tmp_path: Path) -> None:
    ran = run("media", "--output", "a.png", "--option", "size=32x32", stdin=b"a cat\n", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "a.png\n")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


def test_one_prompt_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ideas = tmp_path / "ideas.txt"
    ideas.write_text("a red house\n\n  a blue house \n", encoding="utf-8")
    ran = run_here(capsys, "media", "--prompts", str(ideas), "--option", "size=32x32", "--out", str(tmp_path / "out"))
    made = files(tmp_path / "out")
    assert (ran.code, sorted(ran.out.split())) == (0, [str(path) for path in made])
    assert [path.name[:11] for path in made] == ["a-blue-hous", "a-red-house"]


def backwards(prompts: list[str]) -> Script:
    """Return a script that makes the last prompt first, and fails where the prompt says so."""
    made = [asyncio.Event() for _ in prompts]

    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        mine = prompts.index(order.config.prompt)
        if mine + 1 < len(prompts):
            await made[mine + 1].wait()
        try:
            if "fail" in prompts[mine]:
                raise ProviderError("no paint")
            yield whole(media_id=order.media_id(turn), continuation_id=f"id-{mine}")
        finally:
            made[mine].set()

    return script


def ran_backwards(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ideas: Path, *words: str) -> Ran:
    prompts = ideas.read_text(encoding="utf-8").splitlines()
    painter = maker("painter", backwards(prompts))
    monkeypatch.setattr("massgen_stream.cli.media.generate_media", partial(generate_media, backend_type=painter))
    return run_here(capsys, "media", "--prompts", str(ideas), "--out", str(ideas.parent / "out"), *words)


@pytest.fixture
def ideas(tmp_path: Path) -> Path:
    path = tmp_path / "ideas.txt"
    path.write_text("red\nfail\nblue\ngreen\n", encoding="utf-8")
    return path


def test_paths_come_in_the_order_of_the_prompts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ideas: Path
) -> None:
    ran = ran_backwards(capsys, monkeypatch, ideas)
    assert [Path(path).name.partition("-")[0] for path in ran.out.splitlines()] == ["red", "blue", "green"]
    assert [line.rpartition(" ")[2] for line in ran.err.splitlines() if "--continue-from" in line] == [
        "id-0",
        "id-2",
        "id-3",
    ]
    shown = [line.rpartition("/")[2].partition("-")[0] for line in ran.err.splitlines() if "→" in line]
    assert shown == ["green", "blue", "red"]  # progress waits for nobody
    assert "error: 2 of 4, 'fail': no paint" in ran.err
    assert ran.code == 0


def test_chunks_of_several_prompts_stay_as_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ideas: Path
) -> None:
    ran = ran_backwards(capsys, monkeypatch, ideas, "--json")
    assert [one["error"] for one in ran.documents if one["type"] == "error"] == ["no paint"]


def test_one_prompt_has_no_number(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ideas: Path
) -> None:
    ideas.write_text("fail\n", encoding="utf-8")
    ran = ran_backwards(capsys, monkeypatch, ideas)
    assert "error: no paint" in ran.err
    assert (ran.code, ran.out) == (1, "")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    monkeypatch.setenv("XAI_API_KEY", "xai-key-0123456789")
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MASSGEN_STREAM_STATE", str(folder))
    return folder


@pytest.fixture
def sim(state: Path) -> Iterator[Simulator]:
    with Simulator.threaded() as simulator:
        yield simulator


def grok(capsys: pytest.CaptureFixture[str], sim: Simulator, *words: str) -> Ran:
    return run_here(capsys, "media", "--provider", "grok", "--base-url", sim.url("grok"), *words)


def test_an_id_to_go_on_with(capsys: pytest.CaptureFixture[str], sim: Simulator, here: Path) -> None:
    ran = grok(capsys, sim, "a lighthouse")
    known = ran.err.rpartition("--continue-from ")[2].strip()
    assert known.startswith("grok_img_")
    again = grok(capsys, sim, "--continue-from", known, "at night")
    assert (again.code, len(again.out.splitlines())) == (0, 1)


def test_an_id_that_no_other_program_finds_is_not_told(
    capsys: pytest.CaptureFixture[str], sim: Simulator, state: Path, here: Path
) -> None:
    state.rmdir()
    state.write_bytes(b"a file where the folder would be")
    ran = grok(capsys, sim, "a lighthouse")
    assert (ran.code, len(files(here)), "--continue-from" in ran.err) == (0, 1, False)


def test_a_job_is_taken_up_again(capsys: pytest.CaptureFixture[str], sim: Simulator, here: Path) -> None:
    begun = grok(capsys, sim, "--json", "--mode", "video", "--out", "first", "waves")
    job = next(one["job"] for one in begun.documents if one.get("job"))
    Path("job.json").write_text(json.dumps(job), encoding="utf-8")
    for given in (json.dumps(job), "job.json"):
        ran = grok(capsys, sim, "--resume", given, "--out", "second")
        assert (ran.code, len(ran.out.splitlines())) == (0, 1)
    assert sum(one.path.endswith("GenerateVideo") for one in sim.requests) == 1


def test_how_to_take_up_a_job_is_said(capsys: pytest.CaptureFixture[str], sim: Simulator, here: Path) -> None:
    ran = grok(capsys, sim, "--mode", "video", "--option", "total_timeout=0.5", "waves")
    (job,) = resumable(ran.err.splitlines()[-1])
    assert (ran.code, job["provider"], job["prompt"]) == (1, "grok", "waves")


def test_the_line_that_takes_up_a_job_works_as_it_stands(
    capsys: pytest.CaptureFixture[str], sim: Simulator, state: Path, here: Path
) -> None:
    words = ("--base-url", sim.url("grok"), "--mode", "video", "--option", "total_timeout=0.5", "waves")
    ran = run_here(capsys, "media", "--provider", "grok", *words)
    line = ran.err.splitlines()[-1].partition("massgen-stream: if the job goes on at grok: massgen-stream ")[2]
    again = run_here(capsys, *shlex.split(line))
    assert (again.code, len(again.out.splitlines())) == (0, 1)
    assert sum(one.path.endswith("GenerateVideo") for one in sim.requests) == 1


def test_a_password_in_an_address_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    tell_open_jobs([{"provider": "grok"}], "https://me:secret@example.org")
    assert "secret" not in capsys.readouterr().err


def resumable(err: str) -> list[dict[str, str]]:
    """Return the jobs that a person is told to go on with."""
    lines = [line for line in err.splitlines() if "--resume " in line]
    assert all(line.startswith("massgen-stream: if the job goes on at grok: massgen-stream media ") for line in lines)
    return [json.loads(shlex.split(line.partition(" --resume ")[2])[0]) for line in lines]


def test_ctrl_c_tells_of_each_job_that_was_begun(sim: Simulator, tmp_path: Path) -> None:
    words = ("--provider", "grok", "--base-url", sim.url("grok"), "--mode", "video", "-n", "3", "--out", str(tmp_path))
    with started("media", *words, "waves", XAI_API_KEY="xai-key-0123456789") as process:
        assert process.stderr is not None
        queued = (line for line in process.stderr if line.rstrip().endswith(b"queued"))
        assert [next(queued) for _ in range(3)]
        process.send_signal(2)
        _, err = process.communicate(timeout=30)
    begun = [one for one in sim.requests if one.path.endswith("GenerateVideo")]
    assert (process.returncode, len(begun)) == (130, 3)
    assert len({job["id"] for job in resumable(err.decode())}) == 3


@pytest.mark.parametrize(
    "faults",
    [[*[None] * 6, "403"], [None, "401"], [None, *["503;retry_after=0"] * 7]],
    ids=["download", "key", "overload"],
)
def test_a_job_that_goes_on_is_told(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    state: Path,
    here: Path,
    faults: list[str | None],
) -> None:
    monkeypatch.setattr(GrokJob, "pause_seconds", 0.01)
    with Simulator.threaded(faults=faults) as sim:
        ran = grok(capsys, sim, "--mode", "video", "waves")
        assert (ran.code, files(here)) == (1, [])
        (job,) = resumable(ran.err)
        again = grok(capsys, sim, "--resume", json.dumps(job))
    assert (again.code, [str(path.relative_to(here)) for path in files(here)]) == (0, again.out.splitlines())


def test_a_job_that_its_vendor_has_ended_is_over(
    capsys: pytest.CaptureFixture[str], sim: Simulator, here: Path
) -> None:
    ran = grok(capsys, sim, "--mode", "video", "--model", "simulator/fault:error", "waves")
    assert (ran.code, resumable(ran.err)) == (1, [])


def test_programs_find_jobs_in_the_chunks(capsys: pytest.CaptureFixture[str], state: Path, here: Path) -> None:
    with Simulator.threaded(faults=[None, "401"]) as sim:
        ran = grok(capsys, sim, "--mode", "video", "--json", "waves")
    assert (ran.code, resumable(ran.err), sum("job" in one for one in ran.documents)) == (1, [], 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume", "none.json"], "--resume: cannot read 'none.json': No such file or directory"),
        (["--resume", "{}"], "no job handle: provider, generator, media_type, model, media_id, id is missing"),
        (["--resume", "{", "a"], "--resume goes on with what was asked for: without a prompt"),
        (["--resume", "a\0b"], "--resume: cannot read"),
        (["--prompts", "none.txt"], "--prompts: cannot read 'none.txt': No such file or directory"),
        (["--prompts", "empty.txt"], "a list of texts that is not empty"),
        (["--prompts", "empty.txt", "a"], "give a prompt or --prompts, not both"),
        (["--prompts", "odd.txt"], "--prompts: 'odd.txt' is not UTF-8 text"),
    ],
)
def test_files_that_say_nothing(capsys: pytest.CaptureFixture[str], here: Path, words: list[str], said: str) -> None:
    Path("empty.txt").write_text("\n", encoding="utf-8")
    Path("odd.txt").write_bytes(b"\xff\xfe\xff")
    ran = run_here(capsys, "media", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_all_that_is_missing_is_named_at_once(
    capsys: pytest.CaptureFixture[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = {"cli": {"rich"}, "media": {"PIL"}}
    monkeypatch.setattr(
        "massgen_stream.cli.media.missing_extras",
        lambda libraries: [extra for extra, names in absent.items() if names & libraries.keys()],
    )
    ran = run_here(capsys, "media", "a")
    assert (ran.code, files(here)) == (2, [])
    assert "[cli,media]" in ran.err
