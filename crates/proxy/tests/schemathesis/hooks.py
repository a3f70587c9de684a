"""What Schemathesis cannot know: which refusals of a request that fits its schema are right."""

import schemathesis

# Rules that JSON Schema cannot say, or not in a way that every client's regular expressions know:
# classes of Unicode, arithmetic, one item beside another.
BEYOND_SCHEMA = {
    "characters",
    "cidr",
    "first-character",
    "host-bits",
    "port-speed",
    "private-network",
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps a failure unless the refusal is the cloud's own or by such rules only."""
    if failure.code != "ST202":
        return True
    if "tieline-relayed" in response.headers:
        return False
    if response.status_code != 422:
        return True
    problem = response.json()
    if problem["type"] == "urn:tieline:problem:no-code":
        # Another vendor's command line, no such resource, a NUL.
        return False
    violations = problem["violations"]
    broken = {v["rule"] for v in violations if v["severity"] == "error"}
    return not broken <= BEYOND_SCHEMA
