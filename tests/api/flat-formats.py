#!/usr/bin/env python3
"""The formats with a line for each recipient: flat-formats.py RETOUR SCHEMA FIXTURES. Exit 77: jsonschema is missing.

Each line of `--format recipients` keeps the schema; csv and tsv are well formed, have as many rows, and say the same."""
import csv, io, json, subprocess, sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("not run: python3-jsonschema is not installed", file=sys.stderr)
    sys.exit(77)

retour, schema_path, fixtures = sys.argv[1:]
with open(schema_path, encoding="utf-8") as file:
    validator = Draft202012Validator({"$defs": json.load(file)["$defs"], "$ref": "#/$defs/line"})


def read(form):
    run = subprocess.run([retour, "read", "--format", form, fixtures], stdout=subprocess.PIPE, check=True)
    return run.stdout.decode("utf-8")


def cell(value):
    """A value of a line as a table shows it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text if text[:1] in tuple("=+-@\t\r\n") else text


def visible(text):
    """Controls are written in different ways; what is seen must be the same."""
    return "".join(c if c.isprintable() else " " for c in text)


problems = []
lines = [json.loads(line) for line in read("recipients").split("\n") if line]
for line in lines:
    problems += [f"recipients: {line.get('source')}: {error.message}" for error in validator.iter_errors(line)]

tables = {"csv": list(csv.reader(io.StringIO(read("csv"), newline=""), strict=True)),
          "tsv": [row.split("\t") for row in read("tsv").split("\n") if row]}
for form, (head, *rows) in tables.items():
    if len(rows) != len(lines) or not rows:
        problems.append(f"{form}: {len(rows)} rows, recipients has {len(lines)} lines")
    for row, line in zip(rows, lines):
        if len(row) != len(head):
            problems.append(f"{form}: {line.get('source')}: {len(row)} columns, the head has {len(head)}")
        for name, value in zip(head, row):
            told = line.get(name, "")
            if name == "because":
                told = told[0]["rule"] if told else ""
            if visible(value) != visible(cell(told)):
                problems.append(f"{form}: {line.get('source')}: {name} is {value!r}, not {told!r}")

print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
sys.exit(bool(problems))
