"""Arithmetic made of other arithmetic: addcmul, lerp, logaddexp2 and their like."""
