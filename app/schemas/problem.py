"""The problem document of RFC 9457, with this service's members."""

from pydantic import BaseModel, ConfigDict, Field

from app.faults import FAULTS
from app.schemas.answers import Span


class FieldError(BaseModel):
    """What is wrong with one field of the request."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    pointer: str
    """JSON pointer to the field (RFC 6901)."""
    message: str


class Problem(BaseModel):
    """Why there is no answer (RFC 9457). Some codes have further members: what was asked, and what is allowed."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    type: str
    """`urn:nabla:problem:` and the code."""
    title: str
    """The same for every problem of this code."""
    status: int
    detail: str
    """What is wrong, for people."""
    code: str = Field(json_schema_extra={"enum": list(FAULTS)})
    """What is wrong, for programs."""
    hint: str | None = None
    """What to do instead."""
    span: Span | None = None
    """Where in the expression the fault is."""
    excerpt: str | None = None
    """The line with the fault, and a line with carets under it."""
    errors: list[FieldError] | None = None
    """The fields that do not fit."""
    limit: str | None = None
    """The limit that was exceeded."""
    asked: float | None = None
    """What was asked for."""
    allowed: float | None = None
    """What is allowed."""
    residual: float | None = None
    """How far from a solution an iteration ended."""
