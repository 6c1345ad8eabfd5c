"""Identifiers of what does not exist."""

import uuid

import numpy as np


def guid(seed: int, *words: object) -> str:
    """Return the identifier of a thing of the chain: the same for the same seed and words."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, (seed, *words)))))


def guids(rng: np.random.Generator, number: int) -> list[str]:
    """Return ``number`` identifiers from a random stream."""
    text = rng.bytes(16 * number).hex()
    words = (text[i : i + 32] for i in range(0, len(text), 32))
    return [f"{w[:8]}-{w[8:12]}-4{w[13:16]}-a{w[17:20]}-{w[20:]}" for w in words]
