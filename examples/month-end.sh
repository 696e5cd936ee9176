#!/bin/sh
# A month-end job: one JSON report per region folder, stop at the first file that is refused.
# Usage: month-end.sh EXPORTS OUT MONTH      EXPORTS/<region>/*.csv -> OUT/<region>-<month>.json
set -eu
if [ $# -ne 3 ]; then
    echo "usage: month-end.sh EXPORTS OUT MONTH" >&2
    exit 2
fi
exports=$1 out=$2 month=$3
mkdir -p "$out"
for folder in "$exports"/*/; do
    region=$(basename "$folder")
    code=0
    diamondctl summary "$folder" --region "$region" -p "$month" -o "$out/$region-$month.json" || code=$?
    case $code in
        0) echo "$region $month: done" ;;
        3) echo "$region $month: incomplete, see its warnings" ;;
        *) exit "$code" ;;
    esac
done
