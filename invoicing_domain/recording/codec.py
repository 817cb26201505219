"""Facts to bytes and back: readable JSON, written once, decoded straight into the types of the model."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import orjson

from invoicing_domain.recording.catalogue import CATALOGUE, WireName
from invoicing_domain.recording.envelope import Meta
from invoicing_domain.recording.upcasters import UPCASTERS, Json

_VERSION: Final = re.compile("[1-9][0-9]*")


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
            str(name): msgspec.json.Decoder(msgspec.defstruct("Stored", [("fact", fact), ("meta", msgspec.Raw)]))
            for fact, name in catalogue.items()
        }
        self._readers: dict[bytes, Callable[[bytes], Any]] = {
            str(name).encode(): msgspec.json.Decoder(msgspec.defstruct("Stored", [("fact", fact)])).decode
            for fact, name in catalogue.items()
        }

    def topic(self, fact: object) -> str:
        return self._topics[type(fact)]

    def encode(self, fact: object, meta: Meta) -> bytes:
        return orjson.dumps({"fact": fact, "meta": meta}, default=to_plain)

    def fact(self, topic: bytes, state: bytes) -> Any:
        """The fact alone, for folds; raises UnknownFact for a topic from the future."""
        reader = self._readers.get(topic)
        return self._decode_older(topic.decode(), state)[0] if reader is None else reader(state).fact

    def decode(self, topic: str, state: bytes) -> tuple[Any, msgspec.Raw]:
        """The fact and its undecoded metadata; raises UnknownFact for a topic from the future."""
        decoder = self._decoders.get(topic)
        if decoder is None:
            return self._decode_older(topic, state)
        stored = decoder.decode(state)
        return stored.fact, stored.meta

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
        return msgspec.convert(body, self._types[f"{name}/{version}"]), msgspec.Raw(orjson.dumps(stored["meta"]))
