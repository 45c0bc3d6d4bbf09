"""One question: from the document that was sent to the bytes of its answer."""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any, Self

import numpy as np
import orjson

import engine
from app import fields, tensors
from app.faults import Refused
from app.schemas.requests import Program
from app.service import Service
from app.spans import failure, warning

Handler = Callable[[Any, engine.Point, Any], Any]
"""Answers a question: the parsed expression (or that at many points), the point, and the request with the rest."""

_NODE = 60
"""What a node of a graph counts for in the size of an answer, beside its data: as many numbers are about as long."""
_RECORD = 20
"""What the report of a point's check counts for, or its failure."""
_LARGE = {dict, list, np.ndarray}
_APART = {"notices", "failures"}
"""The fields of an engine's answer that documents have in a form of their own."""


class Asking:
    """A request on its way: first understood, then estimated, then answered.

    Each step raises `Refused` or the engine's errors. ``expression`` is known as early
    as it can be, because a problem document shows the fault in it.
    """

    __slots__ = ("expression", "handler", "model", "point", "problem", "request", "service")

    problem: engine.Problem | engine.Mapped
    point: engine.Point
    request: Any

    def __init__(self, handler: Handler, model: type[Program], service: Service) -> None:
        self.handler = handler
        self.model = model
        self.service = service
        self.expression: str | None = None

    def understand(self, document: Any) -> Self:
        """Check the document's fields, parse its expression, and bring its inputs to the engine's types."""
        request = self.request = fields.check(self.model, document)
        self.expression = request.expression
        for place, name in enumerate(request.wrt or ()):
            fields.require_name(name, "wrt", place)
        for place, name in enumerate(request.map or ()):
            fields.require_name(name, "map", place)
        problem = self.service.cache.problem(request.expression, request.dtype, request.convention, request.syntax)
        self.problem = problem if request.map is None else problem.map(request.map)
        self.point = engine.prepare(tensors.inputs(request.inputs), request.dtype)
        if request.wrt:  # also where a question has no use for it: a name that is wrong is a mistake
            self.point.wrt(request.wrt)
        return self

    def estimate(self) -> float:
        """The floating-point operations that the answer takes, before any of them is done."""
        mode = getattr(self.request, "mode", "auto")
        format = getattr(self.request, "format", "dense")
        flops = self.problem.estimate(self.point, self.handler.__name__, mode, format, self._orders())
        if getattr(self.request, "check", "off") != "off":
            flops += self.problem.estimate(self.point, "check")
        if getattr(self.request, "graph", False):
            flops += self.problem.estimate(self.point, "graph")
        return flops

    def _orders(self) -> tuple[int, ...]:
        """The orders of the derivative that is asked for, by each of its inputs."""
        partial = getattr(self.request, "partial", None)
        if partial is not None:
            return tuple([partial.count(name) for name in dict.fromkeys(partial)])
        order = getattr(self.request, "order", None)
        return () if order is None else (order,)

    def answer(self) -> bytes:
        """The answer as JSON."""
        if getattr(self.request, "graph", self.handler.__name__ == "graph"):
            self.require_drawable()
        answer = self.handler(self.problem, self.point, self.request)
        document = self._shown(answer)
        warnings = document["warnings"]
        if getattr(self.request, "check", "off") != "off":
            warnings += self._check(document)
        if getattr(self.request, "graph", False):
            warnings += self._graph(document)
        document["warnings"] = [warning(self.request.expression, notice) for notice in dict.fromkeys(warnings)]
        _require_size(document, self.service.settings.answer_elements)
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What the head of the answer says beside what every head does."""
        return []

    def _shown(self, answer: Any) -> dict[str, Any]:
        """An engine's answer as a document; if there are many points, with those where there is none."""
        document = answer if answer.__class__ is dict else shown(answer)
        if self.request.map is not None:
            found = document["failures"] if answer.__class__ is dict else answer.failures
            document["failures"] = [failure(self.request.expression, point) for point in found]
        return document

    def _check(self, document: dict[str, Any]) -> list[engine.Notice]:
        request = self.request
        report = self._shown(self.problem.check(self.point, request.wrt, request.check, grad_output=seed(request)))
        warnings: list[engine.Notice] = report.pop("warnings")
        if self._orders():
            message = "the check compares the first derivatives; those of higher order are not part of it"
            warnings.append(engine.Notice("check_first_order", message))
        for name in ("value", "shape", "dtype"):
            report.pop(name, None)
        document["check"] = report
        return warnings

    def require_drawable(self) -> None:
        """Raise `Refused` (limit_exceeded) where the graph has too many nodes for an answer, before it is made."""
        _require_count(_NODE * self.problem.nodes(self.point), self.service.settings.answer_elements)

    def _graph(self, document: dict[str, Any]) -> list[engine.Notice]:
        graph = graph_document(self.problem.autograd(self.point, self.request.wrt, seed(self.request)))
        warnings: list[engine.Notice] = graph.pop("warnings")
        if self.request.map is None:
            document["graph"] = graph
        else:
            document["graphs"] = graph["graphs"]
        return warnings


