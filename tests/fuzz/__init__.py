"""Programs at random, for as long as one likes: `make fuzz-text MINUTES=10`. Not part of `make test`.

corpus     the texts that the project has: recorded cases, tests, documentation, the functions' examples
grammar    programs of the language, made from nothing
mutation   a text changed in some places
lines      which lines of the language have run: a text that reaches a new one is kept, to be changed again
oracle     what every text has to answer, and in what time and memory
atheris    the same question asked by a fuzzer that is guided by coverage; optional (`python -m tests.fuzz.atheris`)

What is found becomes a case of tests/engine/language/test_seeds.py.
"""
