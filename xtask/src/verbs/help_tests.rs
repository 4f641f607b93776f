//! Properties of every verb's help.

use std::{collections::BTreeSet, fs, process::Command};

use clap::CommandFactory as _;

use crate::{CommandLine, PROGRAM, command, model};

/// Every command below one: the verbs, and the steps of verbs.
fn below(command: &clap::Command) -> Vec<&clap::Command> {
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    verbs.flat_map(|verb| [vec![verb], below(verb)].concat()).collect()
}

#[test]
fn verbs_and_options_are_described() {
    CommandLine::command().debug_assert();
    let line = command::of::<CommandLine>(PROGRAM);
    let mut described = BTreeSet::new();
    for verb in below(&line) {
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        // The same text twice is of what several verbs are made of.
        assert!(!about.is_empty() && described.insert(about.clone()), "{verb}: {about:?}");
        for argument in verb.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() && !help.ends_with('.'), "{verb}: {argument}: {help:?}");
        }
    }
}

/// Examples that the verb itself would refuse are worse than none.
#[test]
fn examples_are_command_lines() {
    let line = command::of::<CommandLine>(PROGRAM);
    for verb in line.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<_> = help.lines().filter_map(|line| line.split_once(PROGRAM)).collect();
        assert!(examples.len() >= 2, "{verb}: {help}");
        for (_, example) in examples {
            assert_eq!(verb_of(example), verb.get_name(), "{example}");
        }
    }
}

/// The verb of a command line in a shell, after the name of the program.
#[track_caller]
fn verb_of(line: &str) -> String {
    let words = line.split(['>', ')', '|']).next().expect("a split has a first part");
    let words = shlex::split(words).expect("quotes are closed");
    let parsed = CommandLine::command().try_get_matches_from([vec![PROGRAM.to_owned()], words].concat());
    match parsed {
        Ok(used) => used.subcommand_name().expect("a verb is required").to_owned(),
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayHelp => "help".to_owned(),
        Err(error) => panic!("{line}: {error}"),
    }
}

/// Commands in the shell's blocks of README and guides.
#[test]
fn commands_of_guides_are_command_lines() {
    let root = model::root();
    let folders = ["docs", "generated/guides"];
    let entries = folders.map(|folder| fs::read_dir(root.join(folder)).expect("it is a folder"));
    let guides = entries.into_iter().flatten().map(|entry| entry.expect("it can be read").path());
    let guides = guides.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let mut count = 0;
    for path in guides.chain([root.join("README.md")]) {
        let page = fs::read_to_string(&path).expect("it is text");
        for block in page.split("\n```sh\n").skip(1) {
            let lines = block.lines().take_while(|line| *line != "```");
            for line in lines.map(|line| line.rsplit("| ").next().unwrap_or(line)) {
                let command =
                    ["cargo xtask ", "gatewright "].iter().find_map(|start| line.strip_prefix(start));
                if let Some(command) = command {
                    verb_of(command);
                    count += 1;
                }
            }
        }
    }
    assert!(count >= 20, "{count} commands");
}

/// The program in `xtask/peers` reads the same options.
#[test]
fn steps_of_peers_are_those_of_its_program() {
    let line = command::of::<CommandLine>(PROGRAM);
    let peers = line.find_subcommand("peers").expect("it is a verb");
    let program = model::root().join("xtask/peers/peers.py");
    let help = |step: &[&str]| {
        let output = Command::new("python3").arg("-B").arg(&program).args(step).arg("--help").output();
        let output = output.expect("Python is installed: CI needs it");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("the help is text")
    };
    let whole = help(&[]);
    let (_, listed) = whole.split_once("\n  step\n").expect("the steps are listed");
    let listed = listed.lines().take_while(|line| line.starts_with("    "));
    let listed = listed.filter_map(|line| line.strip_prefix("    ")?.split(' ').next());
    let theirs: BTreeSet<_> = listed.filter(|name| !name.is_empty()).collect();
    let steps = || peers.get_subcommands().filter(|step| step.get_name() != "help");
    assert_eq!(steps().map(clap::Command::get_name).collect::<BTreeSet<_>>(), theirs);
    for step in steps() {
        let ours: BTreeSet<_> = step.get_arguments().filter_map(clap::Arg::get_long).collect();
        let shown = help(&[step.get_name()]);
        let words = shown.split_whitespace().map(|word| word.trim_matches(['[', ']', ',']));
        let theirs: BTreeSet<_> = words.filter_map(|word| word.strip_prefix("--")).collect();
        assert_eq!(ours, theirs, "{step}");
    }
}
