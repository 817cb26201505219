"""The command line `izvor`."""

from deploy.cli.root import main

__all__ = ["main"]
