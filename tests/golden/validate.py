#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""validate.py SCHEMA DIR: every record of DIR/*/*.json against the JSON Schema; exit 1 if one does not hold."""
import glob
import json
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong = records = 0
for path in sorted(glob.glob(sys.argv[2] + "/*/*.json")):
    with open(path, encoding="utf-8") as file:
        for line in file:
            records += 1
            for error in validator.iter_errors(json.loads(line)):
                print(f"{path}: {'/'.join(map(str, error.path))}: {error.message}")
                wrong += 1
print(f"{records} records, {wrong} faults")
sys.exit(1 if wrong or not records else 0)
