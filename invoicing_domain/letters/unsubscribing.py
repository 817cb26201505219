"""The link by which a reader declines further letters of a kind: signed, so that nobody makes one for another."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, get_args

from invoicing_domain.model.customer.events import Notice

Sign = Callable[[str], str]
"""A signature of a text under the secret key of the house."""

PATH: Final = "/api/v1/unsubscribe/"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Who declines what."""

    organization_id: str
    customer_id: str
    notice: Notice


def link(base_url: str | None, sign: Sign, who: Unsubscribing) -> str | None:
    """None where nobody said under which address the world finds the house, or the reader is no known customer."""
    return f"{base_url}{PATH}{token(sign, who)}" if base_url and who.customer_id else None


def token(sign: Sign, who: Unsubscribing) -> str:
    text = f"{who.organization_id}.{who.customer_id}.{who.notice}"
    return f"{text}.{sign(text)}"


def read(token: str, sign: Sign) -> Unsubscribing | None:
    """What a token of a link says; None for one that the house did not sign."""
    text, _, signature = token.rpartition(".")
    parts = text.split(".")
    if not hmac.compare_digest(signature.encode(), sign(text).encode()):
        return None
    notice: Notice | None = next((one for one in get_args(Notice) if one == parts[-1]), None)
    return None if notice is None else Unsubscribing(parts[0], parts[1], notice)
