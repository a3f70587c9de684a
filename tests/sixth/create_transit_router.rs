//! CreateTransitRouter: an operation that no vendor has, for the tests of how an operation is added
//! (`cargo xtask test sixth`). It differs from the others wherever their tables agree: a region called
//! `region` and in the body, a REST operation with a regional host, a client token in a header, an
//! error where two values do not fit each other, a list with members of its own, documented codes of
//! Huawei Cloud's kind, 202 as its success.

use super::shared::*;
use crate::model::*;
use crate::text::{same, t, Text};

static DOCUMENT: Document = Document {
    file: "005_invented.txt",
    title: t(
        "Transit Router: Creating a Transit Router (invented)",
        "中转路由器：创建中转路由器（虚构）",
    ),
};

static TR: Service = Service {
    id: "tr",
    code: "tr",
    version: "v1",
    provider: Provider::Huawei,
    product: t("Transit Router", "中转路由器"),
    host: "tr.myhuaweicloud.com",
    regional_host: Some("tr.{region}.myhuaweicloud.com"),
    host_exceptions: &[],
};

const fn choice(value: &'static str, en: &'static str, zh: &'static str) -> Choice {
    Choice {
        value,
        label: t(en, zh),
    }
}

const REGION: Param = Param {
    name: "region",
    label: t("Region", "区域"),
    help: t("The region of the router.", "路由器所在的区域。"),
    required: true,
    rules: &[
        Rule::error(Check::RegionLabel, 12).because(Source::Decision(t(
            "the region becomes part of a host name",
            "区域会成为主机名的一部分",
        ))),
        Rule::warning(
            Check::OneOf(&[
                choice("cn-north-4", "CN North (Beijing 4)", "华北-北京四"),
                choice("ap-southeast-3", "AP (Singapore)", "亚太-新加坡"),
            ]),
            Source::Line(12),
        ),
    ],
    example: Example::Usable("cn-north-4"),
    control: Control::Region,
    source: Source::Line(12),
    ..Param::TEXT
};

/// The reads call it otherwise.
const ASKED_REGION: Param = Param {
    name: "in_region",
    ..REGION
};

const PROJECT: Param = Param {
    name: "project",
    label: t("Account ID", "账号 ID"),
    help: t("The account that owns the router.", "路由器所属的账号。"),
    location: ParamLocation::Path,
    required: true,
    rules: &[Rule::error(Check::PathSegment, 15)],
    control: Control::Account,
    source: Source::Line(15),
    ..Param::TEXT
};

