"""The house's ground plan, read from its source: folders, lines, and imports: which climb, which circle."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A room may use those of a lower rank, and its own. `front` are app.py, cli.py and run.py.
RANKS = {"models": 0, "data": 1, "sim": 1, "questions": 2, "pages": 3, "commands": 3, "front": 4}
LATER, TYPES = "in a function", "for types only"
Pair = tuple[str, str]  # files, from and to


def folders_of(pair: Pair) -> Pair:
    """Give the folders that two files stand in."""
    one, other = (file.rpartition("/")[0] for file in pair)
    return one, other


def room_of(file: str) -> str:
    """Give the room of a project's file, named from the root: its top folder."""
    return file.partition("/")[0] if "/" in file else "front"


def climbs(pair: Pair) -> bool:
    """Say whether the second file stands in a room above the first's."""
    return RANKS[room_of(pair[0])] < RANKS[room_of(pair[1])]


def crosses(pair: Pair) -> bool:
    """Say whether two files stand in different rooms."""
    return room_of(pair[0]) != room_of(pair[1])


@dataclass(frozen=True)
class Use:
    """One import: files from and to, the names taken, and when it happens ('' at once, LATER, TYPES)."""

    pair: Pair
    names: tuple[str, ...]
    when: str


def project(root: Path) -> dict[str, ast.Module]:
    """Give the product's source by file, without tests."""
    paths = [*root.glob("*.py"), *(path for room in RANKS for path in (root / room).rglob("*.py"))]
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(paths)
    }


def uses(files: dict[str, ast.Module]) -> Iterator[Use]:
    """Give every import of one of the project's files by another."""
    for file, tree in files.items():
        yield from _uses_below(files, file, tree, "")


def _uses_below(files: dict[str, ast.Module], file: str, node: ast.AST, when: str) -> Iterator[Use]:
    found = defaultdict(list)
    for other, name in _taken(files, file, node):
        if other and other != file:
            found[other].append(name)
    yield from (Use((file, other), tuple(names), when) for other, names in found.items())
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        when = when or LATER
    for part in ast.iter_child_nodes(node):
        types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and part in node.body
        yield from _uses_below(files, file, part, TYPES if types else when)


def _taken(files: dict[str, ast.Module], file: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give the file that each name of an import comes from, and the name."""
    if isinstance(node, ast.Import):
        yield from ((_file_of(files, alias.name), alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = file.rpartition("/")[0].replace("/", ".") if node.level else ""
        module = ".".join(filter(None, (package, node.module)))
        for alias in node.names:  # a module of a package, or a name in a module
            yield _file_of(files, f"{module}.{alias.name}") or _file_of(files, module), alias.name


def _file_of(files: dict[str, ast.Module], module: str) -> str:
    name = module.replace(".", "/")
    return next((file for file in (f"{name}.py", f"{name}/__init__.py") if file in files), "")


def circles(pairs: set[Pair]) -> list[list[str]]:
    """Give the groups of files that import each other in a circle, largest first."""
    # strongly connected components, as Kosaraju finds them
    onward, backward = defaultdict(set), defaultdict(set)
    for one, other in pairs:
        onward[one].add(other)
        backward[other].add(one)

    def visit(start: str, ways: dict[str, set[str]], seen: set[str]) -> list[str]:
        """Give what can be reached and was not seen, each after what it leads to."""
        seen.add(start)
        reached: list[str] = []
        stack = [(start, iter(sorted(ways[start])))]
        while stack:
            _, left = stack[-1]
            ahead = next((file for file in left if file not in seen), None)
            if ahead is None:
                reached.append(stack.pop()[0])
            else:
                seen.add(ahead)
                stack.append((ahead, iter(sorted(ways[ahead]))))
        return reached

    seen: set[str] = set()
    order = [file for start in sorted({*onward}) if start not in seen for file in visit(start, onward, seen)]
    seen = set()
    groups = [sorted(visit(file, backward, seen)) for file in reversed(order) if file not in seen]
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group))


def plan(root: Path) -> dict[str, Any]:
    """Give what the source says of itself."""
    files = project(root)
    found = list(uses(files))
    at_once = {use.pair for use in found if use.when == ""}
    ever = at_once | {use.pair for use in found if use.when == LATER}
    for_types = {use.pair for use in found}
    lines: Counter[str] = Counter()
    for file in files:
        lines[room_of(file)] += len((root / file).read_text(encoding="utf-8").splitlines())

    def calls_it(tree: ast.Module) -> bool:
        called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        return any("with_trusts" in (getattr(name, "id", ""), getattr(name, "attr", "")) for name in called)

    beside = [
        pair
        for pair in sorted(for_types)
        if crosses(pair) and RANKS[room_of(pair[0])] == RANKS[room_of(pair[1])]
    ]
    return {
        "files": Counter(room_of(file) for file in files),
        "lines": lines,
        "folders": dict(Counter(file.rpartition("/")[0] or "." for file in files).most_common()),
        "circles at once": circles(at_once),
        "circles with functions' imports": circles(ever),
        "circles with types' imports": circles(for_types),
        "circles between folders": circles({pair for pair in map(folders_of, ever) if pair[0] != pair[1]}),
        "imports": len(for_types),
        "function-level imports": sorted({use.pair for use in found if use.when == LATER}),
        "upward imports": sorted(pair for pair in for_types if climbs(pair)),
        "imports beside": beside,  # from a room to another of the same rank
        "pages' imports from data and sim": sorted(
            {
                (use.pair[0], use.pair[1], name)
                for use in found
                if room_of(use.pair[0]) == "pages" and room_of(use.pair[1]) in ("data", "sim")
                for name in use.names
            }
        ),
        "files that call with_trusts": sorted(file for file, tree in files.items() if calls_it(tree)),
    }
