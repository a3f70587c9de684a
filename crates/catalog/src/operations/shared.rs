//! Pieces of tables that several operations share, because their documents say the same.

use crate::model::*;
use crate::text::{same, t, Text};

/// Alibaba Cloud VPC, version 2016-04-28.
pub static VPC: Service = Service {
    id: "vpc",
    code: "Vpc",
    version: "2016-04-28",
    provider: Provider::Alibaba,
    product: t("Virtual Private Cloud", "专有网络 VPC"),
    host: "vpc.aliyuncs.com",
    regional_host: Some("vpc.{region}.aliyuncs.com"),
    // The public ones of the table in the SDK alibabacloud-vpc20160428.
    host_exceptions: &[
        ("cn-hangzhou", "vpc.aliyuncs.com"),
        ("cn-hangzhou-finance", "vpc.aliyuncs.com"),
        ("cn-shanghai-finance-1", "vpc.aliyuncs.com"),
        ("cn-shenzhen-finance-1", "vpc.aliyuncs.com"),
        ("cn-north-2-gov-1", "vpc.aliyuncs.com"),
    ],
};

/// The SDKs of [`VPC`].
pub const VPC_TOOLS: Tools = Tools {
    go: Some("github.com/alibabacloud-go/vpc-20160428/v7/client"),
    npm: true,
    terraform: None,
};

/// A region with its names in the vendor's console.
pub const fn region(value: &'static str, en: &'static str, zh: &'static str) -> Choice {
    Choice {
        value,
        label: t(en, zh),
    }
}

/// Regions of Alibaba Cloud, as suggestions: the VPC documents list none and refer to
/// DescribeRegions (004_1399818f2c93a028.txt:23). The finance and government ones are those that have
/// a host of their own.
pub const ALIBABA_REGIONS: &[Choice] = &[
    region("cn-hangzhou", "China (Hangzhou)", "华东 1（杭州）"),
    region("cn-shanghai", "China (Shanghai)", "华东 2（上海）"),
    region("cn-nanjing", "China (Nanjing)", "华东 5（南京）"),
    region("cn-fuzhou", "China (Fuzhou)", "华东 6（福州）"),
    region("cn-qingdao", "China (Qingdao)", "华北 1（青岛）"),
    region("cn-beijing", "China (Beijing)", "华北 2（北京）"),
    region("cn-zhangjiakou", "China (Zhangjiakou)", "华北 3（张家口）"),
    region("cn-huhehaote", "China (Hohhot)", "华北 5（呼和浩特）"),
    region("cn-wulanchabu", "China (Ulanqab)", "华北 6（乌兰察布）"),
    region("cn-shenzhen", "China (Shenzhen)", "华南 1（深圳）"),
    region("cn-heyuan", "China (Heyuan)", "华南 2（河源）"),
    region("cn-guangzhou", "China (Guangzhou)", "华南 3（广州）"),
    region("cn-chengdu", "China (Chengdu)", "西南 1（成都）"),
    region("cn-hongkong", "China (Hong Kong)", "中国香港"),
    region("ap-northeast-1", "Japan (Tokyo)", "日本（东京）"),
    region("ap-northeast-2", "South Korea (Seoul)", "韩国（首尔）"),
    region("ap-southeast-1", "Singapore", "新加坡"),
    region(
        "ap-southeast-3",
        "Malaysia (Kuala Lumpur)",
        "马来西亚（吉隆坡）",
    ),
    region(
        "ap-southeast-5",
        "Indonesia (Jakarta)",
        "印度尼西亚（雅加达）",
    ),
    region("ap-southeast-6", "Philippines (Manila)", "菲律宾（马尼拉）"),
    region("ap-southeast-7", "Thailand (Bangkok)", "泰国（曼谷）"),
    region("us-east-1", "US (Virginia)", "美国（弗吉尼亚）"),
    region("us-west-1", "US (Silicon Valley)", "美国（硅谷）"),
    region("eu-west-1", "UK (London)", "英国（伦敦）"),
    region("eu-central-1", "Germany (Frankfurt)", "德国（法兰克福）"),
    region("me-east-1", "UAE (Dubai)", "阿联酋（迪拜）"),
    region(
        "cn-hangzhou-finance",
        "China East 1 Finance",
        "华东 1 金融云",
    ),
    region(
        "cn-shanghai-finance-1",
        "China East 2 Finance",
        "华东 2 金融云",
    ),
    region(
        "cn-shenzhen-finance-1",
        "China South 1 Finance",
        "华南 1 金融云",
    ),
    region(
        "cn-north-2-gov-1",
        "China North 2 Ali Gov 1",
        "华北 2 阿里政务云 1",
    ),
];

