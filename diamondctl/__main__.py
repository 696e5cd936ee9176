"""`python -m diamondctl`."""

from diamondctl.cli.main import main

if __name__ == "__main__":
    main()
