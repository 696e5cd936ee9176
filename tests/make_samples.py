"""Writes `tests/samples/`: one synthetic file per known program and per known way of being broken, and beside each
what it should be read as (`python -m tests.make_samples`; read the differences).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from diamondctl import combos
from diamondctl.problems import ProblemLog
from diamondctl.readers import recognise
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Frame, Gift
from tests import live, workbooks
from tests.live import Event, Sent

SAMPLES: Final = Path(__file__).parent / "samples"
LIVE: Final = SAMPLES / "live"
ROSE: Final = Sent(live.START, 0, "Rose", 5655, 1, 1, 3)


def _log(found: list[Event], change: Callable[[Event, dict[str, Any]], None] = lambda event, data: None) -> str:
    """A log of tiktok-live-connector 1 with something changed in each event."""
    objects = []
    for event in found:
        item = live.connector_1(event)
        change(event, item["data"])
        objects.append(item)
    return live.lines([live.CONNECTED, *objects])


def _without(*keys: str) -> Callable[[Event, dict[str, Any]], None]:
    def change(event: Event, data: dict[str, Any]) -> None:
        for key in keys:
            data.pop(key, None)

    return change


def _tiktoklive(
    found: list[Event], streaking: Callable[[Event], bool], keep: Callable[[Event], bool] = lambda event: True
) -> str:
    """A log of TikTokLive that has `streaking` instead of an end flag."""
    objects = []
    for event in found:
        item = live.tiktoklive_4(event)
        item["data"]["gift"]["streaking"] = streaking(event)
        item["data"]["gift"]["streakable"] = event.sent.gift_type == 1
        del item["data"]["gift"]["repeat_end"]
        if keep(event):
            objects.append(item)
    return live.lines([live.CONNECTED, *objects])


def samples() -> dict[str, str]:
    """Every sample by its file name."""
    sent = live.session(5)
    whole = live.events(sent)
    rose = live.events([ROSE])
    lion = Sent(live.START + 60_000, 1, "Lion", 6369, 29_999, 2, 1)
    late = [event._replace(time=event.time + 60_000, message_id=event.message_id[:-3] + "999") for event in rose[:1] + rose[3:]]
    pair = live.events([ROSE._replace(times=1), ROSE._replace(start=live.START + 5_000, times=1)])
    found = {f"{program}.jsonl": live.log(program, whole) for program in live.PROGRAMS}
    found["logger.csv"] = live.logger_csv(whole)
    found["list.json"] = json.dumps([live.CONNECTED, *(live.connector_2(event) for event in whole)], indent=1) + "\n"
    found["row-in-a-value.json"] = "\n".join(json.dumps(live.connector_2(event), indent=2) for event in whole[:3]) + "\n"
    found |= {
        "broken-no-final-event.jsonl": _log(live.events([ROSE, lion])[:3] + live.events([ROSE, lion])[4:]),
        "broken-replayed-on-reconnect.jsonl": _log([*whole, *whole[5:]]),
        "broken-counter-falls-after-final.jsonl": _log([*rose, *(event._replace(times=1) for event in late)]),
        "broken-out-of-order.jsonl": _log([whole[index] for index in sorted(range(len(whole)), key=lambda i: (i * 7) % 11)]),
        "broken-no-combo-id.jsonl": _log(whole, _without("groupId")),
        "broken-inverted-streaking.jsonl": _tiktoklive(whole, lambda event: event.sent.gift_type == 1 and event.end == 1),
        "broken-inverted-and-filtered.jsonl": _tiktoklive(
            whole, lambda event: event.sent.gift_type == 1 and event.end == 1, lambda event: event.end == 0
        ),
        "broken-streaking-of-any-gift.jsonl": _tiktoklive(whole, lambda event: not event.end),
        "broken-no-coins.jsonl": _log(live.events([ROSE]), _without("diamondCount", "giftName")),
        "broken-gift-to-guest.jsonl": _log(live.events([ROSE, lion._replace(receiver=live.GUEST)])),
        "broken-equal-gifts.jsonl": _log(pair, _without("groupId")),
        "broken-cut-off.jsonl": _log(live.events([ROSE, lion]))[:-40],
    }
    return found


def prices(gift_id: str, gift: str, time: int) -> int | None:
    """A small catalogue; by name for the CSV logger."""
    known = {("5655", "Rose"): 1, ("5487", "Finger Heart"): 5, ("5879", "Doughnut"): 30, ("5886", "Galaxy"): 1_000}
    return next((coins for (number, name), coins in known.items() if gift_id == number or (not gift_id and gift == name)), None)


def read(path: Path, *, creator: str = "mara") -> tuple[combos.Folded, tuple[str, ...], list[str], str]:
    """A file read and folded: what came of it, notices and what is lost, problems, kind."""
    log = ProblemLog()
    frames: list[Frame] = []
    gifts: list[Gift] = []
    zone = "America/Los_Angeles" if path.suffix == ".csv" else ""
    with open_source(str(path), encoding="utf-8", stdin=None) as source:
        found = recognise.read(source, Settings(creator, zone, salvage=True), log, gifts.append, frames.append)
    assert not gifts
    folded = combos.fold(frames, prices)
    problems = [str(problem._replace(file="")) for problem in (*log.problems, *folded.problems)]
    return folded, (*found.notices, *(text for _, text in found.lost)), problems, f"{found.kind}, {len(frames)} frames"


def describe(path: Path) -> str:
    """What a sample is read as, for a person to check once and for a test ever after."""
    folded, notices, problems, kind = read(path)
    rows = [kind]
    for item in folded.gifts:
        gift = item.gift
        marks = [name for name in ("unterminated", "heuristic", "catalogued") if getattr(item, name)]
        to = f" to {gift.receiver}" if gift.receiver else ""
        at = (gift.time - live.START * 1_000) / 1_000_000
        name = gift.gift or gift.gift_id
        rows.append(f"{at:8.1f}s {gift.gifter} {name} {gift.coins} x {gift.quantity}{to} {' '.join(marks)}".rstrip())
    total = sum(item.gift.coins * item.gift.quantity for item in folded.gifts)
    rows.append(f"{len(folded.gifts)} gifts, {total} coins, {len(folded.folded)} folded, {len(folded.repeated)} repeated")
    return "\n".join([*rows, *(f"- {notice}" for notice in notices), *(f"! {problem}" for problem in problems)]) + "\n"


TOTALS: Final = SAMPLES / "totals"
BACKSTAGE_HEADER: Final = (
    "Data period", "Creator ID", "Creator's username", "Group", "Join time", "Diamonds", "LIVE duration",
    "Valid go LIVE days", "New followers", "LIVE streams", "Diamonds last month",
)  # fmt: skip
SPANISH_HEADER: Final = (
    "ID del creador", "Nombre de usuario del creador", "Grupo", "Diamantes", "Duración de LIVE",
    "Días válidos de emisiones LIVE", "Nuevos seguidores",
)  # fmt: skip


def export(generation: int, sessions: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A data export of one of its three generations, with these LIVE sessions and a little spending."""
    live_name = "TikTok Live" if generation == 3 else "Tiktok Live"
    spending = {"SendGifts": {"SendGifts": [{"Date": "2025-04-13 23:38:48", "GiftAmount": "5", "UserName": "somebody"}]}}
    purchases = {**spending, "BuyGifts": {"BuyGifts": [{"Price": "0.31", "Date": "2025-04-13 23:38:48"}]}}
    activity = {"Activity": {"Purchase History": purchases}} if generation == 1 else {"Your Activity": {"Purchases": purchases}}
    wallet: dict[str, Any] = {"Income Plus Wallet Transactions": {"Income Plus Wallet Transaction": {"TransactionsList": None}}}
    if generation == 3:
        bought = [{"Date": "2026-02-01 10:00:00", "Type": "x", "CoinAmount": "70"}]
        wallet = {"Income+ Wallet": {"Coin Purchase History": {"CoinPurchaseHistoryList": bought}}}
    return {**activity, **wallet, live_name: {"Go Live History": {"GoLiveList": sessions}}}


