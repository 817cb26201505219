"""`python -m deploy` is `izvor`."""

from deploy.cli import main

main()
