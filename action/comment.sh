#!/usr/bin/env bash
# Writes the review under the pull request NUMBER of GITHUB_REPOSITORY: one comment a project, which is written anew each
# time. A token of a fork may not write; that fails nothing.
set -euo pipefail
first="$(head -n 1 -- "$REVIEW")"
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
warn() {
    echo "::warning::the review could not be written under the pull request; it stands in the summary of this run"
    exit 0
}
export FIRST="$first"
before="$(gh api --paginate "$comments" --jq '.[] | select(.body | startswith(env.FIRST)) | .id' | head -n 1)" || warn
if [ -n "$before" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$before" --field "body=@$REVIEW" || warn
else
    gh api --silent --method POST "$comments" --field "body=@$REVIEW" || warn
fi
