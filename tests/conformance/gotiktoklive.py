"""GoTikTokLive's README: an event of type 1 is processed only once its repeat has ended; the price is that of the gift's id in
a list of gifts, here the shipped catalogue."""

from tests.conformance.advice import added_up, main, prices


def answer(path: str) -> dict[str, int]:
    """What the events of a log come to."""
    return added_up(path, lambda event: 0 if event.kind == 1 and not event.end else event.times, prices())


if __name__ == "__main__":
    main(answer)
