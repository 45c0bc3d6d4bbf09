"""Attention."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import real
from engine.functions.neural import dropped
from engine.kinds import composition
from engine.shapes import size


def _weights(F: Any, scores: Any) -> Any:
    """Softmax along the last axis, and zeros where everything is masked."""
    if not size(F.shape(scores)):
        return scores
    seen = F.any(scores > -math.inf, axis=-1, keepdims=True)
    return F.where(seen, F.exponential_shares(F.where(seen, scores, 0.0), axis=-1), 0.0)


def _repeated(F: Any, x: Any, heads: int) -> Any:
    """Heads shared by groups of queries: each as often as there are queries for it."""
    shape = F.shape(x)
    if len(shape) < 3 or not shape[-3] or heads % shape[-3]:
        raise ShapeMismatch(f"{heads} heads of queries do not share those of shape {shape}")
    wide = (*shape[:-2], heads // shape[-3], *shape[-2:])
    apart = F.reshape(x, shape=(*shape[:-2], 1, *shape[-2:]))
    return F.reshape(F.broadcast_to(apart, shape=wide), shape=(*shape[:-3], heads, *shape[-2:]))


def _masked(F: Any, scores: Any, mask: Any, is_causal: Any) -> Any:
    if is_causal:
        if mask is not None:
            raise WrongArguments("scaled_dot_product_attention takes attn_mask or is_causal, not both")
        return F.where(np.tril(np.ones(F.shape(scores)[-2:], dtype=bool)), scores, -math.inf)
    if mask is None:
        return scores
    return F.where(mask, scores, -math.inf) if F.dtype(mask) == "bool" else scores + mask


@composition(
    "scaled_dot_product_attention(query, key, value, attn_mask=None, /, dropout_p=0.0, is_causal=False, scale=None, "
    "enable_gqa=False, seed=None)",
    convention="0 where everything is masked",
    examples=(
        (((2, 3), (3, 3), (3, 2)), {}),
        (((2, 2, 2), (2, 3, 2), (2, 3, 1), (2, 3)), {}),
        (((2, 2), (3, 2), (3, 2)), {"is_causal": True, "scale": 0.5}),
        (((4, 1, 2), (2, 2, 2), (2, 2, 1)), {"enable_gqa": True}),
        (((2, 2), (3, 2), (3, 2)), {"dropout_p": 0.4, "seed": 3}),
    ),
)
def scaled_dot_product_attention(
    F: Any, query: Any, key: Any, value: Any, attn_mask: Any, dropout_p: Any, is_causal: Any, scale: Any,
    enable_gqa: Any, seed: Any,
) -> Any:  # fmt: skip
    """softmax(query @ key.T / sqrt(length of a query) + mask) @ value; a mask of truth values says what is seen."""
    shapes = (F.shape(query), F.shape(key), F.shape(value))
    if any(len(shape) < 2 for shape in shapes):
        raise ShapeMismatch(f"attention takes queries, keys and values of two axes or more, not shapes {shapes}")
    if enable_gqa:
        heads = shapes[0][-3] if len(shapes[0]) > 2 else 1
        key, value = _repeated(F, key, heads), _repeated(F, value, heads)
    factor = 1.0 / math.sqrt(shapes[0][-1] or 1) if scale is None else real(scale, "scale")
    scores = F.matmul(query, F.swapaxes(key, axis1=-1, axis2=-2)) * factor
    weights = _weights(F, _masked(F, scores, attn_mask, is_causal))
    if dropout_p:
        weights = dropped(F, weights, dropout_p, seed, F.shape(weights), "scaled_dot_product_attention")
    return F.matmul(weights, value)
