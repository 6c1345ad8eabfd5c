"""Small functions, small files, and every public name documented and typed."""

import ast
import statistics
from pathlib import Path

import pytest

LONGEST_FUNCTION = 40
LONGEST_FILE = 400
HIGHEST_MEDIAN = 10

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(function):
    """Lines from ``def`` to the end, without the docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, FUNCTION)]


def public(node, owner=""):
    """Yield ``(qualified name, node)`` of the public classes, functions and methods in a module or class."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, *FUNCTION)) and not child.name.startswith("_"):
            yield owner + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{owner}{child.name}.")


def explained_elsewhere(node):
    """Overloads, setters and overrides say nothing that their other half has not said."""
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"overload", "setter", "deleter", "override"})


def untyped(function, is_method):
    """Names of the arguments without annotation, and ``return`` when that one is missing."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    if is_method and "staticmethod" not in {ast.unparse(mark) for mark in function.decorator_list}:
        positional = positional[1:]
    rest = [*spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    bare = [argument.arg for argument in positional + rest if argument.annotation is None]
    return bare if function.returns is not None else [*bare, "return"]


def wanting(tree):
    """Yield ``(line, sentence)`` for each public name that lacks a docstring or a type."""
    if ast.get_docstring(tree) is None:
        yield 1, "the module has no docstring"
    for name, node in public(tree):
        if ast.get_docstring(node) is None and not explained_elsewhere(node):
            yield node.lineno, f"{name} has no docstring"
        if isinstance(node, FUNCTION) and (bare := untyped(node, "." in name)):
            yield node.lineno, f"{name} has no type for {', '.join(bare)}"


def test_no_function_is_long(modules):
    long = [
        f"{path}:{function.lineno} {function.name}: {length(function)} lines"
        for path, tree in modules.items()
        for function in functions(tree)
        if length(function) > LONGEST_FUNCTION
    ]
    assert not long, f"functions over {LONGEST_FUNCTION} lines:\n" + "\n".join(long)


def test_functions_are_short_in_the_median(modules, capsys):
    lengths = [length(function) for tree in modules.values() for function in functions(tree)]
    median = statistics.median(lengths)
    with capsys.disabled():
        print(f"\n{len(modules)} modules, {len(lengths)} functions: median {median:g} lines, longest {max(lengths)}")
    assert median <= HIGHEST_MEDIAN


def test_no_file_is_long(root, project_files):
    counts = {
        path: len((root / path).read_text("utf-8").splitlines())
        for path in project_files
        if path.suffix in {".py", ".sh"} and path.parts[0] not in {"tests", "migrations"}
    }
    long = [f"{path}: {count} lines" for path, count in counts.items() if count > LONGEST_FILE]
    assert counts
    assert not long, f"files over {LONGEST_FILE} lines:\n" + "\n".join(long)


def test_public_names_are_documented_and_typed(modules):
    faults = [f"{path}:{line} {sentence}" for path, tree in modules.items() for line, sentence in wanting(tree)]
    assert not faults, "\n".join(faults)


SAMPLE = '''
"""A module."""
def priced(dish, *, at: str):
    """Say it.

    In three lines.
    """
    return dish
class Menu:
    """A menu."""
    @property
    def size(self) -> int:
        return 1
    @staticmethod
    def of(dishes) -> "Menu":
        """Make one."""
    def _hidden(self, anything): ...
'''


def test_the_measure_sees_what_is_wrong():
    tree = ast.parse(SAMPLE)
    assert [sentence for _, sentence in wanting(tree)] == [
        "priced has no type for dish, return",
        "Menu.size has no docstring",
        "Menu.of has no type for dishes",
    ]
    assert {node.name: length(node) for node in functions(tree)} == {"priced": 2, "size": 2, "of": 1, "_hidden": 1}


@pytest.mark.parametrize("name", ["mozg", "flows"])
def test_the_rooms_are_measured(modules, name):
    assert Path(name) in {Path(path.parts[0]) for path in modules}
