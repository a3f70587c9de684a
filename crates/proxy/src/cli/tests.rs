use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn settings_follow_the_flags() {
    let cli = Cli::try_parse_from([
        "tieline-proxy",
        "sandbox",
        "--quota",
        "2",
        "--fault",
        "lost",
        "--time-scale",
        "0",
    ]);
    let Ok(Cli {
        command: Some(Command::Sandbox { sandbox, .. }),
        ..
    }) = cli
    else {
        panic!("the documented command line is refused");
    };
    let expected = Settings {
        quota: Some(2),
        fault: Some(Fault::Lost),
        time_scale: 0.0,
        ..Settings::default()
    };
    assert_eq!(sandbox.settings(), expected);
    assert!(Cli::try_parse_from(["tieline-proxy", "--sandbox", "--fault", "x"]).is_err());
    assert!(Cli::try_parse_from(["tieline-proxy", "--time-scale", "-1"]).is_err());
}

#[test]
fn what_has_begun_before_a_stop_is_waited_for() {
    let limits = |request_timeout, upstream_timeout| Limits {
        request_timeout,
        upstream_timeout,
        ..Limits::default()
    };
    for (limits, seconds) in [(limits(15, 30), 55), (limits(1, 2), 5)] {
        assert_eq!(grace(&limits), Duration::from_secs(seconds));
    }
}
