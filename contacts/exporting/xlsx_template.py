"""The fixed parts of a workbook (ECMA-376) that holds one sheet of text."""

SHEET = "xl/worksheets/sheet1.xml"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATION = f"{_FORMATS}/officeDocument/2006/relationships"
_MAIN = f"{_FORMATS}/spreadsheetml/2006/main"

PARTS = {
    "[Content_Types].xml": _DECLARATION
    + f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
    + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    + f'<Override PartName="/{SHEET}" ContentType="{_TYPE}.worksheet+xml"/>'
    + "</Types>",
    "_rels/.rels": _DECLARATION
    + f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
    + f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    + "</Relationships>",
    "xl/workbook.xml": _DECLARATION
    + f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
    + '<sheets><sheet name="Contacts" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _DECLARATION
    + f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
    + f'<Relationship Id="rId1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    + "</Relationships>",
}
# The header stays in sight.
OPENING = (
    _DECLARATION
    + f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    + '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    + "</sheetView></sheetViews><sheetData>"
).encode()
CLOSING = b"</sheetData></worksheet>"
