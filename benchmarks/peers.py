"""The peers, each from its own package in an environment of their own: ``python -m benchmarks peers`` makes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ENVIRONMENT = Path(__file__).parents[1] / ".peers"
PYTHON = ENVIRONMENT / "bin" / "python"
PACKAGES = (
    "langchain-openai>=1,<2",
    "langchain-anthropic>=1,<2",
    "langchain-google-genai>=4,<5",
    "pydantic-ai-slim[openai,anthropic,google]>=2,<3",
    "litellm>=1.80,<2",
)


class Peer(NamedTuple):
    """A package that does what we do.

    Attributes:
        least: How many times our CPU it must take back to back, for our target to be met.
    """

    title: str
    least: float


PEERS = {"langchain": Peer("LangChain", 10), "pydantic_ai": Peer("Pydantic AI", 10), "litellm": Peer("LiteLLM", 30)}


def make_environment() -> None:
    """Install the peers; takes a few minutes."""
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)


def measure_peers(wire: str, origin: str) -> dict[str, dict[str, float]]:
    """Return µs per text event, by regime, of each peer that is installed and reads *wire*."""
    if not PYTHON.exists():
        print("peers are left out: `python -m benchmarks peers` installs them", file=sys.stderr)
        return {}
    script = Path(__file__).with_name("peer_client.py")
    found = {}
    for peer in PEERS:
        run = subprocess.run(
            [str(PYTHON), str(script), peer, wire, origin], capture_output=True, text=True, check=False, timeout=300
        )
        if run.returncode:
            print(f"{peer} cannot read {wire}: {run.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        else:
            found[peer] = json.loads(run.stdout.splitlines()[-1])
    return found
