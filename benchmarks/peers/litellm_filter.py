"""LiteLLM's content filter with the forty rules: `_filter_single_text`, its cheapest path, and the hook that a proxy calls."""

from __future__ import annotations

import asyncio

from forty_rules import PATTERNS, PHRASES, answer, search_plainly, texts_from_input, time_awaited, time_calls
from litellm.proxy.guardrails.guardrail_hooks.litellm_content_filter.content_filter import ContentFilterGuardrail
from litellm.types.guardrails import BlockedWord, ContentFilterAction, ContentFilterPattern

texts = texts_from_input()
guardrail = ContentFilterGuardrail(
    guardrail_name="forty",
    patterns=[
        ContentFilterPattern(pattern_type="regex", pattern=pattern, name=f"pattern-{i}", action=ContentFilterAction.MASK)
        for i, pattern in enumerate(PATTERNS)
    ],
    blocked_words=[BlockedWord(keyword=phrase, action=ContentFilterAction.MASK) for phrase in PHRASES],
)


async def hook(text: str) -> object:
    """What a proxy calls for a model's answer."""
    return await guardrail.apply_guardrail(inputs={"texts": [text]}, request_data={}, input_type="response")


figures = {f"filter, {name}": time_calls(guardrail._filter_single_text, some) for name, some in texts.items()}
figures["hook, clean"] = asyncio.run(time_awaited(hook, texts["clean"]))
figures["plain re there, clean"] = search_plainly(texts["clean"])
answer(figures)
