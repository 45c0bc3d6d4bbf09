"""Every setting of the service, with its default and what it is for; the environment overrides with `NABLA_…`.

The budget of one question comes from the engine's own declaration of its limits: `NABLA_LIMITS__SECONDS=2`.
"""

from dataclasses import fields
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, Field, NonNegativeInt, PositiveFloat, PositiveInt, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

import engine


def _budget() -> type[BaseModel]:
    """The engine's limits as a model: one field for each, with the engine's default and help."""
    types = get_type_hints(engine.Limits)
    columns: dict[str, Any] = {
        limit.name: (
            types[limit.name],
            Field(default=limit.default, gt=0, description=f"{limit.metadata['help']} In {limit.metadata['unit']}."),
        )
        for limit in fields(engine.Limits)
    }
    return create_model("Budget", __doc__="What one question may cost.", **columns)


Budget = _budget()


class Settings(BaseSettings):
    """The settings; each can be given as an environment variable of its name in capitals behind `NABLA_`.

    >>> Settings(port=9000).port
    9000
    """

    model_config = SettingsConfigDict(
        env_prefix="NABLA_", env_nested_delimiter="__", extra="forbid", use_attribute_docstrings=True
    )

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port to listen on; 0 takes any that is free."""
    workers: PositiveInt = 1
    """Processes that serve."""
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"
    """What the server's log tells."""
    access_log: bool = False
    """Whether each request gets a line in the log."""
    keep_alive_seconds: PositiveInt = 5
    """How long a connection may be idle between two requests."""
    shutdown_seconds: PositiveInt = 20
    """How long requests under way may take to finish when the service stops."""

    body_bytes: PositiveInt = 8 * 2**20
    """The longest body of a request, declared or streamed."""
    answer_elements: PositiveInt = 2_000_000
    """Elements of all tensors of an answer together."""
    limits: Budget = Field(default_factory=Budget)  # type: ignore[valid-type]
    """What one question may cost; refused beyond it."""

    light_bytes: NonNegativeInt = 16 * 2**10
    """A longer body goes to the heavy lane before it is looked at."""
    light_flops: PositiveFloat = 2e6
    """A question that takes more operations, by estimate, goes to the heavy lane."""
    heavy_workers: PositiveInt = 2
    """Heavy questions answered at the same time, in each process."""
    heavy_queue: NonNegativeInt = 8
    """Heavy questions that may wait; more are refused with 503."""

    cached_expressions: NonNegativeInt = 1024
    """Parsed expressions kept for the next time, in each process."""
    cached_characters: NonNegativeInt = 200_000
    """Length of all kept expressions together."""

    @property
    def budget(self) -> engine.Limits:
        """The limits as the engine takes them."""
        return engine.Limits(**self.limits.model_dump())  # type: ignore[attr-defined]
