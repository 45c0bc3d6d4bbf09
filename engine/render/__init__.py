"""What the engine has, in forms for others to read.

json       the autograd graph
formula    what a rule computes, as text of the language
latex      an expression as LaTeX
"""
