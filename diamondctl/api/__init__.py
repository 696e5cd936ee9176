"""Every report once: a function from chosen options to a `Report`. `diamondctl.cli` prints what it gives, `library` returns it.

What an option of one report means is decided here or below: the command line hands on its text.
"""
