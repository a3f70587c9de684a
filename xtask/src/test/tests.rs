use super::*;

fn plan(line: &str) -> Result<Plan> {
    let words: Vec<String> = line.split_whitespace().map(String::from).collect();
    Plan::read(&words)
}

#[test]
fn without_names_every_check_is_done_and_every_step_it_needs_is_there() {
    let plan = plan("").unwrap();
    let shared = Shared::default();
    let steps = plan.steps(&shared);
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    for step in &steps {
        for needed in step.after {
            assert!(names.contains(needed), "{} needs {needed}", step.name);
        }
    }
    assert!(steps.len() >= 18, "{names:?}");
}

#[test]
fn other_words_choose_tests() {
    let plan = plan("browser axe --times 5 --load=2 --slow").unwrap();
    assert!(plan.wants("browser") && !plan.wants("unit"));
    assert_eq!(plan.options.words, ["axe"]);
    assert_eq!((plan.options.times, plan.options.load), (5, 2));
    assert!(plan.options.slow);
}

#[test]
fn unknown_checks_and_switches_are_named() {
    for line in ["brwser", "--tims 5", "browser --times 0"] {
        let error = plan(line).err().expect("an error").to_string();
        let word = line
            .split_whitespace()
            .find(|word| *word != "browser")
            .unwrap();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_failed_step_fails_the_whole() {
    let steps = vec![
        step("good", &[], 1, |_| Ok(())),
        step("bad", &[], 1, |_| bail!("broken")),
        step("after", &[], 1, |_| Ok(())),
    ];
    let done = schedule::run(steps, 1);
    assert_eq!(done.len(), 3);
    assert_eq!(
        report(&done, Duration::ZERO).unwrap_err().to_string(),
        "failed: bad"
    );
}
