//! CreateCen: Alibaba Cloud Enterprise Network, version 2017-09-12.

use super::shared::*;
use crate::model::*;
use crate::text::t;

static DOCUMENT: Document = Document {
    file: "001_6f990ec43035c9fe.txt",
    title: t("Cloud Enterprise Network: CreateCen (7 August 2025)", "云企业网 CreateCen（2025 年 8 月 7 日）"),
};

static CBN: Service = Service {
    id: "cbn",
    code: "Cbn",
    version: "2017-09-12",
    provider: Provider::Alibaba,
    product: t("Cloud Enterprise Network", "云企业网"),
    host: "cbn.aliyuncs.com",
    regional_host: None,
    host_exceptions: &[],
};

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateCen",
        action: Action::Create,
        service: &CBN,
        protocol: Protocol::Rpc,
        title: t("CEN instance", "云企业网实例 CEN"),
        summary: t(
            "Creates a Cloud Enterprise Network instance: the fundamental resource that manages a network spanning one or more regions.",
            "创建云企业网实例：管理跨一个或多个地域的网络的基础资源。",
        ),
        behaviour: t(
            "Asynchronous: the answer carries the instance's ID at once, and the instance is created in the background. While its status is Creating you can only query it; when it is Active it is created.",
            "异步操作：响应立即返回实例 ID，实例在后台创建。状态为 Creating 时只能查询；状态为 Active 时创建完成。",
        ),
        document: &DOCUMENT,
        params: &[
            Param {
                name: "Name",
                label: t("Name", "名称"),
                help: t("The name of the CEN instance. It can be empty.", "云企业网实例的名称，可以为空。"),
                rules: &[
                    Rule::error(Check::Length { min: 0, max: 128 }, 101),
                    Rule::error(Check::NotPrefix(URL_PREFIXES), 101),
                    Rule::warning(Check::NotPrefixAnyCase(URL_PREFIXES), ANY_CASE),
                ],
                example: Example::Usable("testname"),
                source: Source::Line(93),
                ..Param::TEXT
            },
            Param {
                name: "Description",
                label: t("Description", "描述"),
                help: t("The description of the CEN instance. It can be empty.", "云企业网实例的描述，可以为空。"),
                rules: &[
                    Rule::error(Check::Length { min: 0, max: 256 }, 113),
                    Rule::error(Check::NotPrefix(URL_PREFIXES), 113),
                    Rule::warning(Check::NotPrefixAnyCase(URL_PREFIXES), ANY_CASE),
                ],
                example: Example::Usable("testdesc"),
                control: Control::Area,
                source: Source::Line(105),
                ..Param::TEXT
            },
            Param {
                name: "ProtectionLevel",
                label: t("CIDR overlap", "网段重叠级别"),
                help: t("The level of CIDR block overlap.", "网段重叠的级别。"),
                rules: &[Rule::error(
                    Check::OneOf(&[Choice {
                        value: "REDUCED",
                        label: t(
                            "CIDR blocks can overlap but cannot be identical (default)",
                            "网段可以重叠，但不能完全相同（默认值）",
                        ),
                    }]),
                    125,
                )],
                example: Example::Usable("REDUCED"),
                default: Some("REDUCED"),
                source: Source::Line(117),
                ..Param::TEXT
            },
            Param {
                name: "Tag",
                label: t("Tags", "标签"),
                help: t(
                    "Each tag key must have a tag value, which can be empty.",
                    "每个标签键必须有对应的标签值，标签值可以为空。",
                ),
                kind: Kind::List {
                    item: &TAG,
                    max: 20,
                    severity: Severity::Error,
                    source: Source::Line(137),
                },
                rules: UNIQUE_KEYS,
                source: Source::Line(129),
                ..Param::TEXT
            },
            Param {
                name: "ClientToken",
                label: t("Client token", "客户端 Token"),
                help: t(
                    "Ensures the idempotence of the request. It must be unique for each request, and the same only when a request is repeated. Without it the cloud uses the RequestId, which is different for each request: a repetition then creates a second instance.",
                    "用于保证请求的幂等性。不同请求之间必须唯一，仅在重试同一请求时保持不变。不传时，云端使用每次请求都不同的 RequestId 作为客户端 Token，此时重试会创建第二个实例。",
                ),
                rules: &[
                    Rule::error(Check::Ascii, 85),
                ],
                example: Example::Masked("02fb3da4-130e-11e9-8e44-001****"),
                control: Control::Token,
                source: Source::Line(77),
                ..Param::TEXT
            },
        ],
        cross: &[],
        token: Some("ClientToken"),
    },
    response: ResponseSchema {
        status: 200,
        id: "CenId",
        resource_status: None,
        request_id: "RequestId",
        fields: &[
            field("CenId", t("The ID of the CEN instance.", "云企业网实例的 ID。"), "cen-dc4vwznpwbobrl****", FieldValue::Id, 185),
            request_id("0C2EE7A8-74D4-4081-8236-CEBDE3BBCF50", 193),
        ],
        list: None,
    },
    error_list: Some(Link {
        url: "https://api.alibabacloud.com/document/Cbn/2017-09-12/errorCode",
        // The document refers to the list without an address (line 227); those of other APIs have it.
        source: Source::Fact(t(
            "Alibaba Cloud, the documents of other APIs of this product",
            "阿里云，该产品其他 API 的文档",
        )),
    }),
    permission: Some(Permission {
        action: "cen:CreateCen",
        resource: "acs:cen:*:{#accountId}:ceninstance/*",
        source: Source::Lines(55, 61),
    }),
    errors: &[
        ErrorCode {
            code: "IllegalParam.ResourceGroupId",
            http: 400,
            message: "ResourceGroupId is illegal.",
            // The document lists the code although the API has no such parameter.
            explanation: t("The specified resource group is invalid.", "指定的资源组无效。"),
            advice: t("This form sends no resource group. Check the account's default resource group.", "本表单不发送资源组。请检查账号的默认资源组。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Never,
            source: Source::Line(222),
        },
        ErrorCode {
            code: "InvalidTagValue",
            http: 400,
            message: "The tag values are not valid.",
            explanation: t("The specified tag value is invalid.", "指定的标签值无效。"),
            advice: t("Change the tag's value: up to 128 characters, not starting with aliyun or acs:, without http:// or https://.", "请修改标签值：最多 128 个字符，不以 aliyun 或 acs: 开头，不含 http:// 或 https://。"),
            parameter: Some("Tag.Value"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(223),
        },
        ErrorCode {
            code: "InvalidParameter",
            http: 400,
            message: "Invalid parameter.",
            explanation: t("A parameter is set to an invalid value.", "某个参数的取值无效。"),
            advice: t("The vendor's message may name it. Correct it and send again.", "厂商的错误信息中可能会指出具体参数。请修正后重新发送。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(224),
        },
        ErrorCode {
            code: "Unauthorized",
            http: 400,
            message: "The AccessKeyId is unauthorized.",
            explanation: t("You do not have the permissions to perform this operation.", "您没有执行此操作的权限。"),
            advice: t("Have `cen:CreateCen` granted (RAM) for `acs:cen:*:{#accountId}:ceninstance/*`, or use another account.", "请申请在 `acs:cen:*:{#accountId}:ceninstance/*` 上执行 `cen:CreateCen` 的 RAM 授权，或更换账号。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Forbidden,
            source: Source::Line(225),
        },
    ],
    examples: Doc::new(&[DocExample {
        kind: DocExampleKind::Json,
        line: 207,
        text: "{\n  \"CenId\": \"cen-dc4vwznpwbobrl****\",\n  \"RequestId\": \"0C2EE7A8-74D4-4081-8236-CEBDE3BBCF50\"\n}",
    }]),
    quotes: &[
        (77, "The client token used to ensure the idempotence of the request. Generate a unique parameter value from your client for each request. `ClientToken` supports only ASCII characters. Note If you do not specify this parameter, the system uses the RequestId of the request as the ClientToken. The RequestId is different for each request."),
        (93, "The name of the CEN instance. The name can be empty or 1 to 128 characters in length. It cannot start with `http://` or `https://`."),
        (105, "The description of the CEN instance. The description can be empty or 1 to 256 characters in length. It cannot start with `http://` or `https://`."),
        (117, "The level of CIDR block overlap. Set the value to REDUCED. This is the default value. This value specifies that CIDR blocks can overlap but cannot be identical."),
        (129, "The tag information. You can specify up to 20 tags."),
        (151, "The tag key cannot be an empty string. It can be up to 64 characters in length. It cannot start with aliyun or acs:. It cannot contain http:// or https://. You can specify up to 20 tag keys."),
        (165, "The tag value can be empty or a string of up to 128 characters. It cannot start with aliyun or acs:. It cannot contain http:// or https://. Each tag key must have a corresponding tag value. You can specify up to 20 tag values."),
    ],
    page: Link {
        url: "https://api.alibabacloud.com/document/Cbn/2017-09-12/CreateCen",
        source: OPENAPI_PAGE,
    },
    read_back: ReadBack {
        operation: "DescribeCens",
        by_id: &[("Filter.1.Key", Fill::Const("CenId")), ("Filter.1.Value.1", Fill::Id)],
        by_name_operation: Some("DescribeCens"),
        by_name: &[
            ("Filter.1.Key", Fill::Const("Name")),
            ("Filter.1.Value.1", Fill::Param("Name", "")),
            ("PageSize", Fill::Const("50")),
        ],
        pending: &["Creating"],
        when_present: None,
        reconcile: Reconcile {
            ways: &[Way::Replay, Way::NameAndTime],
            console: console("https://cen.console.aliyun.com/"),
        },
        all: Some(Listing {
            operation: "DescribeCens",
            params: &[("PageSize", Fill::Const("50"))],
            paging: BY_NUMBER,
        }),
        by_ids: Some(ByIds {
            operation: "DescribeCens",
            params: &[("Filter.1.Key", Fill::Const("CenId")), ("PageSize", Fill::Const("50"))],
            ids: "Filter.1.Value",
            most: 5,
            source: Source::Fact(t(
                "Alibaba Cloud, the document of DescribeCens: a filter takes up to five values, of which one has to match",
                "阿里云 DescribeCens 文档：每个过滤条件最多 5 个值，匹配任意一个即可",
            )),
        }),
        source: READS,
    },
    simulation: Simulation {
        id_prefix: "cen-",
        id_length: 18,
        states: &[(0, "Creating"), (4_000, "Active")],
        unique: None,
        quota: 10_000,
    },
    reads: &[
Read {
operation: Operation {
        name: "DescribeCens",
        service: &CBN,
        title: t("CEN instances", "云企业网实例列表"),
        summary: t("Lists CEN instances with their status.", "查询云企业网实例及其状态。"),
        params: &[
            Param {
                kind: Kind::List {
                    item: &Param {
                        kind: Kind::Object(&[
                            Param {
                                required: true,
                                ..read_param("Key", t("CenId or Name.", "CenId 或 Name。"))
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
            id: "CenId",
            resource_status: Some("Status"),
            list: Some(List {
                path: "Cens.Cen",
                fields: &[
                    read_field("CenId", t("The instance's ID.", "实例 ID。"), FieldValue::Id),
                    read_field("Status", t("Creating, Active or Deleting.", "Creating、Active 或 Deleting。"), FieldValue::Status),
                    read_field("Name", t("The instance's name.", "实例名称。"), FieldValue::Echo("Name")),
                    read_field("Description", t("The instance's description.", "实例描述。"), FieldValue::Echo("Description")),
                    read_field("CreationTime", t("When it was created.", "创建时间。"), FieldValue::CreatedUtc(Zone::Written)),
                    read_field("ProtectionLevel", t("The level of CIDR overlap.", "网段重叠级别。"), FieldValue::Const("REDUCED")),
                    Field {
                        kind: FieldKind::List,
                        ..read_field("Tags.Tag", t("The tags.", "标签。"), FieldValue::Items("Tag"))
                    },
                ],
                select: &[("Filter.CenId", "CenId"), ("Filter.Name", "Name")],
            }),
            ..READ_RESPONSE
        },
},
    ],
    afterwards: Afterwards {
        next: Next::Step(NextStep {
            text: t(
                "Wait until its status is Active; then the communication between network instances can be enabled.",
                "请等待云企业网实例的状态变为 Active，之后即可实现网络实例之间的互通。",
            ),
            source: Source::Lines(9, 17),
        }),
        deletion: Some(Deletion {
            operation: "DeleteCen",
            id: "CenId",
            params: &[],
            source: SDK,
        }),
    },
    tools: Tools {
        go: Some("github.com/alibabacloud-go/cbn-20170912/v2/client"),
        npm: false,
        terraform: Some(Terraform {
            resource: "alicloud_cen_instance",
            arguments: &[
                ("Name", "cen_instance_name"),
                ("Description", "description"),
                ("ProtectionLevel", "protection_level"),
                ("Tag", "tags"),
            ],
        }),
    },
};

const TAG: Param = Param {
    label: t("Tag", "标签"),
    kind: Kind::Object(&[
        Param {
            name: "Key",
            label: t("Key", "标签键"),
            help: t("The tag key.", "标签键。"),
            required: true,
            rules: &[
                Rule::error(Check::Length { min: 1, max: 64 }, 151),
                Rule::error(Check::NotPrefix(FORBIDDEN_TAG_PREFIXES), 151),
                Rule::warning(Check::NotPrefixAnyCase(FORBIDDEN_TAG_PREFIXES), ANY_CASE),
                Rule::error(Check::NotContains(URL_PREFIXES), 151),
                Rule::warning(Check::NotContainsAnyCase(URL_PREFIXES), ANY_CASE),
            ],
            example: Example::Usable("tagtest"),
            // The table says "No", and the text that a key cannot be empty: a tag has a key.
            source: Source::Line(151),
            ..Param::TEXT
        },
        Param {
            name: "Value",
            label: t("Value", "标签值"),
            help: t("The tag value.", "标签值。"),
            // A key without a value is another tag than one with an empty value: it is sent as it is given.
            may_be_empty: true,
            expected: Some(Source::Decision(t(
                "the document contradicts itself: a tag value is not required (line 161), and each tag key must have one (line 167)",
                "文档自相矛盾：标签值非必填（第 161 行），但每个标签键必须有对应的标签值（第 167 行）",
            ))),
            rules: &[
                Rule::error(Check::Length { min: 0, max: 128 }, 165),
                Rule::error(Check::NotPrefix(FORBIDDEN_TAG_PREFIXES), 165),
                Rule::warning(Check::NotPrefixAnyCase(FORBIDDEN_TAG_PREFIXES), ANY_CASE),
                Rule::error(Check::NotContains(URL_PREFIXES), 165),
                Rule::warning(Check::NotContainsAnyCase(URL_PREFIXES), ANY_CASE),
            ],
            example: Example::Usable("tagtest"),
            source: Source::Line(165),
            ..Param::TEXT
        },
    ]),
    source: Source::Line(139),
    ..Param::TEXT
};