def seed(request: Any) -> Any:
    """The upstream gradient that a request gives, if its kind has one."""
    given = getattr(request, "grad_output", None)
    return None if given is None else tensors.upstream(given, "/grad_output")


def shown(answer: Any) -> dict[str, Any]:
    """An engine's answer as a document, its notices still as they are."""
    document = {name: tensors.shown(getattr(answer, name)) for name in _names(answer.__class__)}
    document["warnings"] = list(answer.notices)
    if "inputs" in document:
        document["inputs"] = {name: _record(report) for name, report in answer.inputs.items()}
    if "points" in document:
        document["points"] = [None if report is None else _unwarned(shown(report)) for report in answer.points]
    return document


def _unwarned(report: dict[str, Any]) -> dict[str, Any]:
    """The report of one of many points, whose warnings are gathered."""
    del report["warnings"]
    return report


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind) if field.name not in _APART)


def _record(record: Any) -> Any:
    """A record of the engine's, with those in it, as a document."""
    if record is None:
        return None
    document = {name: tensors.shown(getattr(record, name)) for name in _names(record.__class__)}
    if "worst" in document:
        document["worst"] = _record(record.worst)
    return document


def graph_document(graph: dict[str, Any]) -> dict[str, Any]:
    """A graph of the engine's, or the graphs of many points, whose numbers JSON can hold."""
    for part in graph.get("graphs", ()):
        if part is not None:
            graph_document(part)
    for node in graph.get("nodes", ()):
        node["data"] = tensors.nested(node["data"])
        node["grad"] = tensors.nested(node["grad"])
        node["params"] = tensors.shown(node["params"])
    return graph


def _require_size(document: dict[str, Any], allowed: int) -> None:
    """Raise `Refused` (limit_exceeded) where an answer has more numbers than allowed."""
    asked = 0
    for name, part in document.items():
        if name == "nodes":
            asked += _nodes(part)
        elif name == "graph":
            asked += _nodes(part["nodes"])
        elif name == "graphs":
            asked += sum(_nodes(graph["nodes"]) for graph in part if graph is not None)
        elif name == "points" or name == "failures":
            asked += _RECORD * len(part)
        elif name == "check":
            asked += _RECORD * len(part.get("points", ()))
        elif part.__class__ in _LARGE:
            asked += tensors.count(part)
    _require_count(asked, allowed)


def _require_count(asked: int, allowed: int) -> None:
    if asked > allowed:
        raise Refused(
            "limit_exceeded",
            f"the answer has {asked:,} numbers, and {allowed:,} are allowed",
            hint="ask for fewer inputs in wrt, for a product with a vector, for fewer elements of a graph's data, or "
            "at fewer points; a pattern takes less if tensors are sent as vectors, and reshaped in the program",
            limit="answer_elements",
            asked=asked,
            allowed=allowed,
        )


def _nodes(nodes: list[dict[str, Any]]) -> int:
    return sum(_NODE + tensors.count(node["data"]) + tensors.count(node["grad"]) for node in nodes)
