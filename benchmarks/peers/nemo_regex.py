"""NeMo Guardrails' regex rail with the forty rules: its model-free engine, and the Colang engine that most configurations use."""

from __future__ import annotations

import asyncio
import json
import os

os.environ["NEMO_GUARDRAILS_NO_USAGE_STATS"] = "1"
os.environ["DO_NOT_TRACK"] = "1"

from forty_rules import RULES, answer, search_plainly, texts_from_input, time_awaited
from nemoguardrails import LLMRails, RailsConfig
from nemoguardrails.guardrails.iorails import IORails

CONFIG = f"""
models:
  - {{type: main, engine: openai, model: none, parameters: {{base_url: "http://127.0.0.1:9/v1", api_key: none}}}}
rails:
  config:
    regex_detection:
      output: {{patterns: {json.dumps(RULES)}, case_insensitive: true}}
  output:
    flows: [regex check output]
"""


async def measure() -> dict[str, dict[str, float]]:
    """Figures of both engines."""
    os.environ.setdefault("OPENAI_API_KEY", "none")
    texts = texts_from_input()
    config = RailsConfig.from_content(yaml_content=CONFIG)
    figures = {}
    engine = IORails(config)
    await engine.start()
    colang = LLMRails(config)
    for label, rails in (("model-free engine", engine), ("Colang engine", colang)):

        async def check(text: str, rails: IORails | LLMRails = rails) -> object:
            return await rails.check_async([{"role": "assistant", "content": text}])

        for name, some in texts.items():
            # The Colang engine takes a hundred times as long; a quarter of the texts tells enough.
            figures[f"{label}, {name}"] = await time_awaited(check, some if rails is engine else some[::4])
    await engine.stop()
    figures["plain re there, clean"] = search_plainly(texts["clean"])
    return figures


answer(asyncio.run(measure()))
