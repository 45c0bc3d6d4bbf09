"""The project's own speed figures, against peers in the same run."""
