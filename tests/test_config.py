"""Settings: checked at once, and production refuses to start half configured."""

from pathlib import Path

import pytest

from wholesale.config import ConfigurationError, Settings


def test_production_names_every_missing_variable_in_one_message():
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_env({"APP_ENV": "production"})
    assert "DATABASE_URL" in str(refusal.value)
    assert "SESSION_SECRET" in str(refusal.value)


def test_production_names_only_what_is_missing():
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_env({"APP_ENV": "production", "DATABASE_URL": "postgresql://h/d"})
    assert "DATABASE_URL" not in str(refusal.value)


@pytest.mark.parametrize(
    "env",
    [
        {"APP_ENV": "staging"},
        {"PORT": "http"},
        {"TRUSTED_PROXIES": "-1"},
        {"ASSISTANT_DAILY_TOKENS": "many"},
        {"DATABASE_URL": "sqlite:///x.db"},
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start(env: dict[str, str], tmp_path: Path):
    with pytest.raises(ConfigurationError):
        Settings.from_env(env | {"INSTANCE_PATH": str(tmp_path)})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_addresses_as_hosts_hand_them_out_are_understood(scheme: str, tmp_path: Path):
    env = {"DATABASE_URL": f"{scheme}://u@h/d", "INSTANCE_PATH": str(tmp_path)}
    assert Settings.from_env(env).database_url == "postgresql+psycopg://u@h/d"


def test_development_keeps_its_own_secret_between_starts(tmp_path: Path):
    env = {"INSTANCE_PATH": str(tmp_path)}
    first, second = Settings.from_env(env), Settings.from_env(env)
    assert first.session_secret == second.session_secret
    assert len(first.session_secret) > 40
    assert (tmp_path / "session-secret").stat().st_mode & 0o077 == 0


def test_outside_services_are_off_until_their_keys_are_set(tmp_path: Path):
    env = {"INSTANCE_PATH": str(tmp_path), "SENDGRID_API_KEY": "", "GCS_BUCKET_NAME": "art"}
    settings = Settings.from_env(env)
    assert (settings.sendgrid_api_key, settings.gcs_bucket_name) == (None, "art")
    assert settings.google_api_key is None
