//! CreateCloudConnection: Huawei Cloud Connect, version 3.

use super::shared::*;
use crate::model::*;
use crate::text::{same, t};

static DOCUMENT: Document = Document {
    file: "002_c8fcdd662c9dce43.txt",
    title: t("Cloud Connect: Creating a Cloud Connection (25 November 2024)", "云连接 创建云连接实例（2024 年 11 月 25 日）"),
};

static CC: Service = Service {
    id: "cc",
    code: "cc",
    version: "v3",
    provider: Provider::Huawei,
    product: t("Cloud Connect", "云连接 CC"),
    host: "cc.myhuaweicloud.com",
    regional_host: None,
    host_exceptions: &[],
};

/// The limits that the vendor's provider for Terraform has beyond the document.
const TERRAFORM: Source = Source::Fact(t(
    "Terraform provider of Huawei Cloud, huaweicloud_cc_connection",
    "华为云 Terraform Provider，huaweicloud_cc_connection",
));

/// What an enterprise project's ID looks like, which the document leaves open.
const ENTERPRISE_PROJECTS: Source = Source::Fact(t(
    "Huawei Cloud, Virtual Private Cloud, API Reference: 0 or a UUID",
    "华为云，虚拟私有云 API 参考：0 或 UUID",
));

/// The vendor's list, to which the document refers without an address (line 585). Of its codes these
/// can come of a creation.
const ERROR_CODES: Source = Source::Fact(t(
    "Huawei Cloud, Cloud Connect, API Reference, Error Codes",
    "华为云，云连接 API 参考，错误码",
));

/// Of the addresses of its pages, which the document does not name.
const API_REFERENCE: Source = Source::Fact(t(
    "Huawei Cloud, API reference of Cloud Connect; whether the address still leads to the page is unverified",
    "华为云云连接 API 参考；该地址是否仍指向该页面未经验证",
));

const DOMAIN_ID: Param = Param {
    name: "domain_id",
    label: t("Account ID", "账号 ID"),
    help: t(
        "The ID of the Huawei Cloud account (domain).",
        "华为云账号（domain）的 ID。",
    ),
    location: ParamLocation::Path,
    required: true,
    rules: &[
        Rule::error(Check::PathSegment, 28).because(Source::Decision(t(
            "the account ID becomes part of the path",
            "账号 ID 会成为路径的一部分",
        ))),
    ],
    control: Control::Account,
    source: Source::Line(28),
    ..Param::TEXT
};

