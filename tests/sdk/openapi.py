"""The proxy's OpenAPI document against the specification: python openapi.py HOST:PORT

Its examples are held against its schemas too, with an ordinary client's JSON Schema library.
"""

import json
import sys
from urllib.request import urlopen

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

with urlopen(f"http://{sys.argv[1]}/openapi.json") as answer:
    document = json.load(answer)
validate(document)

operations = 0
for path, item in document["paths"].items():
    if "post" not in item:
        continue
    media = item["post"]["requestBody"]["content"]["application/json"]
    Draft202012Validator.check_schema(media["schema"])
    validator = Draft202012Validator(media["schema"])
    example = media["examples"]["document"]["value"]
    # A required value that the vendor's document masks is missing in its example.
    errors = [e.message for e in validator.iter_errors(example) if e.validator != "required"]
    assert not errors, (path, errors)
    assert not validator.is_valid({**example, "NotThere": 1}), path
    operations += 1
assert operations > 20, operations
print("ok")
