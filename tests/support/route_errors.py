"""The errors that a route declares, and those that the code behind it says that it raises.

Code says so in its docstring, in a sentence with "Raises". Each name in backticks in it is an error
(`UserNotFound`), a module all of whose errors are meant (`okno.llm.errors`), or a function or
method whose docstring says more (`Assertions.prove`). The source of the route itself is read for
`raise X`, for calls of helpers in its module, and for calls of methods of its parameters.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi.routing import APIRoute

from api.problems import DECLARED
from okno.kit.errors import OknoError

_RAISES = re.compile(r"\braises\b(.*?)(?:\.(?=\s|$)|;(?=\s)|$)", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"`([\w.]+)`")

Errors = frozenset[type[OknoError]]


def declared_codes(route: APIRoute) -> set[str]:
    """Return the codes that `problems(…)` of the route names."""
    return {code for answer in route.responses.values() for code in answer.get(DECLARED, ())}


def raised_codes(route: APIRoute) -> set[str]:
    """Return the codes of all errors that the code behind the route says that it raises."""
    endpoint = getattr(route.endpoint, "__dishka_orig_func__", route.endpoint)
    errors = set(_raised_by_source(endpoint))
    for dependency in route.dependencies:
        errors |= errors_of_docstring(dependency.dependency)
    return {error.code for error in errors}


def errors_of_docstring(call: Any) -> Errors:
    """Return the errors of the "Raises" of a function, a method, or a class with `__call__`."""
    text = inspect.getdoc(call if inspect.isroutine(call) else type(call)) or ""
    module = sys.modules[call.__module__]
    names = [name for part in _RAISES.findall(text) for name in _NAME.findall(part)]
    return frozenset(error for name in names for error in _resolve(name, module))


def _resolve(name: str, module: ModuleType) -> Errors:
    if error := _errors_by_name().get(name):
        return frozenset({error})
    if name.endswith(".errors"):
        return frozenset(_errors_of(import_module(name)))
    first, _, rest = name.partition(".")
    found = getattr(module, first, None)
    if rest and found is not None:
        found = getattr(found, rest)
    return errors_of_docstring(found) if inspect.isroutine(found) else frozenset()


@cache
def _errors_by_name() -> dict[str, type[OknoError]]:
    return {error.__name__: error for error in _subclasses(OknoError) if "code" in vars(error)}


def _subclasses(root: type[OknoError]) -> Iterator[type[OknoError]]:
    for error in root.__subclasses__():
        yield error
        yield from _subclasses(error)


def _errors_of(module: ModuleType) -> Iterator[type[OknoError]]:
    for error in _errors_by_name().values():
        if error.__module__ == module.__name__:
            yield error


def _raised_by_source(function: Callable[..., Any]) -> Iterator[type[OknoError]]:
    """Follow a function of a route: its `raise`, its helpers, the methods of its parameters."""
    module = sys.modules[function.__module__]
    parameters = {name: _class_of(hint) for name, hint in _hints(function).items()}
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        match node:
            case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
                if error := _errors_by_name().get(name):
                    yield error
            case ast.Call(func=ast.Name(id=name)):
                called = getattr(module, name, None)
                if inspect.isfunction(called) and called.__module__ == module.__name__:
                    yield from _raised_by_source(called)
            case ast.Attribute(value=ast.Name(id=name), attr=method) if name in parameters:
                called = getattr(parameters[name], method, None)
                if inspect.isroutine(called) and called.__module__ in sys.modules:
                    yield from errors_of_docstring(called)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function, include_extras=True)


def _class_of(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint
