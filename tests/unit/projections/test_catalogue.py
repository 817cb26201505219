import ast
from pathlib import Path

import pytest

import projections
from invoicing_domain.recording.catalogue import CATALOGUE
from projections.catalogue import MODELS, by_name
from projections.feed import unwanted
from projections.readmodel import ReadModel
from projections.schemas import tables_of

HOME = Path(projections.__file__).parent
VIEWS = (HOME / "bi" / "views.sql").read_text(encoding="utf-8")
FOLDERS = sorted(path.parent.name for path in HOME.glob("*/project.py"))


def test_every_read_model_is_listed() -> None:
    assert sorted(model.name for model in MODELS) == FOLDERS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_read_model_wants_facts_that_exist_and_has_its_rooms(model: ReadModel) -> None:
    assert model.facts <= set(CATALOGUE)
    assert model.facts
    assert (HOME / model.name / "schema.sql").is_file()
    read_by_views = any(f"read.{table} " in VIEWS for table in model.tables)
    assert read_by_views or (HOME / model.name / "query.py").is_file()
    if model.keyed:
        assert model.keyed.begins <= model.facts
    text = tables_of(model).before.decode()
    for table in model.tables:
        assert f"CREATE TABLE {table} (" in text


@pytest.mark.parametrize("name", FOLDERS)
def test_no_read_model_knows_another_and_projecting_knows_no_database(name: str) -> None:
    for file in (HOME / name).glob("*.py"):
        imported = {
            alias
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            for alias in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else []
            )
        }
        strangers = [one for one in imported for other in FOLDERS if other != name and f"projections.{other}" in one]
        assert strangers == []
        if file.name == "project.py":
            assert not any(one.startswith("psycopg") for one in imported)


def test_every_recorded_fact_is_wanted_or_left_out_by_name() -> None:
    left_out = set(unwanted(MODELS))
    for fact, name in CATALOGUE.items():
        wanted = any(fact in model.facts for model in MODELS)
        assert wanted != (str(name) in left_out)


def test_the_shape_follows_from_version_and_schema() -> None:
    shapes = {tables_of(model).shape for model in MODELS}
    assert len(shapes) == len(MODELS)


def test_a_name_that_is_no_read_model_is_refused() -> None:
    assert by_name(()) == MODELS
    assert [model.name for model in by_name(("payment_list",))] == ["payment_list"]
    with pytest.raises(ValueError, match="no_such_list is not a read model"):
        by_name(("no_such_list",))
