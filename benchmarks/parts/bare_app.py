"""A FastAPI handler that validates the body of a check and answers: what the framework alone costs. Run by uvicorn."""

from fastapi import FastAPI

from drafter.domain import CheckRequest

app = FastAPI()


@app.post("/v1/checks")
async def check_text(request: CheckRequest) -> dict[str, str]:
    """Validates, and says nothing."""
    return {"channel": request.channel}


@app.get("/readyz")
async def get_readiness() -> dict[str, str]:
    """It answers."""
    return {"status": "ready"}
