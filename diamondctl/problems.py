"""Problems found in what people hand us, as values: code, position, message, remedy.

Every code lives here with one line of meaning; `tests/errors/<code>/` holds a runnable broken input for each.
Nothing here prints or decides an exit code's text: `cli` does that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

CODES: Final[dict[str, str]] = {
    # A: what was asked for on the command line
    "A001": "a period that is not one of the written forms",
    "A002": "a date that is not YYYY-MM-DD or not in the calendar",
    "A003": "an unknown time zone",
    "A004": "a share that is not a percentage from 0 to 100",
    "A005": "a region that does not exist, or of which a command shows the rates and no file covers it",
    "A006": "a platform without rate files",
    "A007": "an unknown text encoding",
    "A008": "an output file whose ending names no format",
    "A009": "an output file that exists already, or cannot be written",
    "A010": "a creator that none of the files names",
    "A011": "days to come for which no rate is known",
    "A012": "a region that is not two letters",
    "A013": "a rate that the zone does not have",
    "A014": "a column that the report does not have",
    "A015": "a payout method that the rate file does not know",
    "A016": "a condition that is not written NAME=yes or NAME=no",
    "A017": "money that says no clear amount, day or wallet",
    "A018": "a pause between streams that is not a duration",
    "A019": "a league that no rate file knows",
    "A020": "a stream that none of the gifts names, or several",
    "A021": "a period or a history that cannot be projected",
    "A024": "amounts that no share can be worked out from",
    "A023": "a topic that the manual does not have",
    "A025": "a schema that there is not",
    "A026": "a demo of the demo",
    "A027": "an engine that is not there, or cannot read these files",
    "A022": "a minimum of a payout that is not known",
    # S: statements of payouts, lists of credits, tables of other income
    "S001": "an amount of a statement that is none",
    "S002": "amounts of a statement that read as two different numbers",
    "S003": "a day of a statement that is none, or lies where it cannot",
    "S004": "days of a statement that read as two different days",
    "S005": "a statement of which nothing says which payments are the platform's",
    "S006": "a payment of which nothing says whose it is",
    "S007": "amounts of a statement that do not add up",
    "S008": "a row of a statement without a known currency",
    "S009": "rows of statements that contradict each other",
    # F: files as a whole
    "F001": "a file that cannot be opened",
    "F002": "something that is not a regular file",
    "F003": "an empty file",
    "F004": "a file of another kind (HTML, ZIP, PDF, ...)",
    "F005": "bytes that are not text in the expected encoding",
    "F006": "a folder without any file that could hold gifts",
    "F007": "a file that changed while it was read",
    "F008": "a text file that is none of the known formats",
    "F009": "files that hold no gift at all",
    "F010": "an input that is too large to be read whole",
    "F011": "a file that ends in the middle of a record",
    "F012": "a file of a known kind that holds no gifts",
    "F013": "a file that fits the patterns of several creators in the settings",
    "F014": "a file that is no statement that `verify` can compute again",
    "F015": "files that an engine beyond this machine cannot prove to be clean",
    # E: logs of LIVE events
    "E001": "an event log that does not name the creator",
    "E002": "a gift event without the gift's id or name",
    "E003": "a gift event without a time",
    "E004": "a gift without a coin value that the gift catalogue does not know",
    "E005": "gifts to several receivers, and nothing says which is the host",
    "E006": "the same message id with other content",
    "E007": "events of a combo that cannot be told from gifts",
    "E008": "local times of an event log whose zone nothing names",
    "E009": "rows that are events of combos, read as gifts",
    "E011": "logs that carry no gift with its id and its coins",
    "E012": "events of another platform than the one that is asked for",
    "E010": "a price in an event log that could mean two things",
    # C: the shape of a CSV file
    "C001": "a quote that is never closed",
    "C002": "a row with too few or too many fields",
    "C003": "a quote in the middle of a field",
    "C004": "a header that fits several delimiters",
    # J: the shape of a JSON file
    "J001": "text that is not JSON",
    "J002": "a JSON document that is not a list of objects",
    "J003": "a list item or line that is not an object",
    "J004": "the same key twice in one object",
    "J005": "a JSON value of the wrong type",
    "J006": "JSON nested too deep",
    "J007": "NaN or Infinity",
    # G: gift columns, cells and rows
    "G001": "a required column or key that is missing",
    "G002": "a column that appears twice",
    "G003": "a column or key that looks like a misspelt known one",
    "G004": "the header repeated among the rows",
    "G005": "a row of totals that the rows do not add up to",
    "G006": "rows without a gift among gifts",
    "G010": "a required value that is blank",
    "G011": "a timestamp in another form",
    "G012": "a time that no calendar or clock has",
    "G013": "a UTC offset beyond 14:00",
    "G014": "a timestamp outside 2016 to 2099",
    "G015": "a local time that a clock change skips or repeats",
    "G016": "a column of a Parquet file whose type may have lost digits",
    "G020": "a number that is not plain digits",
    "G021": "a number beyond its limit",
    "G022": "coins times quantity beyond the limit",
    "G030": "a text that is too long",
    "G031": "a character that no text may hold (NUL, lone surrogate)",
    "G032": "an id damaged by a spreadsheet or by JavaScript",
    "G033": "a region that is not two letters",
    "G040": "the same event id with other content",
    "G041": "two kinds of export over the same day of a creator",
    "G051": "rows that name no region",
    # T: totals of dashboards and data exports
    "T001": "session totals whose unit is not known",
    "T002": "an export that holds what was spent, not what was earned",
    "T003": "totals of one creator and day that contradict each other",
    "T004": "totals that do not name the creator",
    "T005": "a total whose month or day cannot be told",
    "T006": "a value of a dashboard in another form",
    "T007": "a word that is no unit of earnings",
    "T008": "totals in diamonds under a rate of several diamonds per coin",
    "T009": "totals that would be read as gifts",
    # Z: archives
    "Z001": "a ZIP archive that is not whole or is packed in an unusual way",
    "Z002": "an archive with a member that is unsafe, encrypted, repeated or an archive itself",
    "Z003": "an archive that is too large when unpacked",
    # X: spreadsheets
    "X001": "a workbook that is not whole",
    "X002": "a formula in a spreadsheet",
    "X003": "a spreadsheet that is too large or mostly nothing",
    "X004": "a workbook with a document type or entities",
    "X005": "a sheet that the workbook does not have",
    # D: exchange rates
    "D001": "a file that is none of the forms in which the ECB gives exchange rates",
    "D002": "a day or an exchange rate in another form",
    "D003": "two exchange rates of one currency and day",
    # P: profiles, mappings for files of any shape
    "P001": "a profile that is not there",
    "P002": "a file without a column that its profile needs",
    "P003": "several profiles that fit a file equally well",
    "P004": "a profile that contradicts itself",
    "P005": "a file in which no table of gifts was found",
    "P006": "a file that is read without a profile",
    "P007": "a proposal with points that are still open",
    # L: the ledger on disk
    "L001": "no ledger where one was to be read",
    "L002": "a file or folder that is no ledger of ours",
    "L003": "a folder that is used by something else",
    "L004": "a ledger of a newer version",
    "L005": "a ledger that is not what was written into it",
    "L006": "a ledger that another command is writing to",
    "L007": "a ledger that cannot be written",
    "L008": "the same file, read in another way",
    "L009": "a document or a record that is not in the ledger",
    "L010": "two sources over the same days of a creator",
    "L011": "more coins than a ledger can hold",
    "L012": "a folder for temporary files with an odd name",
    "L013": "repaired rows that do not belong to rejected ones",
    "L014": "a backup that cannot be restored",
    "L015": "a record that contradicts one that is there",
    "L016": "a change that moves figures of another period",
    "L017": "a change of what a closed month was",
    "L018": "a period that cannot be closed or reopened",
    # R: YAML files: rate files and the config
    "R001": "text that is not YAML",
    "R002": "a YAML anchor, alias, tag or merge key",
    "R003": "a key that appears twice",
    "R004": "a second YAML document in one file",
    "R005": "a YAML file that is too large or nested too deep",
    "R006": "an unknown key",
    "R007": "a missing key",
    "R008": "a value of the wrong shape",
    "R009": "a word that is not one of the allowed ones",
    "R010": "a date or instant that is not in the calendar",
    "R011": "a number in another form",
    "R012": "an instant that is not on a quarter hour",
    "R013": "an unknown time zone",
    "R014": "an unknown currency",
    "R015": "a region that is not two capital letters",
    "R016": "a region that two files claim",
    "R017": "two entries with the same effective and recorded dates",
    "R018": "a source that the file does not list",
    "R019": "a range whose low end is above its high end",
    "R020": "a percentage above 100",
    "R021": "a percentage that looks like a fraction",
    "R022": "an example that does not come out",
    "R023": "an unknown schema version",
    "R024": "a file whose folder names another platform",
    "R025": "a rates folder without rate files",
    "R026": "missions whose points or caps contradict each other",
    "R031": "something in a rates folder that nobody reads",
    "R032": "a character that cannot be seen",
    # R1: rate files that may be right, and look wrong
    "R101": "a source without any date",
    "R102": "an entry that was not seen to hold for too long",
    "R103": "a day of writing or seeing that lies in the future",
    "R104": "a fee or tax of less than one percent",
    "R105": "a rule of another programme that looks alike",
    "R106": "coin prices that are one price times exchange rates",
    "R107": "a coin price finer than its currency",
    "R108": "a reward or settlement that no example covers",
    "R109": "a larger coin pack that costs more per coin",
    "R110": "an entry that is less sure than --require asks for",
    "R121": "a reward that takes the half twice",
    "R122": "a number of diamonds per coin that is not one",
    "R123": "a diamond that is worth too much",
    "R124": "a region that is no country",
    "R125": "a line of the template that was not filled in",
    "R126": "a coin pack at many times the price of its neighbours",
    "R127": "an unknown payout method",
    "R129": "an exception that nothing needs",
    # R2: what `rates diff` does not let pass: history is append-only
    "R130": "a source that nobody can look up",
    "R131": "an entry that is surer than what can be opened",
    "R132": "a contradiction that does not say what each side gives",
    "R133": "a gift on whose price lists disagree",
    "R134": "a measured share with too few calibrations",
    "R201": "an entry that was edited",
    "R202": "an entry that was taken out",
    "R203": "a source that was edited or taken out",
    "R204": "a region that no file covers any more",
    "R205": "a new entry with an old recorded day",
    "R206": "a confidence that rose without a new source",
    "R207": "a change of the past that nobody approved",
    "R208": "a value that moved without a new source",
    # R3: what rate files are compared with
    "R301": "neither a file, a folder nor a git revision with rate files",
    "R302": "a git that cannot be asked",
    "R303": "a name that could mean two places",
    # K: the config, beyond the shape of its YAML
    "K001": "two dated entries that begin on the same day",
    "K002": "a name of a setting that does not exist",
    "K003": "a setting that cannot be changed in its file without touching others",
    "K004": "no folder in which the config could be",
    "K005": "a creator's name twice in different spellings of Unicode",
    "K006": "a line of a rates.lock that pins nothing",
    "K007": "a creator whose last day is before the first",
}


# The CSV of rows that were left out: where each belongs (no other file says so), what is wrong, and all of its text.
PLACE_COLUMNS: Final = ("ledger_document", "ledger_line")
LEFT_OUT_COLUMNS: Final = (*PLACE_COLUMNS, "problem", "fix", "whole_row")
CUT_OFF: Final = "F011"  # among rejected rows: what a salvaged file lost, which nobody can repair


class Problem(NamedTuple):
    """One thing that is wrong, where it is, and what mends it. Lines and columns count from 1; 0 means none."""

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column CODE message (hint)`, the form every command prints."""
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        text = f"{place} {self.code} {self.message}".lstrip()
        return f"{text} ({self.hint})" if self.hint else text


