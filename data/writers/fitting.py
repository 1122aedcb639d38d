"""How large words may be written to stand in a box, reckoned for a font a little wider than those in use."""

import textwrap
from collections.abc import Sequence

WIDTH_OF_LETTER = {False: 0.53, True: 0.58}  # of its size, over running text in a wide sans serif; bold
LINE = 1.2  # heights of a letter from line to line
GAP = 0.35  # the same left after a paragraph


def lines_of(texts: Sequence[str], width: float, size: float, bold: bool = False) -> int:
    """How many lines the paragraphs take at a size; `width` and `size` in points."""
    letters = max(int(width / (size * WIDTH_OF_LETTER[bold])), 1)
    return sum(len(textwrap.wrap(text, letters)) or 1 for text in texts)


def height_of(texts: Sequence[str], width: float, size: float, bold: bool = False) -> float:
    """The height the paragraphs take at a size, points."""
    return (lines_of(texts, width, size, bold) * LINE + (len(texts) - 1) * GAP) * size


def fitting_size(
    texts: Sequence[str], width: float, height: float, wished: float, bold: bool = False, least: float = 8
) -> float:
    """The greatest size up to the one `wished` for at which the paragraphs fit; `least` where none does."""
    size = wished
    while size > least and height_of(texts, width, size, bold) > height:
        size -= 0.5
    return size


def paged(texts: Sequence[str], width: float, height: float, size: float) -> list[list[str]]:
    """The paragraphs shared out over as few boxes as hold them at a size, in their order."""
    pages: list[list[str]] = [[]]
    for text in texts:
        if pages[-1] and height_of([*pages[-1], text], width, size) > height:
            pages.append([])
        pages[-1].append(text)
    return pages
