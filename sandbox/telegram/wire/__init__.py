"""Turns the raw fields of a request into an aiogram method, and objects back into JSON.

aiogram's classes are generated from the official documentation and serve as the schema of the
emulator: it understands every method of aiogram without extra code.
"""
