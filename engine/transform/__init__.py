"""The transformations: each is written against ``F`` and takes a graph's values with it.

    pullback      from the output back to the inputs: gradients
    pushforward   from the inputs on to the output: directional derivatives
    batch         many values at once, along a new first axis

Over arrays they give numbers, over the graph builder they give graph; they compose.
"""
