"""Elements taken from, and added to, places that are data: gather and scatter."""
