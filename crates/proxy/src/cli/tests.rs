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
