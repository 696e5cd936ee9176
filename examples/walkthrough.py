"""The library in one sitting: from a file of gifts to what was earned, what reaches the bank, and a statement with its proof.

python examples/walkthrough.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import diamondctl

gifts = Path(__file__).with_name("2026-10.csv")

# The options of a command are keywords here: she is paid in the US, LIVE Center shows a share of 48 percent.
mara = diamondctl.Options(region="US", share=48, period="2026-10", as_of="2026-11-01")

# 1. A summary. Its answer is what the screen begins with; what is missing or doubtful is never silent.
october = diamondctl.summary(gifts, **mara)
print(october.answer)
for warning in october.warnings:
    print("!", warning)

# 2. Every step from what the gifts were worth to the bank, as a DataFrame: exact decimals, the unit in the name of the column.
steps = diamondctl.fees(gifts, method="paypal", **mara).frame()
print()
print(steps[["label", "amount_low_usd", "amount_high_usd", "amount_confidence"]].to_string(index=False))

# 3. Can it be withdrawn? The verdict is in the answer, and in the exit code that the command would end with.
payout = diamondctl.payout_check(gifts, method="paypal", opening=0, **mara)
print()
print(payout.answer, {0: "(yes)", 1: "(no)", 3: "(it depends)"}[payout.exit_code])

# 4. From a frame on it is pandas: on which days of the week the fans gave most.
hours = diamondctl.schedule(gifts, **mara).frame()
print()
print(hours.groupby("weekday")["coins"].sum().sort_values(ascending=False).head(3).to_string())

# 5. A statement, and its proof: computed again from the file on any machine, it is the same to the cent.
with TemporaryDirectory() as folder:
    paper = Path(folder, "mara-2026-10.json")
    diamondctl.statement(gifts, **mara).save(paper)
    proof = diamondctl.verify(paper, gifts)
    print()
    print(f"Same: {proof.value.same} ({proof.value.figures} figures)")

    # One gift less, and it says what differs.
    shorter = Path(folder, "shorter.csv")
    shorter.write_text("".join(gifts.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    print(diamondctl.verify(paper, shorter).answer)

# 6. What cannot be answered is refused, with its place and what to do about it.
try:
    diamondctl.summary(gifts, region="US", timezone="Europe/Atlantis")
except diamondctl.Refusal as refusal:
    print()
    for problem in refusal.problems:
        print(problem.code, problem.message, f"({problem.hint})")
