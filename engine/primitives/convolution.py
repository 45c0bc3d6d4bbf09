"""Convolution and windows."""
