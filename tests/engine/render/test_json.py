"""The autograd graph as JSON: PyTorch's attributes on every node."""

import json

import pytest

from engine import Problem


def nodes_of(text, inputs, **options):
    return {node["id"]: node for node in Problem(text).autograd(inputs, **options)["nodes"]}


def test_every_node_has_pytorchs_attributes():
    graph = Problem("z = x * y\nz + sin(z)").autograd({"x": 2.0, "y": 3.0}, wrt=["x"])
    assert (graph["format"], graph["version"], graph["expression"]) == ("nabla-graph", 1, "z = x * y\nz + sin(z)")
    assert graph["inputs"] == {"x": 0, "y": 1}
    x, y, z, sine, total = graph["nodes"]
    assert graph["output"] == total["id"]
    assert (x["is_leaf"], x["requires_grad"], x["grad_fn"]) == (True, True, None)
    assert (y["is_leaf"], y["requires_grad"], y["grad"]) == (True, False, None)
    assert z["name"] == "z"
    assert z["grad_fn"] == {"name": "MulBackward0", "next_functions": [0]}
    assert (z["is_leaf"], z["requires_grad"]) == (False, True)
    assert sine["grad_fn"] == {"name": "SinBackward0", "next_functions": [2]}
    assert total["grad"] == sine["grad"] == 1.0
    assert z["data"] == 6.0
    assert x["grad"] == pytest.approx(3 * z["grad"])
    assert z["span"] == {"start": 4, "end": 9, "line": 1, "column": 5}
    assert total["span"]["line"] == 2


def test_without_grad_output_a_tensor_has_no_grad_yet():
    nodes = nodes_of("x * 2", {"x": [1.0, 2.0]})
    assert [node["grad"] for node in nodes.values()] == [None, None, None]
    nodes = nodes_of("x * 2", {"x": [1.0, 2.0]}, grad_output=[1.0, 10.0])
    assert nodes[0]["grad"] == [2.0, 20.0]


def test_what_requires_no_gradient_is_a_leaf():
    nodes = nodes_of("floor(x) * y", {"x": 1.5, "y": 2.0})
    floor = next(node for node in nodes.values() if node["op"] == "floor")
    assert (floor["is_leaf"], floor["requires_grad"], floor["grad_fn"], floor["grad"]) == (True, False, None, None)


def test_data_is_cut_to_the_elements_asked_for():
    nodes = nodes_of("sum(x)", {"x": [[1.0, 2.0], [3.0, 4.0]]}, max_elements=3)
    assert nodes[0]["data"] == [1.0, 2.0, 3.0]
    assert nodes[0]["grad"] == [1.0, 1.0, 1.0]
    assert nodes[0]["truncated"]
    assert nodes[0]["shape"] == [2, 2]
    assert not nodes[1]["truncated"]


def test_calls_and_parameters_are_told():
    nodes = nodes_of("softmax(x[1:]).sum()", {"x": [1.0, 2.0, 3.0]})
    assert {node["call"] for node in nodes.values()} == {None, "softmax"}
    index = next(node for node in nodes.values() if node["op"] == "index")
    assert index["params"] == {"key": ["1:3:1"]}


def test_what_comes_from_a_function_of_the_program_says_so():
    text = "def f(x):\n  def g(y): return y**2\n  return g(x) + softmax([x, 1])[0]\nh(t) = -t\nf(x) * h(x) * [x, x][0]"
    calls = [(node["op"], node["call"]) for node in nodes_of(text, {"x": 2.0}).values()]
    assert ("power", "g") in calls
    assert ("add", "f") in calls
    assert ("negative", "h") in calls
    assert ("exponential_shares", "softmax") in calls  # a function of the language, wherever it is called
    assert [call for op, call in calls if op in ("input", "multiply")] == [None] * 3


def test_a_list_belongs_to_the_text_where_it_was_written():
    text = "h(t) = sum(t)\nh([x, x])"
    nodes = nodes_of(text, {"x": 2.0}).values()
    assert [(node["op"], node["call"]) for node in nodes] == [("input", None), ("stack", None), ("sum", "h")]
    assert (
        next(text[node["span"]["start"] : node["span"]["end"]] for node in nodes if node["op"] == "stack") == "[x, x]"
    )


def test_a_graph_of_values_alone():
    nodes = nodes_of("n + 1", {"n": True})
    assert all(not node["requires_grad"] for node in nodes.values())


def test_it_is_json():
    graph = Problem("einsum('ij,j->i', A, x[::2]).sum() + norm(x)").autograd({"A": [[1.0, 2.0]], "x": [1.0, 2.0, 3.0]})
    assert json.loads(json.dumps(graph)) == graph
    assert graph["warnings"] == []
