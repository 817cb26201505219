"""The command that writes down what travels over Kafka, for whoever builds the other side."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.cli.options import settings_of


def schemas(
    out: Annotated[Path, typer.Option(help="Folder to write to; made when missing.", metavar="DIR")] = Path("schemas"),
) -> None:
    """Write JSON Schemas of all facts, commands and results, and an AsyncAPI document of the topics.

    Example: izvor schemas --out schemas
    """
    from workers.bridge import asyncapi  # noqa: PLC0415 - other commands start faster without
    from workers.kafka.cluster import Cluster  # noqa: PLC0415

    settings = settings_of()
    cluster = Cluster(servers=settings.kafka or "", prefix=settings.kafka_prefix)
    files = {**asyncapi.schemas(), "asyncapi.json": asyncapi.document(cluster)}
    for name, content in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
    typer.echo(f"{len(files)} files in {out}")
