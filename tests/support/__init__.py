"""What tests and benchmarks share. All their processes have one secret key, so that each reads what another wrote."""

import os

os.environ.setdefault("IZVOR_SECRET_KEY", "a key for tests, the same in every process")
