from diamondctl.api import Misuse as Misuse
from diamondctl.api import Options as Options
from diamondctl.api import Problem as Problem
from diamondctl.api import Refusal as Refusal
from diamondctl.api import Report as Report
from diamondctl.api import balance as balance
from diamondctl.api import compare as compare
from diamondctl.api import estimate as estimate
from diamondctl.api import fees as fees
from diamondctl.api import gifters as gifters
from diamondctl.api import gifts as gifts
from diamondctl.api import import_files as import_files
from diamondctl.api import payout_check as payout_check
from diamondctl.api import project as project
from diamondctl.api import rates as rates
from diamondctl.api import reconcile as reconcile
from diamondctl.api import schedule as schedule
from diamondctl.api import streams as streams
from diamondctl.api import summary as summary

__version__: str
LIBRARY: set[str]
