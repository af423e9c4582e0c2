"""Middlewares around all routes, as plain ASGI functions because every request passes them."""
