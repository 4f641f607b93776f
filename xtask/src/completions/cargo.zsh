
# Completes `cargo xtask` as `xtask`, and everything else of cargo as before.
_xtask_of_cargo() {
    local at=2
    [[ $words[2] == +* ]] && at=3
    if (( CURRENT > at )) && [[ $words[at] == xtask ]]; then
        words=("${(@)words[at,-1]}")
        (( CURRENT -= at - 1 ))
        local service=xtask
        _xtask
    elif [[ -n $_xtask_cargo ]]; then
        eval $_xtask_cargo
    else
        _default
    fi
}
if [[ ${_comps[cargo]-} != _xtask_of_cargo ]]; then
    typeset -g _xtask_cargo=${_comps[cargo]-}
    compdef _xtask_of_cargo cargo
fi
