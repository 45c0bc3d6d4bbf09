"""Settings come from the environment, each with a default and a description."""

import subprocess
import sys
from dataclasses import fields

import pytest
from pydantic import BaseModel, ValidationError

import engine
from app import cli
from app.settings import Budget, Settings


def test_defaults_are_the_engine_s() -> None:
    assert Settings().budget == engine.Limits()


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABLA_PORT", "9001")
    monkeypatch.setenv("NABLA_LIMITS__SECONDS", "2.5")
    monkeypatch.setenv("NABLA_LIMITS__NODES", "77")
    settings = Settings()
    assert settings.port == 9001
    assert (settings.budget.seconds, settings.budget.nodes) == (2.5, 77)
    assert settings.budget.text == engine.Limits().text


@pytest.mark.parametrize(
    ("name", "value"), [("NABLA_PORT", "70000"), ("NABLA_WORKERS", "0"), ("NABLA_LIMITS__SECONDS", "-1")]
)
def test_what_does_not_fit_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()
    assert cli.main(["serve"]) == 2
    assert capsys.readouterr().err.startswith(f"{name}: ")


def test_each_is_described() -> None:
    model: type[BaseModel]
    for model in (Settings, Budget):
        for name, field in model.model_fields.items():
            assert field.description, name
            assert not field.is_required(), name
    assert set(Budget.model_fields) == {limit.name for limit in fields(engine.Limits)}


def test_command(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(cli, "serve", served.append)
    monkeypatch.setenv("NABLA_HOST", "::1")
    assert cli.main(["serve", "--port", "1234", "--workers", "2"]) == 0
    assert (served[0].host, served[0].port, served[0].workers) == ("::1", 1234, 2)


def test_command_line_help() -> None:
    result = subprocess.run([sys.executable, "-m", "app.cli", "--help"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0
    assert "serve" in result.stdout
