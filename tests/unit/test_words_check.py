"""The check of the words: the project passes, and every rule can be broken."""

import sys
from pathlib import Path
from shutil import copytree
from subprocess import run

import pytest

from tools.words.check import FOLDERS, find_problems

ROOT = Path(__file__).parent.parent.parent
GLOSSARY = """# Glossary

| Word | Meaning | Not to be called |
|---|---|---|
| **exchange** | A question with its answer. | `turn` in `tools`, pair |
| **draft** | The preview of an answer. | `partial message` |
"""


def write(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)


def problems(root: Path, files: dict[str, str], glossary: str = GLOSSARY) -> list[str]:
    (root / "tools").mkdir()
    write(root, "docs/glossary.md", glossary)
    for file, text in files.items():
        write(root, file, text)
    return [str(problem) for problem in find_problems(root, ("sandbox", "tools"))]


@pytest.mark.slow
def test_the_project_passes() -> None:
    assert all(list((ROOT / folder).rglob("*.py")) for folder in FOLDERS)
    assert find_problems(ROOT) == []


def test_the_program_tells_each_problem_in_a_line_and_fails(tmp_path: Path) -> None:
    copytree(ROOT / "tools", tmp_path / "tools")
    write(tmp_path, "docs/glossary.md", "")
    write(tmp_path, "tools/words/stray.py", '"""What nobody asked for."""\n')
    done = run(
        [sys.executable, "-m", "tools.words"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "tools/words/stray.py:1: a docstring begins with What\n"


@pytest.mark.parametrize("word", ["How", "Let", "What", "Where", "Whether", "Who", "Whose"])
def test_a_docstring_does_not_begin_with_an_unclear_word(tmp_path: Path, word: str) -> None:
    source = (
        f'"""{word} is here."""\n\nKEYS = 1\n"""{word} is most."""\n\n'
        f'class Thing:\n    """{word} is it."""\n\n    size: int\n    """{word} is large."""\n\n'
        f'    async def move(self) -> None:\n        """\n        {word} moves.\n        """\n'
    )
    found = problems(tmp_path, {"tools/thing.py": source})
    assert found == [
        f"tools/thing.py:{line}: a docstring begins with {word}" for line in (1, 4, 7, 10, 13)
    ]


@pytest.mark.parametrize("text", ["Whatever is left.", "Whole numbers.", "Howto.", "Say what is."])
def test_other_words_may_begin_a_docstring(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, {"tools/thing.py": f'"""{text}"""\n'}) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("class NewTurn: ...", "NewTurn"),
        ("def store_turns() -> None: ...", "store_turns"),
        ("async def _turn() -> None: ...", "_turn"),
        ("def store(*, turn: int) -> None: ...", "turn"),
        ("TURNS_AT_ONCE = 3", "TURNS_AT_ONCE"),
        ("for turn in (): ...", "turn"),
        ("class Thing:\n    turn: int", "turn"),
        ("thing.last_turn = 1", "last_turn"),
    ],
)
def test_a_name_has_no_refused_word(tmp_path: Path, source: str, name: str) -> None:
    line = source.count("\n") + 1
    found = problems(tmp_path, {"tools/thing.py": source})
    assert found == [
        f"tools/thing.py:{line}: the name {name} has the word turn: use exchange instead"
    ]


@pytest.mark.parametrize("name", ["AT_ONCE", "LEAST", "LONGEST", "MOST", "PATIENCE", "_MOST"])
def test_a_constant_has_a_subject(tmp_path: Path, name: str) -> None:
    found = problems(tmp_path, {"tools/thing.py": f"{name} = 3\nMOST_KEYS = 3\n"})
    assert found == [f"tools/thing.py:1: {name} has no subject and no unit"]


def test_a_module_has_no_refused_word_in_its_name(tmp_path: Path) -> None:
    found = problems(tmp_path, {"tools/turns/thing.py": ""})
    assert found == [
        "tools/turns/thing.py:1: the name turns has the word turn: use exchange instead"
    ]


@pytest.mark.parametrize("text", ['"""Stores a turn."""', "# One per turn.", '"""Two Turns."""'])
def test_docstrings_and_comments_have_no_refused_word(tmp_path: Path, text: str) -> None:
    found = problems(tmp_path, {"tools/thing.py": text})
    assert found == ["tools/thing.py:1: the text has the word turn: use exchange instead"]


@pytest.mark.parametrize(
    "source",
    [
        "def f() -> None:\n    return",
        "nocturne = 1",
        "import turn",
        'x = "turn"',
        "pair = 1",
        '"""A `turn`."""',
    ],
)
def test_other_words_and_used_names_pass(tmp_path: Path, source: str) -> None:
    assert problems(tmp_path, {"tools/thing.py": source}) == []


def test_a_word_is_refused_in_its_places_only(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        {
            "sandbox/thing.py": "turn = 1\n",
            "tools_of_mine.md": "A turn.\n",
            "README.md": "A turn.\n",
        },
    )
    assert found == []


def test_a_word_without_places_is_refused_everywhere(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        {
            "sandbox/thing.py": "def f(partial_message: str) -> None: ...\n",
            "README.md": "#\n\na partial\n",
        },
    )
    name = "sandbox/thing.py:1: the name partial_message"
    assert found == [f"{name} has the word partial message: use draft instead"]


def test_documents_have_no_refused_word(tmp_path: Path) -> None:
    text = "```sh\nrm 'partial message'\n```\n\nThe `partial message` and\npartial messages.\n"
    found = problems(tmp_path, {"docs/api.md": text, "docs/adr/0001-old.md": text})
    assert found == ["docs/api.md:6: the text has the word partial message: use draft instead"]


def test_a_table_is_not_cut(tmp_path: Path) -> None:
    row = "| **draft** | The preview of an answer. |"
    found = problems(tmp_path, {}, GLOSSARY.replace(row, f"\n{row}"))
    assert found == ["docs/glossary.md:7: an empty line cuts the table above this row"]


def test_a_row_has_three_cells(tmp_path: Path) -> None:
    found = problems(tmp_path, {}, f"{GLOSSARY}| **task** | A thing to do. |\n")
    assert found == ["docs/glossary.md:7: a row has three cells"]


def test_the_places_of_a_word_exist(tmp_path: Path) -> None:
    found = problems(tmp_path, {}, GLOSSARY.replace("`tools`", "`tools` and `gone`"))
    assert found == ["docs/glossary.md:5: there is no gone"]


@pytest.mark.parametrize("cell", ["`turn`s", "`turn` in tools", "`turn` in `tools` or `api`"])
def test_a_refused_word_can_be_read(tmp_path: Path, cell: str) -> None:
    found = problems(tmp_path, {}, GLOSSARY.replace("`turn` in `tools`", cell))
    assert found == [
        f"docs/glossary.md:5: {cell} is not written as `word` or `word` in `place` and `place`"
    ]