SESSIONS: Final[list[dict[str, Any]]] = [
    {
        "LiveStartTime": "2026-09-21 14:13:20", "LiveEndTime": "2026-09-21 15:13:20", "LiveDuration": "3600",
        "RoomId": live.ROOM, "RoomTitle": "x", "TotalEarning": "2188", "TotalLike": "3", "TotalView": "9", "TotalGifter": "3",
    },
    {
        "LiveStartTime": "2026-09-22 10:00:00 +0000 UTC", "LiveEndTime": "2026-09-22 10:30:00 UTC", "LiveDuration": "",
        "RoomId": "7390000000000000911", "RoomTitle": None, "TotalEarning": "N/A",
    },
]  # fmt: skip


def totals() -> dict[str, bytes]:
    """Dashboards and data exports by their file names."""
    period = "2026-09-01 ~ 2026-09-30"
    rows: list[list[str | int | float | tuple[float, int] | None]] = [
        list(BACKSTAGE_HEADER),
        [
            period,
            "7390000000000000231",
            "mara",
            "A",
            "2023-08-05 00:11:00 (UTC+0)",
            "2,188",
            "23h 7m 8s",
            "12d",
            "31",
            "9",
            "-",
        ],
        [period, "7390000000000000477", "noor", "A", "", "2.98M", "119h 47m 31s", "20d", "1,055", "22", "88.46K"],
        [period, "The creator has quit the network", "lee", "", "", "-", "", "", "", "", ""],
    ]
    spanish: list[list[str | int | float | tuple[float, int] | None]] = [
        ["Exported at 2026-09-30 08:37 (UTC+0)"],
        [f"{SPANISH_HEADER[0]}:", *SPANISH_HEADER[1:]],
        ["7390000000000000231", "mara", "A", "2188", "23h 7m 8s", "12", "31"],
    ]
    found: dict[str, str | bytes] = {
        "live-center-revenue.csv": '\ufeffDate,ダイヤモンド\n2026-09-20,0\n2026-09-21,"2,188"\n2026-09-22,500\n',
        "live-center-activity.csv": "Date,LIVE時間,LIVEの合計数\n2026-09-21,3600,1\n2026-09-22,1800,1\n",
        "live-center-engagement.csv": (
            "Date,ギフト贈呈者,新規フォロワー,コメントした視聴者,いいね,シェア\n2026-09-21,3,7,5,1055,2\n2026-09-22,1,0,1,20,0\n"
        ),
        "live-center-viewer.csv": (
            "Date,視聴数,ユニーク視聴者数,平均視聴時間,最高同時視聴者数,平均同時視聴者数\n2026-09-21,90,80,61,20,9\n"
        ),
        "Creator_data_2026_10_01_08_37_UTC0.xlsx": workbooks.workbook({"Creator data": workbooks.sheet(rows)}),
        "manage-creators-es.xlsx": workbooks.workbook({"Sheet1": workbooks.sheet(spanish)}),
        **{f"export-{number}.json": json.dumps(export(number, SESSIONS), indent=1) + "\n" for number in (1, 2, 3)},
        "export-spending-only.json": json.dumps(export(3, None)) + "\n",
        "export-3.zip": workbooks.archive(
            {"user_data_tiktok.json": json.dumps(export(3, SESSIONS)), "user_data_lemon8.json": "{}", "photo.jpg": b"x"}
        ),
    }
    return {name: text.encode() if isinstance(text, str) else text for name, text in found.items()}


def write() -> None:
    """Write everything again, and remove what is no longer made."""
    TOTALS.mkdir(parents=True, exist_ok=True)
    for path in TOTALS.iterdir():
        path.unlink()
    for name, data in totals().items():
        (TOTALS / name).write_bytes(data)
    LIVE.mkdir(parents=True, exist_ok=True)
    for path in LIVE.iterdir():
        path.unlink()
    for name, text in samples().items():
        (LIVE / name).write_bytes(text.encode())
        (LIVE / f"{name}.read").write_text(describe(LIVE / name), "utf-8")


if __name__ == "__main__":
    write()
