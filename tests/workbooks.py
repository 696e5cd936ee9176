"""Small XLSX files made by hand, so that tests can also make those that no program writes. Same input, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Style 0: general; 1: date and time; 2: date; 3: time.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="21"/></cellXfs></styleSheet>'
)
Cell = str | int | float | tuple[float, int] | None  # text, number, or number and style


def column(index: int) -> str:
    """Letters of a column, from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet(rows: Sequence[Sequence[Cell]], *, inline: bool = True, shared: list[str] | None = None) -> str:
    """The XML of one sheet; texts stand in the cells, or in `shared`."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for index, cell in enumerate(row):
            place = f"{column(index)}{number}"
            if isinstance(cell, str) and shared is not None:
                if cell not in shared:
                    shared.append(cell)
                cells.append(f'<c r="{place}" t="s"><v>{shared.index(cell)}</v></c>')
            elif isinstance(cell, str):
                cells.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            elif isinstance(cell, tuple):
                cells.append(f'<c r="{place}" s="{cell[1]}"><v>{cell[0]!r}</v></c>')
            elif cell is not None:
                cells.append(f'<c r="{place}"><v>{cell!r}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(sheets: dict[str, str], *, shared: Sequence[str] = (), extra: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook of sheets given as XML; `extra` adds or replaces members."""
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{REL}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="x">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{texts}</sst>',
        **{f"xl/worksheets/sheet{number}.xml": xml for number, xml in enumerate(sheets.values(), 1)},
        **(extra or {}),
    }
    return archive(members)


def archive(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive with these members, dated as nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            packed.writestr(info, data)
    return buffer.getvalue()
