"""The rules of rate files as pages: what each code means, why the rule is there, a broken piece and the same one mended.

`diamondctl rates explain CODE` prints a page, rates/RULES.md holds all of them. Every broken piece stands in a file of
tests/errors/<code>/, and a test shows that the mended one in its place makes the problem go away. A piece that is a file
name is mended by renaming.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from diamondctl.problems import CODES

SEVERITIES: Final = ("error", "warning", "notice")


class Rule(NamedTuple):
    """One page. `severity` decides the exit code of `rates check`: an error makes it 1."""

    code: str
    severity: str
    why: str
    broken: str = ""
    mended: str = ""

    @property
    def what(self) -> str:
        """One line, without the code."""
        return CODES[self.code]


_HEAD = "{diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: USD, "
_DEEP = "{title: " + "[" * 30 + "]" * 30 + ", retrieved: 2026-11-01}"

_RULES: Final = (
    Rule(
        "R001",
        "error",
        "What YAML cannot read has no meaning. Most often a quote or a bracket is never closed, or a tab indents a line.",
        '{title: "A page, retrieved: 2026-11-01}',
        '{title: "A page", retrieved: 2026-11-01}',
    ),
    Rule(
        "R002",
        "error",
        "What is printed in a file is what runs. Anchors, aliases, tags and merge keys make a value depend on another line, "
        "so that a reader of a change does not see what it changes.",
        "verified: &today 2026-11-01",
        "verified: 2026-11-01",
    ),
    Rule(
        "R003",
        "error",
        "YAML readers disagree on which of two equal keys counts, so a file could say one thing here and another elsewhere.",
        "platform: tiktok\nregions: [US]\ntimezone: UTC\nplatform: twitch",
        "platform: tiktok\nregions: [US]\ntimezone: UTC",
    ),
    Rule(
        "R004",
        "error",
        "One file holds one rate zone. A second document would be skipped by some readers and read by others.",
        "---\nschema: 1",
        "# the second zone stands in a file of its own",
    ),
    Rule(
        "R005",
        "error",
        "Real rate files are small and flat. A limit on size (2,000,000 characters) and depth (24 levels) keeps a hostile one "
        "from using up the machine.",
        _DEEP,
        "{title: A page, retrieved: 2026-11-01}",
    ),
    Rule(
        "R006",
        "error",
        "The schema is closed: a key that nobody reads is a value that nobody uses. One tolerated misspelling has frozen a "
        "hundred values elsewhere while every check was green.",
        "verifed: 2026-11-01\n      verified: 2026-11-01",
        "verified: 2026-11-01",
    ),
    Rule(
        "R007",
        "error",
        "Nothing is inherited and nothing is derived, so every entry carries its own dates, sources and confidence.",
        "      sources: [page]\n  settlement:",
        "      sources: [page]\n      verified: 2026-11-01\n  settlement:",
    ),
    Rule(
        "R008",
        "error",
        "A list stays a list even when it has one item, and a mapping a mapping, so that no shape changes with the data.",
        "regions: US",
        "regions: [US]",
    ),
    Rule(
        "R009",
        "error",
        "Confidence, rounding, credit and the like are closed lists of words. A guess at a misspelt one could turn a rumour "
        "into a measurement.",
        "confidence: rumoured",
        "confidence: reported",
    ),
    Rule(
        "R010",
        "error",
        "A rate without a true date has no place in time. Dates are written 2026-10-31, instants 2026-10-31T16:00:00Z.",
        "effective: 2026-02-30",
        "effective: 2026-02-28",
    ),
    Rule(
        "R011",
        "error",
        "Numbers are plain decimals: no sign, no exponent, no separators, at most 12 digits on either side of the point. Then "
        "every reader sees the same exact number.",
        "cash_per_diamond: 1e-2",
        "cash_per_diamond: 0.01",
    ),
    Rule(
        "R012",
        "error",
        "Usage is kept by quarter of an hour, because every time zone's offset is a multiple of it. A rate that begins "
        "between two of them could not be applied exactly.",
        "effective: 2026-01-01T16:20:00Z",
        "effective: 2026-01-01T16:15:00Z",
    ),
    Rule(
        "R013",
        "error",
        "A bare date begins at 00:00 in the file's time zone. Abbreviations such as PST mean several zones, and none of them "
        "knows summer time.",
        "timezone: PST",
        "timezone: America/Los_Angeles",
    ),
    Rule(
        "R014",
        "error",
        "Money is rounded to the minor unit of its currency, so the currency must be one of ISO 4217.",
        "currency: USDT",
        "currency: USD",
    ),
    Rule(
        "R015",
        "error",
        "Regions are the two capital letters of ISO 3166. Everything in a file is text, so NO is Norway.",
        "regions: [us]",
        "regions: [US]",
    ),
    Rule(
        "R016",
        "error",
        "Two files of one folder that claim the same region of a platform leave it open which of them counts.",
        "regions: [US]",
        "regions: [CA]",
    ),
    Rule(
        "R017",
        "error",
        "Of several entries the greatest pair of effective and recorded wins; the same pair twice has no winner. A correction "
        "is a new entry with the same effective and a later recorded.",
        "      recorded: 2026-11-01\n      value: {credit: stream, rounding: up}",
        "      recorded: 2026-11-02\n      value: {credit: stream, rounding: up}",
    ),
    Rule(
        "R018",
        "error",
        "Every number names where it was found. A name that is not listed under sources leads nowhere.",
        "sources: [pgae]",
        "sources: [page]",
    ),
    Rule(
        "R019",
        "error",
        "The low end of a range comes first; swapped ends would make the worse story the better one.",
        "share: {kind: range, low: 53, high: 20}",
        "share: {kind: range, low: 20, high: 53}",
    ),
    Rule(
        "R020",
        "error",
        "More than all of it cannot be taken or given.",
        _HEAD + "share: {kind: flat, percent: 150}}",
        _HEAD + "share: {kind: flat, percent: 50}}",
    ),
    Rule(
        "R021",
        "error",
        "Percentages are written in percent: 50, not 0.5. A share below one percent was never seen, so it is a fraction, and "
        "would pay a hundredth.",
        _HEAD + "share: {kind: flat, percent: 0.5}}",
        _HEAD + "share: {kind: flat, percent: 50}}",
    ),
    Rule(
        "R022",
        "error",
        "Examples are evidence that runs. One that does not come out shows that either the example or a rule is wrong; look "
        "at both before you change one.",
        "expect: {reward: 0.03}",
        "expect: {reward: 0.02}",
    ),
    Rule(
        "R026",
        "error",
        "Points of missions rise with what was done, and the caps of both parts make up the cap of the whole. If not, one "
        "of the numbers is wrong, and every range that is worked out from them too.",
        "per_stream: {cap: 50, duration: {mode: rising, minutes: {0: 20, 25: 18}}}",
        "per_stream: {cap: 40, duration: {mode: rising, minutes: {0: 20, 25: 38}}}",
    ),
    Rule(
        "R031",
        "error",
        "A file that looks as if it counted, and is read by nobody, misleads whoever reviews it; a link may lead to what no "
        "review ever saw. Rate files are regular files <zone>.yaml or <platform>/<zone>.yaml, on disk and in git alike. Beside "
        "them may stand documents (.md), schemas and hidden names.",
        "my-rates/tiktok/gb.YAML",
        "my-rates/tiktok/gb.yaml",
    ),
    Rule(
        "R032",
        "error",
        "What a review shows must be what runs. Right-to-left marks turn text around, others take no room, and U+0085, U+2028, "
        "U+2029 or a carriage return alone end a line for YAML and not for git. In comments too.",
        "a page\u200b",
        "a page",
    ),
    Rule(
        "R023",
        "error",
        "A file of a newer format may mean something else by the same keys.",
        "schema: 2",
        "schema: 1",
    ),
    Rule(
        "R024",
        "error",
        "The folder is what people see in a listing; a file that speaks for another platform than its folder misleads them.",
        "platform: tiktok",
        "platform: twitch",
    ),
    Rule(
        "R025",
        "error",
        "A check of nothing must not pass: a misspelt path in a CI job would guard no file and stay green.",
        "my-rates/us.txt",
        "my-rates/us.yaml",
    ),
    Rule(
        "R101",
        "warning",
        "What a source says is true of its time. Give published, or name the year in the title; write 'undated' there when "
        "the page itself gives no date.",
        "{title: A page, retrieved: 2026-11-01}",
        "{title: A page, published: 2026-01-01, retrieved: 2026-11-01}",
    ),
    Rule(
        "R102",
        "warning",
        "Rates change without notice. With --max-age DAYS every entry in force must have been seen to hold within so many "
        "days before --as-of: look at its source again, and write the day into verified, the one key that may be edited.",
        "verified: 2025-01-01",
        "verified: 2026-10-01",
    ),
    Rule(
        "R103",
        "error",
        "Nobody has written, read or seen anything on a day after the day of the check (--as-of, else today). A recorded day "
        "in the future would also make every correction before it impossible.",
        "recorded: 2062-11-01",
        "recorded: 2026-11-01",
    ),
    Rule(
        "R104",
        "warning",
        "Percentages are written in percent: 3, not 0.03. Fees below one percent exist, so this may be right; most often it "
        "is a fraction, and takes a hundredth.",
        "percent: 0.03",
        "percent: 3",
    ),
    Rule(
        "R105",
        "warning",
        "Payout steps of 1, 2, 5 and 20 USD belong to an invite campaign in Australia (2019); a minimum of 2 USD, 0.05 USD a "
        "bank payout and 0.9 % at PayPal belong to TikTok Shop in the US. They are often taken for LIVE rules.",
        "{method: any, amount: 2.00, currency: USD}",
        "{method: any, amount: 100.00, currency: USD}",
    ),
    Rule(
        "R106",
        "warning",
        "A table of coin prices in 40 countries goes round; every row is 0.0150 USD times one exchange rate. Prices in shops "
        "end in 9 or 0 and are set per market, so files whose prices are all multiples of each other are evidence of nothing.",
        "currency: CAD, packs: {70: 1.44, 700: 14.39}",
        "currency: CAD, packs: {70: 1.49, 700: 14.49}",
    ),
    Rule(
        "R107",
        "warning",
        "Nobody is charged a fraction of a cent: a price with more decimals than its currency was calculated, not seen.",
        "packs: {100: 1.0567}",
        "packs: {100: 1.06}",
    ),
    Rule(
        "R108",
        "warning",
        "An example is what shows that the numbers mean what their author believes, above all that the half is not taken "
        "twice. One per reward entry at least, written from the evidence and not from the output.",
        "date: 2025-06-01",
        "date: 2026-06-01",
    ),
    Rule(
        "R109",
        "notice",
        "Larger packs are cheaper per coin nearly everywhere. Where they are not, either a price was misread or the shop is "
        "so, and then a pack that is not listed cannot be interpolated.",
        "packs: {70: 0.99, 700: 10.99}",
        "packs: {70: 0.99, 700: 9.89}",
    ),
    Rule(
        "R110",
        "error",
        "With --require CONFIDENCE every entry in force, or still to come, must be at least as sure as that.",
        "confidence: assumed",
        "confidence: official",
    ),
    Rule(
        "R121",
        "warning",
        "The commonest mistake: 0.005 USD a diamond, or 2 coins a diamond, already is the creator's half. With a share of 50 "
        "beside it the half is taken twice, and every figure is half of what the evidence supports.",
        "cash_per_diamond: 0.005",
        "cash_per_diamond: 0.01",
    ),
    Rule(
        "R122",
        "warning",
        "TikTok gives one diamond for one coin: a network's bonus and a payout that was followed to the account fit no other "
        "number. 2 coins a diamond is the half of the share, taken in another place.",
        "diamonds_per_coin: 2,",
        "diamonds_per_coin: 1,",
    ),
    Rule(
        "R123",
        "warning",
        "0.05 USD a diamond stands in many calculators. It is a slip for 0.005, and ten times too much; a diamond is worth "
        "0.01 USD before the share.",
        "cash_per_diamond: 0.05",
        "cash_per_diamond: 0.01",
    ),
    Rule(
        "R124",
        "error",
        "A code that no country has covers nobody. The United Kingdom is GB, Greece is GR.",
        "regions: [UK]",
        "regions: [GB]",
    ),
    Rule(
        "R125",
        "warning",
        "`rates new` writes REPLACE where a guess stands. What still says so is no evidence.",
        "REPLACE: a page of 2026",
        "A page of 2026",
    ),
    Rule(
        "R126",
        "warning",
        "Larger packs are a little cheaper, never a hundred times: a point or a zero is in the wrong place.",
        "70: 99.00",
        "70: 0.99",
    ),
    Rule(
        "R127",
        "warning",
        "Fees and limits are joined by the name of the method. A misspelt one would apply to nobody.",
        "method: paypall",
        "method: paypal",
    ),
    Rule(
        "R129",
        "notice",
        "An exception stands until its day. One that nothing needs would hide the next finding of its kind.",
        "700: 9.89",
        "700: 10.99",
    ),
    Rule(
        "R130",
        "error",
        "Evidence is what anyone can open. A source has a url, or names a document and who keeps it; it has words for what it "
        "says, with the number, and the day somebody looked. That is asked of what was written since 2026-11-29.",
        "retrieved: 2026-11-29}",
        'retrieved: 2026-11-29, url: "https://example.org/page", says: half of it, checked: 2026-11-29}',
    ),
    Rule(
        "R131",
        "error",
        "Whoever said it: what nobody else can open is no evidence for others, so an entry that rests on nothing else is "
        "assumed.",
        "confidence: reported",
        "confidence: assumed",
    ),
    Rule(
        "R132",
        "error",
        "Two sources that cannot both be right both stay, and a reader can weigh them only if each says what it would come to.",
        "contradicts: [page]}",
        "contradicts: [page], gives: 6 of 10}",
    ),
    Rule(
        "R133",
        "notice",
        "Most gift lists agree. Where they do not, the price in force stands and the others stay beside it, until a log that "
        "carries its coins (diamondctl rates gifts learn) or TikTok's own reply settles it.",
        "verified: 2026-11-01, contradicted_by: [{coins: 1, sources: [other]}]}",
        "verified: 2026-11-01}",
    ),
    Rule(
        "R134",
        "error",
        "One creator's slip may be an exception. A share is measured when three calibrations of its regions and time, by "
        "people who do not know each other, fit it; until then it is what the other sources make it.",
        "confidence: measured",
        "confidence: reported",
    ),
    Rule(
        "R201",
        "error",
        "What a file said on a day must stay readable, because reports of that day rest on it. Write a new entry with the same "
        "effective and a later recorded; only verified may be edited.",
        _HEAD + "share: {kind: flat, percent: 48}}",
        _HEAD + "share: {kind: flat, percent: 50}}",
    ),
    Rule(
        "R202",
        "error",
        "What was paid under an entry was paid under it. To end a rate, add an entry with value: none from that day on.",
        "  # an entry was taken out here",
        "    - effective: 2026-06-01\n"
        "      recorded: 2026-11-01\n"
        "      value: {credit: stream, rounding: up}\n"
        "      confidence: assumed\n"
        "      sources: [page]\n"
        "      verified: 2026-11-01",
    ),
    Rule(
        "R203",
        "error",
        "Entries of the past rest on the source as it was. What was blank may be filled in, and checked may be a later day; "
        "for anything else add a source under a new name.",
        "{title: Another page, published: 2026-01-01, retrieved: 2026-11-01}",
        "{title: A page, published: 2026-01-01, retrieved: 2026-11-01}",
    ),
    Rule(
        "R204",
        "error",
        "Regions have no dates: one that is taken out was never covered, and gifts that were paid there cannot be rated any "
        "more. Moving it to another file of the same platform is fine.",
        "regions: [US]",
        "regions: [US, CA]",
    ),
    Rule(
        "R205",
        "error",
        "--rates-as-of DATE gives what files said by a day. An entry that is dated back behind what the file already holds "
        "changes those answers afterwards; write the day on which you add it.",
        "recorded: 2026-10-01",
        "recorded: 2026-11-20",
    ),
    Rule(
        "R206",
        "error",
        "Confidence is that of the evidence, so it rises when somebody finds better evidence, and that has a name. Who only "
        "looked again writes the day into verified.",
        "      confidence: measured\n      sources: [page]\n      verified: 2026-11-20",
        "      confidence: measured\n      sources: [page, letter]\n      verified: 2026-11-20",
    ),
    Rule(
        "R207",
        "error",
        "With --fail-on past what has been reported already may not change unseen, however well it is added: what begins "
        "before today moves months that are over. Who approves it says so beside the entry, with a reason and a day after "
        "which it counts again. The first file of a region needs no approval: nothing was reported of it.",
        "      verified: 2026-11-20",
        "      verified: 2026-11-20\n      accepted: [{code: R207, reason: the treasurer agreed, until: 2026-12-31}]",
    ),
    Rule(
        "R208",
        "warning",
        "A number moves because somebody saw something new. An entry with another value on the same sources names no evidence. "
        "Who read the source better writes accepted beside it.",
        "      sources: [page]\n      verified: 2026-11-20",
        "      sources: [page, letter]\n      verified: 2026-11-20",
    ),
    Rule(
        "R303",
        "error",
        "A name that is a path and a revision, or two refs, would be taken for one of them in silence: a folder called HEAD^1 "
        "makes a change compare with itself. Write ./NAME for the path, --base-rev NAME or --merge-base NAME for the revision.",
        "rates diff main rates",
        "rates diff --base-rev main rates",
    ),
    Rule(
        "R301",
        "error",
        "BASE and HEAD are a file, a folder, a git revision (then the folder of the other side is looked at, else rates/), or "
        "REVISION:FOLDER. In a shallow clone older revisions are missing: fetch more history.",
        "rates diff HEAD~1000 rates",
        "rates diff HEAD~1 rates",
    ),
    Rule(
        "R302",
        "error",
        "Revisions are read by git itself, without a checkout. It must be installed, and the command must run inside the "
        "repository.",
        "rates diff HEAD rates",
        "rates diff my-rates rates",
    ),
)

RULES: Final[dict[str, Rule]] = {rule.code: rule for rule in _RULES}


def severity(code: str) -> str:
    """How bad a problem is: what is no rule of rate files is an error."""
    return RULES[code].severity if code in RULES else "error"