class Cause(NamedTuple):
    """Problems of one kind in one file: what they have in common but for ids, figures and places."""

    first: Problem
    last: Problem
    times: int


def causes_of(problems: Iterable[Problem]) -> dict[tuple[str, str, str], Cause]:
    """Problems by cause, in the order of the first of each."""
    causes: dict[tuple[str, str, str], Cause] = {}
    for problem in problems:
        add_to(causes, Cause(problem, problem, 1))
    return causes


def add_to(causes: dict[tuple[str, str, str], Cause], more: Cause) -> None:
    """Count more problems of a cause."""
    problem = more.first
    key = problem.code, problem.file, _ONE_OF_MANY.sub("*", problem.message)
    known = causes.get(key)
    causes[key] = more if known is None else Cause(known.first, more.last, known.times + more.times)


_ONE_OF_MANY: Final = re.compile(r"'[^']*'|[0-9][0-9,.]*")
SORTED: Final = 10_000  # problems of a file that are sorted by cause; the rest is only counted


class LeftOut(NamedTuple):
    """A row with problems, as it stands in its file. `column` is 0 where a line holds one row."""

    line: int
    column: int
    problems: tuple[Problem, ...]
    cells: dict[str, str]  # by the column they were meant for, as far as that is known
    text: str  # the whole row; blank when `cells` says it all


