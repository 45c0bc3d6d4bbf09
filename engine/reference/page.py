"""The reference as a page of Markdown: the functions of each module of the table under its docstring."""

from __future__ import annotations

import inspect
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.reference import Entry, functions, modules

_HEAD = """\
# The functions

Everything that an expression can call. This page is generated from the table of the engine (`make functions`), as
`GET /v1/functions` is, where each entry can be read by programs. How expressions are written is on
[the language's page](language.md).

Of each function there is the call with its defaults, what shapes go in and come out, where it is defined if not
everywhere, its derivative, what is given where there is none, and an example: an expression with its inputs, which can
be sent as they are to `POST /v1/gradient`, with the value and the gradients that are answered. Where the value is no
scalar, `grad_output` is the upstream gradient. In a differential `dx` belongs to the operand `x`, and `y` is the value;
it holds for the defaults of those parameters that it does not name.
"""


_LONG = 50

Group = tuple[str, str, list[Entry]]
"""A heading, a paragraph and the functions below it."""


def page() -> str:
    """The whole page."""
    entries = functions()
    found = list(_groups(entries))
    parts = [_HEAD, _contents(found, entries)]
    for title, text, members in found:
        parts.append(f"## {title}\n\n{text}\n")
        parts += map(_section, members)
    return "\n".join(parts)


def _groups(entries: Sequence[Entry]) -> Iterator[Group]:
    """The functions by the name of their module; a module of rows and one of compositions may share it."""
    docstrings: dict[str, list[str]] = {}
    for module in modules():
        docstrings.setdefault(module.__name__.rpartition(".")[2], []).append(_paragraph(module))
    for name, texts in docstrings.items():
        members = [entry for entry in entries if entry["group"] == name]
        if members:
            yield _title(texts[0]), " ".join(texts), members


def _title(text: str) -> str:
    """How a docstring begins: what stands before its colon, and less of it where that is long."""
    title = re.split(r"[:.(]", text)[0].strip()
    return title if len(title) < _LONG else title.split(",")[0]


def _paragraph(module: Any) -> str:
    """The first paragraph of a module's docstring, on one line."""
    return " ".join(inspect.cleandoc(module.__doc__ or "").split("\n\n")[0].split())


def _contents(groups: Sequence[Group], entries: Sequence[Entry]) -> str:
    names = sum(1 + len(entry["aliases"]) for entry in entries)
    lines = [f"{len(entries)} functions, by {names} names:\n"]
    for title, _, members in groups:
        links = ", ".join(f"[{entry['name']}](#{entry['name']})" for entry in members)
        lines.append(f"- [{title}](#{_anchor(title)}) ({len(members)}): {links}")
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    """The address that a heading gets: its letters, with hyphens for spaces."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _section(entry: Entry) -> str:
    """One function: a heading to link to, the call and what it does, and a line for each fact that there is."""
    operator = f", `{_operator(entry['operator'])}`" if entry["operator"] else ""
    lines = [f"### {entry['name']}\n", f"`{entry['signature']}`{operator}: {entry['doc']}\n"]
    lines += [f"- {title}: {text}" for title, text in _facts(entry)]
    return "\n".join(lines) + "\n"


def _operator(operator: str) -> str:
    return f"{operator[1:]}x" if operator.startswith("u") else f"a {operator} b"


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry["aliases"]:
        yield "Also called", _code(entry["aliases"])
    if entry["keywords"]:
        yield "Keywords", ", ".join(f"`{word}` for `{name}`" for word, name in entry["keywords"].items())
    yield "Shapes", "; ".join(entry["shapes"])
    if entry["domain"]:
        yield "Defined for", _code(entry["domain"])
    if entry["complex"]:
        yield "Complex numbers", "taken too"
    yield from _derivative(entry["derivative"])
    if entry["convention"]:
        yield "Convention", entry["convention"] + (f"; as in JAX, {entry['jax']}" if entry["jax"] else "")
    if entry["accuracy"]:
        yield "Accuracy", entry["accuracy"]
    if entry["example"]:
        yield "Example", _example(entry["example"])


def _code(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _derivative(derivative: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A line for each partial, or one for the rule and the differential."""
    formulas = derivative["formulas"]
    if not formulas or formulas[0]["by"] is None:
        yield "Derivative", " ".join([derivative["rule"], *map(_formula, formulas)])
    else:
        for formula in formulas:
            yield f"Derivative by {formula['by']}", _formula(formula)


def _formula(formula: dict[str, Any]) -> str:
    """In LaTeX by commands with names: Markdown takes a backslash before a sign for its own."""
    text = f"`{formula['text']}`" if formula["text"] else formula["words"]
    if formula["latex"] is None:
        return str(text)
    latex = formula["latex"].replace(r"\\", r"\cr").replace(r"\,", r"\thinspace")
    return f"{text}, ${latex}$"


def _example(example: dict[str, Any]) -> str:
    request = {"inputs": example["request"]["inputs"]}
    if "grad_output" in example["request"]:
        request["grad_output"] = example["request"]["grad_output"]
    sent = ", ".join(f"{name} {_numbers(value)}" for name, value in request.items())
    gradients = example["gradients"] and _numbers(example["gradients"])
    answered = f" has the value `{_numbers(example['value'])}`" + (
        f" and the gradients `{gradients}`" if gradients else ""
    )
    return f"`{example['request']['expression']}` of `{sent}`{answered}"


_NOISE = 1e-12
"""What is smaller than this in an example is what rounding left of a zero, and differs between processors."""


def _numbers(value: Any) -> str:
    """A value as JSON, its numbers to six digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{name}": {_numbers(part)}' for name, part in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}" if abs(value) > _NOISE else "0"
    return json.dumps(value)
