#!/usr/bin/env python3
"""The schema, its reference and the code say the same: record-reference.py SOURCE-FOLDER. Exit 77: jsonschema is missing."""
import json, re, sys
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("not looked: python3-jsonschema is not installed", file=sys.stderr)
    sys.exit(77)

root = Path(sys.argv[1])
schema = json.loads((root / "docs/schema/record-v1.json").read_text())
reference = (root / "docs/record.md").read_text()
problems = []


def keys(node, prefix=""):
    """Every key that the schema knows, as the reference writes it: recipients' keys without a prefix."""
    for name, value in node.get("properties", {}).items():
        yield prefix + name
        if value.get("type") == "object":
            yield from keys(value, prefix + name + ".")
        elif value.get("type") == "array" and "properties" in value["items"]:
            yield from keys(value["items"], prefix + name + "[].")


def documented(title):
    """The first cells of the tables under that heading."""
    section = re.split(r"^## ", reference, flags=re.M)
    text = next(part for part in section if part.startswith(title))
    rows = re.findall(r"^\| (`[^|]*`) \| (?:text|time|word|number|list|object|true|code|`)[^|]*\|", text, flags=re.M)
    return [re.match(r"`([^`]*)`", row).group(1) for row in rows]


Draft202012Validator.check_schema(schema)
for title, node in (("The message", schema), ("A recipient", schema["$defs"]["recipient"]),
                    ("A line for each recipient", schema["$defs"]["line"])):
    known, told = list(keys(node)), documented(title)
    problems += [f"record.md, {title}: {key} is missing" for key in known if key not in told]
    problems += [f"record.md, {title}: {key} is not in the schema" for key in told if key not in known]

example = json.loads(re.search(r"```json\n(.*?)```", reference, flags=re.S).group(1))
problems += [f"record.md, example: {error.message}" for error in Draft202012Validator(schema).iter_errors(example)]


def enum(*path):
    node = schema["$defs"]["recipient"]["properties"] if path[0] != "limits" else schema["properties"]
    for step in path:
        node = node[step]
    return set(node["enum"])


def same(what, told, known):
    problems.extend(f"{what}: {word} is only in the {'schema' if word in told else 'code'}" for word in sorted(told ^ known))


limits = set(re.findall(r'"([a-z]+-cut)"', (root / "src/base/limits.h").read_text()))
same("limits", enum("limits", "items"), limits)
reasons = {line.split("\t")[0] for line in (root / "src/codes/data/reasons.tsv").read_text().splitlines()
           if line and not line.startswith("#")}
same("reason", enum("reason"), reasons - {"reason", "name"})
for word in enum("reason"):
    if f"`{word}`" not in reference:
        problems.append(f"record.md: the reason {word} is missing")

grounds = set(re.findall(r'= \{ "([a-z-]+)", [A-Z]+ \}', (root / "src/authenticity/judge.c").read_text()))
told = re.findall(r"^\| `([a-z-]+)` \| (?:verifies|supports|fits|weakens|contradicts)[ :]", (root / "docs/authentic.md").read_text(), re.M)
same("ground", set(schema["$defs"]["recipient"]["properties"]["grounds"]["items"]["properties"]["ground"]["enum"]), grounds)
same("authentic.md, ground", set(told), grounds)

print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
sys.exit(bool(problems))
