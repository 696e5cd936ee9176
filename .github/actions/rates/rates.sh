#!/usr/bin/env bash
# Check, diff, impact and comment; every step runs, and the worst exit code is the answer. Values come as environment variables,
# so that none of them is ever part of a command.
set -uo pipefail
rates=$RUNNER_TEMP/diamondctl/bin/diamondctl
worst=0
keep() { if [ "$1" -gt "$worst" ]; then worst=$1; fi; }

# A new branch has no commit before it.
case ${BASE:-} in
  "" | 0000000*) BASE=origin/$BRANCH ;;
esac
decide=()
if [ -n "${FAIL_ON:-}" ]; then decide+=("--fail-on=$FAIL_ON"); fi
limits=()
read -ra words <<<"${MAX_CHANGE:-}"
for word in "${words[@]}"; do limits+=("--max-change=$word"); done

"$rates" rates check --strict -f github -- "$RATES"
keep $?
"$rates" rates diff --merge-base="$BASE" "${decide[@]}" -f github -- "$RATES"
keep $?
"$rates" rates impact --merge-base="$BASE" "${limits[@]}" -f github -- "$RATES"
keep $?

comment() {
  local file=$RUNNER_TEMP/rates-comment.md mark='<!-- diamondctl rates impact -->' id
  "$rates" rates impact --merge-base="$BASE" "${limits[@]}" -f comment -o "$file" --force -- "$RATES"
  [ -e "$file" ] || return 0
  id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id" | head -n 1) || return 1
  if [ -s "$file" ] && [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file"
  elif [ -s "$file" ]; then
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$file"
  elif [ -n "$id" ]; then
    gh api --silent --method DELETE "repos/$GITHUB_REPOSITORY/issues/comments/$id"
  fi
}
if [ "${COMMENT:-}" = true ] && [ -n "${PULL_REQUEST:-}" ]; then
  # The token of a pull request from a fork may not write; the summary of the job has the same table.
  comment || echo "::notice title=rates::the comment could not be written; see the summary of the job"
fi
exit "$worst"
