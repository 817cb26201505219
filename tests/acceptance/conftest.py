"""One running stack with a clock to wind for each module, and a seller of its own for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.seller import Seller
from tests.support.stack import Stack, quiet_port


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {"IZVOR_RATE_LIMIT": "0", "IZVOR_WEBHOOK_ALLOW_PRIVATE": "1"}
    with Stack(tmp_path_factory.mktemp("acceptance"), quiet_port(), "--test-clock", **settings) as running:
        yield running


@pytest.fixture
def register(stack: Stack) -> Iterator[Callable[..., Seller]]:
    with ExitStack() as open_sellers:
        yield lambda name, *options: open_sellers.enter_context(Seller.registered(stack, name, *options))


@pytest.fixture
def seller(register: Callable[..., Seller]) -> Seller:
    return register("Izvor Încercări SRL")
