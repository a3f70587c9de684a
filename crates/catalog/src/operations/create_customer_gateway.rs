//! CreateCustomerGateway: Alibaba Cloud VPC, version 2016-04-28.

use super::shared::*;
use crate::model::*;
use crate::rules::v4;
use crate::text::{t, Text};
use ipnet::IpNet;

static DOCUMENT: Document = Document {
    file: "004_1399818f2c93a028.txt",
    title: t("CreateCustomerGateway (Vpc)", "专有网络 CreateCustomerGateway"),
};

/// The addresses that the vendor's present document of this API refuses. Private ones are not among
/// them: an IPsec connection of the private network type has one.
const REFUSED_ADDRESSES: &[(IpNet, Text)] = &[
    (
        v4([100, 64, 0, 0], 10),
        t("a shared (carrier NAT) address", "运营商共享地址"),
    ),
    (v4([127, 0, 0, 0], 8), t("a loopback address", "回环地址")),
    (
        v4([169, 254, 0, 0], 16),
        t("a link-local address", "链路本地地址"),
    ),
    (v4([224, 0, 0, 0], 4), t("a multicast address", "组播地址")),
    (v4([255, 0, 0, 0], 8), t("a reserved address", "保留地址")),
];

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateCustomerGateway",
        action: Action::Create,
        service: &VPC,
        protocol: Protocol::Rpc,
        title: t("Customer gateway", "用户网关"),
        summary: t(
            "Creates a customer gateway: it registers your on-premises gateway device with the cloud.",
            "创建用户网关：在云上登记本地网关设备的信息。",
        ),
        behaviour: t(
            "The answer carries the gateway's ID; the gateway exists at once and has no status of its own. Within one region an account can register an address once.",
            "响应返回用户网关 ID；用户网关立即存在，没有状态字段。同一账号在同一地域内，IP 地址不可重复。",
        ),
        document: &DOCUMENT,
        params: &[
            Param {
                name: "RegionId",
                label: t("Region", "地域"),
                help: t("The region of the customer gateway.", "用户网关所在的地域。"),
                required: true,
                rules: &region_rules(21),
                example: Example::Usable("cn-shanghai"),
                control: Control::Region,
                source: Source::Line(21),
                ..Param::TEXT
            },
            Param {
                name: "IpAddress",
                label: t("IP address", "IP 地址"),
                help: t("The customer gateway's IP address.", "用户网关的 IP 地址。"),
                required: true,
                rules: &[
                    Rule::error(Check::Ip, 18),
                    Rule::warning(Check::Ipv4, Source::Line(18)).note(t(
                        "The document's examples are IPv4; whether the cloud takes IPv6 is unverified.",
                        "文档示例均为 IPv4；云端是否接受 IPv6 未经验证。",
                    )),
                    Rule::warning(
                        Check::NotWithin(REFUSED_ADDRESSES),
                        PRESENT_DOCUMENT,
                    )
                    .note(t(
                        "The vendor's present document does not support such an address.",
                        "厂商现行文档不支持此类地址。",
                    )),
                ],
                // The request example is masked (116.62.222.xxx); this one is the answer's, line 43.
                example: Example::Usable("100.1.1.2"),
                source: Source::Line(18),
                ..Param::TEXT
            },
            Param {
                name: "Name",
                label: t("Name", "名称"),
                help: t("The name of the customer gateway.", "用户网关的名称。"),
                rules: &and::<5, 6>(name_rules(32), limit_today(100)),
                example: Example::Usable("Gateway"),
                source: Source::Line(32),
                ..Param::TEXT
            },
            Param {
                name: "Description",
                label: t("Description", "描述"),
                help: t("The description of the customer gateway.", "用户网关的描述信息。"),
                rules: &and::<5, 6>(description_rules(29), limit_today(100)),
                example: Example::Usable("用户网关"),
                control: Control::Area,
                source: Source::Line(29),
                ..Param::TEXT
            },
            Param {
                name: "ClientToken",
                label: t("Client token", "客户端 Token"),
                help: t(
                    "Ensures the idempotence of the request. It must be unique for each request, and the same only when a request is repeated: the first result is then returned instead of a second gateway being created.",
                    "用于保证请求的幂等性。不同请求之间必须唯一，仅在重试同一请求时保持不变，此时返回第一次的结果，而不会创建第二个用户网关。",
                ),
                rules: &[
                    Rule::error(Check::Length { min: 0, max: 64 }, 26),
                    Rule::error(Check::Ascii, 26),
                ],
                example: Example::Usable("02fb3da4-130e-11e9-8e44-0016e04115b"),
                control: Control::Token,
                source: Source::Line(26),
                ..Param::TEXT
            },
            Param {
                name: "Asn",
                label: t("Autonomous system number", "自治系统号（ASN）"),
                help: t(
                    "The autonomous system number of your gateway device, for BGP: 1–4294967295, also in two segments like 123.456.",
                    "本地网关设备的自治系统号，用于 BGP：1–4294967295，也可写成“前 16 位”与“后 16 位”以点号分隔的两段形式，例如 123.456。",
                ),
                rules: &[Rule::warning(Check::AsnBut(45_104), PRESENT_DOCUMENT)],
                source: PRESENT_DOCUMENT,
                ..Param::TEXT
            },
            Param {
                name: "AuthKey",
                label: t("BGP authentication key", "BGP 认证密钥"),
                help: t(
                    "The key with which your gateway device authenticates in BGP: 1–64 ASCII characters without blanks and question marks.",
                    "本地网关设备 BGP 路由协议的认证密钥：1–64 个 ASCII 字符，不含空格和半角问号。",
                ),
                rules: &[
                    Rule::warning(Check::Length { min: 1, max: 64 }, PRESENT_DOCUMENT),
                    Rule::warning(Check::VisibleAsciiBut("?"), PRESENT_DOCUMENT),
                ],
                privacy: Privacy::Secret,
                source: PRESENT_DOCUMENT,
                ..Param::TEXT
            },
            Param {
                name: "ResourceGroupId",
                label: t("Resource group ID", "资源组 ID"),
                help: t(
                    "The resource group that the gateway belongs to; without it, the default resource group.",
                    "用户网关所属的资源组。不传则属于默认资源组。",
                ),
                source: PRESENT_DOCUMENT,
                ..Param::TEXT
            },
            Param {
                name: "Tags",
                label: t("Tags", "标签"),
                help: t("A tag value can be empty.", "标签值可以为空。"),
                kind: Kind::List {
                    item: &TAG,
                    max: 20,
                    severity: Severity::Warning,
                    source: PRESENT_DOCUMENT,
                },
                rules: UNIQUE_KEYS,
                source: PRESENT_DOCUMENT,
                ..Param::TEXT
            },
        ],
        cross: &[],
        token: Some("ClientToken"),
    },
    response: ResponseSchema {
        status: 200,
        id: "CustomerGatewayId",
        resource_status: None,
        request_id: "RequestId",
        fields: &[
            field("CustomerGatewayId", t("The gateway's ID.", "用户网关的 ID。"), "cgw-bp1aw0a5nfff03xp1pcqc", FieldValue::Id, 40),
            field("IpAddress", t("The gateway's IP address.", "用户网关的 IP 地址。"), "100.1.1.2", FieldValue::Echo("IpAddress"), 43),
            field("Name", t("The gateway's name.", "用户网关的名称。"), "test", FieldValue::Echo("Name"), 46),
            field("Description", t("The gateway's description.", "用户网关的描述信息。"), "test", FieldValue::Echo("Description"), 49),
            Field {
                kind: FieldKind::Integer,
                ..field("CreateTime", t("When it was created, in milliseconds since 1970.", "创建时间（毫秒时间戳）。"), "1493363486000", FieldValue::CreatedMillis, 52)
            },
            // The document's table gives a gateway id as the example (line 55), its answer a request id (line 79).
            Field {
                source: Doc::new(Source::Lines(55, 79)),
                ..request_id("185E81B1-3916-4667-B48F-C52409B33F2B", 55)
            },
        ],
        list: None,
    },
    error_list: error_centre("https://error-center.aliyun.com/status/product/Vpc", 109),
    permission: None,
    errors: &[
        ErrorCode {
            // The spelling is the server's own.
            code: "Forbbiden.SubUser",
            http: 403,
            message: "User not authorized to operate on the specified resource as your account is created by another user.",
            explanation: t("The account was created by another user and has no permission for this resource.", "当前账号由其他用户创建，没有操作该资源的权限。"),
            advice: t("Apply for the permission and try again.", "请您申请操作权限后再试。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Never,
            source: Source::Line(101),
        },
        ErrorCode {
            code: "Forbidden",
            http: 403,
            message: "User not authorized to operate on the specified resource.",
            explanation: t("The account has no permission for this resource.", "您没有权限操作指定资源。"),
            advice: t("Have the permission granted (RAM), or ask the vendor with a ticket.", "请申请 RAM 授权，或提交工单咨询。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Forbidden,
            source: Source::Line(102),
        },
        ErrorCode {
            code: "InvalidIpAddress.AlreadyExist",
            http: 400,
            message: "Specified IpAddress is already exist.",
            explanation: t("The account already has a gateway with this address in this region.", "该 IP 地址已存在：同一账号在同一地域内，IP 地址不可重复。"),
            advice: t("Use the existing gateway, or another address or region.", "请使用已有的用户网关，或更换 IP 或地域。"),
            parameter: Some("IpAddress"),
            class: ErrorClass::Rejected,
            when: When::Taken,
            source: Source::Line(103),
        },
        ErrorCode {
            code: "InvalidIpAddress.WrongFormat",
            http: 400,
            message: "Specified IpAddress is invalid.",
            explanation: t("The IP address is not valid.", "该 IP 不合法。"),
            advice: t("Enter the gateway's IP address, like 100.1.1.2.", "请输入用户网关的 IP 地址，例如 100.1.1.2。"),
            parameter: Some("IpAddress"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(104),
        },
        ErrorCode {
            code: "InvalidName",
            http: 400,
            message: "The name is not valid",
            explanation: t("The name's format is not valid.", "该名称格式不合法。"),
            advice: t("Change it: 2–128 characters (100 by the vendor's present document), starting with a letter or a Chinese character.", "请修改：2–128 个字符（厂商现行文档上限为 100 个），以字母或中文开头。"),
            parameter: Some("Name"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(105),
        },
        ErrorCode {
            code: "InvalidDescription",
            http: 400,
            message: "The description is not valid",
            explanation: t("The description's format is not valid.", "描述格式不合法。"),
            advice: t("Change it: 2–256 characters (100 by the vendor's present document), starting with a letter or a Chinese character.", "请修改：2–256 个字符（厂商现行文档上限为 100 个），以字母或中文开头。"),
            parameter: Some("Description"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(106),
        },
        ErrorCode {
            code: "Resource.QuotaFull",
            http: 400,
            message: "The quota of resource is full",
            explanation: t("The account's quota of customer gateways is used up.", "用户网关的资源配额已达上限。"),
            advice: t("Delete one that is no longer used, or ask the vendor for a higher quota.", "请删除不再使用的用户网关，或向厂商申请提升配额。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Quota,
            source: Source::Line(107),
        },
    ],
    examples: Doc::new(&[
        DocExample {
            kind: DocExampleKind::Request,
            line: 65,
            text: "https://vpc.aliyuncs.com/?Action=CreateCustomerGateway\n&IpAddress=116.62.222.xxx\n&RegionId=cn-shanghai\n&<公共请求参数>",
        },
        DocExample {
            kind: DocExampleKind::Xml,
            line: 77,
            text: "<CreateCustomerGatewayResponse>\n  <CustomerGatewayId>cgw-bp1aw0a5nfff03xp1pcqc</CustomerGatewayId>\n  <RequestId>185E81B1-3916-4667-B48F-C52409B33F2B</RequestId>\n  <CreateTime>1493363486000</CreateTime>\n  <IpAddress>100.1.1.2</IpAddress>\n</CreateCustomerGatewayResponse>",
        },
        DocExample {
            kind: DocExampleKind::Json,
            line: 89,
            text: "{\n\t\"CustomerGatewayId\":\"cgw-bp1jrawp82av6bws9h2ut\",\n\t\"RequestId\":\"D32B3C26-6C6C-4988-93E9-D2A6444CE6AE\",\n\t\"CreateTime\":1493363599000,\n\t\"IpAddress\":\"100.1.1.2\"\n}",
        },
    ]),
    quotes: &[
        (18, "用户网关的IP地址。"),
        (21, "用户网关所在的地域。 您可以通过调用[DescribeRegions]接口获取地域ID。"),
        (26, "用于保证请求的幂等性。由客户端生成该参数值，要保证在不同请求间唯一，最大值不超过 64 个 ASCII 字符。"),
        (29, "用户网关的描述信息。 长度为 2-256个字符，必须以字母或中文开头，但不能以`http://` 或`https://`开头。"),
        (32, "用户网关的名称。 长度为 2-128个字符，必须以字母或中文开头，可包含数字，点号（.），下划线（\\_）和短横线（-）。但不能以`http://` 或`https://`开头。"),
    ],
    page: Link {
        url: "https://api.aliyun.com/#product=Vpc&api=CreateCustomerGateway",
        source: Source::Line(7),
    },
    read_back: ReadBack {
        operation: "DescribeCustomerGateway",
        by_id: &[("RegionId", Fill::Param("RegionId", "")), ("CustomerGatewayId", Fill::Id)],
        by_name_operation: None,
        by_name: &[],
        pending: &[],
        when_present: Some("Exists"),
        reconcile: Reconcile {
            ways: &[
                Way::Replay,
                Way::RegionAndAddress { address: "IpAddress" },
            ],
            console: console("https://vpc.console.aliyun.com/"),
        },
        all: Some(Listing {
            operation: "DescribeCustomerGateways",
            params: &[("RegionId", Fill::Param("RegionId", "")), ("PageSize", Fill::Const("50"))],
            paging: BY_NUMBER,
        }),
        by_ids: None,
        source: READS,
    },
    simulation: Simulation {
        id_prefix: "cgw-",
        id_length: 21,
        states: &[],
        unique: Some(("IpAddress", "RegionId")),
        quota: 10_000,
    },
    reads: &[
Read {
operation: Operation {
            name: "DescribeCustomerGateway",
            title: t("Customer gateway", "用户网关"),
            summary: t("Reads one customer gateway.", "查询单个用户网关。"),
            params: &[REGION, GATEWAY_ID],
            ..READ
},
            response: ResponseSchema {
                id: "CustomerGatewayId",
                fields: &[
                    GATEWAY_FIELDS[0],
                    GATEWAY_FIELDS[1],
                    GATEWAY_FIELDS[2],
                    GATEWAY_FIELDS[3],
                    GATEWAY_FIELDS[4],
                    read_field("RequestId", t("The request's ID.", "请求 ID。"), FieldValue::RequestId),
                ],
                ..READ_RESPONSE
            },
},
Read {
operation: Operation {
            name: "DescribeCustomerGateways",
            title: t("Customer gateways", "用户网关列表"),
            summary: t("Lists customer gateways.", "查询用户网关列表。"),
            params: &[
                REGION,
                Param {
                    required: false,
                    ..GATEWAY_ID
                },
                PAGE_NUMBER,
                PAGE_SIZE_50,
            ],
            ..READ
},
            response: ResponseSchema {
                id: "CustomerGatewayId",
                list: Some(List {
                    path: "CustomerGateways.CustomerGateway",
                    fields: &GATEWAY_FIELDS,
                    select: &[("CustomerGatewayId", "CustomerGatewayId")],
                }),
                ..READ_RESPONSE
            },
},
    ],
    afterwards: Afterwards {
        next: Next::Unsaid(t(
            "The document describes the gateway alone and names nothing that follows.",
            "文档只描述用户网关本身，未提及后续操作。",
        )),
        deletion: Some(Deletion {
            operation: "DeleteCustomerGateway",
            id: "CustomerGatewayId",
            params: &[("RegionId", Fill::Param("RegionId", ""))],
            source: SDK,
        }),
    },
    tools: Tools {
        terraform: Some(Terraform {
            resource: "alicloud_vpn_customer_gateway",
            arguments: &[
                ("IpAddress", "ip_address"),
                ("Name", "customer_gateway_name"),
                ("Description", "description"),
                ("Asn", "asn"),
                ("Tags", "tags"),
            ],
        }),
        ..VPC_TOOLS
    },
};

const REGION: Param = Param {
    required: true,
    rules: &[
        Rule::error(Check::RegionLabel, 0).because(IN_HOST_NAME),
    ],
    control: Control::Region,
    ..read_param("RegionId", t("The region.", "地域。"))
};

/// A tag, as the vendor's present document has it.
const TAG: Param = Param {
    label: t("Tag", "标签"),
    kind: Kind::Object(&[
        Param {
            name: "Key",
            label: t("Key", "标签键"),
            help: t("The tag key.", "标签键。"),
            expected: Some(PRESENT_DOCUMENT),
            rules: &tag_rules(Check::Length { min: 1, max: 64 }),
            source: PRESENT_DOCUMENT,
            ..Param::TEXT
        },
        Param {
            name: "Value",
            label: t("Value", "标签值"),
            help: t("The tag value.", "标签值。"),
            may_be_empty: true,
            expected: Some(PRESENT_DOCUMENT),
            rules: &tag_rules(Check::Length { min: 0, max: 128 }),
            source: PRESENT_DOCUMENT,
            ..Param::TEXT
        },
    ]),
    source: PRESENT_DOCUMENT,
    ..Param::TEXT
};

const fn tag_rules(length: Check) -> [Rule; 5] {
    [
        Rule::warning(length, PRESENT_DOCUMENT),
        Rule::warning(Check::NotPrefix(FORBIDDEN_TAG_PREFIXES), PRESENT_DOCUMENT),
        Rule::warning(Check::NotPrefixAnyCase(FORBIDDEN_TAG_PREFIXES), ANY_CASE),
        Rule::warning(Check::NotContains(URL_PREFIXES), PRESENT_DOCUMENT),
        Rule::warning(Check::NotContainsAnyCase(URL_PREFIXES), ANY_CASE),
    ]
}

const GATEWAY_ID: Param = Param {
    required: true,
    ..read_param("CustomerGatewayId", t("The gateway's ID.", "用户网关 ID。"))
};

const GATEWAY_FIELDS: [Field; 5] = [
    read_field(
        "CustomerGatewayId",
        t("The gateway's ID.", "用户网关的 ID。"),
        FieldValue::Id,
    ),
    read_field(
        "IpAddress",
        t("The gateway's IP address.", "用户网关的 IP 地址。"),
        FieldValue::Echo("IpAddress"),
    ),
    read_field(
        "Name",
        t("The gateway's name.", "用户网关的名称。"),
        FieldValue::Echo("Name"),
    ),
    read_field(
        "Description",
        t("The gateway's description.", "用户网关的描述信息。"),
        FieldValue::Echo("Description"),
    ),
    read_number(
        "CreateTime",
        t(
            "When it was created, in milliseconds since 1970.",
            "创建时间（毫秒时间戳）。",
        ),
        FieldValue::CreatedMillis,
    ),
];
