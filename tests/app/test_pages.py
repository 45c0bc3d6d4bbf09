"""The pages need no other network."""

import re

import pytest

from tests.app.client import call

ADDRESS = re.compile(r"""(?:href|src|url)\s*[=:(]\s*["']?([^"'\s>)]+)""")


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_page_refers_only_to_its_own_server(path: str) -> None:
    response = call("GET", path)
    assert response.headers["content-type"].startswith("text/html")
    assert "//" not in re.sub(r"<!--.*?-->|^\s*//.*$", "", response.text, flags=re.MULTILINE)
    addresses = set(ADDRESS.findall(response.text))
    assert {"/openapi.json", "/favicon.svg"} <= addresses | set(re.findall(r'spec-url="([^"]+)"', response.text))
    for address in addresses:
        assert call("GET", address).status_code == 200, address


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_browser_is_told_to_fetch_nothing_from_elsewhere(path: str) -> None:
    policy = call("GET", path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "*" not in policy


def test_swagger_has_no_validator() -> None:
    assert '"validatorUrl": null' in call("GET", "/docs").text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/swagger-ui-bundle.js", "javascript"),
        ("/static/swagger-ui.css", "text/css"),
        ("/static/redoc.standalone.js", "javascript"),
        ("/favicon.svg", "image/svg+xml"),
    ],
)
def test_files(path: str, kind: str) -> None:
    response = call("GET", path)
    assert response.status_code == 200
    assert kind in response.headers["content-type"]


def test_who_comes_without_an_address_is_shown_the_pages() -> None:
    response = call("GET", "/")
    assert (response.status_code, response.headers["location"]) == (307, "/docs")
