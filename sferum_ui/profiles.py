"""Norm profiles as the app knows them: the built-in ones and those a user made."""

from __future__ import annotations

import hashlib

from sferum_core.norms import NormProfile, dump_profile, load_profile, profile_names
from sferum_ui import cache

DEFAULT_PROFILE = "chelyabinsk-2024"
OWN_PREFIX = "own-"


def content_key(profile: NormProfile) -> str:
    """A stable key of what a profile says, 128 bits of SHA-256."""
    return OWN_PREFIX + hashlib.sha256(dump_profile(profile).encode()).hexdigest()[:32]


def profile_by_key(key: str) -> NormProfile:
    """The profile a link or a cache key names; the default one when it is unknown."""
    if key.startswith(OWN_PREFIX):
        return cache.own_profile(key) or load_profile(DEFAULT_PROFILE)
    return load_profile(key if key in profile_names() else DEFAULT_PROFILE)


def is_known(key: str) -> bool:
    """Whether this server still has the profile."""
    return key in profile_names() or (key.startswith(OWN_PREFIX) and cache.own_profile(key) is not None)


def keep(profile: NormProfile) -> str:
    """Remember a user's profile; return its key."""
    key = content_key(profile)
    cache.keep_profile(key, profile)
    return key
