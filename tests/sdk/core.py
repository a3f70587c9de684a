"""Alibaba Cloud's older SDK (core) against the sandbox server: python core.py HOST:PORT

Its present call asks for JSON; its older one, deprecated by now, can ask for XML.
"""

import json
import sys
from xml.etree import ElementTree

from aliyunsdkcbn.request.v20170912.CreateCenRequest import CreateCenRequest
from aliyunsdkcbn.request.v20170912.DescribeCensRequest import DescribeCensRequest
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdksmartag.request.v20180313.CreateCloudConnectNetworkRequest import (
    CreateCloudConnectNetworkRequest,
)
from aliyunsdksmartag.request.v20180313.DescribeCloudConnectNetworksRequest import (
    DescribeCloudConnectNetworksRequest,
)
from aliyunsdkvpc.request.v20160428.CreateCustomerGatewayRequest import (
    CreateCustomerGatewayRequest,
)
from aliyunsdkvpc.request.v20160428.CreateExpressCloudConnectionRequest import (
    CreateExpressCloudConnectionRequest,
)
from aliyunsdkvpc.request.v20160428.DescribeCustomerGatewayRequest import (
    DescribeCustomerGatewayRequest,
)
from aliyunsdkvpc.request.v20160428.DescribeCustomerGatewaysRequest import (
    DescribeCustomerGatewaysRequest,
)

HOST, PORT = sys.argv[1].rsplit(":", 1)


def client(key="sandbox-access-key", secret="sandbox-secret-key"):
    return AcsClient(key, secret, "cn-shanghai", port=int(PORT))


CLIENT = client()


def prepared(request, **params):
    request.set_endpoint(HOST)
    request.set_protocol_type("http")
    for name, value in params.items():
        getattr(request, f"set_{name}")(value)
    return request


def as_json(request, own=CLIENT, **params):
    return json.loads(own.do_action_with_exception(prepared(request, **params)))


def as_xml(request, own=CLIENT, **params):
    request = prepared(request, **params)
    request.set_accept_format("XML")
    return ElementTree.fromstring(own.do_action(request))


def refused(request, code, status, own=CLIENT, **params):
    try:
        as_json(request, own, **params)
    except ServerException as error:
        assert error.get_error_code() == code, error
        assert error.get_http_status() == status, error
        assert len(error.get_request_id()) == 36, error
    else:
        raise AssertionError(f"nothing raised instead of {code}")


# Cloud Connect Network, in XML.
made = as_xml(CreateCloudConnectNetworkRequest(), Name="DocTest")
assert made.tag == "CreateCloudConnectNetworkResponse", made.tag
ccn = made.findtext("CcnId")
assert ccn.startswith("ccn-"), ccn
found = as_xml(DescribeCloudConnectNetworksRequest(), CcnId=ccn)
assert found.findtext("CloudConnectNetworks/CloudConnectNetwork/CcnId") == ccn
error = as_xml(CreateCloudConnectNetworkRequest(), Name="1")
assert (error.tag, error.findtext("Code")) == ("Error", "InvalidName"), error
refused(CreateCloudConnectNetworkRequest(), "InvalidDescription", 403, Description="1")

# CEN instance, in JSON.
token = {"ClientToken": "core-1", "Name": "testname"}
tags = [{"Key": "tagtest", "Value": "tagtest"}]
cen = as_json(CreateCenRequest(), Tags=tags, **token)["CenId"]
assert as_json(CreateCenRequest(), Tags=tags, **token)["CenId"] == cen
wanted = [{"Key": "CenId", "Value": [cen]}]
found = as_json(DescribeCensRequest(), Filters=wanted)
assert found["Cens"]["Cen"][0]["CenId"] == cen, found
assert found["Cens"]["Cen"][0]["Status"] in ("Creating", "Active"), found
refused(CreateCenRequest(), "InvalidTagValue", 400, Tags=[{"Key": "a", "Value": "aliyun"}])

# Express Cloud Connection.
made = as_json(
    CreateExpressCloudConnectionRequest(), Bandwidth=2, IdcSP="CU", PeerLocation="XX区XX大厦XX栋5楼"
)
assert made["EccId"].startswith("ecc-"), made
refused(CreateExpressCloudConnectionRequest(), "MissingBandwidth", 400, IdcSP="CU", PeerLocation="5楼")

# Customer gateway.
made = as_json(CreateCustomerGatewayRequest(), IpAddress="116.62.222.30", Name="Gateway")
gateway = made["CustomerGatewayId"]
assert isinstance(made["CreateTime"], int), made
one = as_json(DescribeCustomerGatewayRequest(), CustomerGatewayId=gateway)
assert one["IpAddress"] == "116.62.222.30", one
found = as_json(DescribeCustomerGatewaysRequest(), CustomerGatewayId=gateway)
assert found["TotalCount"] == 1, found
refused(
    CreateCustomerGatewayRequest(), "InvalidIpAddress.AlreadyExist", 400, IpAddress="116.62.222.30"
)
refused(CreateCustomerGatewayRequest(), "InvalidName", 400, IpAddress="116.62.222.31", Name="1")
refused(CreateCustomerGatewayRequest(), "Forbidden", 403, IpAddress="116.62.222.31", Name="fault-forbidden")
refused(CreateCustomerGatewayRequest(), "Resource.QuotaFull", 400, IpAddress="116.62.222.31", Name="fault-quota")

# Wrong keys. The client itself compares the string that the server signs with its own: they are the
# same, so it says that the secret is wrong.
unknown, wrong = client(key="unknown-access-key"), client(secret="wrong-secret-key")
refused(DescribeCensRequest(), "InvalidAccessKeyId.NotFound", 404, own=unknown)
refused(DescribeCensRequest(), "InvalidAccessKeySecret", 400, own=wrong)
refused(CreateCustomerGatewayRequest(), "InvalidAccessKeySecret", 400, own=wrong, IpAddress="116.62.222.41")
error = as_xml(DescribeCensRequest(), own=wrong)
assert (error.tag, error.findtext("Code")) == ("Error", "SignatureDoesNotMatch"), error
as_json(CreateCustomerGatewayRequest(), IpAddress="116.62.222.41")
try:
    as_json(CreateCustomerGatewayRequest(), IpAddress="116.62.222.31", Name="fault-lost")
except ClientException as error:
    assert error.get_error_code() == "SDK.HttpError", error
else:
    raise AssertionError("the lost answer arrived")
print("ok")
