"""Tensors as the contract describes them. Their numbers are checked by `app.tensors`, which is faster by far."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from typing_extensions import TypeAliasType

Dtype = Literal["float64", "float32"]

Tensor = TypeAliasType(
    "Tensor",
    Annotated[
        "float | Literal['NaN', 'Infinity', '-Infinity'] | list[Tensor]",
        Field(
            description=(
                "A number, or nested lists of numbers whose rows have the same length. What is not finite is one of "
                'the strings "NaN", "Infinity" and "-Infinity".'
            )
        ),
    ],
)

Truth = TypeAliasType(
    "Truth", Annotated["bool | list[Truth]", Field(description="A truth value, or nested lists of truth values.")]
)


class Complex(BaseModel):
    """A complex number or tensor, by its two parts."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    real: Tensor
    """The real part."""
    imag: Tensor
    """The imaginary part, of the same shape."""


Value = TypeAliasType("Value", "Tensor | Complex")


class Sparse(BaseModel):
    """The elements of a pattern; all others are zero."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    shape: list[int]
    """The shape of the whole tensor."""
    indices: list[list[int]]
    """A list for each axis, of as many places as there are elements: what `torch.sparse_coo_tensor` and
    `scipy.sparse.coo_array` take. In order, the last axis the fastest."""
    values: Tensor
    """The elements, a list."""


class ComplexTensor(BaseModel):
    """A complex input, by its two parts; one that is left out is zero."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    real: Tensor | None = None
    """The real part."""
    imag: Tensor | None = None
    """The imaginary part, of the same shape."""
    dtype: Literal["complex128"] | None = None
    """The element type."""
    requires_grad: bool | None = None
    """Whether derivatives are taken by this input; true where it is left out."""


class TypedTensor(BaseModel):
    """A tensor with what PyTorch's `tensor` takes beside the data."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    data: Tensor | Truth
    """Numbers; for `bool` true and false."""
    dtype: Literal["float64", "float32", "complex128", "int64", "bool"] | None = None
    """The element type; the request's `dtype` where this says nothing. Stated, it is not promoted."""
    requires_grad: bool | None = None
    """Whether derivatives are taken by this input; true for floating-point inputs."""


Item = TypeAliasType("Item", "Value | Truth")
Items = TypeAliasType(
    "Items", Annotated["list[Item]", Field(min_length=1, description="The values of the items of a tuple.")]
)
Shapes = TypeAliasType(
    "Shapes", Annotated["list[list[int]]", Field(min_length=1, description="The shapes of the items of a tuple.")]
)
Dtypes = TypeAliasType(
    "Dtypes", Annotated["list[str]", Field(min_length=1, description="The element types of the items of a tuple.")]
)

Upstream = SkipValidation[Value | list[Value | None]]
"""Of a tensor, or of the items of a tuple."""
Inputs = dict[str, SkipValidation[Tensor | TypedTensor | ComplexTensor]]
Vectors = dict[str, SkipValidation[Value]]
