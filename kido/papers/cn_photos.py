"""照片: production, end product, the place of the magnet in it, and the goods, each with a caption in Chinese and Japanese.

build(case)  -> Paper `cn-6-photos`
"""

from __future__ import annotations

from datetime import date

from kido.papers.case import Case
from kido.papers.cn_stated import CHOICES, sample_lines, words
from kido.papers.document import Block, Gap, Heading, Paper, Paragraph, Picture
from kido.papers.order import LANGS
from kido.terms.text import said

TITLE = words("照片说明", "写真シート", "Photo sheet")
ASKED = ("production", "product", "magnet_place")  # that makers report to be asked for (goudsmit.co.uk, November 2025; confidence medium)
_INTRO = words(
    "制造商报告要求提供：生产现场、最终产品、磁体在产品中的位置的照片。三维图亦可。",
    "製造元の報告では、生産現場、最終製品、製品中の磁石の位置の写真が求められます。3D図でもかまいません。",
    "Makers report that photos of production, of the end product and of the place of the magnet in it are asked for. 3D pictures will do.",
)
_PHOTO = words("照片", "写真", "photo")
_SECRET = words(
    "请遮盖与本申请无关的保密内容后再使用。",
    "申請に関係のない秘密(他の製品、顧客名、図面)が写っていないか、確かめてから使ってください。",
    "Check that no secret that has nothing to do with the file is in the picture.",
)


def build(case: Case) -> Paper:
    """Every photo stated, then an empty frame for each kind that is asked for and missing."""
    blocks: list[Block] = [*sample_lines(case), Paragraph(_INTRO, "note"), Paragraph(_SECRET, "note")]
    rows = case.order.rows("photos")
    for number, row in enumerate(rows, 1):
        taken = row.get("taken")
        day = f" ({taken.isoformat()})" if isinstance(taken, date) else ""
        kind = CHOICES.get(str(row.get("kind")), _PHOTO)
        blocks.append(Heading({lang: f"{number}. {said(kind, lang)}{day}" for lang in LANGS}, 2))
        blocks += [Paragraph(case.order.cell(key, row)) for key in ("photos[].kind", "photos[].file") if key.partition("[].")[2] not in row]
        file = case.beside / str(row["file"]) if "file" in row else None
        blocks.append(Picture(case.order.cell("photos[].caption", row), file))
    for kind in ASKED:
        if kind not in {row.get("kind") for row in rows}:
            blocks.append(Heading(CHOICES[kind], 2))
            label = words("{zh}的照片及说明", "{ja}の写真と説明", "photo and caption: {en}", **CHOICES[kind])
            ask = words("是否有{zh}的照片？", "{ja}の写真はありますか。", "Is there a photo of this: {en}?", **CHOICES[kind])
            blocks.append(Picture(Gap(label, ask)))
    return Paper("cn-6-photos", TITLE, tuple(blocks), ("zh", "ja"), case.foot)