const TOKEN: Param = Param {
    name: "X-Auth-Token",
    label: t("IAM user token", "IAM 用户 Token"),
    help: t(
        "A user token of your own from IAM. Leave it empty to use the proxy's credentials.",
        "您自己从 IAM 获取的用户 Token。留空则使用代理的凭证。",
    ),
    location: ParamLocation::Header,
    rules: &[
        Rule::error(Check::HeaderValue, 48).because(Source::Decision(t(
            "the token becomes a header",
            "Token 会成为请求头",
        ))),
    ],
    privacy: Privacy::Secret,
    source: Source::Line(48),
    ..Param::TEXT
};

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateCloudConnection",
        action: Action::Create,
        service: &CC,
        protocol: Protocol::Rest {
            method: "POST",
            path: "/v3/{domain_id}/ccaas/cloud-connections",
        },
        title: t("Cloud connection", "云连接实例"),
        summary: t("Creates a cloud connection.", "创建云连接实例。"),
        behaviour: t(
            "The answer carries the connection with its ID and status. The API has no client token: after a lost answer, look the connection up by its name before you send again.",
            "响应返回云连接实例及其 ID 和状态。此 API 没有客户端 Token：响应丢失后，请先按名称查询，再决定是否重新发送。",
        ),
        document: &DOCUMENT,
        params: &[
            DOMAIN_ID,
            Param {
                name: "cloud_connection",
                label: t("Cloud connection", "云连接实例"),
                help: t("Details of the cloud connection.", "云连接实例的详细信息。"),
                kind: Kind::Object(&[
                    Param {
                        name: "name",
                        label: t("Name", "名称"),
                        help: t(
                            "The name of the connection. The cloud refuses one that the account already uses.",
                            "实例名称。云端会拒绝账号内已使用的名称。",
                        ),
                        required: true,
                        rules: &[
                            Rule::warning(
                                Check::Length { min: 1, max: 64 },
                                TERRAFORM,
                            ),
                            Rule::warning(
                                Check::Chars(Chars::WordsAnd("-_.")),
                                TERRAFORM,
                            ),
                        ],
                        example: Example::Usable("test"),
                        source: Source::Line(84),
                        ..Param::TEXT
                    },
                    Param {
                        name: "description",
                        label: t("Description", "描述"),
                        help: t("The description of the connection.", "资源描述。"),
                        rules: &[
                            Rule::error(Check::Chars(Chars::AllBut("<>")), 98),
                            Rule::warning(
                                Check::Length { min: 0, max: 255 },
                                TERRAFORM,
                            ),
                        ],
                        example: Example::Usable(""),
                        control: Control::Area,
                        source: Source::Line(92),
                        ..Param::TEXT
                    },
                    Param {
                        name: "enterprise_project_id",
                        label: t("Enterprise project ID", "企业项目 ID"),
                        help: t(
                            "The ID of the enterprise project that the connection belongs to. 0 is the default project.",
                            "资源所属的企业项目 ID。0 表示默认企业项目。",
                        ),
                        rules: &[Rule::warning(Check::EnterpriseProject, ENTERPRISE_PROJECTS)],
                        example: Example::Usable("0"),
                        source: Source::Line(100),
                        ..Param::TEXT
                    },
                ]),
                location: ParamLocation::Body,
                required: true,
                source: Source::Line(66),
                ..Param::TEXT
            },
            TOKEN,
        ],
        cross: &[],
        token: None,
    },
    response: ResponseSchema {
        status: 201,
        id: "cloud_connection.id",
        resource_status: Some("cloud_connection.status"),
        request_id: "request_id",
        fields: &CONNECTION_FIELDS,
        list: None,
    },
    errors: &[
        error(
            "CC.1001",
            "Invalid parameters.",
            t("A parameter is not valid.", "参数无效。"),
            t("Correct it and send again.", "请修正后重新发送。"),
            When::Invalid,
        ),
        error(
            "CC.1006",
            "Account is restricted and cannot operate APIs such as adding or modifying resources.",
            t("The account is restricted and cannot add resources.", "账号受限，不能添加资源。"),
            t("Contact the vendor's customer service.", "请联系厂商技术支持。"),
            When::Never,
        ),
        ErrorCode {
            class: ErrorClass::Unknown,
            ..error(
                "CC.1007",
                "Internal Server Error.",
                t(
                    "The cloud failed inside while it was asked; it does not say whether the connection was created.",
                    "调用 API 时云端出现异常；无法得知云连接实例是否已创建。",
                ),
                t("Look the connection up by its name before you send again.", "请先按名称查询，再决定是否重新发送。"),
                When::Never,
            )
        },
        ErrorCode {
            parameter: Some("cloud_connection.name"),
            ..error(
                "CC.1031",
                "The cloud connection name is already in use.",
                t("The account already has a cloud connection of this name.", "云连接实例名称重复：账号内已有同名实例。"),
                t("Use the existing connection, or change the name.", "请使用已有的云连接实例，或更换名称。"),
                When::Taken,
            )
        },
        error(
            "CC.1033",
            "Insufficient cloud connection quota.",
            t("The account's quota of cloud connections is used up.", "云连接实例配额不足。"),
            t("Delete one that is no longer used, or ask the vendor for a higher quota.", "请删除不再使用的云连接实例，或向厂商申请提升配额。"),
            When::Quota,
        ),
        ErrorCode {
            class: ErrorClass::Unknown,
            ..error(
                "CC.1041",
                "Internal Server Error.",
                t(
                    "An unknown error inside the cloud; it does not say whether the connection was created.",
                    "云端内部未知异常；无法得知云连接实例是否已创建。",
                ),
                t("Look the connection up by its name before you send again.", "请先按名称查询，再决定是否重新发送。"),
                When::Never,
            )
        },
    ],
    error_list: Some(Link {
        url: "https://support.huaweicloud.com/intl/en-us/api-cc/ErrorCode.html",
        source: API_REFERENCE,
    }),
    permission: None,
    examples: Doc::new(&[
        DocExample {
            kind: DocExampleKind::Request,
            line: 252,
            text: "POST https://{cc_endpoint}/v3/{domain_id}/ccaas/cloud-connections\n\n{\n  \"cloud_connection\" : {\n    \"name\" : \"test\",\n    \"description\" : \"\",\n    \"enterprise_project_id\" : \"0\"\n  }\n}",
        },
        DocExample {
            kind: DocExampleKind::Json,
            line: 268,
            text: "{\n  \"cloud_connection\" : {\n    \"status\" : \"ACTIVE\",\n    \"id\" : \"XXX\",\n    \"name\" : \"cloud-connection name\",\n    \"description\" : \"cloud-connection description\",\n    \"domain_id\" : \"XXX\",\n    \"created_at\" : \"2023-09-20T08:28:28Z\",\n    \"updated_at\" : \"2023-09-20T08:28:28Z\",\n    \"admin_state_up\" : true,\n    \"used_scene\" : \"vpc\",\n    \"enterprise_project_id\" : \"0\",\n    \"network_instance_number\" : 0,\n    \"bandwidth_package_number\" : 0,\n    \"inter_region_bandwidth_number\" : 0,\n    \"tags\" : [ ]\n  },\n  \"request_id\" : \"d793a71f70e9370278b046ae39338393\"\n}",
        },
    ]),
    quotes: &[
        (28, "Account ID."),
        (48, "User token."),
        (66, "Details of the cloud connection."),
        (84, "Instance name."),
        (92, "Resource description. Angle brackets (<>) are not allowed."),
        (100, "ID of the enterprise project that the resource belongs to."),
    ],
    page: Link {
        url: "https://support.huaweicloud.com/intl/en-us/api-cc/CreateCloudConnection.html",
        source: API_REFERENCE,
    },
    read_back: ReadBack {
        operation: "ShowCloudConnection",
        by_id: &[("domain_id", Fill::Param("domain_id", "")), ("id", Fill::Id)],
        by_name_operation: Some("ListCloudConnections"),
        by_name: &[
            ("domain_id", Fill::Param("domain_id", "")),
            ("name.1", Fill::Param("cloud_connection.name", "")),
            ("limit", Fill::Const("500")),
        ],
        pending: &[],
        when_present: Some("Exists"),
        reconcile: Reconcile {
            ways: &[Way::NameAndTime],
            console: Link {
                url: "https://console-intl.huaweicloud.com/",
                source: Source::Decision(t("the vendor's own console", "厂商控制台")),
            },
        },
        all: Some(Listing {
            operation: "ListCloudConnections",
            params: &[("domain_id", Fill::Param("domain_id", "")), ("limit", Fill::Const("500"))],
            paging: Paging::Marker { marker: "marker", size: "limit" },
        }),
        by_ids: Some(ByIds {
            operation: "ListCloudConnections",
            params: &[("domain_id", Fill::Param("domain_id", "")), ("limit", Fill::Const("500"))],
            ids: "id",
            most: 20,
            source: Source::Fact(t(
                "Huawei Cloud, the document of ListCloudConnections: several IDs can be queried",
                "华为云 ListCloudConnections 文档：可查询多个 ID",
            )),
        }),
        source: READS,
    },
    simulation: Simulation {
        id_prefix: "",
        id_length: 0,
        states: &[(0, "ACTIVE")],
        unique: Some(("cloud_connection.name", "domain_id")),
        quota: 10_000,
    },
    reads: &[
Read {
operation: Operation {
            name: "ShowCloudConnection",
            service: &CC,
            protocol: Protocol::Rest {
                method: "GET",
                path: "/v3/{domain_id}/ccaas/cloud-connections/{id}",
            },
            title: t("Cloud connection", "云连接实例"),
            summary: t("Reads one cloud connection.", "查询单个云连接实例。"),
            params: &[
                DOMAIN_ID,
                Param {
                    location: ParamLocation::Path,
                    required: true,
                    rules: &[Rule::error(Check::PathSegment, 0)
                        .because(Source::Decision(t("the ID becomes part of the path", "ID 会成为路径的一部分")))],
                    ..read_param("id", t("The connection's ID.", "云连接实例 ID。"))
                },
                TOKEN,
            ],
            ..READ
},
            response: ResponseSchema {
                id: "cloud_connection.id",
                resource_status: Some("cloud_connection.status"),
                request_id: "request_id",
                fields: &CONNECTION_FIELDS,
                ..READ_RESPONSE
            },
},
Read {
operation: Operation {
            name: "ListCloudConnections",
            service: &CC,
            protocol: Protocol::Rest {
                method: "GET",
                path: "/v3/{domain_id}/ccaas/cloud-connections",
            },
            title: t("Cloud connections", "云连接实例列表"),
            summary: t("Lists cloud connections.", "查询云连接实例列表。"),
            params: &[
                DOMAIN_ID,
                Param {
                    kind: Kind::Integer,
                    rules: &[Rule::error(Check::Range { min: 1, max: 1_000 }, 0).because(READS)],
                    ..read_param("limit", t("Items on a page.", "每页条数。"))
                },
                read_param("marker", t("The page's last ID.", "上一页最后一条的 ID。")),
                texts("id", t("The IDs to find.", "要查询的 ID。")),
                texts("name", t("The names to find.", "要查询的名称。")),
                texts("status", t("The statuses to find.", "要查询的状态。")),
                TOKEN,
            ],
            ..READ
},
            response: ResponseSchema {
                id: "id",
                resource_status: Some("status"),
                request_id: "request_id",
                fields: &[read_field(
                    "request_id",
                    t("The request's ID.", "请求 ID。"),
                    FieldValue::RequestId,
                )],
                list: Some(List {
                    path: "cloud_connections",
                    fields: &[
                        read_field("id", t("The connection's ID.", "实例 ID。"), FieldValue::Id),
                        read_field("name", t("Its name.", "实例名称。"), FieldValue::Echo("cloud_connection.name")),
                        read_field("description", t("Its description.", "资源描述。"), FieldValue::Echo("cloud_connection.description")),
                        read_field("domain_id", t("The account's ID.", "账号 ID。"), FieldValue::Echo("domain_id")),
                        read_field("status", t("Its status.", "云连接实例状态。"), FieldValue::Status),
                        read_field("created_at", t("When it was created.", "创建时间。"), FieldValue::CreatedUtc(Zone::MayBeMissing)),
                        read_field("updated_at", t("When it was updated.", "更新时间。"), FieldValue::CreatedUtc(Zone::MayBeMissing)),
                    ],
                    select: &[("id", "id"), ("name", "name"), ("status", "status")],
                }),
                ..READ_RESPONSE
            },
},
    ],
    afterwards: Afterwards {
        next: Next::Step(NextStep {
            text: t(
                "Load the VPCs that it is to connect, bind bandwidth packages to it and configure inter-region bandwidths: its answer counts all three.",
                "加载要连通的网络实例（VPC），绑定带宽包，并配置域间带宽：响应中包含三者的个数。",
            ),
            source: Source::Lines(206, 226),
        }),
        deletion: Some(Deletion {
            operation: "DeleteCloudConnection",
            id: "id",
            params: &[],
            source: SDK,
        }),
    },
    tools: Tools {
        go: Some("github.com/huaweicloud/huaweicloud-sdk-go-v3/services/cc/v3"),
        npm: false,
        terraform: Some(Terraform {
            resource: "huaweicloud_cc_connection",
            arguments: &[
                ("cloud_connection.name", "name"),
                ("cloud_connection.description", "description"),
                ("cloud_connection.enterprise_project_id", "enterprise_project_id"),
            ],
        }),
    },
};