/// The entry of [`ALIBABA_REGIONS`] for this id; there must be one.
pub const fn alibaba_region(id: &str) -> Choice {
    let mut i = 0;
    while i < ALIBABA_REGIONS.len() {
        if is_same(ALIBABA_REGIONS[i].value, id) {
            return ALIBABA_REGIONS[i];
        }
        i += 1;
    }
    panic!("no such region")
}

/// Texts cannot be compared in constants otherwise yet.
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

const NOT_LISTED: Text = t(
    "DescribeRegions tells whether the region exists.",
    "可调用 DescribeRegions 查询该地域是否存在。",
);

/// The reason for the shape of a region.
pub const IN_HOST_NAME: Source = Source::Decision(t(
    "the region becomes part of a host name",
    "地域会成为主机名的一部分",
));

/// The rules for a region that the document introduces at `line` without listing values.
pub const fn region_rules(line: u16) -> [Rule; 2] {
    [
        Rule::error(Check::RegionLabel, line).because(IN_HOST_NAME),
        Rule::warning(
            Check::OneOf(ALIBABA_REGIONS),
            Source::Decision(t(
                "the document lists no regions; these are the known ones",
                "文档未列出地域，此处为已知地域",
            )),
        )
        .note(NOT_LISTED),
    ]
}

/// `http://` and `https://`, in the documents' order.
pub const URL_PREFIXES: &[&str] = &["http://", "https://"];

/// `aliyun` and `acs:`, which no tag begins with.
pub const FORBIDDEN_TAG_PREFIXES: &[&str] = &["aliyun", "acs:"];

/// A tag key that stands twice.
pub const UNIQUE_KEYS: &[Rule] = &[Rule::warning(
    Check::UniqueKeys("Key"),
    Source::Decision(t(
        "a resource has one value for a tag key; no document says what a second one does",
        "资源的每个标签键只有一个值，文档未说明重复键的结果",
    )),
)];

/// The reason for a remark where a forbidden beginning is written in another case.
pub const ANY_CASE: Source = Source::Decision(t(
    "the document writes it in lower case; the cloud may not tell the cases apart",
    "文档仅列出小写形式，云端可能不区分大小写",
));

/// “2–128 characters, starting with a letter or a Chinese character, with digits, `.`, `_`, `-`, not
/// starting with http:// or https://”: the name rule of the Smartag and VPC documents, at `line`.
pub const fn name_rules(line: u16) -> [Rule; 5] {
    [
        Rule::error(Check::Length { min: 2, max: 128 }, line),
        Rule::error(Check::FirstLetter, line),
        Rule::error(Check::Chars(Chars::WordsAnd("._-")), line),
        Rule::error(Check::NotPrefix(URL_PREFIXES), line),
        Rule::warning(Check::FirstLatinOrHan, Source::Line(line)),
    ]
}

/// “2–256 characters, starting with a letter or a Chinese character, not with http:// or https://”:
/// the description rule of the same documents, at `line`.
pub const fn description_rules(line: u16) -> [Rule; 5] {
    [
        Rule::error(Check::Length { min: 2, max: 256 }, line),
        Rule::error(Check::FirstLetter, line),
        Rule::error(Check::NotPrefix(URL_PREFIXES), line),
        Rule::warning(Check::NotPrefixAnyCase(URL_PREFIXES), ANY_CASE),
        Rule::warning(Check::FirstLatinOrHan, Source::Line(line)),
    ]
}

/// The document of the same API as the vendor has it today.
pub const PRESENT_DOCUMENT: Source = Source::Fact(t(
    "Alibaba Cloud, the present document of this API",
    "阿里云，此 API 的现行文档",
));

/// The vendor's page of an API.
pub const OPENAPI_PAGE: Source = Source::Fact(t(
    "Alibaba Cloud, OpenAPI Explorer; whether the address still leads to the page is unverified",
    "阿里云 OpenAPI 开发者门户；该地址是否仍指向该页面未经验证",
));

/// The vendor's own client.
pub const SDK: Source = Source::Fact(t("the vendor's SDK", "厂商 SDK"));

/// A limit that today's vendor documents state lower than the seed.
pub const fn limit_today(max: usize) -> Rule {
    Rule::warning(Check::Length { min: 0, max }, PRESENT_DOCUMENT).note(t(
        "The vendor's present document states this lower limit.",
        "厂商现行文档的上限更低。",
    ))
}

/// The product's page in the error centre, to which the document links at `line`.
pub const fn error_centre(url: &'static str, line: u16) -> Option<Link> {
    Some(Link {
        url,
        source: Source::Line(line),
    })
}

/// The request id that every answer of Alibaba Cloud carries.
pub const fn request_id(example: &'static str, line: u16) -> Field {
    Field {
        path: "RequestId",
        kind: FieldKind::Text,
        help: Doc::new(t("The request's ID.", "请求 ID。")),
        example: Doc::new(example),
        value: FieldValue::RequestId,
        source: Doc::new(Source::Line(line)),
    }
}

