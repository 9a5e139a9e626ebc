"""Hosts as data: one module per host. Adding a host is adding a module; nothing else is edited."""

from .discovery import GROUP as GROUP
from .discovery import choose_provider as choose_provider
from .discovery import get_provider as get_provider
from .discovery import providers as providers
from .spec import MEDIA_KINDS as MEDIA_KINDS
from .spec import Model as Model
from .spec import NativeTool as NativeTool
from .spec import ProviderSpec as ProviderSpec

__all__ = [
    "GROUP",
    "MEDIA_KINDS",
    "Model",
    "NativeTool",
    "ProviderSpec",
    "choose_provider",
    "get_provider",
    "providers",
]
