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
    errors = [v for v in problem["violations"] if v["severity"] == "error"]
    return not all(v["rule"] in BEYOND_SCHEMA or of_another_account(v, case) for v in errors)


def of_another_account(violation, case):
    """Whether it is the account's id that is missing beside a token of the request's own: whose account that is
    only its owner knows, and the schema, in which the proxy completes the id, does not say so."""
    body = case.body if isinstance(case.body, dict) else {}
    parameters = body.get("parameters", body)
    token = parameters.get("X-Auth-Token") if isinstance(parameters, dict) else None
    return violation["rule"] == "required" and violation["parameter"] == "domain_id" and bool(token)