const fn error(
    code: &'static str,
    message: &'static str,
    explanation: crate::text::Text,
    advice: crate::text::Text,
    when: When,
) -> ErrorCode {
    ErrorCode {
        code,
        http: 400,
        message,
        explanation,
        advice,
        parameter: None,
        class: ErrorClass::Rejected,
        when,
        source: ERROR_CODES,
    }
}

const ITEM: Param = Param {
    label: same("value"),
    source: READS,
    ..Param::TEXT
};

const fn texts(name: &'static str, help: crate::text::Text) -> Param {
    Param {
        kind: Kind::List {
            item: &ITEM,
            max: 20,
            severity: Severity::Error,
            source: READS,
        },
        ..read_param(name, help)
    }
}

const fn typed(kind: FieldKind, field: Field) -> Field {
    Field { kind, ..field }
}

const CONNECTION_FIELDS: [Field; 17] = [
    field(
        "request_id",
        t("The request's ID.", "请求 ID。"),
        "d793a71f70e9370278b046ae39338393",
        FieldValue::RequestId,
        120,
    ),
    field(
        "cloud_connection.id",
        t("The connection's ID.", "实例 ID。"),
        "XXX",
        FieldValue::Id,
        140,
    ),
    field(
        "cloud_connection.name",
        t("Its name.", "实例名称。"),
        "cloud-connection name",
        FieldValue::Echo("cloud_connection.name"),
        146,
    ),
    field(
        "cloud_connection.description",
        t("Its description.", "资源描述。"),
        "cloud-connection description",
        FieldValue::Echo("cloud_connection.description"),
        152,
    ),
    field(
        "cloud_connection.domain_id",
        t("The account that it belongs to.", "实例所属账号 ID。"),
        "XXX",
        FieldValue::Echo("domain_id"),
        158,
    ),
    field(
        "cloud_connection.enterprise_project_id",
        t(
            "The enterprise project that it belongs to.",
            "资源所属企业项目 ID。",
        ),
        "0",
        FieldValue::Echo("cloud_connection.enterprise_project_id"),
        164,
    ),
    // The table gives the times without a zone and the example with `Z` (lines 174 and 275): that they are in
    // UTC is the example's word. Both are read, and the sandbox sends the `Z`.
    field(
        "cloud_connection.created_at",
        t("When it was created (in UTC in the document's example).", "资源创建时间（文档示例为 UTC 时间）。"),
        "2023-09-20T08:28:28Z",
        FieldValue::CreatedUtc(Zone::MayBeMissing),
        170,
    ),
    field(
        "cloud_connection.updated_at",
        t("When it was updated (in UTC in the document's example).", "资源更新时间（文档示例为 UTC 时间）。"),
        "2023-09-20T08:28:28Z",
        FieldValue::CreatedUtc(Zone::MayBeMissing),
        176,
    ),
    typed(
        FieldKind::List,
        field(
            "cloud_connection.tags",
            t(
                "Its tags. They cannot be set at creation.",
                "资源标签，创建时不能设置。",
            ),
            "[ ]",
            FieldValue::Const("[]"),
            182,
        ),
    ),
    field(
        "cloud_connection.tags.key",
        t(
            "A tag's key: at most 128 characters, with letters, digits, - and _.",
            "标签键：最多 128 个字符，包含字母、数字、- 和 _。",
        ),
        "",
        FieldValue::Absent,
        236,
    ),
    field(
        "cloud_connection.tags.value",
        t(
            "A tag's value: at most 255 characters, with letters, digits, -, _ and periods.",
            "标签值：最多 255 个字符，包含字母、数字、-、_ 和点号。",
        ),
        "",
        FieldValue::Absent,
        242,
    ),
    field(
        "cloud_connection.status",
        t(
            "Its status. ACTIVE: available.",
            "云连接实例状态。ACTIVE：可用。",
        ),
        "ACTIVE",
        FieldValue::Status,
        188,
    ),
    typed(
        FieldKind::Boolean,
        field(
            "cloud_connection.admin_state_up",
            t("Its administrative status.", "云连接实例的管理状态。"),
            "true",
            FieldValue::Const("true"),
            196,
        ),
    ),
    // The table writes VPC, the example vpc (lines 208 and 278): the example is what a server sent.
    field(
        "cloud_connection.used_scene",
        t(
            "Its scenario: vpc connects VPCs.",
            "使用场景：vpc 表示连接 VPC。",
        ),
        "vpc",
        FieldValue::Const("vpc"),
        202,
    ),
    typed(
        FieldKind::Integer,
        field(
            "cloud_connection.network_instance_number",
            t(
                "Number of network instances loaded.",
                "已加载的网络实例数。",
            ),
            "0",
            FieldValue::Const("0"),
            210,
        ),
    ),
    typed(
        FieldKind::Integer,
        field(
            "cloud_connection.bandwidth_package_number",
            t("Number of bandwidth packages bound.", "已绑定的带宽包数。"),
            "0",
            FieldValue::Const("0"),
            216,
        ),
    ),
    typed(
        FieldKind::Integer,
        field(
            "cloud_connection.inter_region_bandwidth_number",
            t(
                "Number of inter-region bandwidths configured.",
                "已配置的域间带宽数。",
            ),
            "0",
            FieldValue::Const("0"),
            222,
        ),
    ),
];
