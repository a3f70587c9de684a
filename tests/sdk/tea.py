"""Alibaba Cloud's newer SDKs (Tea) against the sandbox server: python tea.py HOST:PORT"""

import sys
import time

from alibabacloud_cbn20170912 import models as cbn
from alibabacloud_cbn20170912.client import Client as Cbn
from alibabacloud_smartag20180313 import models as smartag
from alibabacloud_smartag20180313.client import Client as Smartag
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from alibabacloud_vpc20160428 import models as vpc
from alibabacloud_vpc20160428.client import Client as Vpc
from darabonba.exceptions import UnretryableException

ENDPOINT = sys.argv[1]


def client(kind, key="sandbox-access-key", secret="sandbox-secret-key", token=None):
    return kind(
        Config(
            access_key_id=key,
            access_key_secret=secret,
            security_token=token,
            endpoint=ENDPOINT,
            protocol="http",
        )
    )


def refused(call, code, status=None):
    try:
        call()
    except AlibabaCloudException as error:
        assert error.code == code, (error.code, error.message)
        assert status in (None, error.status_code), error.status_code
        assert len(error.request_id) == 36, error.request_id
    else:
        raise AssertionError(f"nothing raised instead of {code}")


def cloud_connect_network():
    own = client(Smartag)
    made = own.create_cloud_connect_network(
        smartag.CreateCloudConnectNetworkRequest(
            name="ccn名称", description="ccn描述", cidr_block="172.16.22.0/24", region_id="cn-shanghai"
        )
    ).body
    assert made.ccn_id.startswith("ccn-"), made
    assert (made.name, made.cidr_block) == ("ccn名称", "172.16.22.0/24"), made
    found = own.describe_cloud_connect_networks(
        smartag.DescribeCloudConnectNetworksRequest(region_id="cn-shanghai", ccn_id=made.ccn_id)
    ).body
    assert found.total_count == 1, found
    assert found.cloud_connect_networks.cloud_connect_network[0].ccn_id == made.ccn_id

    def wrong():
        own.create_cloud_connect_network(smartag.CreateCloudConnectNetworkRequest(name="1"))

    refused(wrong, "InvalidName", 403)


def cen():
    own = client(Cbn)
    request = cbn.CreateCenRequest(
        name="testname",
        client_token="tea-1",
        tag=[cbn.CreateCenRequestTag(key="tagtest", value="")],
    )
    made = own.create_cen(request).body
    assert made.cen_id.startswith("cen-"), made
    assert own.create_cen(request).body.cen_id == made.cen_id

    def status():
        wanted = cbn.DescribeCensRequestFilter(key="CenId", value=[made.cen_id])
        found = own.describe_cens(cbn.DescribeCensRequest(filter=[wanted])).body
        (item,) = found.cens.cen
        assert item.tags.tag[0].key == "tagtest", item
        return item.status

    seen = [status()]
    deadline = time.monotonic() + 20
    while seen[-1] != "Active" and time.monotonic() < deadline:
        time.sleep(0.2)
        seen.append(status())
    assert (seen[0], seen[-1]) == ("Creating", "Active"), seen

    request.name = "another"
    refused(lambda: own.create_cen(request), "IdempotentParameterMismatch")
    for name, code in [
        ("fault-throttle", "Throttling.User"),
        ("fault-forbidden", "Unauthorized"),
        ("fault-error", "InternalError"),
    ]:
        refused(lambda: own.create_cen(cbn.CreateCenRequest(name=name)), code)
    try:
        own.create_cen(cbn.CreateCenRequest(name="fault-lost"))
    except UnretryableException as error:
        assert "Connection aborted" in str(error), error
    else:
        raise AssertionError("the lost answer arrived")


def express_cloud_connection():
    own = client(Vpc)
    request = vpc.CreateExpressCloudConnectionRequest(
        region_id="cn-hangzhou", bandwidth=2, idc_sp="CU", peer_location="XX区XX大厦XX栋5楼", name="doctest"
    )
    made = own.create_express_cloud_connection(request).body
    assert made.ecc_id.startswith("ecc-"), made
    request.bandwidth = None
    refused(lambda: own.create_express_cloud_connection(request), "MissingBandwidth")


def customer_gateway():
    own = client(Vpc)
    request = vpc.CreateCustomerGatewayRequest(
        region_id="cn-shanghai",
        ip_address="116.62.222.20",
        name="Gateway",
        client_token="tea-2",
        asn="65000",
        auth_key="key-1",
        # A key without a value, as an older client may send it.
        tags=[vpc.CreateCustomerGatewayRequestTags(key="tagtest")],
    )
    made = own.create_customer_gateway(request).body
    assert made.customer_gateway_id.startswith("cgw-"), made
    assert abs(made.create_time / 1000 - time.time()) < 60, made.create_time
    one = own.describe_customer_gateway(
        vpc.DescribeCustomerGatewayRequest(
            region_id="cn-shanghai", customer_gateway_id=made.customer_gateway_id
        )
    ).body
    assert one.ip_address == "116.62.222.20", one
    several = own.describe_customer_gateways(
        vpc.DescribeCustomerGatewaysRequest(
            region_id="cn-shanghai", customer_gateway_id=made.customer_gateway_id
        )
    ).body
    assert several.customer_gateways.customer_gateway[0].name == "Gateway", several
    request.client_token = "tea-3"
    refused(lambda: own.create_customer_gateway(request), "InvalidIpAddress.AlreadyExist", 400)
    request.ip_address = "116.62.222"
    refused(lambda: own.create_customer_gateway(request), "InvalidIpAddress.WrongFormat", 400)


def wrong_keys():
    def describe(**keys):
        return lambda: client(Cbn, **keys).describe_cens(cbn.DescribeCensRequest())

    describe()()
    refused(describe(key="unknown-access-key"), "InvalidAccessKeyId.NotFound", 404)
    refused(describe(secret="wrong-secret-key"), "SignatureDoesNotMatch", 400)
    # A permanent key has no token.
    refused(describe(token="foreign-token"), "InvalidSecurityToken.MismatchWithAccessKey", 400)
    for kind, call in [
        (Smartag, lambda own: own.create_cloud_connect_network(smartag.CreateCloudConnectNetworkRequest(name="ccn"))),
        (Vpc, lambda own: own.create_customer_gateway(
            vpc.CreateCustomerGatewayRequest(region_id="cn-shanghai", ip_address="116.62.222.40"))),
    ]:
        refused(lambda: call(client(kind, secret="wrong-secret-key")), "SignatureDoesNotMatch", 400)
    # What was refused was not executed: the address is still free.
    client(Vpc).create_customer_gateway(
        vpc.CreateCustomerGatewayRequest(region_id="cn-shanghai", ip_address="116.62.222.40")
    )


cloud_connect_network()
cen()
express_cloud_connection()
customer_gateway()
wrong_keys()
print("ok")
