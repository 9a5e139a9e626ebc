import os

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
