"""Questions by GET: the address that all spellings of one have in common, and the tag of its answer.

Both are made of the program's canonical text, the inputs in the order of their names, and the options that are not as
they are by default. The address is for sharing (RFC 6596); by the tag a client that has the answer is told so before
anything is computed (RFC 9110, section 13.1.2).
"""

from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from keyword import iskeyword
from math import isfinite
from typing import Any, Self
from urllib.parse import quote

import engine
from app import tensors
from app.asking import Asking
from app.media import Headers
from app.schemas.requests import Program
from app.service import Service

LONGEST = 2000
"""A longer address is not told: there are programs that would cut it off."""

_VERSION = version("nabla")
_OPTIONS = ("dtype", "convention", "check", "graph", "order")
_PLAIN = "*/,"
"""What stands in a query as it is, beside letters, digits and ``_.-~``; brackets would not survive Markdown."""


class Unchanged(Exception):
    """The client has the answer already."""


class AskingByAddress(Asking):
    """A question at ``path``, asked by who has the answers with the tags ``known``."""

    def __init__(
        self, handler: Callable[..., Any], model: type[Program], service: Service, path: str, known: frozenset[bytes]
    ) -> None:
        super().__init__(handler, model, service)
        self.path = path
        self.known = known

    def understand(self, document: Any) -> Self:
        """As any question is; raises `Unchanged` where its tag is known."""
        super().understand(document)
        if self.known and self.tag in self.known:
            raise Unchanged
        return self

    def answer(self) -> bytes:
        """The answer as JSON; raises `Unchanged` where any answer is known."""
        answer = super().answer()
        if b"*" in self.known:
            raise Unchanged
        return answer

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The tag, weak because machines may differ in a last bit; and the address."""
        found = [(b"etag", b"W/" + self.tag)]
        if len(self.address) <= LONGEST and self._is_read():
            found.append((b"link", f'<{self.address}>; rel="canonical"'.encode()))
        return found

    @cached_property
    def tag(self) -> bytes:
        """In quotes; it changes with the version of the service, as answers may."""
        return b'"%s"' % sha256(f"{_VERSION} {self.address}".encode()).hexdigest()[:32].encode()

    @cached_property
    def address(self) -> str:
        """The canonical address, without scheme and host."""
        fields = {**self._program(), **self._inputs(), **self._options()}
        return f"{quote(self.path)}?" + "&".join(f"{quote(k)}={quote(v, _PLAIN)}" for k, v in fields.items())

    def _program(self) -> dict[str, str]:
        """A formula in LaTeX as what it was read as, unless a name in it is none in the language."""
        if self.request.syntax == "latex" and any(map(iskeyword, self.point.leaves)):
            return {"expression": self.request.expression, "syntax": "latex"}
        return {"expression": self.problem.canonical(self.point)}

    def _inputs(self) -> dict[str, str]:
        return dict(sorted(zip(self.point.leaves, map(_number, self.request.inputs.values()), strict=True)))

    def _options(self) -> dict[str, str]:
        wrt = sorted(self.point.wrt(self.request.wrt))
        options = {} if wrt == sorted(self.point.grads) else {"wrt": ",".join(wrt)}
        for name in _OPTIONS:
            value = getattr(self.request, name)
            if value != self.model.model_fields[name].default:
                options[name] = "true" if value is True else str(value)
        if self.request.partial is not None:
            options["partial"] = ",".join(self.request.partial)
        return options

    def _is_read(self) -> bool:
        """Whether the address would be understood: canonical text may nest deeper than what it was made of."""
        text, sent = self._program()["expression"], self.request
        if text != sent.expression:
            try:
                self.service.cache.problem(text, sent.dtype, sent.convention)
            except engine.NablaError:
                return False
        return True


def _number(value: float) -> str:
    """The shortest text of the value.

    >>> _number(3.0), _number(1e20), _number(-0.0), _number(float("-inf"))
    ('3', '1e20', '-0', '-Infinity')
    """
    return repr(value).removesuffix(".0").replace("e+", "e") if isfinite(value) else str(tensors.shown(value))


def known(headers: Headers) -> frozenset[bytes]:
    """The tags in If-None-Match, which are compared without regard to whether they are weak."""
    values = [value for name, value in headers if name == b"if-none-match"]
    return frozenset(tag.strip().removeprefix(b"W/") for value in values for tag in value.split(b","))
