"""The description is true, whole, and can be read without asking anybody else."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import jsonschema
import pytest

from drafter.api.openapi import examples
from drafter.api.problem import CODES
from tests.api.examples import record
from tests.api.test_identity import OPEN, SCOPES

REF = re.compile(r"#/components/schemas/(\w+)")


@pytest.fixture
async def schema(client: httpx.AsyncClient) -> dict[str, Any]:
    """The service's own."""
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and entry of every route."""
    return [(method.upper(), path, op) for path, ops in schema["paths"].items() for method, op in ops.items()]


def test_every_route_is_described_with_what_it_needs(schema: dict[str, Any]) -> None:
    """Its scope, its problems, an example of each parameter, body and answer."""
    assert schema["openapi"].startswith("3.1")
    described = {(method, path): op for method, path, op in operations(schema)}
    assert set(described) == set(SCOPES) | {("GET", path) for path in OPEN if path not in ("/docs", "/docs/problems", "/openapi.json")}
    for (method, path), op in described.items():
        assert op.get("x-scope") == SCOPES.get((method, path))
        assert ("security" in op) == ((method, path) in SCOPES)
        assert all("example" in parameter for parameter in op.get("parameters", []))
        if "requestBody" in op:
            assert op["requestBody"]["content"]["application/json"]["examples"]
        answer = op["responses"].get("201") or op["responses"]["200"]
        assert all("example" in content for content in answer["content"].values()), (method, path)
        for status, other in op["responses"].items():
            assert all("example" in content or content["examples"] for content in other.get("content", {}).values()), (method, path, status)


def test_what_is_answered_is_whole(schema: dict[str, Any]) -> None:
    """No field of an answer may be missing, also where ours has a default: a reader need not ask."""
    models = schema["components"]["schemas"]
    seen: set[str] = set()
    left = {name for _, _, op in operations(schema) for answer in op["responses"].values() for name in REF.findall(json.dumps(answer))}
    while left:
        seen |= left
        left = {name for found in left for name in REF.findall(json.dumps(models[found]))} - seen
    assert {"DraftResponse", "Triage", "Draft", "Attempt", "GuardrailReport", "Usage", "Score", "Problem"} <= seen
    for name in seen:
        assert set(models[name].get("required", [])) == set(models[name].get("properties", {})), name


def test_every_example_is_what_the_schema_says(schema: dict[str, Any]) -> None:
    """Requests and answers alike."""

    def holds(value: Any, entry: dict[str, Any]) -> None:
        jsonschema.Draft202012Validator({**entry, "components": schema["components"]}).validate(value)

    for _, _, op in operations(schema):
        for answer in op["responses"].values():
            for content in answer.get("content", {}).values():
                if "example" in content and "$ref" in content["schema"]:
                    holds(content["example"], content["schema"])
                for example in content.get("examples", {}).values():
                    holds(example["value"], content["schema"])
        for content in op.get("requestBody", {}).get("content", {}).values():
            for example in content["examples"].values():
                holds(example["value"], content["schema"])


async def test_the_examples_are_of_this_version() -> None:
    """When an answer gets a field, `python -m tests.api.examples` writes them anew."""
    now = await record()
    assert {name: sorted(answer) for name, answer in now.items()} == {name: sorted(answer) for name, answer in examples().items()}


async def test_the_pages_need_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    """No script, no font, no image, no other host; and the browser is told to load none."""
    for path in ("/docs", "/docs/problems"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert not re.search(r"<script|<link|<img|@import|url\(|src=|href=.https?:", answer.text)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "style-src 'sha256-" in answer.headers["content-security-policy"]


async def test_every_problem_leads_to_its_place_on_the_page(client: httpx.AsyncClient) -> None:
    """`type` is an address here, with the code as its anchor."""
    problem = (await client.get("/v1/drafts/d_none")).json()
    page, _, anchor = problem["type"].partition("#")
    text = (await client.get(page)).text
    assert anchor == problem["code"]
    for code in CODES:
        assert f'id="{code}"' in text


async def test_the_page_shows_every_route(client: httpx.AsyncClient, schema: dict[str, Any]) -> None:
    """With its example."""
    text = (await client.get("/docs")).text
    for _, path, _ in operations(schema):
        assert path in text
