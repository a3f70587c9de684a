//! The page of the permissions: the policy that allows the operations chosen, and nothing else.

use tieline_catalog::policy::{policies, Grant, Policy};
use tieline_catalog::text::t;
use tieline_catalog::{creations, Action, Lang, Operation, Provider, Text};
use yew::prelude::*;

use crate::platform::mount::Mount;
use crate::ui::copy_button::CopyButton;
use crate::ui::elements::text;
use crate::ui::messages;
use crate::ui::rich_text::breakable;

const LEAD: Text = t(
    "The least that an account has to be allowed to do for the operations chosen and for the reads of their status. Copy the policy into the vendor's console.",
    "所选操作及其状态查询所需的最小权限。可将策略复制到厂商控制台中使用。",
);
const OPERATIONS: Text = t("Operations", "操作");
const RAM: Text = t("RAM policy", "RAM 权限策略");
const IAM: Text = t("IAM policy", "IAM 自定义策略");
const COPY: Text = t("Copy the policy", "复制策略");
const NOTHING: Text = t(
    "Choose an operation to see its policy.",
    "请选择操作以查看对应的策略。",
);
const ACTIONS: Text = t("What each action is for", "各授权项的用途");
const READ: Text = t("(read)", "（查询）");
const ANY_ACCOUNT: Text = t(
    "In a resource, * stands for every account: put the account's ID in its place to grant less.",
    "资源中的 * 代表所有账号：可替换为具体的账号 ID 以缩小授权范围。",
);

/// The properties of [`Permissions`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The operation that the address names; empty for all.
    pub operation: String,
    /// Where the console is shown.
    pub mount: Mount,
    /// The language.
    pub lang: Lang,
}

/// The page of the permissions.
pub struct Permissions {
    chosen: Vec<&'static Operation>,
}

/// An action on [`Permissions`].
pub enum Act {
    /// An operation was chosen, or left out.
    Turn(&'static Operation),
}

impl Component for Permissions {
    type Message = Act;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Permissions {
            chosen: named(ctx.props()),
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        if ctx.props().operation != old.operation {
            self.chosen = named(ctx.props());
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, Act::Turn(op): Act) -> bool {
        let chosen = |known: &Operation| {
            let was = self.chosen.contains(&known);
            was != (known == op)
        };
        self.chosen = offered(&ctx.props().mount)
            .filter(|op| chosen(op))
            .collect();
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { mount, lang, .. } = ctx.props();
        let lang = *lang;
        let policies = policies(&self.chosen);
        html! {
            <section class="sheet codes" aria-labelledby="page-title">
                <header class="page-head">
                    <h1 id="page-title">{ messages::PERMISSIONS.get(lang) }</h1>
                    { text("p", "lead", LEAD.get(lang)) }
                </header>
                <fieldset class="chosen">
                    <legend>{ OPERATIONS.get(lang) }</legend>
                    { for offered(mount).map(|op| self.choice(ctx, op)) }
                </fieldset>
                <p role="status">{ if policies.is_empty() { NOTHING.get(lang) } else { "" } }</p>
                // A list of its own: what stands before it keeps its place, and the focus, when a policy comes or goes.
                <>{ for policies.iter().map(|policy| shown(policy, lang)) }</>
            </section>
        }
    }
}

impl Permissions {
    fn choice(&self, ctx: &Context<Self>, op: &'static Operation) -> Html {
        let lang = ctx.props().lang;
        let onchange = ctx.link().callback(move |_: Event| Act::Turn(op));
        html! {
            <label>
                <input type="checkbox" name={op.name} checked={self.chosen.contains(&op)} {onchange} />
                <span>{ op.title.get(lang) }{ " " }<code>{ breakable(op.name) }</code></span>
            </label>
        }
    }
}

/// The operations to choose from.
fn offered(mount: &Mount) -> impl Iterator<Item = &'static Operation> + '_ {
    creations().filter(|op| mount.offers(op))
}

/// The operation that the address names, or all.
fn named(props: &Props) -> Vec<&'static Operation> {
    let named = offered(&props.mount).filter(|op| op.name == props.operation);
    let named: Vec<_> = named.collect();
    match named.is_empty() {
        true => offered(&props.mount).collect(),
        false => named,
    }
}

fn shown(policy: &Policy, lang: Lang) -> Html {
    let title = match policy.provider {
        Provider::Alibaba => RAM,
        Provider::Huawei => IAM,
    };
    let title = format!("{} · {}", policy.provider.name().get(lang), title.get(lang));
    let any_account = policy.grants.iter().any(|grant| grant.resource.is_some());
    html! {
        <>
            <h2>{ title.clone() }</h2>
            <div class="raw">
                <pre translate="no" tabindex="0" role="group" aria-label={title}>{ policy.text() }</pre>
            </div>
            <div class="actions"><CopyButton text={policy.text()} label={COPY} {lang} /></div>
            if any_account { { text("p", "note", ANY_ACCOUNT.get(lang)) } }
            <h3>{ ACTIONS.get(lang) }</h3>
            <ul class="grants">
                { for policy.grants.iter().map(|grant| granted(grant, lang)) }
            </ul>
        </>
    }
}

fn granted(grant: &Grant, lang: Lang) -> Html {
    let op = grant.operation;
    html! {
        <li>
            <code>{ &grant.action }</code>{ " " }
            { op.title.get(lang) }
            if op.action == Action::Read { { " " }{ READ.get(lang) } }
            <span class="code-brief">{ " " }{ grant.source.get(lang).to_string() }</span>
        </li>
    }
}
