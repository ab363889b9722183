"""Results of forms that were filled in elsewhere, in words for staff."""

from collections.abc import Iterator, Mapping


def form_phrases(staff: Mapping[str, str], result: Mapping[str, object]) -> Iterator[str]:
    """The result of one form, a phrase each field; what does not hold is not named."""
    for name, value in result.items():
        phrase = f"result_{name}"
        match value:
            case bool() | None:
                yield from [staff[phrase]] if value else []
            case int():
                yield f"{staff[phrase]}: {value}"
            case str():
                yield staff[f"{phrase}_{value}"]
            case tuple():
                yield from (staff[f"{phrase}_{each}"] for each in value)
