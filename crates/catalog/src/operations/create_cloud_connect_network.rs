//! CreateCloudConnectNetwork: Alibaba Cloud Smart Access Gateway, version 2018-03-13.

use super::shared::*;
use crate::model::*;
use crate::text::{same, t};

static DOCUMENT: Document = Document {
    file: "000_56f20f708e9bb0b1.txt",
    title: t("CreateCloudConnectNetwork (Smartag)", "智能接入网关 CreateCloudConnectNetwork"),
};

static SMARTAG: Service = Service {
    id: "smartag",
    code: "Smartag",
    version: "2018-03-13",
    provider: Provider::Alibaba,
    product: t("Smart Access Gateway", "智能接入网关"),
    // The host of the document's own request example (line 77).
    host: "smartag.cn-shanghai.aliyuncs.com",
    regional_host: Some("smartag.{region}.aliyuncs.com"),
    host_exceptions: &[],
};

/// The document's table has one value, `cn-shanghai`, and gives `cn-hangzhou` as the example of the
/// same line. Decision: both are accepted without a remark.
const DOCUMENTED_REGIONS: &[Choice] = &[MAINLAND, HANGZHOU];

const MAINLAND: Choice = region("cn-shanghai", "Chinese mainland", "中国大陆");
const HANGZHOU: Choice = alibaba_region("cn-hangzhou");

/// The regions that the SDK (alibabacloud-smartag20180313) has a host for: all are suggested.
const REGIONS: &[Choice] = &[
    MAINLAND,
    HANGZHOU,
    alibaba_region("cn-hongkong"),
    alibaba_region("ap-southeast-1"),
    region("ap-southeast-2", "Australia (Sydney)", "澳大利亚（悉尼）"),
    alibaba_region("ap-southeast-3"),
    alibaba_region("ap-southeast-5"),
    alibaba_region("ap-northeast-1"),
    alibaba_region("eu-central-1"),
    alibaba_region("cn-shanghai-finance-1"),
];

