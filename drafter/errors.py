"""Every error this project raises on purpose.

    DrafterError
    ├─ ContentError      a file of prompts/, guardrails/, evals/ is wrong   path, line, hint
    ├─ SettingsError     a DRAFTER_ variable is wrong                       variable
    ├─ RequestError      the caller asked for something impossible          code, field
    ├─ AccessError       the caller may not do this, or not now             code, retry_after_s
    ├─ ModelError        the model could not answer                         model, retry_after_s
    │  ├─ ModelBusy        rate-limited or overloaded                       worth another try
    │  ├─ ModelTimeout     no answer in time                                worth another try
    │  ├─ ModelDown        connection refused, cut, or a 5xx                worth another try
    │  ├─ ModelRefused     the model or its filter declined                 not worth another try
    │  ├─ ModelMalformed   an answer we cannot read                         not worth another try
    │  ├─ ModelDenied      key, quota, or permission                        not worth another try
    │  ├─ ModelMisused     our request was wrong for this model             not worth another try
    │  └─ ModelSkipped     this model is not asked for such a reply         not worth another try
    ├─ WeightsError      the embedded model's file cannot be had            hint
    └─ StoreError        a record could not be written or read

Errors know nothing of HTTP: `api/errors.py` maps class to status, and a test walks this tree so that none is unmapped.
"""

from __future__ import annotations

from pathlib import Path

BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What broken code raises. A stage that breaks gives way to the next one, down to a person: every answer comes."""


class DrafterError(Exception):
    """Something went wrong that we can name."""

    reason: str = "internal"
    """Stable code for records and metrics, e.g. `model_timeout`."""


class ContentError(DrafterError):
    """A content file is wrong; the message names file, line and the way out."""

    reason = "content"

    def __init__(self, path: Path | str, message: str, *, line: int | None = None, hint: str = "") -> None:
        self.path = str(path)
        self.line = line
        self.hint = hint
        where = f"{self.path}:{line}" if line else self.path
        super().__init__(f"{where}: {message}" + (f"; {hint}" if hint else ""))


class SettingsError(DrafterError):
    """A setting is wrong; the message names the variable and what it takes."""

    reason = "settings"

    def __init__(self, variable: str, message: str) -> None:
        self.variable = variable
        super().__init__(f"{variable}: {message}")


class RequestError(DrafterError):
    """The caller asked for something impossible; `field` says where."""

    reason = "request"

    def __init__(self, message: str, *, code: str, field: str | None = None) -> None:
        self.code = code
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class AccessError(DrafterError):
    """The caller may not do this, or not now; `code` says which."""

    reason = "access"

    def __init__(self, message: str, *, code: str, retry_after_s: float | None = None) -> None:
        self.code = code
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ModelError(DrafterError):
    """The model could not answer."""

    reason = "model_error"
    is_transient = False
    """True when the same request may succeed a moment later."""

    def __init__(self, message: str, *, model: str, retry_after_s: float | None = None) -> None:
        self.model = model
        self.retry_after_s = retry_after_s
        super().__init__(f"{model}: {message}")


class ModelBusy(ModelError):
    """The model is rate-limited or overloaded."""

    reason = "model_busy"
    is_transient = True


class ModelTimeout(ModelError):
    """The model gave no answer in the time it had."""

    reason = "model_timeout"
    is_transient = True


class ModelDown(ModelError):
    """The model cannot be reached, or its server failed."""

    reason = "model_down"
    is_transient = True


class ModelRefused(ModelError):
    """The model, or a filter in front of it, declined to answer."""

    reason = "model_refused"


class ModelMalformed(ModelError):
    """The model's answer is not what was asked for and cannot be read safely."""

    reason = "model_malformed"


class ModelDenied(ModelError):
    """The model's provider denied the key, the quota or the permission."""

    reason = "model_denied"


class ModelMisused(ModelError):
    """The provider says that the request itself is wrong: unknown model, too long, bad parameter."""

    reason = "model_misused"


class ModelSkipped(ModelError):
    """The model was not asked: its profile does not write such a reply, so that the next model or a template does."""

    reason = "model_skipped"


class WeightsError(DrafterError):
    """The embedded model's file cannot be had; `hint` says what to do."""

    reason = "weights"

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message + (f"; {hint}" if hint else ""))


class StoreError(DrafterError):
    """A record could not be written or read."""

    reason = "store"