class ProblemLog:
    """Collects problems: the first `keep` whole, the rest as a number, so that a bad file of any size stays cheap.

    With `rows` it also keeps the rows that had them, for a person who wants the good ones.
    """

    def __init__(self, keep: int = 20, *, rows: bool = False) -> None:
        self.keep = keep
        self.problems: list[Problem] = []
        self.total = 0
        self.causes: dict[tuple[str, str, str], Cause] = {}
        self.left_out: list[LeftOut] | None = [] if rows else None
        self._said = 0  # problems of which it is known whether they belong to a row
        self._of_the_file: list[Problem] = []

    def leave_out(self, line: int, column: int, cells: Callable[[], dict[str, str]], text: str = "") -> None:
        """Say which row the problems since the last one belong to."""
        if self.left_out is not None:
            since = self.problems[self._said :]
            # A problem that stands before the row came from something that nobody could leave out.
            mine = tuple(problem for problem in since if (problem.line, problem.column) >= (line, column))
            self._of_the_file += [problem for problem in since if problem not in mine]
            self.left_out.append(LeftOut(line, column, mine, cells(), text))
            self._said = len(self.problems)

    def of_the_file(self) -> list[Problem]:
        """Problems that belong to no single row, so that leaving rows out does not mend them."""
        return [*self._of_the_file, *self.problems[self._said :]]

    def add(self, make: Problem | Callable[[], Problem], *, always: bool = False) -> None:
        """Take a problem, or a function that makes one: it is called only when the problem will be shown or sorted.

        One that explains why the rest was not read is shown `always`, instead of the last of many.
        """
        self.total += 1
        if self.total > SORTED and not always and len(self.problems) >= self.keep:
            return
        problem = make if isinstance(make, Problem) else make()
        add_to(self.causes, Cause(problem, problem, 1))
        if len(self.problems) >= self.keep and always:
            self.problems.pop()
        if len(self.problems) < self.keep:
            self.problems.append(problem)

    def take(self, refusal: Refusal) -> None:
        """Take all that another file was refused for."""
        self.total += refusal.total
        self.problems += refusal.problems[: max(0, self.keep - len(self.problems))]
        for cause in refusal.causes:
            add_to(self.causes, cause)

    def refusal(self) -> Refusal:
        """What a command is refused with, for all that was collected."""
        return Refusal(self.problems, total=self.total, causes=self.causes.values())

    def refuse_if_any(self) -> None:
        """Raise `Refusal` when anything was collected."""
        if self.total:
            raise self.refusal()


def two_contents(event_id: str, different: Sequence[str], first: str, file: str, line: int) -> Problem:
    """A row (G040) whose id another one has, on the place `first`, with other content."""
    message = f"event id '{event_id}' again with other {' and '.join(different)}; first on {first}"
    return Problem("G040", message, "one id is one gift: correct or remove one of the rows", file, line)


class Refusal(Exception):
    """A command will not go on. Carries the problems to print, sorted by cause too, and the exit code: 2, or 4 for a state."""

    def __init__(
        self,
        problems: Problem | Iterable[Problem],
        *,
        exit_code: int = 2,
        total: int = 0,
        causes: Iterable[Cause] = (),
    ) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        self.exit_code = exit_code
        self.total = max(total, len(self.problems))
        self.causes = list(causes) or list(causes_of(self.problems).values())
        super().__init__("; ".join(problem.code for problem in self.problems))


class Misuse(ValueError):
    """An option or an argument with which nothing can be done, as a sentence; the command line adds where its help is."""


class NoGiftFile(Refusal):
    """The refusal of a file that is none of gifts; among others in a folder it is left aside. `kind` says what it is."""

    def __init__(self, kind: str, problem: Problem) -> None:
        self.kind = kind
        super().__init__(problem)
