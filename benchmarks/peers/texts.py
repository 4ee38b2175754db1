"""Texts to measure with: replies of six hundred characters, put together from sentences by a fixed seed."""

from __future__ import annotations

import random

COUNT = 64
LENGTH = 600
CLEAN, FINDINGS, GERMAN, JAPANESE, TAMPERED = "clean", "findings", "German", "Japanese", "tampered"
SENTENCES = {
    CLEAN: [
        "We are sorry that the hinge of your lamp came loose after two weeks.",
        "Thank you for the photo of the seam, it shows us where the thread gave way.",
        "The lid closes once the arrow meets the dot, and a soft click tells you that it sits.",
        "A pump that loses pressure usually has a worn ring at the lower end of the tube.",
        "Does yours stop before that point, or does it turn all the way round?",
        "That is not how a kettle should arrive, and we understand that it spoiled your morning.",
        "Our workshop has looked at the batch and found that the screws were too short.",
        "Please tell us which of the two cables is in the box, the grey or the black one.",
        "The manual describes this on page nine, but the drawing there is too small to help.",
        "It would help us to know whether the lamp flickers on both settings.",
        "The fabric shrinks by a finger's width when it is washed hot, which the label should say more clearly.",
        "Your order left our warehouse on Monday and waits at the post office since Thursday.",
        "Unscrew the foot, pull out the filter, and rinse it under warm water for a minute.",
        "We have passed your note on to the people who pack these glasses.",
        "A tray that warps in the oven is of no use to anybody, least of all on a Sunday.",
        "If the pedal squeaks, a drop of oil on the left pin makes it quiet again.",
    ],
    GERMAN: [
        "Es tut uns leid, dass das Scharnier Ihrer Lampe nach zwei Wochen locker wurde.",
        "Danke für das Foto der Naht, darauf sieht man gut, wo der Faden gerissen ist.",
        "Der Deckel schließt, sobald der Pfeil auf den Punkt zeigt und es leise klickt.",
        "Eine Pumpe, die Druck verliert, hat meist einen müden Ring am unteren Ende des Rohrs.",
        "Hält Ihre vorher an, oder lässt sie sich ganz herumdrehen?",
        "So darf ein Wasserkocher nicht ankommen, und der Ärger am Morgen ist verständlich.",
        "Unsere Werkstatt hat die Lieferung geprüft und zu kurze Schrauben gefunden.",
        "Welches der beiden Kabel liegt im Karton, das graue oder das schwarze?",
        "Die Anleitung zeigt es auf Seite neun, doch die Zeichnung ist dort zu klein.",
        "Für uns wäre wichtig, ob die Lampe auf beiden Stufen flackert.",
        "Drehen Sie den Fuß ab, ziehen Sie den Filter heraus und spülen Sie ihn warm aus.",
        "Ein Blech, das sich im Ofen verzieht, nützt niemandem, am wenigsten am Sonntag.",
    ],
    JAPANESE: [
        "ランプの蝶番が二週間で緩んでしまったとのこと、誠に申し訳ございません。",
        "縫い目のお写真をありがとうございます。糸が切れた場所がよく分かりました。",
        "ふたは矢印を点に合わせて、軽く音がするまで回すと閉まります。",
        "圧力が下がるポンプは、管の下の輪が傷んでいることが多いです。",
        "お手元のものは途中で止まりますか、それとも最後まで回りますか。",
        "このような状態でケトルが届くことはあってはならないことです。",
        "工場で確認したところ、ねじが短いものが見つかりました。",
        "箱に入っているケーブルは灰色でしょうか、黒色でしょうか。",
        "説明書の九ページに図がございますが、小さくて見づらいかと存じます。",
        "足の部分を外し、フィルターを抜いて、ぬるま湯で一分ほどすすいでください。",
    ],
    FINDINGS: [
        "Could you please update your review now that the new lid fits?",
        "Write to help@tidewell-shop.com and we will send you a gift card.",
        "It would mean a lot to us if you gave us five stars.",
        "Call us at +1 202 555 0143, and we will sort it out at once.",
        "Visit our website https://www.tidewell-shop.com for a coupon.",
        "Please remove the review, and your refund goes out the same day.",
    ],
}
DISGUISES = (
    "Please upd\u0430te your r\u0435vi\u0435w now.",
    "Kindly r-e-m-o-v-e the c0mment, thank you.",
    "D\u200bele\u200bte the ｒｅｖｉｅｗ, please.",
)
HOSTILE = {
    "requests": "please delete your review and ",
    "Chinese": "删评价",
    "Japanese": "レビューを",
    "German": "bitte ändern Sie Ihre Bewertung und ",
    "spaced letters": "d e l e t e ",
    "mixed scripts": "r\u0435vi\u0435w ",
    "leetspeak": "r3v13w ",
    "entities": "&#114;",
    "stacked marks": "r\u0335e\u0316",
    "zero width": "\u200b",
    "bidi marks": "\u202e",
    "brackets": "[",
    "spoken addresses": "a at b dot ",
    "links": "http://a.b/",
    "sums": "$1 ",
    "lines": "a\n",
    "stars": "⭐",
}


def make_texts(sort: str) -> list[str]:
    """Sixty-four texts of six hundred characters; the same ones each time."""
    chance = random.Random(sort)
    return [_make_text(sort, chance) for _ in range(COUNT)]


def _make_text(sort: str, chance: random.Random) -> str:
    base = sort if sort in (GERMAN, JAPANESE) else CLEAN
    sentences = chance.sample(SENTENCES[base], len(SENTENCES[base]))
    if sort == FINDINGS:
        sentences[1:1] = chance.sample(SENTENCES[FINDINGS], 3)
    if sort == TAMPERED:
        sentences[1:1] = chance.sample(DISGUISES, 2)
    text = ("" if sort == JAPANESE else " ").join(sentences * 3)
    return text[:LENGTH]