/// The entry of the registry.
pub const ENTRY: Entry = Entry {
    create: Operation {
        name: "CreateCloudConnectNetwork",
        action: Action::Create,
        service: &SMARTAG,
        protocol: Protocol::Rpc,
        title: t("Cloud Connect Network (CCN)", "云连接网 CCN"),
        summary: t(
            "Creates a Cloud Connect Network: the device access matrix formed by Alibaba Cloud's distributed access gateways.",
            "创建云连接网：由阿里云分布式接入网关组成的设备接入矩阵。",
        ),
        behaviour: t(
            "You can attach a CCN to a Cloud Enterprise Network, to connect on-premises sites with the cloud. The answer carries the CCN's status. The API has no client token: after a lost answer, look the CCN up by its name before you send again.",
            "您可以将云连接网绑定到云企业网，实现线下接入矩阵和云上中心矩阵全连接。响应中包含云连接网的状态。此 API 没有客户端 Token：响应丢失后，请先按名称查询，再决定是否重新发送。",
        ),
        document: &DOCUMENT,
        params: &[
            Param {
                name: "Name",
                label: t("Name", "名称"),
                help: t("The name of the CCN.", "云连接网的名称。"),
                rules: &and::<5, 6>(name_rules(35), limit_today(100)),
                example: Example::Usable("ccn名称"),
                source: Source::Line(33),
                ..Param::TEXT
            },
            Param {
                name: "Description",
                label: t("Description", "描述"),
                help: t("The description of the CCN.", "云连接网的描述。"),
                rules: &and::<5, 6>(description_rules(30), limit_today(128)),
                example: Example::Usable("ccn描述"),
                control: Control::Area,
                source: Source::Line(28),
                ..Param::TEXT
            },
            Param {
                name: "IsDefault",
                label: t("Create as default", "默认创建"),
                help: t(
                    "Whether to create the CCN as the default one. A customer who has no CCN when something is attached gets a default one. The document gives no default; the form starts with its example.",
                    "是否默认创建。如果客户没有 CCN，在绑定时会默认创建一个 CCN。文档未规定默认值，表单以文档示例值为初始值。",
                ),
                kind: Kind::Boolean,
                required: true,
                // The table requires it (line 15); the same document's request example omits it
                // (lines 77–79) and today's SDKs do not know it. Decision: the form always sends
                // it, a missing one is an error here, and a server must accept its absence.
                server_accepts_absence: Some(SDK),
                example: Example::Usable("false"),
                source: Source::Line(15),
                ..Param::TEXT
            },
            Param {
                name: "CidrBlock",
                label: t("CIDR block", "私网网段"),
                help: t("The private CIDR block of the CCN.", "云连接网的私网网段。"),
                rules: &[
                    Rule::error(Check::Cidr, 25),
                    Rule::warning(
                        Check::NoHostBits,
                        Source::Decision(t("a network is written with its own address", "网段应使用网络地址")),
                    ),
                    Rule::warning(Check::PrivateCidr, Source::Line(25)),
                ],
                example: Example::Usable("172.16.22.0/24"),
                source: Source::Line(25),
                ..Param::TEXT
            },
            Param {
                name: "SnatCidrBlock",
                label: t("SNAT CIDR block", "SNAT 内网网段"),
                help: t("The private CIDR block for SNAT.", "SNAT 内网网段。"),
                // The document's example has host bits set, so they are no reason for a remark.
                rules: &[
                    Rule::error(Check::Cidr, 41),
                    Rule::warning(Check::PrivateCidr, Source::Line(41)),
                ],
                example: Example::Usable("172.16.22.3/24"),
                source: Source::Line(41),
                ..Param::TEXT
            },
            Param {
                name: "RegionId",
                label: t("Region", "所属地域"),
                help: t("The region of the CCN.", "云连接网的所属地域。"),
                rules: &[
                    Rule::error(Check::RegionLabel, 38).because(IN_HOST_NAME),
                    Rule::warning(Check::OneOf(REGIONS), SDK),
                    Rule::warning(Check::OneOf(DOCUMENTED_REGIONS), Source::Line(38)).note(t(
                        "The vendor's SDK has a host for this region.",
                        "厂商 SDK 提供该地域的接入地址。",
                    )),
                ],
                example: Example::Usable("cn-hangzhou"),
                control: Control::Region,
                source: Source::Line(38),
                ..Param::TEXT
            },
        ],
        cross: &[],
        token: None,
    },
    response: ResponseSchema {
        status: 200,
        id: "CcnId",
        resource_status: Some("Status"),
        request_id: "RequestId",
        fields: &[
            field("CcnId", t("The CCN's ID.", "云连接网 ID。"), "ccn-l9340rlu5ens*****", FieldValue::Id, 49),
            field("CidrBlock", t("The private CIDR block.", "私网网段。"), "172.16.22.0/24", FieldValue::Echo("CidrBlock"), 52),
            field("Description", t("The CCN's description.", "云连接网的描述。"), "ccn描述", FieldValue::Echo("Description"), 55),
            field("Name", t("The CCN's name.", "云连接网名称。"), "ccn名称", FieldValue::Echo("Name"), 58),
            request_id("F0C4D78D-C60E-4A3B-A652-3A2835305C0B", 61),
            field("SnatCidrBlock", t("The private CIDR block for SNAT.", "SNAT 内网网段。"), "172.16.22.3/24", FieldValue::Echo("SnatCidrBlock"), 64),
            field("Status", t("The CCN's status.", "云连接网实例状态。"), "Active", FieldValue::Status, 67),
        ],
        list: None,
    },
    error_list: error_centre("https://error-center.aliyun.com/status/product/Smartag", 117),
    permission: None,
    errors: &[
        ErrorCode {
            code: "InvalidDescription",
            http: 403,
            message: "Description not valid.",
            explanation: t("The cloud does not accept the description: it is longer than allowed.", "描述超过长度限制。"),
            advice: t("Shorten it: at most 256 characters by the document, 128 by the vendor's present one.", "请缩短：文档上限为 256 个字符，厂商现行文档为 128 个。"),
            parameter: Some("Description"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(112),
        },
        ErrorCode {
            code: "InvalidName",
            http: 403,
            message: "Name not valid.",
            explanation: t("The cloud does not accept the name.", "名称不合法。"),
            advice: t("Change it: 2–128 characters (100 by the vendor's present document), starting with a letter or a Chinese character.", "请修改：2–128 个字符（厂商现行文档上限为 100 个），以字母或中文开头。"),
            parameter: Some("Name"),
            class: ErrorClass::Rejected,
            when: When::Invalid,
            source: Source::Line(113),
        },
        ErrorCode {
            code: "CcnAmountLimit",
            http: 403,
            message: "The CCNs you created has reached the limit, you can raise the limit by application.",
            explanation: t("The account has as many CCNs as it may have.", "您创建的云连接网数量已达到限额。"),
            advice: t("Delete one that is no longer used, or apply to the vendor for a higher limit.", "请删除不再使用的云连接网，或通过工单申请提升限额。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Quota,
            source: Source::Line(114),
        },
        ErrorCode {
            code: "Forbidden",
            http: 403,
            message: "User not authorized to operate on the specified resource.",
            explanation: t("The account has no permission for this resource.", "用户没有操作此资源的权限。"),
            advice: t("Have the permission granted (RAM), or use another account.", "请申请 RAM 授权，或更换账号。"),
            parameter: None,
            class: ErrorClass::Rejected,
            when: When::Forbidden,
            source: Source::Line(115),
        },
    ],
    examples: Doc::new(&[
        DocExample {
            kind: DocExampleKind::Request,
            line: 77,
            text: "https://smartag.cn-shanghai.aliyuncs.com/?Action=CreateCloudConnectNetwork\n&Name=DocTest\n&CommonParameters",
        },
        DocExample {
            kind: DocExampleKind::Xml,
            line: 88,
            text: "<CreateCloudConnectNetworkResponse>\n  <Name>DocTest</Name>\n  <Status>Active</Status>\n  <RequestId>F0C4D78D-C60E-4A3B-A652-3A2835305C0B</RequestId>\n  <CcnId>ccn-l9340rlu5enstmzj5i</CcnId>\n</CreateCloudConnectNetworkResponse>",
        },
        DocExample {
            kind: DocExampleKind::Json,
            line: 100,
            text: "{\n\t\"Name\":\"DocTest\",\n\t\"Status\":\"Active\",\n\t\"RequestId\":\"F0C4D78D-C60E-4A3B-A652-3A2835305C0B\",\n\t\"CcnId\":\"ccn-l9340rlu5enstmzj5i\"\n}",
        },
    ]),
    quotes: &[
        (15, "是否默认创建。 如果客户没有ccn在绑定时，会给用户默认创建一个ccn。"),
        (25, "私网网段。"),
        (28, "云连接网的描述。 长度为2-256个字符，必须以字母或中文开头，但不能以`http://`或 `https://`开头。"),
        (33, "云连接网的名称。 长度为2-128个字符，必须以字母或中文开头，可包含数字，点号（.），下划线（\\_）和短横线（-），但不能以`http://`或 `https://`开头。"),
        (38, "云连接网的所属区域。取值： cn-shanghai：中国大陆"),
        (41, "SNAT内网网段。"),
    ],
    page: Link {
        url: "https://api.aliyun.com/#product=Smartag&api=CreateCloudConnectNetwork",
        source: Source::Line(9),
    },
    read_back: ReadBack {
        operation: "DescribeCloudConnectNetworks",
        by_id: &[("RegionId", Fill::Param("RegionId", "cn-shanghai")), ("CcnId", Fill::Id)],
        by_name_operation: Some("DescribeCloudConnectNetworks"),
        by_name: &[
            ("RegionId", Fill::Param("RegionId", "cn-shanghai")),
            ("Name", Fill::Param("Name", "")),
            ("PageSize", Fill::Const("50")),
        ],
        pending: &[],
        when_present: Some("Exists"),
        reconcile: Reconcile {
            ways: &[Way::NameAndTime],
            console: console("https://smartag.console.aliyun.com/"),
        },
        all: Some(Listing {
            operation: "DescribeCloudConnectNetworks",
            params: &[
                ("RegionId", Fill::Param("RegionId", "cn-shanghai")),
                ("PageSize", Fill::Const("50")),
            ],
            paging: BY_NUMBER,
        }),
        by_ids: None,
        source: READS,
    },
    simulation: Simulation {
        id_prefix: "ccn-",
        id_length: 18,
        states: &[(0, "Active")],
        unique: None,
        quota: 10_000,
    },
    reads: &[
Read {
operation: Operation {
        name: "DescribeCloudConnectNetworks",
        service: &SMARTAG,
        title: t("Cloud Connect Networks", "云连接网列表"),
        summary: t("Lists Cloud Connect Networks.", "查询云连接网列表。"),
        params: &[
            Param {
                name: "RegionId",
                label: same("RegionId"),
                help: t("The region.", "地域。"),
                required: true,
                rules: &[Rule::error(Check::RegionLabel, 0).because(IN_HOST_NAME)],
                control: Control::Region,
                source: READS,
                ..Param::TEXT
            },
            read_param("CcnId", t("The CCN's ID.", "云连接网 ID。")),
            read_param("Name", t("The CCN's name.", "云连接网名称。")),
            PAGE_NUMBER,
            PAGE_SIZE_50,
        ],
        ..READ
},
        response: ResponseSchema {
            id: "CcnId",
            list: Some(List {
                path: "CloudConnectNetworks.CloudConnectNetwork",
                // Items have no Status: that the id is there is the status.
                fields: &[
                    read_field("CcnId", t("The CCN's ID.", "云连接网 ID。"), FieldValue::Id),
                    read_field("Name", t("The CCN's name.", "云连接网名称。"), FieldValue::Echo("Name")),
                    read_field("Description", t("The CCN's description.", "云连接网的描述。"), FieldValue::Echo("Description")),
                    read_field("CidrBlock", t("The private CIDR block.", "私网网段。"), FieldValue::Echo("CidrBlock")),
                    read_field("SnatCidrBlock", t("The private CIDR block for SNAT.", "SNAT 内网网段。"), FieldValue::Echo("SnatCidrBlock")),
                ],
                select: &[("CcnId", "CcnId"), ("Name", "Name")],
            }),
            ..READ_RESPONSE
        },
},
    ],
    afterwards: Afterwards {
        next: Next::Step(NextStep {
            text: t(
                "Attach the CCN to a CEN instance.",
                "将云连接网绑定到云企业网实例。",
            ),
            source: Source::Line(5),
        }),
        deletion: Some(Deletion {
            operation: "DeleteCloudConnectNetwork",
            id: "CcnId",
            params: &[],
            source: SDK,
        }),
    },
    tools: Tools {
        terraform: Some(Terraform {
            resource: "alicloud_cloud_connect_network",
            arguments: &[
                ("Name", "name"),
                ("Description", "description"),
                ("IsDefault", "is_default"),
                ("CidrBlock", "cidr_block"),
            ],
        }),
        ..Tools::NONE
    },
};
