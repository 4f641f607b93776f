
# Completes `cargo xtask` as `xtask`, and everything else of cargo as before.
var xtask-cargo = {|@words| edit:complete-filename $@words }
if (has-key $edit:completion:arg-completer cargo) {
    set xtask-cargo = $edit:completion:arg-completer[cargo]
}
set edit:completion:arg-completer[cargo] = {|@words|
    if (and (> (count $words) 2) (eq $words[1] xtask)) {
        $edit:completion:arg-completer[xtask] (all $words[1..])
    } else {
        $xtask-cargo $@words
    }
}
