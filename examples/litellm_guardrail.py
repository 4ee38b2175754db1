"""drafter's rules as a guardrail of litellm: the same function, behind litellm's own door.

In a proxy's `config.yaml`, with this file beside it and drafter installed:

    guardrails:
      - guardrail_name: drafter
        litellm_params:
          guardrail: litellm_guardrail.DrafterGuardrail
          mode: post_call
          channel: review_followup
"""

from __future__ import annotations

from typing import Any

from litellm.exceptions import GuardrailRaisedException
from litellm.integrations.custom_guardrail import CustomGuardrail

from drafter.answers import CheckResult, check_result
from drafter.domain import Verdict
from drafter.intake import receive_check_request
from drafter.judges import build_judges


class DrafterGuardrail(CustomGuardrail):  # type: ignore[misc] # litellm has no types for it
    """Stops answers that break policy; what is only warned of passes."""

    def __init__(self, channel: str = "review_followup", **options: Any) -> None:
        self._channel = channel
        self._judges = build_judges()
        super().__init__(**options)

    def check(self, text: str, **facts: Any) -> CheckResult:
        """What `POST /v1/checks` answers to the same text."""
        received = receive_check_request({"channel": self._channel, "text": text, **facts}, self._judges.channels)
        return check_result(None, self._judges.guardrail.check(received.request), received.warnings)

    async def apply_guardrail(self, inputs: Any, request_data: Any, input_type: str, logging_obj: Any = None) -> Any:
        """The texts unchanged.

        Raises:
            GuardrailRaisedException: one is blocked; names the rules, and no word of the text.
        """
        for text in filter(str.strip, inputs.get("texts") or [] if input_type == "response" else []):
            result = self.check(text)
            if result.verdict is Verdict.BLOCK:
                rules = sorted({finding.rule_id for finding in result.findings} | set(result.errored))
                raise GuardrailRaisedException(guardrail_name="drafter", message=f"stopped by {', '.join(rules)} ({result.pack_version})")
        return inputs
