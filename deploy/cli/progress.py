"""How far a long command has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console()


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for people; for files and pipes a line for every tenth part."""
    if not console.is_terminal:
        shown = -1

        def show(done: int, total: int) -> None:
            nonlocal shown
            tenth = 10 * done // max(1, total)
            if tenth > shown:
                shown = tenth
                console.print(f"{done} of {total} {what}", soft_wrap=True)

        yield show
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
