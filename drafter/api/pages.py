"""Pages for people: `/docs`, the API on one page, and `/docs/problems`, every code. No script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from drafter.api.problem import CODES
from drafter.reasons import REASONS

router = APIRouter(include_in_schema=False)

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1d1f;background:#fff}
h1{font-size:1.6rem}
h2{font-size:1.15rem;margin-top:2.2rem;border-top:1px solid #ccc;padding-top:1rem}
code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:#f4f4f2;padding:.8rem;overflow-x:auto;border-radius:4px}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #e5e5e5}
summary{cursor:pointer;margin:.4rem 0}
.m{display:inline-block;min-width:3.4rem;font-weight:700}
a{color:#0645ad}
@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}pre{background:#222}a{color:#8ab4f8}td,th,h2{border-color:#444}}"""


def _page(title: str, body: str) -> HTMLResponse:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    headers = {"content-security-policy": f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"}
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
    return HTMLResponse(f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>', headers=headers)


@router.get("/docs")
async def show_api(request: Request) -> HTMLResponse:
    """The whole API on one page."""
    schema = request.app.openapi()
    parts = [
        f"<h1>{escape(schema['info']['title'])} {escape(schema['info']['version'])}</h1><p>{escape(schema['info']['description'])}</p>"
    ]
    parts.append('<p><a href="/openapi.json">OpenAPI 3.1</a> · <a href="/docs/problems">error codes</a></p>')
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parts.extend(_operation(path, method, operation))
    return _page("drafter: API", "".join(parts))


@router.get("/docs/problems")
async def show_problems() -> HTMLResponse:
    """Every error code with its status and what to do, and every reason of a decision."""
    rows = "".join(
        f'<tr id="{code}"><td><code>{code}</code></td><td>{status}</td><td>{escape(text)}</td></tr>'
        for code, (status, text) in CODES.items()
    )
    intro = "<p>Errors are <code>application/problem+json</code> (RFC 9457). Codes are never renamed; new ones may come.</p>"
    errors = f"<h1>Error codes</h1>{intro}<table><tr><th>code</th><th>status</th><th>meaning</th></tr>{rows}</table>"
    return _page("drafter: codes", f"{errors}{_reasons()}")


def _reasons() -> str:
    rows = "".join(f'<tr id="reason-{code}"><td><code>{code}</code></td><td>{escape(text)}</td></tr>' for code, text in REASONS.items())
    intro = "<p>Codes in <code>reasons</code> of a draft and of a triage; what stands behind a colon names the rule or the scorer.</p>"
    return f"<h2>Reasons of a decision</h2>{intro}<table><tr><th>code</th><th>meaning</th></tr>{rows}</table>"


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f'<h2><span class="m">{method.upper()}</span> <code>{escape(path)}</code></h2><p>{escape(operation.get("description", ""))}</p>'
    if operation.get("parameters"):
        rows = (
            f"<tr><td><code>{escape(p['name'])}</code></td><td>{p['in']}</td><td>{escape(p.get('description', ''))}</td>"
            f"<td><code>{escape(str(p.get('example', '')))}</code></td></tr>"
            for p in operation["parameters"]
        )
        yield f"<table>{''.join(rows)}</table>"
    for name, example in operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {}).items():
        yield f"<details open><summary>request: {escape(name)}</summary>{_json(example['value'])}</details>"
    for status, answer in operation["responses"].items():
        example = answer.get("content", {}).get("application/json", {}).get("example")
        shown = _json(example) if example is not None else ""
        yield f"<details><summary>{status}: {escape(answer.get('description', ''))}</summary>{shown}</details>"


def _json(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"
