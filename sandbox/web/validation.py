"""Describes an invalid request in one sentence, instead of FastAPI's list."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse


def refuse_unreadable(app: FastAPI) -> None:
    """Answer 400 with the invalid fields and their errors."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        reasons = (
            ".".join(str(part) for part in item["loc"][1:]) + ": " + item["msg"]
            for item in error.errors()
        )
        return JSONResponse({"detail": "; ".join(reasons)}, 400)
