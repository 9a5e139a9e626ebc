import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine makes every example slow; that says nothing about the code.
_LOAD = (HealthCheck.too_slow,)

settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=_LOAD)
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=_LOAD, derandomize=True)
settings.register_profile("deep", max_examples=5000, deadline=None, suppress_health_check=_LOAD)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests continue media from out of the user's files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASSGEN_STREAM_STATE", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def nothing_unclosed() -> Iterator[None]:
    """Collect what a test leaves: a file, socket or task that nobody closed warns then, and warnings are errors.

    What was there before is left aside: to walk over all that a long run has loaded takes more than a second.
    """
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()
