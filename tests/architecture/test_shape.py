"""The house has the rooms it is said to have, and each says what it is for."""

import ast
import re
import tomllib

from tests.support.sources import PACKAGES, ROOT, sources

FOLDERS = {*PACKAGES, "tests"}
MADE_BY_RUNNING = {"izvor-data", "build", "dist"}

MACHINE_PATHS = re.compile(r"(?<![\w./:])/(?:work|root|home|Users|mnt)/\w|/tmp/team|shared/(?:reference|design)")
TEXTS = {".py", ".md", ".sql", ".toml", ".j2", ".html", ".css", ".env", ".json", ".yaml", ".yml", ".lock"}


def test_no_folder_stands_beside_the_rooms_of_the_house() -> None:
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    found = {name for name in found - MADE_BY_RUNNING if not name.endswith(".egg-info")}
    assert found == FOLDERS


def test_every_room_says_what_it_is_for() -> None:
    for folder in sorted(FOLDERS):
        text = (ROOT / folder / "README.md").read_text()
        assert re.search(r"^# ", text), folder
        assert re.search(r"\bnever\b", text, re.IGNORECASE), f"{folder}/README.md says what never comes here"
        assert re.search(r"\b(add|another|new)", text, re.IGNORECASE), f"{folder}/README.md says how to add one more"


def test_every_read_model_is_a_stranger_to_the_others() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    strangers = next(one["modules"] for one in contracts if one["name"] == "Read models are strangers")
    models = {f"projections.{path.parent.name}" for path in (ROOT / "projections").glob("*/project.py")}
    assert models <= set(strangers), "list the new read model in the contract"


def test_nothing_we_wrote_names_a_machine() -> None:
    found = []
    for folder in sorted(FOLDERS):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in TEXTS and path.name != "test_shape.py":
                found += [f"{path.relative_to(ROOT)}: {hit}" for hit in MACHINE_PATHS.findall(path.read_text())]
    for path in ROOT.iterdir():
        if path.is_file() and (path.suffix in TEXTS or path.name == "Makefile"):
            found += [f"{path.name}: {hit}" for hit in MACHINE_PATHS.findall(path.read_text())]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        source.path for source in sources(*PACKAGES) if source.text.strip() and ast.get_docstring(source.tree) is None
    ]
    assert silent == []
