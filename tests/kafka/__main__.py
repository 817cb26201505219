"""A broker at the keyboard, for `izvor up --kafka 127.0.0.1:9092`: `make kafka`. Ctrl-C stops it; its data are lost."""

import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.kafka.broker import Broker

PORT: Final = 9092


def main() -> None:
    signals = {signal.SIGINT, signal.SIGTERM}
    with tempfile.TemporaryDirectory(prefix="izvor-kafka-") as data, Broker(Path(data), port=PORT) as broker:
        sys.stdout.write(f"Kafka listens on {broker.address}; Ctrl-C stops it\n")
        sys.stdout.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
