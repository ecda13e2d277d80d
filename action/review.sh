#!/usr/bin/env bash
# Checks and replays the project and writes the result as Markdown to standard output. Ends as `schemactl verify` ends,
# with 2 where only the layout of a file is at fault.
#
#   SCHEMACTL  the program                        (schemactl)
#   PROJECT    the folder of schemactl.kdl        (.)
#   BASE       the commit to compare with; without it no migrations are listed
#   LIMIT      the most characters of a text      (60000: a comment may have 65536)
set -uo pipefail
schemactl="${SCHEMACTL:-schemactl}"
project="${PROJECT:-.}"
base="${BASE:-}"
limit="${LIMIT:-60000}"

# A block whose fence is longer than any run of backticks in it: names and comments of a schema are anybody's.
block() {
    awk -v language="$1" '
        { lines[NR] = $0; rest = $0
          while (match(rest, /`+/)) { if (RLENGTH > longest) longest = RLENGTH; rest = substr(rest, RSTART + RLENGTH) } }
        END { fence = "```"; while (length(fence) <= longest) fence = fence "`"
              print fence language; for (at = 1; at <= NR; at++) print lines[at]; print fence }'
}

# A text for a line of HTML.
plain() {
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/`/\&#96;/g; s/\[/\&#91;/g; s/|/\&#124;/g; s/@/\&#64;/g'
}

verified="$("$schemactl" verify --project "$project" --color never 2>&1)"
status=$?
misshapen="$("$schemactl" fmt --check --project "$project" --color never 2>&1)"
layout=$?

review() {
    echo "<!-- schemactl $(printf '%s' "$project" | plain | tr -d '\n' | sed 's/--/-/g') -->"
    case "$status" in
        0) echo "## schemactl: the migrations lead to what the files say, and back" ;;
        3) echo "## schemactl: refused" ;;
        4) echo "## schemactl: mistakes in the files" ;;
        *) echo "## schemactl: not verified (exit $status)" ;;
    esac
    echo
    printf '%s\n' "$verified" | block text
    if [ "$layout" != 0 ]; then
        echo
        echo "Not formatted; \`schemactl fmt\` does it:"
        echo
        printf '%s\n' "$misshapen" | block text
    fi
    [ -n "$base" ] || return 0
    # Files of migrations are known by their header, wherever the project keeps them.
    # The way there goes before the way back.
    git diff --name-only --diff-filter=AMR --relative -z "$base" HEAD -- "$project" |
        sed -z 's/\.down\.sql$/.up.sql~/' | sort -z | sed -z 's/\.up\.sql~$/.down.sql/' |
        while IFS= read -r -d '' file; do
            [ -f "$file" ] || continue
            head -n 1 -- "$file" | grep -q '^-- schemactl:' || continue
            header="$(sed '/^$/,$d' -- "$file")"
            hazards="$(printf '%s\n' "$header" | sed -n 's/^-- schemactl:hazard //p')"
            echo
            printf '<details><summary><code>%s</code>%s</summary>\n\n' \
                "$(printf '%s' "$file" | plain)" \
                "$([ -z "$hazards" ] || echo ", hazards: $(printf '%s\n' "$hazards" | wc -l | tr -d ' ')")"
            if [ -n "$hazards" ]; then
                printf '%s\n' "$hazards" | block text
                echo
            fi
            proven="$(printf '%s\n' "$header" | sed -n 's/^-- schemactl:proven //p')"
            printf 'Proven: %s\n\n' "$(printf '%s' "${proven:-not}" | plain)"
            sed '1,/^$/d' -- "$file" | block sql
            echo
            echo '</details>'
        done
}

text="$(review)"
if [ "${#text}" -gt "$limit" ]; then
    # Cut at a file: what is open stays readable.
    printf '%s\n' "$text" | awk -v limit="$limit" '
        { all = all $0 "\n" }
        /^<\/details>$/ && length(all) < limit { kept = all }
        END { if (kept == "") { print substr(all, 1, 300); print "\n(the rest is too long for a comment)" }
              else { printf "%s", kept; print "\n(more files than fit here)" } }'
else
    printf '%s\n' "$text"
fi
if [ "$status" = 0 ] && [ "$layout" != 0 ]; then
    exit "$layout"
fi
exit "$status"
