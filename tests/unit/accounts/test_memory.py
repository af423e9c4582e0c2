"""A memory that does not grow."""

from okno.accounts.service.memory import Memory


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    memory: Memory[str, int] = Memory(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)

    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)
    assert len(memory) == 2


def test_what_is_forgotten_on_purpose_is_gone() -> None:
    memory: Memory[str, int] = Memory(2)
    memory.put("a", 1)
    memory.forget("a")
    memory.forget("b")
    assert memory.get("a") is None


def test_a_new_value_takes_the_place_of_the_old_one() -> None:
    memory: Memory[str, int] = Memory(2)
    for value in range(5):
        memory.put("a", value)
    assert memory.get("a") == 4
    assert len(memory) == 1
