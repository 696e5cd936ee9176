#!/bin/sh
# A month end for all clients at once: take in what came, look the month through, close it, write the papers.
#
#   month-end.sh INBOX OUT MONTH [FINDING...]
#
# INBOX holds the clients' files; OUT gets a folder for each client, the books and a backup. A FINDING, such as `ranges`, is
# what `diamondctl period check` may find and the month be closed all the same. Ledger and settings are diamondctl's own
# (DIAMONDCTL_LEDGER, DIAMONDCTL_CONFIG). Run it again whenever it was stopped: what is done stays as it is.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: month-end.sh INBOX OUT MONTH [FINDING...]" >&2
    exit 2
fi
inbox=$1 out=$2 month=$3
shift 3

# A command may end with 3: its figures are incomplete, or only probable, and it says why.
run() {
    code=0
    diamondctl "$@" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || exit "$code"
}

# 1. What came. Gifts that are there already count once, so the whole folder can be given every time.
run import "$inbox"

# 2. Look it through, and close it. What is left open ends the script with 1, unless it was named.
for finding in "$@"; do
    set -- "$@" --accept "$finding"
    shift
done
[ $# -eq 0 ] || set -- "$@" --reason "accepted by month-end.sh"
diamondctl period check "$month" || [ $# -gt 0 ]
diamondctl period close "$month" "$@"

# 3. The papers of each client: statement, page and fees. Nobody sees anything of the others. Of a closed month they stay as they are: one that would come
# out otherwise is kept, and ends the script with 4.
mkdir -p "$out"
run report statement -p "$month" --each creator -o "$out/{creator}/{period}-statement.html"
diamondctl summary -p "$month" --csv --columns creator -q 2>/dev/null | sed 1d | sort -u | while read -r client; do
    folder=$out/$(printf %s "$client" | tr -c 'A-Za-z0-9._-' _)
    mkdir -p "$folder"
    run report month -p "$month" --creator "$client" -o "$folder/$month.html"
    run fees -p "$month" --creator "$client" -q -o "$folder/$month-fees.csv"
    echo "$client: $folder"
done

# 4. The books, and everything in one file.
run export --to hledger -p "$month" --alone -q -o "$out/$month.journal"
[ -e "$out/$month.zip" ] || diamondctl backup "$out/$month.zip" > /dev/null
echo "$month is done: $out"
