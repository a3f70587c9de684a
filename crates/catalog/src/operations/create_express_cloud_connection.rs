//! CreateExpressCloudConnection: Alibaba Cloud VPC, version 2016-04-28.

use super::shared::*;
use crate::model::*;
use crate::text::t;

static DOCUMENT: Document = Document {
    file: "003_765e466a580c64f8.txt",
    title: t("CreateExpressCloudConnection (Vpc)", "专有网络 CreateExpressCloudConnection"),
};

const fn speed(value: &'static str, en: &'static str, zh: &'static str) -> Choice {
    Choice {
        value,
        label: t(en, zh),
    }
}

const fn port(value: &'static str, en: &'static str, zh: &'static str) -> Choice {
    Choice {
        value,
        label: t(en, zh),
    }
}

const fn operator(value: &'static str, en: &'static str, zh: &'static str) -> Choice {
    Choice {
        value,
        label: t(en, zh),
    }
}

/// The lines with the port types and their speeds.
const PORT_TYPES: Source = Source::Lines(58, 62);

/// The reason for a remark where the document gives an example and no format.
const NO_FORMAT: Source = Source::Decision(t(
    "the document states no format",
    "文档未规定格式",
));

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateExpressCloudConnection",
        action: Action::Create,
        service: &VPC,
        protocol: Protocol::Rpc,
        title: t("Express Cloud Connection (ECC)", "高速上云服务 ECC"),
        summary: t(
            "Applies for an Express Cloud Connection: a leased line from your data centre to the cloud.",
            "申请高速上云服务：从本地数据中心到云上的专线。",
        ),
        behaviour: t(
            "The answer carries the ID of the application. The API has no client token: after a lost answer, look the connection up by its name before you send again.",
            "响应返回申请实例的 ID。此 API 没有客户端 Token：响应丢失后，请先按名称查询，再决定是否重新发送。",
        ),
        document: &DOCUMENT,
        params: &[
            Param {
                name: "RegionId",
                label: t("Region", "地域"),
                help: t("The region of the connection.", "高速上云服务实例所在的地域 ID。"),
                required: true,
                rules: &region_rules(31),
                example: Example::Usable("cn-hangzhou"),
                control: Control::Region,
                source: Source::Line(31),
                ..Param::TEXT
            },
            Param {
                name: "Name",
                label: t("Name", "名称"),
                help: t("The name of the connection.", "高速上云服务的实例名称。"),
                rules: &name_rules(50),
                example: Example::Usable("doctest"),
                source: Source::Line(48),
                ..Param::TEXT
            },
            Param {
                name: "Description",
                label: t("Description", "描述"),
                help: t("The description of the connection.", "高速上云服务的描述信息。"),
                rules: &description_rules(42),
                example: Example::Usable("高速上云服务"),
                control: Control::Area,
                source: Source::Line(40),
                ..Param::TEXT
            },
            Param {
                name: "Bandwidth",
                label: t("Bandwidth (Mbit/s)", "带宽（Mbps）"),
                help: t("The bandwidth of the connection, in Mbit/s.", "高速上云服务的带宽，单位 Mbps。"),
                kind: Kind::Integer,
                required: true,
                // Today's SDK has dropped the list; the document states it, and it stays an error.
                rules: &[Rule::error(
                    Check::OneOf(&[
                        speed("2", "2 Mbit/s", "2 Mbps"),
                        speed("4", "4 Mbit/s", "4 Mbps"),
                        speed("6", "6 Mbit/s", "6 Mbps"),
                        speed("8", "8 Mbit/s", "8 Mbps"),
                        speed("10", "10 Mbit/s", "10 Mbps"),
                        speed("20", "20 Mbit/s", "20 Mbps"),
                        speed("50", "50 Mbit/s", "50 Mbps"),
                        speed("100", "100 Mbit/s", "100 Mbps"),
                        speed("200", "200 Mbit/s", "200 Mbps"),
                        speed("500", "500 Mbit/s", "500 Mbps"),
                        speed("1000", "1 Gbit/s", "1 Gbps"),
                        speed("10000", "10 Gbit/s", "10 Gbps"),
                        speed("40000", "40 Gbit/s", "40 Gbps"),
                    ]),
                    20,
                )],
                example: Example::Usable("2"),
                source: Source::Line(18),
                ..Param::TEXT
            },
            Param {
                name: "PortType",
                label: t("Port type", "端口类型"),
                help: t("The port type of the leased line.", "物理专线接入端口类型。"),
                rules: &[Rule::error(
                    Check::OneOf(&[
                        port("100Base-T", "100 Mbit/s, copper", "百兆电口"),
                        port("1000Base-T", "1 Gbit/s, copper (default)", "千兆电口（默认值）"),
                        port("1000Base-LX", "1 Gbit/s, single-mode fibre, 10 km", "千兆单模光口（10 千米）"),
                        port("10GBase-T", "10 Gbit/s, copper", "万兆电口"),
                        port("10GBase-LR", "10 Gbit/s, single-mode fibre, 10 km", "万兆单模光口（10 千米）"),
                    ]),
                    56,
                )
                .because(PORT_TYPES)],
                example: Example::Usable("100Base-T"),
                default: Some("1000Base-T"),
                source: Source::Line(56),
                ..Param::TEXT
            },
            Param {
                name: "IdcSP",
                label: t("Carrier of the data centre", "IDC 网络服务商"),
                help: t(
                    "The network service provider of your data centre. The document gives CU as its only example.",
                    "IDC 的网络服务商。文档仅给出示例 CU。",
                ),
                required: true,
                // Only CU is documented; the others are documented for the sibling
                // CreatePhysicalConnection.LineOperator, and using them here is an inference (U).
                rules: &[Rule::warning(
                    Check::OneOf(&[
                        operator("CU", "China Unicom", "中国联通"),
                        operator("CT", "China Telecom (unverified here)", "中国电信（此处未经验证）"),
                        operator("CM", "China Mobile (unverified here)", "中国移动（此处未经验证）"),
                        operator("CO", "Other operator in China (unverified here)", "中国其他运营商（此处未经验证）"),
                        operator("Equinix", "Equinix (unverified here)", "Equinix（此处未经验证）"),
                        operator("Other", "Other operator abroad (unverified here)", "境外其他运营商（此处未经验证）"),
                    ]),
                    Source::Fact(t(
                        "Alibaba Cloud, CreatePhysicalConnection, LineOperator",
                        "阿里云，CreatePhysicalConnection，LineOperator",
                    )),
                )],
                example: Example::Usable("CU"),
                source: Source::Line(23),
                ..Param::TEXT
            },
            Param {
                name: "PeerCity",
                label: t("City", "所在城市"),
                help: t("The city of your data centre.", "本地数据中心所在城市。"),
                example: Example::Usable("杭州"),
                source: Source::Line(53),
                ..Param::TEXT
            },
            Param {
                name: "PeerLocation",
                label: t("Location of the data centre", "数据中心位置"),
                help: t(
                    "Where your data centre is, precise to the floor.",
                    "本地数据中心的地理位置，需要精确到楼层。",
                ),
                required: true,
                rules: &[Rule::warning(Check::Floor, Source::Line(28))],
                example: Example::Usable("XX区XX大厦XX栋5楼"),
                source: Source::Line(26),
                ..Param::TEXT
            },
            Param {
                name: "RedundantEccId",
                label: t("Redundant connection", "冗余实例 ID"),
                help: t(
                    "The ID of the connection to which this one is redundant.",
                    "与本次申请的专线互为冗余的已有高速上云服务实例的 ID。",
                ),
                rules: &[Rule::warning(Check::Prefix("ecc-"), Source::Line(65))],
                example: Example::Masked("ecc-d****"),
                source: Source::Line(65),
                ..Param::TEXT
            },
            Param {
                name: "ContactMail",
                label: t("Contact e-mail", "联系人邮箱"),
                help: t("The contact's e-mail address.", "申请高速上云服务的联系人邮箱。"),
                rules: &[Rule::warning(Check::Email, NO_FORMAT)],
                example: Example::Masked("XX@example.com"),
                privacy: Privacy::Personal,
                source: Source::Line(34),
                ..Param::TEXT
            },
            Param {
                name: "ContactTel",
                label: t("Contact telephone", "联系人电话"),
                help: t("The contact's telephone number.", "申请高速上云服务的联系人电话。"),
                rules: &[Rule::warning(Check::Telephone, NO_FORMAT)],
                example: Example::Masked("152XXXXXXXX"),
                privacy: Privacy::Personal,
                source: Source::Line(37),
                ..Param::TEXT
            },
            Param {
                name: "IDCardNo",
                label: t("Contact's identity number", "联系人身份证号"),
                help: t("The contact's resident identity number.", "申请高速上云服务的联系人身份证号。"),
                rules: &[
                    Rule::warning(
                        Check::ResidentId,
                        Source::Decision(t(
                            "the document states no format; the standard GB 11643-1999 does",
                            "文档未规定格式，依据国家标准 GB 11643-1999",
                        )),
                    ),
                    Rule::warning(
                        Check::ResidentId18,
                        Source::Decision(t("numbers of the first generation went out of use", "第一代身份证号已停用")),
                    ),
                ],
                example: Example::Masked("32****************"),
                privacy: Privacy::Personal,
                source: Source::Line(45),
                ..Param::TEXT
            },
        ],
        cross: &[Cross {
            rule: "port-speed",
            params: ("PortType", "Bandwidth"),
            severity: Severity::Warning,
            check: CrossCheck::Ceiling {
                table: &[
                    ("100Base-T", 100),
                    ("1000Base-T", 1_000),
                    ("1000Base-LX", 1_000),
                    ("10GBase-T", 10_000),
                    ("10GBase-LR", 10_000),
                ],
                unit: t("Mbit/s", "Mbps"),
            },
            source: PORT_TYPES,
        }],
        token: None,
    },
    response: ResponseSchema {
        status: 200,
        id: "EccId",
        resource_status: None,
        request_id: "RequestId",
        fields: &[
            field("EccId", t("The new connection's ID.", "新建的高速上云服务实例 ID。"), "ecc-xxx*****", FieldValue::Id, 73),
            request_id("C004F022-1CC2-4958-9937-675513A2CD7E", 76),
        ],
        list: None,
    },
    // The document lists none and refers to the vendor's error centre (line 113).
    errors: &[],
    error_list: error_centre("https://error-center.aliyun.com/status/product/Vpc", 113),
    permission: None,
    examples: Doc::new(&[
        DocExample {
            kind: DocExampleKind::Request,
            line: 86,
            text: "http(s)://[Endpoint]/?Action=CreateExpressCloudConnection\n&<公共请求参数>",
        },
        DocExample {
            kind: DocExampleKind::Xml,
            line: 96,
            text: "<CreateExpressCloudConnectionResponse>\n    <EccId>ecc-bp1t9osmuln1vxfpt6gy8</EccId>\n    <RequestId>C004F022-1CC2-4958-9937-675513A2CD7E</RequestId>\n</CreateExpressCloudConnectionResponse>",
        },
        DocExample {
            kind: DocExampleKind::Json,
            line: 105,
            text: "{\n\t\"EccId\":\"ecc-bp1t9osmuln1vxfpt6gy8\",\n\t\"RequestId\":\"C004F022-1CC2-4958-9937-675513A2CD7E\"\n}",
        },
    ]),
    quotes: &[
        (18, "高速上云连接的带宽， 单位Mbps。 取值：**2|4|6|8|10|20|50|100|200|500|1000|10000|40000**"),
        (23, "IDC的网络服务商。"),
        (26, "本地数据中心的地理位置。 需要精确到楼层。"),
        (31, "高速上云服务实例所在的地域ID。"),
        (34, "申请高速上云连接的联系人邮件。"),
        (37, "申请高速上云服务的联系人电话。"),
        (40, "高速上云服务的描述信息。 长度为 2-256个字符，必须以字母或中文开头，但不能以`http://`或`https://`开头。"),
        (45, "申请高速上云服务的联系人身份证号。"),
        (48, "高速上云服务的实例名称。 长度为 2-128个字符，必须以字母或中文开头，可包含数字，点号（.），下划线（\\_）和短横线（-）。但不能以`http://` 或`https://`开头。"),
        (53, "所在城市。"),
        (56, "物理专线接入端口类型，取值： -   100Base-T：百兆电口 -   1000Base-T（默认值）：千兆电口 -   1000Base-LX：千兆单模光口（10千米） -   10GBase-T：万兆电口 -   10GBase-LR：万兆单模光口（10千米）"),
        (65, "冗余高速上云服务专线实例ID。"),
    ],
    page: Link {
        url: "https://api.aliyun.com/#product=Vpc&api=CreateExpressCloudConnection&type=RPC&version=2016-04-28",
        source: Source::Line(7),
    },
    read_back: ReadBack {
        operation: "DescribeExpressCloudConnections",
        by_id: &[
            ("RegionId", Fill::Param("RegionId", "")),
            ("Filter.1.Key", Fill::Const("eccid")),
            ("Filter.1.Value.1", Fill::Id),
        ],
        by_name_operation: Some("DescribeExpressCloudConnections"),
        by_name: &[
            ("RegionId", Fill::Param("RegionId", "")),
            ("Filter.1.Key", Fill::Const("Name")),
            ("Filter.1.Value.1", Fill::Param("Name", "")),
            ("PageSize", Fill::Const("50")),
        ],
        pending: &[],
        when_present: Some("Exists"),
        reconcile: Reconcile {
            ways: &[Way::NameAndTime],
            console: console("https://vpc.console.aliyun.com/"),
        },
        all: Some(Listing {
            operation: "DescribeExpressCloudConnections",
            params: &[("RegionId", Fill::Param("RegionId", "")), ("PageSize", Fill::Const("50"))],
            paging: BY_NUMBER,
        }),
        // A filter has a list of values, and no document says what several of them mean.
        by_ids: None,
        source: Source::Fact(t(
            "aliyun-python-sdk-vpc 3.0.17; whether the cloud still answers is unverified",
            "aliyun-python-sdk-vpc 3.0.17；云端是否仍然响应未经验证",
        )),
    },
    simulation: Simulation {
        id_prefix: "ecc-",
        id_length: 21,
        states: &[(0, "Initial")],
        unique: None,
        quota: 10_000,
    },
    reads: &[
Read {
operation: Operation {
        name: "DescribeExpressCloudConnections",
        title: t("Express Cloud Connections", "高速上云服务列表"),
        summary: t(
            "Lists Express Cloud Connections with their status. An older SDK has this read; whether the cloud still answers is unverified.",
            "查询高速上云服务及其状态。旧版 SDK 提供此接口；云端是否仍支持未经验证。",
        ),
        params: &[
            Param {
                required: true,
                rules: &[Rule::error(Check::RegionLabel, 0)
                    .because(IN_HOST_NAME)],
                control: Control::Region,
                ..read_param("RegionId", t("The region.", "地域。"))
            },
            Param {
                kind: Kind::List {
                    item: &Param {
                        kind: Kind::Object(&[
                            Param {
                                required: true,
                                ..read_param(
                                    "Key",
                                    t("eccid, bandwidth, Status or Name.", "eccid、bandwidth、Status 或 Name。"),
                                )
                            },
                            FILTER_VALUE,
                        ]),
                        source: READS,
                        ..Param::TEXT
                    },
                    max: 5,
                    severity: Severity::Error,
                    source: READS,
                },
                ..read_param("Filter", t("What to find.", "过滤条件。"))
            },
            PAGE_NUMBER,
            PAGE_SIZE_50,
        ],
        ..READ
},
        response: ResponseSchema {
            id: "InstanceId",
            resource_status: Some("Status"),
            list: Some(List {
                path: "ExpressCloudConnectionSet.ExpressCloudConnectionType",
                fields: &[
                    read_field("InstanceId", t("The connection's ID.", "实例 ID。"), FieldValue::Id),
                    read_field("Status", t("Initial or Normal appear as values.", "已知取值：Initial、Normal。"), FieldValue::Status),
                    read_field("BusinessStatus", t("The billing status.", "业务状态。"), FieldValue::Const("Normal")),
                    read_field("ApplicationStatus", t("The application's status.", "申请状态。"), FieldValue::Absent),
                    read_field("Name", t("The connection's name.", "实例名称。"), FieldValue::Echo("Name")),
                    read_field("Description", t("The connection's description.", "描述信息。"), FieldValue::Echo("Description")),
                    read_field("Bandwidth", t("The bandwidth, in Mbit/s.", "带宽，单位 Mbps。"), FieldValue::Echo("Bandwidth")),
                ],
                select: &[
                    ("Filter.eccid", "InstanceId"),
                    ("Filter.bandwidth", "Bandwidth"),
                    ("Filter.Status", "Status"),
                    ("Filter.Name", "Name"),
                ],
            }),
            ..READ_RESPONSE
        },
},
    ],
    afterwards: Afterwards {
        next: Next::Unsaid(t(
            "The document describes the application alone and names nothing that follows.",
            "文档只描述申请本身，未提及后续操作。",
        )),
        // The vendor's SDK has no API that deletes one.
        deletion: None,
    },
    // The vendor's provider for Terraform has no such resource.
    tools: VPC_TOOLS,
};
