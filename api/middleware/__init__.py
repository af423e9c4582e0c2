"""What happens to every request before and after its route: plain ASGI, for it is on every path."""
