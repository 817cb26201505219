"""Facts to bytes and back: readable JSON, written once, decoded straight into the types of the model."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import orjson

from invoicing_domain.model.erasure import Parts, whole
from invoicing_domain.model.personal import Personal
from invoicing_domain.recording.catalogue import CATALOGUE, WireName
from invoicing_domain.recording.envelope import Meta
from invoicing_domain.recording.sealing import Key, Keys, owner_of, seal, unseal
from invoicing_domain.recording.upcasters import UPCASTERS, Json

_VERSION: Final = re.compile("[1-9][0-9]*")
_PERSONAL: Final[tuple[str, Any, Any]] = ("personal", Personal, {})
"""Beside fact and metadata in a record that was opened: what is merged into the fact."""


class UnknownFact(Exception):  # noqa: N818 - names what was met
    """A topic that this version of the program cannot read: stop, never skip."""


def to_plain(value: object) -> object:
    """What orjson does not write by itself: decimals become text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} does not belong in a fact")


class Codec:
    """Encodes and decodes by the catalogue; older versions pass through the upcasters first."""

    def __init__(
        self,
        catalogue: Mapping[type, WireName] = CATALOGUE,
        upcasters: Mapping[str, Callable[[Json], Json]] = UPCASTERS,
    ) -> None:
        self._topics = {fact: str(name) for fact, name in catalogue.items()}
        self._current = {name.name: name.version for name in catalogue.values()}
        self._types = {str(name): fact for fact, name in catalogue.items()}
        self._upcasters = upcasters
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            str(name): msgspec.json.Decoder(
                msgspec.defstruct("Stored", [("fact", fact), ("meta", msgspec.Raw), _PERSONAL])
            )
            for fact, name in catalogue.items()
        }
        self._readers: dict[bytes, Callable[[bytes], Any]] = {
            str(name).encode(): msgspec.json.Decoder(msgspec.defstruct("Stored", [("fact", fact), _PERSONAL])).decode
            for fact, name in catalogue.items()
        }

    def topic(self, fact: object) -> str:
        return self._topics[type(fact)]

    def encode(self, fact: object, meta: Meta) -> bytes:
        return orjson.dumps({"fact": fact, "meta": meta}, default=to_plain)

    def encode_sealed(self, parts: Parts, meta: Meta, key: Key) -> bytes:
        """A fact with its personal part under a key; readers of the plain part find a whole fact."""
        secret = orjson.dumps(parts.personal, default=to_plain)
        return seal(parts.customer_id, key.secret, secret, self.encode(parts.kept, meta))

    def fact(self, topic: bytes, state: bytes) -> Any:
        """The fact alone, for folds; raises UnknownFact for a topic from the future."""
        reader = self._readers.get(topic)
        if reader is None:
            return self._decode_older(topic.decode(), state)[0]
        stored = reader(state)
        return whole(stored.fact, stored.personal) if stored.personal else stored.fact

    def decode(self, topic: str, state: bytes) -> tuple[Any, msgspec.Raw]:
        """The fact and its undecoded metadata; raises UnknownFact for a topic from the future."""
        decoder = self._decoders.get(topic)
        if decoder is None:
            return self._decode_older(topic, state)
        stored = decoder.decode(state)
        return whole(stored.fact, stored.personal) if stored.personal else stored.fact, stored.meta

    def _decode_older(self, topic: str, state: bytes) -> tuple[Any, msgspec.Raw]:
        name, _, version_text = topic.rpartition("/")
        if name not in self._current or not _VERSION.fullmatch(version_text):
            raise UnknownFact(f"{topic} is not in the catalogue")
        stored = orjson.loads(state)
        body, version = stored["fact"], int(version_text)
        while version < self._current[name]:
            upcast = self._upcasters.get(f"{name}/{version}")
            if upcast is None:
                raise UnknownFact(f"{topic} has no upcaster from version {version}")
            body = upcast(body)
            version += 1
        if version != self._current[name]:
            raise UnknownFact(f"{topic} is newer than this program, which knows version {self._current[name]}")
        fact: Any = msgspec.convert(body, self._types[f"{name}/{version}"])
        if personal := msgspec.convert(stored.get("personal", {}), Personal):
            fact = whole(fact, personal)
        return fact, msgspec.Raw(orjson.dumps(stored["meta"]))


def opened(state: bytes, keys: Keys) -> bytes:
    """A stored fact with its personal part in the open, as the codec reads it; without, where the key is gone."""
    owner = owner_of(state)
    key = None if owner is None else keys.get(owner)
    return state if key is None else opened_with(state, key)


def opened_with(state: bytes, key: Key) -> bytes:
    found = unseal(state, key.secret)
    return b'{"personal":' + found.secret + b"," + found.kept[1:]