const ATTACHMENT: Param = Param {
    label: t("Attachment", "连接"),
    kind: Kind::Object(&[
        Param {
            name: "network",
            label: t("Network", "网络"),
            help: t("The network's ID.", "网络的 ID。"),
            required: true,
            rules: &[Rule::error(Check::Prefix("net-"), 41)],
            example: Example::Usable("net-1"),
            source: Source::Line(41),
            ..Param::TEXT
        },
        Param {
            name: "cidr",
            label: t("Network range", "网段"),
            help: t("The range that is routed.", "要路由的网段。"),
            rules: &[Rule::error(Check::Cidr, 44)],
            example: Example::Usable("10.1.0.0/16"),
            source: Source::Line(44),
            ..Param::TEXT
        },
        Param {
            name: "weight",
            label: t("Weight", "权重"),
            help: t("From 1 to 10.", "1 至 10。"),
            kind: Kind::Integer,
            rules: &[Rule::error(Check::Range { min: 1, max: 10 }, 47)],
            example: Example::Usable("5"),
            source: Source::Line(47),
            ..Param::TEXT
        },
    ]),
    source: Source::Line(38),
    ..Param::TEXT
};

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateTransitRouter",
        action: Action::Create,
        service: &TR,
        protocol: Protocol::Rest {
            method: "POST",
            path: "/v1/{project}/transit-routers",
        },
        title: t("Transit router", "中转路由器"),
        summary: t("Creates a transit router between networks.", "创建连接多个网络的中转路由器。"),
        behaviour: t(
            "Asynchronous: the answer carries the ID at once; the router is ready when its status is Active.",
            "异步操作：响应立即返回 ID；状态为 Active 时路由器可用。",
        ),
        document: &DOCUMENT,
        params: &[
            Param {
                location: ParamLocation::Body,
                ..REGION
            },
            PROJECT,
            Param {
                name: "name",
                label: t("Name", "名称"),
                help: t("The name of the router.", "路由器的名称。"),
                location: ParamLocation::Body,
                required: true,
                rules: &[
                    Rule::error(Check::Length { min: 1, max: 64 }, 18),
                    Rule::error(Check::Chars(Chars::WordsAnd("._-")), 18),
                ],
                example: Example::Usable("router"),
                source: Source::Line(18),
                ..Param::TEXT
            },
            Param {
                name: "edition",
                label: t("Edition", "规格"),
                help: t("What the router can do.", "路由器的规格。"),
                location: ParamLocation::Body,
                rules: &[Rule::error(
                    Check::OneOf(&[
                        choice("basic", "Basic, up to 100 Mbit/s", "基础版，最高 100 Mbps"),
                        choice("premium", "Premium, up to 10 Gbit/s", "高级版，最高 10 Gbps"),
                    ]),
                    22,
                )],
                default: Some("basic"),
                source: Source::Line(22),
                ..Param::TEXT
            },
            Param {
                name: "bandwidth",
                label: t("Bandwidth (Mbit/s)", "带宽（Mbps）"),
                help: t("The bandwidth of the router, in Mbit/s.", "路由器的带宽，单位 Mbps。"),
                kind: Kind::Integer,
                location: ParamLocation::Body,
                required: true,
                rules: &[Rule::error(Check::Range { min: 1, max: 10_000 }, 26)],
                example: Example::Usable("50"),
                source: Source::Line(26),
                ..Param::TEXT
            },
            Param {
                name: "attachments",
                label: t("Attachments", "连接"),
                help: t("Up to 3 networks.", "最多 3 个网络。"),
                kind: Kind::List {
                    item: &ATTACHMENT,
                    max: 3,
                    severity: Severity::Error,
                    source: Source::Line(38),
                },
                location: ParamLocation::Body,
                rules: &[Rule::error(Check::UniqueKeys("network"), 38)],
                source: Source::Line(38),
                ..Param::TEXT
            },
            Param {
                name: "contact",
                label: t("Contact telephone", "联系人电话"),
                help: t("Who is called when the router is down.", "路由器故障时的联系电话。"),
                location: ParamLocation::Body,
                rules: &[Rule::error(Check::Telephone, 50)],
                example: Example::Masked("138****0000"),
                privacy: Privacy::Personal,
                source: Source::Line(50),
                ..Param::TEXT
            },
            Param {
                name: "X-Client-Token",
                label: t("Client token", "客户端 Token"),
                help: t(
                    "A repetition with the same token returns the first result.",
                    "使用相同令牌重复请求会返回第一次的结果。",
                ),
                location: ParamLocation::Header,
                rules: &[
                    Rule::error(Check::Length { min: 1, max: 64 }, 54),
                    Rule::error(Check::HeaderValue, 54),
                ],
                control: Control::Token,
                source: Source::Line(54),
                ..Param::TEXT
            },
        ],
        cross: &[Cross {
            rule: "edition-bandwidth",
            params: ("edition", "bandwidth"),
            severity: Severity::Error,
            check: CrossCheck::Ceiling {
                table: &[("basic", 100), ("premium", 10_000)],
                unit: t("Mbit/s", "Mbps"),
            },
            source: Source::Line(28),
        }],
        token: Some("X-Client-Token"),
    },
    response: ResponseSchema {
        status: 202,
        id: "router.id",
        resource_status: Some("router.status"),
        request_id: "request_id",
        fields: &ROUTER,
        list: None,
    },
    error_list: None,
    permission: None,
    errors: &[
        error("TR.0400", When::Invalid, None, t("A value is not valid.", "参数取值无效。"), 80),
        error("TR.0401", When::Invalid, Some("attachments.cidr"), t("The range is not valid.", "网段无效。"), 81),
        error("TR.0403", When::Forbidden, None, t("The account may not do it.", "账号没有权限。"), 82),
        error("TR.0408", When::Taken, Some("name"), t("The name is taken in this region.", "该名称在此区域已被使用。"), 84),
        error("TR.0409", When::Quota, None, t("The account has too many routers.", "路由器数量已达上限。"), 83),
    ],
    examples: Doc::new(&[DocExample {
        kind: DocExampleKind::Json,
        line: 70,
        text: "{ \"router\": { \"id\": \"tr-0a1b2c3d\", \"name\": \"router\", \"status\": \"Creating\" }, \"request_id\": \"0f\" }",
    }]),
    quotes: &[
        (12, "The region of the router."),
        (15, "The account that owns the router."),
        (18, "The name of the router."),
        (22, "What the router can do."),
        (26, "The bandwidth of the router, in Mbit/s."),
        (38, "Up to 3 networks."),
        (41, "The network's ID."),
        (44, "The range that is routed."),
        (47, "From 1 to 10."),
        (50, "Who is called when the router is down."),
        (54, "A repetition with the same token returns the first result."),
    ],
    page: Link {
        url: "https://api.alibabacloud.com/document/Cbn/2017-09-12/CreateTransitRouter",
        source: OPENAPI_PAGE,
    },
    read_back: ReadBack {
        operation: "ShowTransitRouter",
        by_id: &[
            ("in_region", Fill::Param("region", "")),
            ("project", Fill::Param("project", "")),
            ("id", Fill::Id),
        ],
        by_name_operation: Some("ListTransitRouters"),
        by_name: &[
            ("in_region", Fill::Param("region", "")),
            ("project", Fill::Param("project", "")),
            ("name", Fill::Param("name", "")),
        ],
        pending: &["Creating"],
        when_present: None,
        reconcile: Reconcile {
            ways: &[Way::Replay, Way::NameAndTime],
            console: Link {
                url: "https://console.example.com/",
                source: Source::Line(60),
            },
        },
        all: Some(Listing {
            operation: "ListTransitRouters",
            params: &[
                ("in_region", Fill::Param("region", "")),
                ("project", Fill::Param("project", "")),
                ("limit", Fill::Const("100")),
            ],
            paging: Paging::Marker { marker: "marker", size: "limit" },
        }),
        by_ids: None,
        source: Source::Line(60),
    },
    simulation: Simulation {
        id_prefix: "tr-",
        id_length: 8,
        states: &[(0, "Creating"), (3_000, "Active")],
        unique: Some(("name", "region")),
        quota: 100,
    },
    reads: &[
Read {
operation: Operation {
            name: "ShowTransitRouter",
            service: &TR,
            protocol: Protocol::Rest {
                method: "GET",
                path: "/v1/{project}/transit-routers/{id}",
            },
            title: t("Transit router", "中转路由器"),
            summary: t("Reads one transit router.", "查询单个中转路由器。"),
            params: &[
                ASKED_REGION,
                PROJECT,
                Param {
                    location: ParamLocation::Path,
                    required: true,
                    rules: &[Rule::error(Check::PathSegment, 62)],
                    ..read_param("id", t("The router's ID.", "路由器 ID。"))
                },
            ],
            ..READ
},
            response: ResponseSchema {
                id: "router.id",
                resource_status: Some("router.status"),
                request_id: "request_id",
                fields: &ROUTER,
                ..READ_RESPONSE
            },
},
Read {
operation: Operation {
            name: "ListTransitRouters",
            service: &TR,
            protocol: Protocol::Rest {
                method: "GET",
                path: "/v1/{project}/transit-routers",
            },
            title: t("Transit routers", "中转路由器列表"),
            summary: t("Lists transit routers.", "查询中转路由器列表。"),
            params: &[
                ASKED_REGION,
                PROJECT,
                read_param("name", t("The name to find.", "要查询的名称。")),
                Param {
                    kind: Kind::Integer,
                    rules: &[Rule::error(Check::Range { min: 1, max: 100 }, 64)],
                    ..read_param("limit", t("Items on a page.", "每页条数。"))
                },
                read_param("marker", t("The page's last ID.", "上一页最后一条的 ID。")),
            ],
            ..READ
},
            response: ResponseSchema {
                id: "id",
                resource_status: Some("status"),
                request_id: "request_id",
                fields: &[read_field("request_id", t("The request's ID.", "请求 ID。"), FieldValue::RequestId)],
                list: Some(List {
                    path: "routers",
                    fields: &[
                        read_field("id", t("The router's ID.", "路由器 ID。"), FieldValue::Id),
                        read_field("name", t("Its name.", "名称。"), FieldValue::Echo("name")),
                        read_field("status", t("Its status.", "状态。"), FieldValue::Status),
                    ],
                    select: &[("name", "name")],
                }),
                ..READ_RESPONSE
            },
},
    ],
    afterwards: Afterwards {
        next: Next::Unsaid(t(
            "The document names nothing that follows.",
            "文档未提及后续操作。",
        )),
        deletion: None,
    },
    tools: Tools::NONE,
};

const ROUTER: [Field; 6] = [
    field("request_id", t("The request's ID.", "请求 ID。"), "0f", FieldValue::RequestId, 66),
    field("router.id", t("The router's ID.", "路由器 ID。"), "tr-0a1b2c3d", FieldValue::Id, 67),
    field("router.name", t("Its name.", "名称。"), "router", FieldValue::Echo("name"), 68),
    Field {
        kind: FieldKind::Integer,
        ..field("router.bandwidth", t("Its bandwidth.", "带宽。"), "50", FieldValue::Echo("bandwidth"), 69)
    },
    Field {
        kind: FieldKind::List,
        ..field("router.attachments", t("Its networks.", "所连接的网络。"), "[]", FieldValue::Items("attachments"), 70)
    },
    field("router.status", t("Creating or Active.", "Creating 或 Active。"), "Creating", FieldValue::Status, 71),
];

const fn error(
    code: &'static str,
    when: When,
    parameter: Option<&'static str>,
    explanation: Text,
    line: u16,
) -> ErrorCode {
    ErrorCode {
        code,
        http: 400,
        message: "Refused.",
        explanation,
        advice: same("https://example.com/"),
        parameter,
        class: ErrorClass::Rejected,
        when,
        source: Source::Line(line),
    }
}
