"""The one kind of error that is meant for the person at the keyboard: a single line that says what to do."""


class OperatorError(Exception):
    """Something about the machine, the settings or the database must be changed before Izvor can run.

    The command line prints the text as it is, on one line, without a traceback.
    """

    def __init__(self, line: str) -> None:
        super().__init__(" ".join(line.split()))
