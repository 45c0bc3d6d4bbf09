"""Graphs in forms for others to read."""
