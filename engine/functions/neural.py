"""Layers of neural networks: linear, convolution, pooling, normalisation, attention."""
