"""Formulas in LaTeX over HTTP: `"syntax": "latex"`."""

from tests.app.client import call, post

KINETIC = r"E = \frac{1}{2} m v^2"
FACTORS = {"m": 2.0, "v": 3.0}


def ask(question, expression, inputs, **fields):
    return post(f"/v1/{question}", {"expression": expression, "syntax": "latex", "inputs": inputs, **fields})


def test_every_question_takes_a_formula():
    assert ask("evaluate", KINETIC, FACTORS).json()["value"] == 9.0
    assert ask("gradient", KINETIC, FACTORS).json()["gradients"] == {"m": 4.5, "v": 6.0}
    assert ask("jacobian", KINETIC, FACTORS).json()["jacobians"] == {"m": 4.5, "v": 6.0}
    assert ask("hessian", KINETIC, FACTORS).json()["hessians"]["m"] == {"m": 0.0, "v": 3.0}
    assert ask("jvp", KINETIC, FACTORS, tangents={"v": 1.0}).json()["jvp"] == 6.0
    assert ask("hvp", KINETIC, FACTORS, vectors={"v": 1.0}).json()["hvp"] == {"m": 3.0, "v": 2.0}
    assert ask("check", KINETIC, FACTORS).json()["passed"]
    assert ask("graph", KINETIC, FACTORS).json()["nodes"]


def test_a_formula_is_asked_by_address():
    answer = call("GET", "/v1/gradient", params={"expression": r"\lambda^2", "syntax": "latex", "lambda": "3"})
    assert answer.json()["gradients"] == {"lambda": 6.0}


def test_a_plus_in_an_address_is_not_taken_for_a_product():
    problem = call("GET", "/v1/gradient?expression=x+y&syntax=latex&x=1&y=2").json()
    assert problem["code"] == "invalid_request"
    assert "%2B" in problem["hint"]
    answer = call("GET", "/v1/gradient?expression=x%2By&syntax=latex&x=1&y=2")
    assert answer.json()["value"] == 3.0


def test_the_excerpt_is_of_the_latex():
    problem = ask("gradient", "y = x \\\\\n\\fracc{y}{2}", {"x": 1.0}).json()
    assert problem["code"] == "syntax_error"
    assert problem["hint"] == r"did you mean \frac?"
    assert problem["span"] == {"start": 9, "end": 15, "line": 2, "column": 1}
    assert problem["excerpt"] == "\\fracc{y}{2}\n^^^^^^"


def test_faults_and_warnings_of_the_trace_point_into_the_latex():
    problem = ask("gradient", r"\frac{\mathbf{a} + b}{2}", {"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}).json()
    assert problem["code"] == "shape_mismatch"
    assert problem["excerpt"] == "\\frac{\\mathbf{a} + b}{2}\n     ^^^^^^^^^^^^^^^^"
    (warning,) = ask("gradient", r"2\left|x\right|", {"x": 0.0}).json()["warnings"]
    assert (warning["code"], warning["span"]["start"], warning["span"]["end"]) == ("kink", 6, 15)


def test_one_text_in_two_syntaxes_is_two_problems():
    python = {"expression": "x^12", "inputs": {"x": 2.0}}
    assert post("/v1/evaluate", python).json()["value"] == 4096.0
    assert post("/v1/evaluate", python | {"syntax": "latex"}).json()["hint"] == "write ^{12}"
    assert post("/v1/evaluate", python | {"syntax": "python"}).json()["value"] == 4096.0


def test_another_syntax_is_refused():
    problem = post("/v1/evaluate", {"expression": "x", "syntax": "tex"}).json()
    assert problem["code"] == "invalid_request"
    assert problem["errors"][0]["pointer"] == "/syntax"


def test_names_that_are_one_in_latex_are_pointed_at():
    problem = ask("evaluate", r"\mu", {"mu": 1.0, "μ": 2.0}).json()
    assert problem["code"] == "invalid_request"
    assert problem["errors"][0]["pointer"] == "/inputs/μ"
