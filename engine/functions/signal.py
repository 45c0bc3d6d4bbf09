"""Signals and interpolation: convolve, interp, polyval."""
