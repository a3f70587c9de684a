//! The fields of an element's form, as a person uses them in somebody else's page.

use serde_json::json;

use crate::stage::{stage, BARE};
use tieline_test_support::webdriver::{key, Element};

#[test]
fn the_list_of_regions_works_in_a_shadow() {
    stage("regions", |stage| {
        stage.show(BARE);
        let input = stage.js(
            "const element = form({ id: 'it', operation: 'CreateCustomerGateway' });
             const input = await shown(element, 'RegionId');
             await until(() => input.getAttribute('role') == 'combobox' && !input.hasAttribute('list'));
             window.state = () => {
               const by = (name) => it.shadowRoot.getElementById(input.getAttribute(name) ?? '');
               return [input.value, input.getAttribute('aria-expanded'), by('aria-controls')?.getAttribute('role') ?? null,
                 by('aria-activedescendant')?.textContent.trim().split(' ')[0] ?? null];
             };
             return input;",
        );
        let input = Element::of(&input).expect("the control");
        for (query, value) in [("香港", "cn-hongkong"), ("xjp", "ap-southeast-1")] {
            stage.done(
                stage
                    .browser()
                    .keys(&input, &format!("{}{query}", key::ALL)),
            );
            stage.js_with(
                "await until(() => state()[3]?.startsWith(args[1]));
                 same(state().slice(0, 3), [args[0], 'true', 'listbox']);",
                json!([query, value]),
            );
            stage.done(stage.browser().press(&[key::ENTER]));
            stage.js_with(
                "await until(() => state()[0] == args[0]);
                 await until(() => state()[1] == 'false');
                 same(it.shadowRoot.querySelectorAll('[role=alert]').length, 0);",
                json!([value]),
            );
        }
        stage.done(stage.browser().press(&[key::DOWN]));
        stage.js("await until(() => state()[3]?.startsWith('ap-southeast-1'));");
        stage.picture("regions");
        stage.done(stage.browser().press(&[key::ESCAPE]));
        stage.js("await until(() => state()[1] == 'false'); same(state()[0], 'ap-southeast-1');");
    });
}
