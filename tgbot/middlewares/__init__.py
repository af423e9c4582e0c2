"""Middlewares that every update passes; `dispatcher.py` names their order."""
