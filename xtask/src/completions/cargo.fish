
# Completes `cargo xtask` as `xtask`, and everything else of cargo as before.
function __xtask_of_cargo
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    string match --quiet -- '+*' $words[2]; and set --erase words[2]
    test "$words[2]" = xtask; or return 1
    string join ' ' -- (string escape -- $words[2..]) (commandline --current-token --cut-at-cursor)
end
complete --command cargo --condition '__xtask_of_cargo >/dev/null' --no-files --arguments '(complete --do-complete (__xtask_of_cargo))'
