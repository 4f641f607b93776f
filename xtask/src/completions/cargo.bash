
# Completes `cargo xtask` as `xtask`, and everything else of cargo as before.
_xtask_of_cargo() {
    local at=1
    [[ ${COMP_WORDS[1]} == +* ]] && at=2
    if [[ $COMP_CWORD -gt $at && ${COMP_WORDS[at]} == xtask ]]; then
        COMP_WORDS=("${COMP_WORDS[@]:at}")
        COMP_CWORD=$((COMP_CWORD - at))
        _xtask xtask "$2" "$3"
    elif [[ -n ${_xtask_cargo-} ]]; then
        "$_xtask_cargo" "$@"
    fi
}

_xtask_wrap_cargo() {
    local known
    # Most completions are loaded when they are first used.
    if ! known=$(complete -p cargo 2>/dev/null); then
        if declare -F _comp_load >/dev/null; then
            _comp_load cargo
        elif declare -F _completion_loader >/dev/null; then
            _completion_loader cargo
        fi
        known=$(complete -p cargo 2>/dev/null)
    fi
    if [[ $known == *" -F _xtask_of_cargo "* ]]; then
        return
    elif [[ $known =~ ^(complete.*)\ -F\ ([^ ]+)\ (.*)$ ]]; then
        _xtask_cargo=${BASH_REMATCH[2]}
        eval "${BASH_REMATCH[1]} -F _xtask_of_cargo ${BASH_REMATCH[3]}"
    elif [[ -n $known ]]; then
        # It is not a function, and cannot be called by one.
        return
    else
        complete -o bashdefault -o default -F _xtask_of_cargo cargo
    fi
}
_xtask_wrap_cargo
unset -f _xtask_wrap_cargo
