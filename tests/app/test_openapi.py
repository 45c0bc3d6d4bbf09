"""The machine-readable contract: valid, committed, complete, and kept by the application."""

import asyncio
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app import openapi
from app.faults import FAULTS
from tests.app.client import DEFAULT, call

load_all_checks()
DOCUMENT = DEFAULT.openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)


def test_valid() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_committed() -> None:
    assert openapi.PATH.read_bytes() == openapi.text(), "run make openapi, review and commit"


def test_served() -> None:
    assert call("GET", "/openapi.json").json() == DOCUMENT


def test_every_code_is_in_it() -> None:
    codes = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert codes == list(FAULTS)
    responses = DOCUMENT["paths"]["/v1/gradient"]["post"]["responses"]
    for fault in FAULTS.values():
        assert f"`{fault.code}`" in responses[str(fault.status)]["description"]


def test_a_question_by_address_has_no_body() -> None:
    operation = DOCUMENT["paths"]["/v1/gradient"]["get"]
    assert "requestBody" not in operation
    assert not {"400", "413", "415"} & set(operation["responses"])


def test_every_field_is_described() -> None:
    requests = [schema for name, schema in DOCUMENT["components"]["schemas"].items() if name.endswith("Request")]
    assert len(requests) == 9
    for schema in requests:
        assert schema["additionalProperties"] is False
        for name, field in schema["properties"].items():
            assert field.get("description"), name


@SCHEMA.parametrize()
@settings(
    max_examples=40, deadline=None, derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_kept(case: Any) -> None:
    case.validate_response(asyncio.run(_send(case)), excluded_checks=[positive_data_acceptance])


async def _send(case: Any) -> httpx.Response:
    sent = case.as_transport_kwargs(base_url="http://nabla")
    request = httpx.Request(
        sent["method"], sent["url"], params=sent.get("params"), headers=dict(sent.get("headers") or {}),
        json=sent.get("json"), content=sent.get("data"), cookies=sent.get("cookies"),
    )  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(DEFAULT, raise_app_exceptions=False)) as client:
        return await client.send(request)


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_every_operation_says_what_it_is(path: str) -> None:
    for operation in DOCUMENT["paths"][path].values():
        assert operation["summary"]
        assert operation["description"]
