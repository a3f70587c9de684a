"""Records into recorded.json what the vendors' own SDKs send for odd characters.

Each request goes to a loopback port that keeps it as it came. Run it with the packages that
signatures.json names, plus alibabacloud-cbn20170912:

    python record.py > recorded.json
"""

import http.server
import json
import logging
import threading
from importlib.metadata import version

from alibabacloud_cbn20170912 import models as cbn
from alibabacloud_cbn20170912.client import Client as Cbn
from alibabacloud_tea_openapi.utils_models import Config
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from huaweicloudsdkcc.v3 import (
    CcClient,
    CreateCloudConnection,
    CreateCloudConnectionRequest,
    CreateCloudConnectionRequestBody,
    ListCloudConnectionsRequest,
)
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig

logging.disable(logging.CRITICAL)
ID, SECRET, TOKEN, DOMAIN = "testid", "testsecret", "test+token/=~*", "0123456789abcdef0123456789abcdef"
ODD = {
    "space": "a b",
    "plus": "a+b",
    "tilde": "~a~",
    "star": "*a*",
    "chinese": "用户网关",
    "outside the basic plane": "𠮷 🚀",
    "empty": "",
    "punctuation": "!'()&=?/#%:;,@$[]\"<>\\|^`{}",
    "percent sequence": "%20%2B",
    "spaces at the ends": " a ",
}
seen = []


class Keep(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        headers = [[name, value] for name, value in self.headers.items()]
        if "Authorization" not in self.headers:  # V1 signs no header, and this one names the machine
            headers = [header for header in headers if header[0].lower() != "user-agent"]
        seen.append({"method": self.command, "target": self.path, "headers": headers, "body": body})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keep)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = server.server_port


def tea(token, algorithm=None):
    config = Config(
        access_key_id=ID, access_key_secret=SECRET, endpoint=f"127.0.0.1:{port}", protocol="http",
        security_token=token, signature_algorithm=algorithm,
    )
    return Cbn(config)


def tea_create(text, token=None, algorithm=None):
    tag = [cbn.CreateCenRequestTag(key="k", value=text), cbn.CreateCenRequestTag(key=text, value="v")]
    tea(token, algorithm).create_cen(cbn.CreateCenRequest(name=text, description="d", tag=tag))


def core_call(text, token=None, method="POST", body=False):
    credential = StsTokenCredential(ID, SECRET, token) if token else AccessKeyCredential(ID, SECRET)
    client = AcsClient(region_id="cn-hangzhou", credential=credential, port=port)
    request = CommonRequest(domain="127.0.0.1", version="2017-09-12", action_name="CreateCen")
    request.set_endpoint("127.0.0.1")
    request.set_method(method)
    request.set_protocol_type("http")
    (request.add_body_params if body else request.add_query_param)("Name", text)
    request.add_query_param("Tag.1.Key", "k")
    request.add_query_param("Tag.1.Value", text)
    client.do_action_with_exception(request)


def huawei(token=None):
    credentials = GlobalCredentials(ID, SECRET, DOMAIN)
    if token:
        credentials = credentials.with_security_token(token)
    config = HttpConfig.get_default_config()
    config.user_agent = "test"  # instead of the machine's name for itself
    builder = CcClient.new_builder().with_http_config(config).with_credentials(credentials)
    return builder.with_endpoints([f"http://127.0.0.1:{port}"]).build()


def huawei_create(text, token=None):
    connection = CreateCloudConnection(name=text, description=text, enterprise_project_id="0")
    body = CreateCloudConnectionRequestBody(cloud_connection=connection)
    huawei(token).create_cloud_connection(CreateCloudConnectionRequest(body=body))


def huawei_list(text, token=None):
    huawei(token).list_cloud_connections(
        ListCloudConnectionsRequest(limit=10, id=["b", text, "a"], name=[text], status=["ACTIVE"])
    )


def record(name, by, call, *arguments, **named):
    call(*arguments, **named)
    entry = {"name": name, "by": by, "access_key_id": ID, "access_key_secret": SECRET}
    token = named.get("token")
    if token:
        entry["security_token"] = token
    entries.append({**entry, **seen.pop()})


entries = []
TEA, TEA_V1 = "alibabacloud-tea-openapi", "alibabacloud-tea-openapi, signature_algorithm v2"
CORE, HUAWEI = "aliyun-python-sdk-core", "huaweicloudsdkcc"
for name, text in ODD.items():
    record(f"query: {name}", TEA, tea_create, text)
    record(f"query: {name}", TEA_V1, tea_create, text, algorithm="v2")
    record(f"query: {name}", CORE, core_call, text)
    record(f"form body: {name}", CORE, core_call, text, body=True)
    record(f"repeated query: {name}", HUAWEI, huawei_list, text)
    record(f"body: {name}", HUAWEI, huawei_create, text)
record("GET", CORE, core_call, "a b", method="GET")
record("security token", TEA, tea_create, "a b", token=TOKEN)
record("security token", TEA_V1, tea_create, "a b", token=TOKEN, algorithm="v2")
record("security token", CORE, core_call, "a b", token=TOKEN)
record("security token", HUAWEI, huawei_create, "a b", token=TOKEN)
record("security token, list", HUAWEI, huawei_list, "a b", token=TOKEN)

packages = [
    "aliyun-python-sdk-core", "alibabacloud-cbn20170912", "alibabacloud-tea-openapi",
    "darabonba-core", "huaweicloudsdkcore", "huaweicloudsdkcc",
]
note = "Requests as the vendors' SDKs sent them to a loopback port (record.py); keys are made up."
versions = {package: version(package) for package in packages}
print(f'{{"note": {json.dumps(note)},\n"versions": {json.dumps(versions)},\n"requests": [')
print(",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries))
print("]}")
