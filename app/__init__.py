"""The service: HTTP in, questions to the engine, HTTP out. Nothing mathematical lives here.

    main       create_app: the parts put together
    cli        the command `nabla serve`
    settings   every setting with its default, from the environment
    faults     the one table of error codes; problems turns them, and the engine's errors, into RFC 9457 documents
    schemas/   what requests and answers look like
    body       bytes to JSON; media, what a request says about them; tensors, JSON to arrays and back
    cache      expressions parsed before; lanes, where heavy work runs
    asking     one question, from its document to the bytes of its answer; route hands it the bytes
    routes/    the addresses
    examples   worked examples, which are documentation and tests
    openapi    the machine-readable contract, and the command that writes it

A request goes down this list: media type, declared length, body, JSON, fields, parse, cost, lane, answer.
"""

import os

# Questions run beside each other already: threads inside a matrix product would only contend with them, and the last
# bits of its result would depend on how many there are. NumPy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
