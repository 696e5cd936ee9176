"""What many scripts do: every event is a gift of its count."""

from tests.conformance.advice import added_up, main, of_the_event


def answer(path: str) -> dict[str, int]:
    """What the events of a log come to."""
    return added_up(path, lambda event: event.times, of_the_event)


if __name__ == "__main__":
    main(answer)
