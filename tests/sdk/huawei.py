"""Huawei Cloud's SDK against the sandbox server: python huawei.py HOST:PORT"""

import sys

from huaweicloudsdkcc.v3 import (
    CcClient,
    CreateCloudConnection,
    CreateCloudConnectionRequest,
    CreateCloudConnectionRequestBody,
    ListCloudConnectionsRequest,
    ShowCloudConnectionRequest,
)
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions import exceptions
from huaweicloudsdkcore.region.region import Region

URL = f"http://{sys.argv[1]}"
DOMAIN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def client(key="sandbox-access-key", secret="sandbox-secret-key", domain=DOMAIN):
    credentials = GlobalCredentials(key, secret).with_iam_endpoint(URL)
    builder = CcClient.new_builder().with_credentials(credentials)
    if domain:
        credentials.with_domain_id(domain)
        return builder.with_endpoints([URL]).build()
    # Only a client with a region asks for the account.
    return builder.with_region(Region("cn-north-4", URL)).build()


CLIENT = client()


def create(own=CLIENT, **params):
    body = CreateCloudConnectionRequestBody(cloud_connection=CreateCloudConnection(**params))
    return own.create_cloud_connection(CreateCloudConnectionRequest(body=body))


def refused(kind, code, status, call):
    try:
        call()
    except kind as error:
        assert (error.error_code, error.status_code) == (code, status), error
        assert len(error.request_id) == 32, error.request_id
        assert error.error_msg, error
    else:
        raise AssertionError(f"nothing raised instead of {code}")


answer = create(name="test", description="", enterprise_project_id="0")
assert answer.status_code == 201, answer.status_code
assert len(answer.request_id) == 32, answer.request_id
made = answer.cloud_connection
assert (made.name, made.status, made.enterprise_project_id) == ("test", "ACTIVE", "0"), made

one = CLIENT.show_cloud_connection(ShowCloudConnectionRequest(id=made.id)).cloud_connection
assert (one.id, one.status, one.network_instance_number) == (made.id, "ACTIVE", 0), one
several = CLIENT.list_cloud_connections(ListCloudConnectionsRequest(id=[made.id], name=["test"]))
assert [item.id for item in several.cloud_connections] == [made.id], several
several = CLIENT.list_cloud_connections(ListCloudConnectionsRequest(name=["nobody"]))
assert several.cloud_connections == [], several

client_error = exceptions.ClientRequestException
refused(client_error, "CC.1001", 400, lambda: create(description="no name"))
refused(client_error, "CC.1001", 400, lambda: create(name="other", description="<"))
refused(client_error, "CC.1031", 400, lambda: create(name="test"))
refused(client_error, "APIGW.0308", 429, lambda: create(name="fault-throttle"))
refused(client_error, "Forbidden", 403, lambda: create(name="fault-forbidden"))
refused(exceptions.ServerResponseException, "InternalError", 500, lambda: create(name="fault-error"))
refused(
    client_error,
    "InvalidInstanceId.NotFound",
    404,
    lambda: CLIENT.show_cloud_connection(ShowCloudConnectionRequest(id="absent")),
)

# The SDK itself asks IAM for the account.
made = create(own=client(domain=None), name="asked").cloud_connection
assert made.domain_id == DOMAIN, made

# Wrong keys.
for own in (client(key="unknown-access-key"), client(secret="wrong-secret-key")):
    refused(client_error, "APIGW.0301", 401, lambda: create(own=own, name="refused"))
    listed = ListCloudConnectionsRequest(name=["refused"])
    refused(client_error, "APIGW.0301", 401, lambda: own.list_cloud_connections(listed))
assert CLIENT.list_cloud_connections(listed).cloud_connections == [], "it was created"
try:
    create(name="fault-lost")
except exceptions.ConnectionException:
    pass
else:
    raise AssertionError("the lost answer arrived")
print("ok")
