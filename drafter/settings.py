"""The one settings class; read in `wiring.build()` only.

A business number (length, window, threshold) is never a setting: it is content, with source and date.
"""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from drafter.errors import SettingsError

PREFIX = "DRAFTER_"

PLACEHOLDERS = ("changeme", "change-me", "your-key", "your_key", "xxx", "<key>", "todo")


def _no_placeholder(value: SecretStr | None) -> SecretStr | None:
    if value is not None and value.get_secret_value().strip().lower() in PLACEHOLDERS:
        raise ValueError("is a placeholder; set the real value or leave it out")
    return value


def _networks(value: str) -> str:
    for network in _split(value):
        ipaddress.ip_network(network)
    return value


Secret = Annotated[SecretStr | None, AfterValidator(_no_placeholder)]


class Settings(BaseSettings):
    """What an operator may choose. Every variable starts with `DRAFTER_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, use_attribute_docstrings=True)

    model: str = "embedded"
    """Model that writes: `embedded`, `none` (templates only), or a name in litellm's form such as `openai/gpt-5-mini`."""
    models: str = ""
    """Fallback chain instead of `model`: names in the order they are tried, separated by commas."""
    allowed_models: str = ""
    """Models that a request may name in `options.model` besides the configured ones, `embedded` and `none`; separated by commas."""
    model_base_url: str | None = None
    """Endpoint of an OpenAI-compatible server, for models that are not at their provider's own address."""
    model_api_key: Secret = None
    """Key for `model_base_url`; providers' own variables (`OPENAI_API_KEY` …) work as well."""
    model_profile: Literal["auto", "small", "large"] = "auto"
    """How much the model writes; `auto`: the embedded model is `small`, every other `large`."""
    model_path: Path | None = None
    """Weights file of the embedded model; must have the known hash. None: the cache, else it is fetched."""
    model_concurrency: int = Field(default=8, ge=1, le=1000)
    """Calls to one remote model at the same time; more wait, and give way to templates when they cannot be in time."""
    cache_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("drafter")))
    """Folder for the embedded model's weights and compiled rules."""
    content_dir: Path | None = None
    """Folder with your own `prompts/`, `guardrails/` and `evals/`; None: those that came with the package."""
    database_url: str = "sqlite+aiosqlite:///drafter.db"
    """Where records go, in SQLAlchemy's form; `memory` keeps them in the process only."""
    deadline_s: float = Field(default=20.0, gt=0, le=600)
    """Seconds for one answer when the request names none; with the embedded model it is 60 unless set."""
    max_repairs: int = Field(default=1, ge=0, le=5)
    """How often a model may mend a draft that broke a rule before a template answers."""
    candidates: int = Field(default=1, ge=1, le=4)
    """Whole replies asked of a model at once, each paid for; the best of those that may leave is offered. One where time is short."""
    daily_spend_usd: float | None = Field(default=None, ge=0)
    """Most that models may cost in one day (UTC); beyond it templates answer. None: no cap."""
    daily_spend_usd_per_key: float | None = Field(default=None, ge=0)
    """Most that the models asked with one API key may cost in one day (UTC), unless the key has a cap of its own. None: no cap."""
    auth: Literal["keys", "none"] = "keys"
    """Who may call the service: holders of API keys, or (`none`) everybody on this machine, and nobody from elsewhere."""
    rate_per_minute: int = Field(default=600, ge=0)
    """Requests a minute of one API key, unless the key has a rate of its own. Counted over all processes. 0: no limit."""
    max_backlog_s: float | None = Field(default=None, gt=0)
    """Seconds of work that may wait in a process before drafts are refused with 503 and `Retry-After`. None: they wait for their turn as
    long as their deadlines allow."""
    retention_days: int | None = Field(default=None, ge=1)
    """Days after which the running service erases records with their verdicts. None: they are kept."""
    webhook_hosts: str = ""
    """Hosts that webhooks may lead to, separated by commas; `*.example.com` is every name below it. Empty: there are no webhooks."""
    webhook_networks: Annotated[str, AfterValidator(_networks)] = ""
    """Networks such as `10.1.0.0/16`, separated by commas, that webhooks may reach although they are no part of the open internet."""
    job_concurrency: int = Field(default=2, ge=0, le=100)
    """Requests of bulk jobs that this process drafts at the same time, beside those of callers. 0: others do."""
    replay: Literal["off", "record", "replay"] = "off"
    """Keep model answers on tape, or answer from tape only."""
    replay_dir: Path = Path(".drafter-replay")
    """Folder of the tape."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level that is logged."""
    host: str = "127.0.0.1"
    """Address that `drafter serve` listens on."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Port that `drafter serve` listens on; 0 picks a free one."""

    @property
    def model_names(self) -> tuple[str, ...]:
        """Models in the order they are tried; empty when templates answer alone."""
        return tuple(name for name in _split(self.models or self.model) if name != "none")

    @property
    def allowed_model_names(self) -> tuple[str, ...]:
        """Models that a request may name besides those of `model_names`."""
        return _split(self.allowed_models)

    @property
    def webhook_host_names(self) -> tuple[str, ...]:
        """Hosts that webhooks may lead to."""
        return _split(self.webhook_hosts)

    @property
    def webhook_network_names(self) -> tuple[str, ...]:
        """Networks that webhooks may reach besides the open internet."""
        return _split(self.webhook_networks)

    @property
    def effective_deadline_s(self) -> float:
        """Seconds for one answer; the embedded model gets 60 unless `DRAFTER_DEADLINE_S` says otherwise."""
        if "deadline_s" not in self.model_fields_set and "embedded" in self.model_names:
            return 60.0
        return self.deadline_s


def _split(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def unknown_variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Variables of our prefix that are no setting, each with the nearest one there is. They may be mistyped, and change nothing."""
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(environment):
        prefix, name = variable.upper()[: len(PREFIX)], variable.upper()[len(PREFIX) :]
        if prefix == PREFIX and name not in known and not name.startswith("TEST_"):
            near = difflib.get_close_matches(name, known, n=1)
            yield variable, PREFIX + near[0] if near else None


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        SettingsError: a variable has a wrong value; all wrong ones are named at once.
    """
    try:
        return Settings()
    except ValidationError as exc:
        wrong = [(PREFIX + "_".join(str(part) for part in e["loc"]).upper(), e["msg"]) for e in exc.errors()]
        # The cause would show a secret's value.
        raise SettingsError(wrong[0][0], "; ".join([wrong[0][1], *(f"{name}: {message}" for name, message in wrong[1:])])) from None
