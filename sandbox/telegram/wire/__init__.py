"""From the raw fields of an HTTP request to an aiogram method, and from objects back to JSON.

aiogram's classes are generated from the official documentation, so they serve as the emulator's
schema: a method that aiogram knows is understood here without any code of its own.
"""
