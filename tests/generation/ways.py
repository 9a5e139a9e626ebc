"""How each registered generator is asked for a medium: by its name and mode, and what a row says besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from massgen_stream.generation import generate_media
from massgen_stream.generation.generator import Generator
from massgen_stream.generation.registry import generators
from massgen_stream.simulator import Simulator

from .elevenlabs import GEORGE
from .fakes import PNG, instruments
from .google_media import Token

KEY = "key-of-mine-0123456789"
SERVERS = {"google": "gemini"}
"""The simulator's name for a host, where it is another one."""

KEYS = {"stable_diffusion": ("me:secret", "bWU6c2VjcmV0")}
"""Keys of hosts that take another form, and what the host sees of them."""

_PROJECT = {"project": "p", "location": "global", "credentials": Token()}

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "ElevenLabsDialogue": {"dialogue": [{"text": "Hi", "voice": GEORGE}]},
    "ElevenLabsEffects": {"audio_type": "sound_effect"},
    "ElevenLabsMusic": {"audio_type": "music"},
    "GoogleCloudImages": {"extra_params": _PROJECT},
    "GoogleCloudOmni": {"extra_params": _PROJECT},
    "GoogleImagen": {"model": "imagen-4.0-generate-001"},
    "GoogleImagenEdits": {"model": "imagen-3.0-capability-001", "input_images": PNG},
    "GoogleMusic": {"audio_type": "music"},
    "GoogleVeo": {"model": "veo-3.1-generate-001"},
    "GrokVideoEdits": {"input_videos": "https://example.com/a.mp4"},
    "OpenAIImageTool": {"model": "gpt-6.1-terra"},
    "OpenRouterChatImages": {"model": "openai/gpt-5-image"},
}
"""Options that choose a generator among those of its name and mode."""


class Way(NamedTuple):
    """One generator and one kind of medium.

    Attributes:
        generator: The class.
        mode: The kind of medium.
    """

    generator: type[Generator]
    mode: str

    @property
    def options(self) -> dict[str, Any]:
        """What chooses it."""
        return dict(OPTIONS.get(self.name, {}))

    def made(self, sim: Simulator, **more: Any) -> Any:
        """Return its stream, from the simulator."""
        given = {"environ": {}, "instruments": instruments(), **self._door(sim), **self.options, **more}
        return generate_media("a lighthouse", self.mode, backend_type=self.generator.name, **given)

    def _door(self, sim: Simulator) -> dict[str, Any]:
        """Return the address of the simulator, and what opens it."""
        name = self.generator.name
        if not self.is_remote:
            return {}
        url = sim.url(SERVERS.get(name, name))
        if not self.sends_key:
            return {"environ": {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_VERTEX_BASE_URL": url}}
        return {"base_url": url, "api_key": KEYS.get(name, (KEY, KEY))[0]}

    @property
    def key(self) -> str | None:
        """What its server sees of the key; None if it asks for none."""
        return KEYS.get(self.generator.name, (KEY, KEY))[1] if self.sends_key else None

    @property
    def sends_key(self) -> bool:
        """Whether a key opens it: neither credentials nor nothing."""
        return self.is_remote and "credentials" not in self.options.get("extra_params", {})

    @property
    def is_remote(self) -> bool:
        """Whether a server makes the medium."""
        return self.generator.name != "local"

    @property
    def name(self) -> str:
        """Name of the class."""
        return self.generator.__name__

    def __repr__(self) -> str:
        return f"{self.name}-{self.mode}"


WAYS = [Way(one, str(kind.value)) for one in generators() for kind in one.offers]
