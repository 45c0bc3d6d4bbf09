"""The house stands: imports go down only, the engine needs NumPy and SciPy alone, and the service what is public."""

import ast
import sys
from pathlib import Path

import engine

ROOT = Path(__file__).parent.parent

FLOORS = [
    {"errors"},
    {"limits", "shapes"},
    {"answers"},
    {"graph"},
    {"signature", "namespace"},
    {"kinds", "structure"},
    {"primitives"},
    {"functions", "interpret"},
    {"transform"},
    {"implicit"},
    {"language"},
    {"point", "tensors", "compression"},
    {"forward"},
    {"derivatives", "notices"},
    {"check", "jacobians", "render", "taylor"},
    {"maps"},
    {"problem"},
    {"reference"},
    {"__init__"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it; but not what only its annotations name."""
    found = set()
    tree = ast.parse(path.read_text())
    named = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    tree.body = [node for node in tree.body if node not in named]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "engine").parts[0].removesuffix(".py")


def test_every_room_has_a_floor():
    assert {room(path) for path in modules("engine")} == set(FLOOR)


def test_imports_go_down_only():
    for path in modules("engine"):
        for name in imported(path):
            top, *rest = name.split(".")
            if top == "engine" and rest and room(path) != rest[0]:
                assert rest[0] in FLOOR, f"{path.name} imports {name} from the top of the house"
                assert FLOOR[rest[0]] < FLOOR[room(path)], f"{path} imports {name}, which is not below it"


def test_interpreters_do_not_know_each_other():
    for path in modules("engine/interpret"):
        for name in imported(path):
            assert not name.startswith("engine.interpret."), f"{path.name} imports {name}"


def test_the_engine_needs_numpy_and_scipy_alone():
    for path in modules("engine"):
        for name in imported(path):
            top = name.split(".")[0]
            assert top in {"engine", "numpy", "scipy"} or top in sys.stdlib_module_names, f"{path} imports {name}"


def test_the_service_imports_only_what_the_engine_makes_public():
    for path in modules("app"):
        for name in imported(path):
            if name.split(".")[0] == "engine":
                assert name == "engine" or name.removeprefix("engine.") in engine.__all__, f"{path} imports {name}"


def test_public_names_exist_and_are_documented():
    for name in engine.__all__:
        assert getattr(engine, name).__doc__, f"engine.{name} has no docstring"


def test_every_module_says_what_it_is():
    for package in ("engine", "app"):
        for path in modules(package):
            if path.read_text().strip():
                assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"
