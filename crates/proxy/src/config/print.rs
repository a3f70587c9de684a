//! The configuration in force, as `--print-config` shows it.

use super::account::Accounts;
use super::model::Configuration;

/// The configuration as a file would hold it, with `***` for what is secret.
pub fn print(configuration: &Configuration, accounts: &Accounts) -> String {
    let mut text = toml::to_string(configuration).unwrap_or_else(|why| format!("# {why}\n"));
    text.push_str("\n# Keys found:\n");
    for (name, account) in accounts {
        let found = |found: bool| if found { "yes" } else { "no" };
        text.push_str(&format!(
            "# {name}: Alibaba Cloud {}, Huawei Cloud {}\n",
            found(account.alibaba.is_some()),
            found(account.huawei.is_some())
        ));
    }
    text
}
