"""Reads the syntax tree of a Fluent text."""

from collections.abc import Iterator

from fluent.syntax import ast

Entry = ast.Message | ast.Term


def key_of(entry: Entry) -> str:
    """Return the key as a reference writes it; a term has a dash in front: `-brand`."""
    name = entry.id.name
    return f"-{name}" if isinstance(entry, ast.Term) else name


def walk(node: ast.BaseNode) -> Iterator[ast.BaseNode]:
    yield node
    for value in vars(node).values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.BaseNode):
                yield from walk(child)


def own_variables(entry: Entry) -> set[str]:
    """Name the variables that the text shows or selects a variant by."""
    return {node.id.name for node in walk(entry) if isinstance(node, ast.VariableReference)}


def references(entry: Entry) -> set[str]:
    """Name the texts that this one includes."""
    found = set()
    for node in walk(entry):
        if isinstance(node, ast.MessageReference):
            found.add(node.id.name)
        elif isinstance(node, ast.TermReference):
            found.add(f"-{node.id.name}")
    return found


def selectors(entry: Entry) -> Iterator[tuple[int, set[str]]]:
    """Yield the position in the file and the names of the variants of each selector."""
    for node in walk(entry):
        if isinstance(node, ast.SelectExpression) and node.span is not None:
            names = {v.key.name for v in node.variants if isinstance(v.key, ast.Identifier)}
            yield node.span.start, names


def patterns(entry: Entry) -> Iterator[str]:
    """Yield the text of every pattern: one per variant. Replacement marks stand for variables."""
    for node in walk(entry):
        if isinstance(node, ast.Pattern):
            yield "".join(map(_literal, node.elements))


def _literal(element: ast.TextElement | ast.Placeable) -> str:
    if isinstance(element, ast.TextElement):
        return element.value
    if isinstance(element.expression, ast.StringLiteral):
        return str(element.expression.parse()["value"])
    return "\N{OBJECT REPLACEMENT CHARACTER}"
