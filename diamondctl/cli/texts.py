"""What `--help` says of the program, its groups and its commands: beside the tree, so that no command is loaded for it."""

from __future__ import annotations

from typing import Final

ROOT: Final = """\
What LIVE gifts earn, and what reaches your bank. From your files; offline.

\b
Examples:
  diamondctl init --region US --creator mara
  diamondctl summary gifts.csv --region US --share 48
  diamondctl import gifts.csv
  diamondctl summary -p 2026-10
  diamondctl fees gifts.csv --region US --share 48 --agency 10%
  diamondctl payout check gifts.csv --region US --share 48
  diamondctl project -p 2026-11
  diamondctl profile sniff agency-export.xlsx
  diamondctl rates which --region US
  diamondctl rates check my-rates/
  diamondctl config show --origin

Not affiliated with any platform. Nothing it prints is a promise of payment.
"""

# Below the headings of the root help.
CLOSING: Final = """\
What to do next: diamondctl        A command: diamondctl COMMAND --help
The manual: diamondctl help        Every command: diamondctl --help-all
Not affiliated with any platform. Nothing it prints is a promise of payment.
"""

# Words for which somebody else's program, or a person, would look, and the command that does it.
MEANT: Final = {
    "adjust": "record adjustment",
    "add": "import",
    "calc": "estimate",
    "calculate": "estimate",
    "cashout": "payout check",
    "convert": "estimate",
    "delete": "undo",
    "documents": "records list",
    "example": "demo",
    "earned": "summary",
    "earnings": "summary",
    "engagement": "streams",
    "fans": "gifters",
    "files": "records list",
    "forecast": "project",
    "income": "record income",
    "load": "import",
    "lives": "streams",
    "man": "help",
    "manual": "help",
    "missions": "streams",
    "money": "balance",
    "plan": "schedule",
    "predict": "project",
    "remove": "undo",
    "settings": "config show",
    "setup": "init",
    "status": "summary",
    "tour": "demo",
    "thanks": "gifters",
    "validate": "rates check",
    "wallet": "balance",
    "why": "explain",
    "withdraw": "payout check",
    "withdrawal": "payout check",
}

# The same of options; the first ones that a command has are named.
MEANT_OPTIONS: Final = {
    "--at": ("--as-of",),
    "--date": ("--as-of", "--period"),
    "--day": ("--as-of", "--period"),
    "--month": ("--period",),
    "--name": ("--creator",),
    "--on": ("--as-of", "--date"),
    "--country": ("--region",),
    "--out": ("--output",),
    "--percent": ("--share",),
    "--since": ("--period",),
    "--tz": ("--timezone",),
    "--until": ("--as-of",),
    "--user": ("--creator",),
}

