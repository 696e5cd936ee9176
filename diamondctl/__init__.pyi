from diamondctl.api.library import Misuse as Misuse
from diamondctl.api.library import Options as Options
from diamondctl.api.library import Problem as Problem
from diamondctl.api.library import Refusal as Refusal
from diamondctl.api.library import Report as Report
from diamondctl.api.library import balance as balance
from diamondctl.api.library import compare as compare
from diamondctl.api.library import estimate as estimate
from diamondctl.api.library import fees as fees
from diamondctl.api.library import gifters as gifters
from diamondctl.api.library import gifts as gifts
from diamondctl.api.library import import_files as import_files
from diamondctl.api.library import payout_check as payout_check
from diamondctl.api.library import project as project
from diamondctl.api.library import rates as rates
from diamondctl.api.library import reconcile as reconcile
from diamondctl.api.library import schedule as schedule
from diamondctl.api.library import statement as statement
from diamondctl.api.library import streams as streams
from diamondctl.api.library import summary as summary
from diamondctl.api.library import verify as verify
from diamondctl.api.library import year as year

__version__: str
LIBRARY: set[str]
