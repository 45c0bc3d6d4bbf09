"""Sorting, and what is found by it: sort, topk, median, quantile."""