# By the words of the command. Commands that are loaded with their group say it themselves.
TEXTS: Final = {
    "import": """\
Add files of gifts, totals, payments, in any order, again and again.

\b
Examples:
  diamondctl import gifts-2026-10.csv
  diamondctl import exports/ --creator mara --region US --dry-run
  cat gifts.json | diamondctl import -
  diamondctl import live-2026-10-30.jsonl live-2026-10-31.jsonl --creator mara

All files or none: one bad row anywhere and nothing is stored, unless --keep-good leaves the bad rows out.
A gift that is in the ledger already is recognised and counts once. Undo: diamondctl undo DOCUMENT.
Event logs are folded together, whichever comes first. Totals of dashboards are kept beside gifts and never added to them.
Statements of PayPal, Payoneer, Wise or a bank and income of other platforms are money as it was paid: diamondctl help money.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 stored, but rows were left out
  4 two sources over the same days, or the ledger cannot be used
""",
    "reconcile": """\
Payouts against what was booked: what was taken on the way, by name, and what nothing explains.

\b
Examples:
  diamondctl reconcile
  diamondctl reconcile -p 2026-10 -v
  diamondctl reconcile --fx eurofxref-hist.csv --tolerance 0.05
  diamondctl explain p007 --letter

First booked pays first. A fee, tax, exchange, refund or a payout on its way is named by who says so: a statement, your record,
the rate file. What is left is unexplained; where a range is involved, only what lies outside of it.

\b
Exit codes:
  0 all explained   1 more than --tolerance is unexplained   3 it cannot all be told
""",
    "record": """\
Write down what no file holds: a payout, what the app shows, income.

\b
Examples:
  diamondctl record payout 300 --date 2026-10-12 --by paypal --arrived 287.40 --arrived-on 2026-10-15
  diamondctl record balance 318.75
  diamondctl record income 250 EUR --from "Acme brand deal" --date 2026-10-20 --to bank
  diamondctl record adjustment opening 12.30 --date 2026-09-30
""",
    "records": """\
Everything that was imported or recorded: what there is, what is in it, which rows were left out.

\b
Examples:
  diamondctl records list
  diamondctl records show d014 --rows 50
  diamondctl records show p001
  diamondctl records rejected d014 --repair mend.csv
""",
    "period": """\
Closing a month: what it still lacks, sealing its figures, every close, and opening it again.

\b
Examples:
  diamondctl period check 2026-10
  diamondctl period close 2026-10 --accept ranges --reason "TikTok publishes no share"
  diamondctl period list
  diamondctl period reopen 2026-10 --reason "an export was missing"

A closed month is told as it was closed, whatever comes later. An import, undo or record that would move it is refused with
exit code 4, or with --correct the difference is booked in the first open month.
""",
    "undo": """\
Take a file or a record out again, as if it had never been there.

Repaired rows of files go with them.

\b
Examples:
  diamondctl undo d014 d015
  diamondctl undo p001
  diamondctl undo d014 --dry-run
""",
    "init": """\
Write your settings: region, time zone, creator, own share, payout method. Asks on a terminal, else takes flags.

\b
Examples:
  diamondctl init
  diamondctl init --region US --creator mara --share 48 --method paypal --yes
  diamondctl init --region GB --timezone Europe/London --config settings.yaml

It says what the choice means before it writes, and keeps a config that exists unless --force.
""",
    "summary": """\
What your gifts earned in a period, and what is in the wallet.

\b
Examples:
  diamondctl summary gifts.csv --region US --share 48
  diamondctl summary -p 2026-10
  diamondctl summary october.csv november.jsonl --region GB
  diamondctl summary exports/ --region DE -p 2026-10 -o october.json
  cat gifts.json | diamondctl summary - --region US --json
  diamondctl summary live-events.jsonl --region US --creator mara

Without files it reads your ledger. A file is the plain gift format as CSV, XLSX, JSON list or JSON Lines, a log of LIVE
events, a ZIP archive or a folder of them, or of any other shape with --profile. A gift that two files hold counts once.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 gifts of the period are missing from the money
  4 the output file exists or cannot be written
""",
    "balance": """\
Where the money is at a date: in each wallet, on the way, with you.

\b
Examples:
  diamondctl balance
  diamondctl balance --as-of 2026-10-15 --csv
  diamondctl balance gifts.csv --region US --share 48 --opening 12.30

In the ledger it goes by what was recorded (diamondctl record): what the app showed, what left, what was booked since. A file
knows no payouts. Without --as-of it is the end of the period.
""",
    "compare": """\
Platforms side by side: of 100 that fans spend, what stores and the platform take and what reaches you; the minimum, the wait.

\b
Examples:
  diamondctl compare
  diamondctl compare --region US -v
  diamondctl compare gifts.csv --region US --mine -p 2026-10

Every cell comes from one file of dated, sourced facts, rates/platforms.csv; `?` is what no source says. -v shows
subscriptions, payouts, and the source of each cell. --mine prices what your own fans spent in a period as other platforms
would, as ranges: it says nothing about whether the same fans would spend as much there. How platforms differ in kind:
diamondctl help platforms.
""",
    "export": """\
Entries for your books: what was credited, paid out and taken, each of which sums to zero.

\b
Examples:
  diamondctl export --to hledger -o earnings.journal
  diamondctl export --to beancount -p 2026-10 --alone
  diamondctl export gifts.csv --region US --share 48 --to csv
  diamondctl export --to my-books.yaml -p 2026-10 -o october.csv
  diamondctl export --to hledger --new exported.jsonl -o 2026-11.journal

By the day on which the platform books it. hledger and beancount get what each wallet held at the end of every month, to be
checked by them. The same export gives the same bytes; an entry keeps its id in every export. A range is never booked: it is
listed, unless --post least. A mapping file says how your books call accounts and columns: diamondctl help books

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 something was left out: ranges, or gifts without a rate
  4 the output file exists or cannot be written
""",
    "fees": """\
Every step from gift value to the bank: platform, agency, tax withheld, payout fees; and what fans paid.

\b
Examples:
  diamondctl fees -p 2026-10 --region US
  diamondctl fees gifts.csv --region US --share 48
  diamondctl fees gifts.csv --region GB --agency 10% --to bank
  diamondctl fees exports/ --region US -p 2026-10 --to reward --csv

Where a rate is known only as a range there are two columns: the story in which you get least and the one in which you
get most. Each column foots to the cent. Amounts are in the currency of the reward; no exchange rate is assumed.
""",
    "profile": """\
Mappings for files of any shape: CSV, TSV, JSON, JSON Lines and XLSX.

\b
Examples:
  diamondctl profile sniff agency-export.xlsx -o agency.yaml
  diamondctl summary agency-export.xlsx --profile agency.yaml --region GB
  diamondctl profile list my-profiles/
  diamondctl profile test my-profiles/
""",
    "verify": """\
Compute a statement again, on this machine, and compare every figure.

\b
Examples:
  diamondctl verify october.json
  diamondctl verify october.json gifts-2026-10.csv
  diamondctl verify october.json exports/ --rates my-rates

It takes the statement as JSON (report statement -o october.json): settings, records and options are in it. With the files that
it was made from it needs no ledger. Where a figure differs, the first one is shown with what explains it: a file, a rate entry,
a record, a version.

\b
Exit codes:
  0 the same   1 not the same   2 refused, with every problem on stderr
""",
    "report": """\
Reports to keep, print or show: one file each.

\b
Examples:
  diamondctl report month -o month.html
  diamondctl report share -o card.svg
  diamondctl report statement -p 2026-10 -o october.xlsx
  diamondctl report year -p 2026 --form 1234.56
""",
    "report statement": """\
A statement of a wallet: before, what came and went, what is there; beside the period before and the year so far.

\b
Examples:
  diamondctl report statement -p 2026-10 --creator mara
  diamondctl report statement -p 2026-10 --creator mara -o october.xlsx
  diamondctl report statement -p 2026-10 --creator mara -o october.html
  diamondctl report statement -p 2026-10 --each creator -o 'out/{creator}/{period}.xlsx'

Every total is the sum of lines above it, in the least and in the most that they can be; in XLSX by live formulas. It holds the
inputs of that creator alone. Its number names wallet and period; its version is another one as soon as a figure is.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 gifts of the period are missing from the money
  4 the output file exists or cannot be written
""",
    "report pack": """\
A ZIP with a statement and all that proves it, which reads without this tool.

\b
Examples:
  diamondctl report pack -p 2026-10 --creator mara -o mara.zip
  diamondctl report pack -p 2026-10 --creator mara --facts -o facts.zip

The statement as XLSX, HTML, CSV and JSON, every entry, the payouts, the rates used with the addresses of their sources, the
documents with their hashes, and one page that says what is fact, what is rated and what is unknown. --facts leaves out every
figure that rests on a rate.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 gifts of the period are missing from the money
  4 the output file exists or cannot be written
""",
    "report year": """\
The statement of a year, with its months; --form ties what a payer's form says to what was paid.

\b
Examples:
  diamondctl report year -p 2026 --creator mara
  diamondctl report year -p 2026 --creator mara --form 1234.56
  diamondctl report year -p 2026 --each creator -o 'out/{creator}/{period}.xlsx'

A form may stand for what was withdrawn, credited, earned, what arrived, or the gift value. The one with the fewest named steps
to the amount is shown, and what nothing explains.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 gifts of the year are missing from the money
  4 the output file exists or cannot be written
""",
    "report month": """\
One page to open every month: what was earned, the wallet, the way to the bank, the months before, what may come.

\b
Examples:
  diamondctl report month -o month.html
  diamondctl report month -p 2026-10 -o october.html
  diamondctl report month gifts.csv --region US --share 48 -o month.html

The page is one file: it asks for nothing elsewhere, needs no script, prints on A4 and Letter, and names no viewer. With -f
json or csv it is the same figures; without -o a short screen.
""",
    "report share": """\
A card and its text to post: LIVEs, hours, gifts and how many people gave them. No money and no name.

\b
Examples:
  diamondctl report share -o card.svg
  diamondctl report share -p 2026-10 --money -o october.svg

With --money the reward stands on it as it is known, which may be a range. Of fewer than five people nothing is told.
""",
    "payout": """\
Can it be withdrawn, by which method, when.

\b
Examples:
  diamondctl payout check --region US --share 48
  diamondctl payout check gifts.csv --region US --share 48
""",
    "explain": """\
Where a number comes from, to the rate entry and to the line of the file.

\b
Examples:
  diamondctl explain reward -p 2026-10
  diamondctl explain balance
  diamondctl explain payout gifts.csv --region US --share 48 --opening 12.30
  diamondctl explain project
  diamondctl explain 7390000000000000117
  diamondctl explain 2026-10-31T20:15 gifts.csv --region US --penalty 0
  diamondctl explain p007 --letter -o letter.txt

reward: every credit of the period, when it is credited, its share, and the missions that the share is built from.
balance: every entry that it is the sum of. payout: what decides. project: how often such ranges were right. A LIVE, by its id
or by a time at which one of its gifts was sent (without a zone in the reporting one): which missions counted, what the next
band would have paid, the credits it went into, its gifts with the line of each. A record or a file: all that it says. With -v
each step and assumption, and the rates with their sources, address and words.
""",
    "streams": """\
Which LIVEs brought what: the best, the middle, the hours they began.

\b
Examples:
  diamondctl streams
  diamondctl streams -p 2026-10
  diamondctl streams gifts.csv --region US -p 2026-10 -o streams.csv
  diamondctl streams --missions --scheme missions
  diamondctl streams --engagement -p 2026
  diamondctl streams --partners

A LIVE counts in the period in which it began. It lasted from its first gift to its last, unless a source knows better.
""",
    "schedule": """\
When to be live: a map of the week, your plan and what you kept of it.

\b
Examples:
  diamondctl schedule
  diamondctl schedule -p 2026
  diamondctl config set creators.mara.schedule "mon 19:00, thu 19:00"

Without -p it is the quarter of a year up to your last month with a LIVE. Hours with fewer than three LIVEs are grey.
""",
    "gifts": """\
Which gifts earn: small, middle and large ones, what is new, what is gone.

\b
Examples:
  diamondctl gifts
  diamondctl gifts -p 2026-10 --bounds 50,500
  diamondctl gifts gifts.csv --region US -o gifts-by-kind.csv
""",
    "gifters": """\
Who gives, by alias: the largest, the new, the gone, and whom to thank.

\b
Examples:
  diamondctl gifters
  diamondctl gifters -p 2026-10 --names
  diamondctl gifters --thanks
  diamondctl gifters gifts.csv --region US --csv

People are aliases unless you ask for --names. --thanks is made to be shown: it names only who agreed (privacy consent).
""",
    "project": """\
What will be earned, and when it is in the bank: a range.

\b
Examples:
  diamondctl project
  diamondctl project -p 2026-11 --share 48
  diamondctl project --until 1000.00
  diamondctl project --goal "diamonds 100000, hours 40, days 15"
  diamondctl project --threshold --without-top 1
  diamondctl project -p 2026-12 --streams 12
  diamondctl project gifts.csv --region US -p 2026-W45 --level 90 --json

\b
Exit codes of --until and --threshold:
  0 it is together, even at the low end   1 not even at the high end   3 it depends, or is only probable

Without -p it is the month of tomorrow; with --as-of, what could have been said on that day. It needs
four full weeks of gifts. A goal asks for all of its conditions: diamonds, hours live (in quarters),
days live for an hour or more. Nothing it prints is a promise of income.
""",
    "estimate": """\
What a number of coins comes to for you, without any file.

\b
Examples:
  diamondctl estimate 20265 --region US
  diamondctl estimate 20,265 --region GB --share 48
  diamondctl estimate 1000 --region DE --as-of 2026-03-01 --json

A bare number knows nothing of your LIVEs, so the answer is no more exact than a file with one gift would allow.

\b
Exit codes:
  0 done   2 wrong usage   3 no rate is known there
""",
    "rates": """\
Rate files: what they say, which entry decides, whether they are right.

\b
Examples:
  diamondctl rates list
  diamondctl rates show US
  diamondctl rates which --region US --date 2026-10-31
  diamondctl rates check my-rates/
  diamondctl rates diff HEAD
  diamondctl rates impact HEAD --max-change 5
""",
    "backup": """\
Write the whole ledger into one file. It holds names of gifters: keep it as you keep the ledger.

\b
Examples:
  diamondctl backup ledger-2026-10-31.zip

A name that is erased later is still in backups made before; delete those too.
""",
    "restore": """\
Make the ledger of a backup in a new folder. Every file is verified; nothing is ever overwritten.

\b
Examples:
  diamondctl restore ledger-2026-10-31.zip --ledger restored/
""",
    "privacy": """\
What the ledger knows of gifters, who may be named, forgetting one.

\b
Examples:
  diamondctl privacy status
  diamondctl privacy consent fan-1f0c9a2b3d4e --since 2026-10-01
  diamondctl privacy erase "the gifter's name"
  diamondctl privacy twin for-a-bug-report
""",
    "doctor": """\
What is damaged in the ledger, what works here, and what to do.

It only reads, except with `--fix`.

\b
Examples:
  diamondctl doctor
  diamondctl doctor --fix
  diamondctl doctor --json

Every file is compared with its hash, and every total is derived again from the documents.

\b
Exit codes:
  0 sound   4 something is damaged
""",
    "help": """\
The manual, a page a topic; or the whole command tree for a program.

\b
Examples:
  diamondctl help
  diamondctl help evidence
  diamondctl help rates diff
  diamondctl help --json
""",
    "demo": """\
An invented month in a temporary place, to see what reports look like.

\b
Examples:
  diamondctl demo
  diamondctl demo payout check
  diamondctl demo project --until 500

Nothing of yours is read or changed, and the example is taken away again.
""",
    "schema": """\
The JSON Schema of what a command writes, or of a file of yours.

\b
Examples:
  diamondctl schema
  diamondctl schema summary
  diamondctl schema rates check
  diamondctl schema rate-file -o rates.schema.json
""",
    "config": """\
Settings: what commands go by where no option is given.

\b
Examples:
  diamondctl config show --origin
  diamondctl config get creators.mara.share
  diamondctl config set creators.mara.region US
  diamondctl config unset creators.mara.share
  diamondctl config path
""",
    "rates list": """\
Zones, the regions they cover, and what their reward says today.

\b
Examples:
  diamondctl rates list
  diamondctl rates list --date 2024-06-01 --json
  diamondctl rates list -f lock -o rates.lock

With a rates.lock in the current folder (or the one that DIAMONDCTL_RATES_LOCK names) a report made with other rates says so.
""",
    "rates show": """\
What a zone says now; with -v its whole history, with sources, dates and confidence.

\b
Examples:
  diamondctl rates show US
  diamondctl rates show US -v
  diamondctl rates show euro --json
""",
    "rates which": """\
Which entry decides a rate on a day, with its place in the file. Exit code 3 when one is not known.

\b
Examples:
  diamondctl rates which --region US --date 2026-10-31
  diamondctl rates which reward --region US --date 2025-02-09 --rates-as-of 2026-11-22
""",
    "rates check": """\
Check rate files and run their examples: every problem of all files in one run.

\b
Examples:
  diamondctl rates check
  diamondctl rates check rates/ my-rates/ca.yaml
  diamondctl rates check rates/ --strict --max-age 365
  diamondctl rates check rates/ -f github
  diamondctl rates check rates/ -o rates.sarif

Errors are broken rules; warnings and notices are what looks wrong. `diamondctl rates explain CODE` says more of each.

Besides the formats of every report: full shows the line of the file, concise is one line each, github writes
annotations (and the whole list to the file that GITHUB_STEP_SUMMARY names), sarif and junit are for other tools.

Nothing may be written, seen or read after the day of the check. No other date is compared with it without --max-age, so
that what passes once passes every day.

What looks wrong and is right can be accepted beside the entry, until a day after which it counts again:
accepted: [{code: R104, reason: a true fee of 0.5 %, until: 2027-06-30}]. What is accepted is listed in every report.

\b
Exit codes:
  0 no error   1 an error; with --strict a warning too   2 wrong usage
""",
    "rates diff": """\
What changed between two sets of rate files, entry by entry, and whether history was kept.

\b
Examples:
  diamondctl rates diff HEAD
  diamondctl rates diff --merge-base origin/main ./rates
  diamondctl rates diff --base-rev HEAD^1 ./rates --fail-on past
  diamondctl rates diff --merge-base auto -f changelog
  diamondctl rates diff v1.0 v1.1 --json
  diamondctl rates diff v1.0:rates/tiktok my-rates/tiktok
  diamondctl rates diff old/us.yaml new/us.yaml --as-of 2026-10-31

BASE and HEAD are a file, a folder, a git revision, or REVISION:PATH. A revision without a path is looked at where the
other side is, else in rates/. Nothing is checked out. Without HEAD it is rates/ as it is on disk. A name that is a path and
a revision too is refused: ./NAME is the path, --base-rev REV the revision, and --merge-base REF the commit at which HEAD left
a branch. Only with these can nobody who names files decide what is compared.

History is append-only: entries are added or corrected by later ones, and only verified may be edited. Whatever else
happened to an entry or a source is an error. So is a confidence that rose without a new source; a value that moved without
one is a warning. What begins after --as-of is future, all else is past; --fail-on past makes a change of the past an error
until somebody accepts it beside the entry (code R207; `diamondctl help ci` shows one). The first file of a region needs no
approval. Of the base everything counts that can be read, and its problems are told.

Besides the formats of every report: github writes annotations, codequality is for GitLab, changelog tells users what changed.

\b
Exit codes:
  0 history was kept   1 it was not, or a change is an error; with --strict a warning too
  2 wrong usage, or files that `rates check` refuses
  with --detailed-exit-code: 0 no money changed   5 only the future   6 the past
""",
    "rates impact": """\
What a change of rate files does to money: before and after per creator and month, and thresholds crossed.

\b
Examples:
  diamondctl rates impact HEAD
  diamondctl rates impact --merge-base origin/main ./rates --max-change -5% --max-change +20%
  diamondctl rates impact --base-rev HEAD^1 ./rates --max-change 25USD -f comment -o comment.md
  diamondctl rates impact HEAD~1 --gifts exports/ --region US --share 48
  diamondctl rates impact HEAD --from-ledger --region US
  diamondctl rates impact old-rates/ new-rates/ --gifts gifts.csv --region GB --json

BASE and HEAD are those of `diamondctl rates diff`. Without --gifts or --from-ledger it prices the sample that comes
with diamondctl: synthetic gifts of five months from 2023 to 2026, and of the first week of every later entry, once for
every zone. And always: one reference week in every stretch between two entries in which the sides differ, for every zone
that changed and every region that moved; of gift catalogues, a hundred gifts of each price that changed.

With them, what the config says of a creator's missions (active fans, league, penalty) is used on both sides.

Payout rules are those at the end of each month, as if it were paid out then. --max-change looks at the creator's money
that was known before, of a month or of the reference week; what fans paid is only shown. Without a sign a limit holds up
and down, in percent or in money.

comment is Markdown for a pull request, and nothing where no money moves; its first line tells it from other comments.

\b
Exit codes:
  0 done   1 money moves by more than --max-change   2 refused, with every problem on stderr
  3 a side cannot rate some of the gifts given by --gifts
""",
    "rates coverage": """\
How sure a rate is in each region and month: official, measured, reported, assumed, or not known at all.

\b
Examples:
  diamondctl rates coverage
  diamondctl rates coverage minimum_payout -p 2026
  diamondctl rates coverage --rates my-rates/ --csv

Without --period it is every month from the first entry of the rate to --as-of.
""",
    "rates new": """\
A rate file to begin with: commented, with the general reading as placeholders, and right as it stands.

\b
Examples:
  diamondctl rates new CA --timezone America/Toronto
  diamondctl rates new CA --since 2026-10-01 --share 48 -o my-rates/tiktok/ca.yaml
  diamondctl rates new nordic --region NO --region SE --timezone Europe/Oslo -o my-rates/tiktok/nordic.yaml
  diamondctl rates new au --currency AUD --timezone Australia/Sydney -o my-rates/tiktok/au.yaml

The numbers are no evidence for your region: every line to look at says REPLACE. An existing file is kept unless --force.
""",
    "rates calibrate": """\
Which reward share fits the amounts that the app showed: the interval, from how many of them, by which method.

\b
Examples:
  diamondctl rates calibrate gifts.csv --region US --credit 7390000000000000117=12.50
  diamondctl rates calibrate -p 2026-10 --credit 7390000000000000117=12.50 --credit 7390000000000000118=3.07
  diamondctl rates calibrate -p 2026-10 --credit 7390000000000000117=12.50 --evidence us-2026-10.yaml

A credit is rounded once, so an amount leaves a small interval open; several narrow it. It is a finding, and changes no figure
until you set it. --evidence writes region, month, method, interval and n for others, and nothing else: no name, id, amount or
day. Nothing is sent.

\b
Exit codes:
  0 one share fits   2 refused   3 no one share fits all amounts: the interval goes from the least to the most

In a ledger it also takes what was recorded of the period: credits (record credit), and the growth from one balance that the
app showed (record balance) to the next, less payouts and adjustments.
""",
    "rates export": """\
Everything that rate files hold as an open data package: rates, coin prices, gifts, sources, formulas, platforms, coverage.

\b
Examples:
  diamondctl rates export -o open-data
  diamondctl rates export -o open-data --rates my-rates/

CSV, JSON and Parquet, described by datapackage.json, with a changelog of past and future changes. The data are CC0. The same
files give the same bytes, on any day. `diamondctl help data` shows how to read them.
""",
    "rates gifts": """\
The gift catalogue: what one unit of a gift costs in coins.

\b
Examples:
  diamondctl rates gifts learn live-2026-10-30.jsonl
""",
    "rates gifts learn": """\
Prices that your own logs carry: id, name, coins, first and last day, how often. Nothing of who sent what.

\b
Examples:
  diamondctl rates gifts learn live-2026-10-30.jsonl
  diamondctl rates gifts learn logs/ -o gifts.yaml
  diamondctl rates gifts learn logs/ --json

Each is compared with the gift catalogue: new, known, differs, or conflict where the logs disagree among themselves. With
-o FILE.yaml it is a gift catalogue, ready for your rates folder or for a pull request. A log's own coins always win over
any catalogue, so what you earned does not change by it.

\b
Exit codes:
  0 done   1 a price differs from the catalogue, or logs disagree   2 refused, with every problem on stderr
""",
    "rates explain": """\
What a code of `rates check` or `rates diff` means, why the rule is there, and how to mend it.

\b
Examples:
  diamondctl rates explain R021
  diamondctl rates explain
""",
}
