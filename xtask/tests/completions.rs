//! Completions of `cargo xtask`, as shells read them.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::process::Command;

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// What a shell prints for a script, whose `$XTASK` is the program; `None` if the shell is not installed.
fn printed(shell: &str, script: &str) -> Option<String> {
    if Command::new(shell).arg("--version").output().is_err() {
        assert_ne!(shell, "bash", "it is everywhere");
        eprintln!("SKIPPED: completions in {shell}, which is not installed");
        return None;
    }
    let output = Command::new(shell).args(["-c", script]).env("XTASK", XTASK).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn scripts_are_for_xtask() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = Command::new(XTASK).args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("attempt-timeout"), "{shell}: {script}");
        assert!(script.contains("Completes `cargo xtask`") == (shell != "powershell"), "{shell}: {script}");
    }
}

/// `cargo xtask` is completed as `xtask`; the rest is left to the completion that was there.
#[test]
fn bash_completes_cargo_xtask() {
    let before = r#"old() { COMPREPLY=("old: $1 $2 $3"); }; complete -o nospace -F old cargo"#;
    let words = r#"
        try() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            "$completes" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
        }
        script=$("$XTASK" completions bash)
        # Twice, as in a shell that starts a shell.
        eval "$script"; eval "$script"
        [[ $(complete -p cargo) =~ (.*)\ -F\ ([^ ]+) ]]
        echo "${BASH_REMATCH[1]}"
        completes=${BASH_REMATCH[2]}
        try cargo xtask codeg
        try cargo +stable xtask codegen --che
        try cargo xtask peers loa
        try cargo xtask completions po
        try cargo xtask show aws-sto
        try cargo xtask import aws-sto
        try cargo xtas
        try cargo build --rel
    "#;
    let completed = "codegen\n--check\nload\npowershell\naws-storage-gateway\n\n";
    let shown = printed("bash", &format!("{before}\n{words}")).unwrap();
    assert_eq!(
        shown,
        format!("complete -o nospace\n{completed}old: cargo xtas cargo\nold: cargo --rel build\n")
    );
    // Without another completion of cargo.
    assert_eq!(
        printed("bash", words).unwrap(),
        format!("complete -o bashdefault -o default\n{completed}\n\n")
    );
}

#[test]
fn fish_completes_cargo_xtask() {
    let script = r#"
        "$XTASK" completions fish | source
        complete --command cargo --condition 'not __fish_seen_subcommand_from xtask' --arguments old-subcommand
        for line in 'cargo xtask codeg' 'cargo +stable xtask codegen --che' 'cargo xtask peers loa' 'cargo xtask call aws-st' 'cargo xtask completions po' 'cargo xtask call aws-sts aws-st' 'cargo old-sub' 'cargo build xtask old-sub'
            complete --do-complete $line | string split --fields 1 \t; or true
        end
    "#
    .replace("\"$XTASK\"", "$XTASK");
    let Some(shown) = printed("fish", &script) else { return };
    assert_eq!(shown, "codegen\n--check\nload\naws-storage-gateway\naws-sts\npowershell\nold-subcommand\n");
}

/// The part for cargo alone, as only a terminal has zsh's completion.
#[test]
fn zsh_completes_cargo_xtask() {
    let script = r#"
        typeset -A _comps
        _comps[cargo]=old
        old() { print -r -- "old: $words" }
        _default() { print -r -- "default: $words" }
        compdef() { _comps[$2]=$1 }
        eval "$($XTASK completions zsh)"
        eval "$($XTASK completions zsh)"
        _xtask() { print -r -- "$CURRENT: $words" }
        try() { words=("$@"); CURRENT=$#; $_comps[cargo] }
        try cargo xtask codeg
        try cargo +stable xtask codegen --che
        try cargo xtask ''
        try cargo xtas
        _xtask_cargo=
        try cargo build --rel
    "#;
    let Some(shown) = printed("zsh", script) else { return };
    assert_eq!(
        shown,
        "2: xtask codeg\n3: xtask codegen --che\n2: xtask \nold: cargo xtas\ndefault: cargo build --rel\n"
    );
}