/// A console of Alibaba Cloud's, as its documents tell people to log on to it. Where it leads depends on the
/// account, so that no page below it is named.
pub const fn console(url: &'static str) -> Link {
    let source = Source::Fact(t(
        "Alibaba Cloud, documents of the product",
        "阿里云，产品文档",
    ));
    Link { url, source }
}

/// A text field of an answer, as the vendor's SDK has it.
pub const fn read_field(path: &'static str, help: Text, value: FieldValue) -> Field {
    Field {
        path,
        kind: FieldKind::Text,
        help: Doc::new(help),
        example: Doc::new(""),
        value,
        source: Doc::new(READS),
    }
}

/// A number field of a read's answer.
pub const fn read_number(path: &'static str, help: Text, value: FieldValue) -> Field {
    Field {
        kind: FieldKind::Integer,
        ..read_field(path, help, value)
    }
}

/// The source of the reads.
pub const READS: Source = SDK;

/// The document behind the reads.
pub static READ_FACTS: Document = Document {
    file: "",
    title: t("the vendor's SDK", "厂商 SDK"),
};

/// A plain optional text parameter of a read.
pub const fn read_param(name: &'static str, help: Text) -> Param {
    Param {
        name,
        label: same(name),
        help,
        source: READS,
        ..Param::TEXT
    }
}

/// PageNumber.
pub const PAGE_NUMBER: Param = Param {
    kind: Kind::Integer,
    rules: &[Rule::error(
        Check::Range {
            min: 1,
            max: 100_000,
        },
        0,
    )
    .because(READS)],
    default: Some("1"),
    ..read_param("PageNumber", t("The page, from 1.", "页码，从 1 开始。"))
};

/// PageSize, at most 50.
pub const PAGE_SIZE_50: Param = Param {
    kind: Kind::Integer,
    rules: &[Rule::error(Check::Range { min: 1, max: 50 }, 0).because(READS)],
    default: Some("10"),
    ..read_param("PageSize", t("Items on a page.", "每页条数。"))
};

/// Pages by their numbers.
pub const BY_NUMBER: Paging = Paging::Number {
    number: "PageNumber",
    size: "PageSize",
};

/// The numbers that every paged answer carries.
pub const PAGE_FIELDS: &[Field] = &[
    read_field(
        "RequestId",
        t("The request's ID.", "请求 ID。"),
        FieldValue::RequestId,
    ),
    read_number(
        "TotalCount",
        t("How many there are.", "总条数。"),
        FieldValue::Count,
    ),
    read_number(
        "PageNumber",
        t("The page.", "页码。"),
        FieldValue::Page("PageNumber", "1"),
    ),
    read_number(
        "PageSize",
        t("Items on a page.", "每页条数。"),
        FieldValue::Page("PageSize", "10"),
    ),
];

/// The values of a filter entry.
pub const FILTER_VALUE: Param = Param {
    kind: Kind::List {
        item: &Param {
            label: same("Value"),
            source: READS,
            ..Param::TEXT
        },
        max: 20,
        severity: Severity::Error,
        source: READS,
    },
    ..read_param("Value", t("The values to find.", "要查询的取值。"))
};

/// A read that belongs to a creation, to be completed with `..READ`.
pub const READ: Operation = Operation {
    name: "",
    action: Action::Read,
    service: &VPC,
    protocol: Protocol::Rpc,
    title: same(""),
    summary: same(""),
    behaviour: t(
        "It changes nothing and can be repeated.",
        "不改变任何内容，可以重复调用。",
    ),
    document: &READ_FACTS,
    params: &[],
    cross: &[],
    token: None,
};

/// A read's answer, to be completed with `..READ_RESPONSE`.
pub const READ_RESPONSE: ResponseSchema = ResponseSchema {
    status: 200,
    id: "",
    resource_status: None,
    request_id: "RequestId",
    fields: PAGE_FIELDS,
    list: None,
};

/// One more rule after a shared set of rules; `M` is `N + 1`.
pub const fn and<const N: usize, const M: usize>(rules: [Rule; N], last: Rule) -> [Rule; M] {
    let mut all = [last; M];
    let mut i = 0;
    while i < N {
        all[i] = rules[i];
        i += 1;
    }
    all
}

/// A text field of a creation's answer.
pub const fn field(
    path: &'static str,
    help: Text,
    example: &'static str,
    value: FieldValue,
    line: u16,
) -> Field {
    Field {
        path,
        kind: FieldKind::Text,
        help: Doc::new(help),
        example: Doc::new(example),
        value,
        source: Doc::new(Source::Line(line)),
    }
}
