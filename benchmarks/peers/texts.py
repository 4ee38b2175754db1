"""Texts to measure with: replies of six hundred characters, put together by a fixed seed from sentences with slots."""

from __future__ import annotations

import random
import re

COUNT = 64
LENGTH = 600
CLEAN, FINDINGS, GERMAN, JAPANESE, TAMPERED = "clean", "findings", "German", "Japanese", "tampered"
SENTENCES = {
    CLEAN: [
        "We are sorry that the {part} of your {thing} came loose after {number} weeks.",
        "Thank you for the photo of the {part}, it shows us where the {thing} gave way.",
        "The {thing} closes once the arrow meets the {colour} dot, and a soft click tells you that the {part} sits.",
        "A {thing} that loses pressure usually has a {fault} {part} at the lower end of the tube.",
        "Does your {thing} stop before that point, or does the {part} turn all the way round?",
        "That is not how a {thing} should arrive, and we understand that a {fault} {part} spoiled your {day}.",
        "Our workshop has looked at the batch and found that the {part} of the {thing} was {fault}.",
        "Please tell us which of the {number} cables is in the box of the {thing}, the {colour} or the black one.",
        "The manual describes the {part} on page {number}, but the drawing of the {thing} is too small to help.",
        "It would help us to know whether the {thing} flickers in the {room} on both settings.",
        "The {part} of the {thing} shrinks by a finger's width when it is washed hot, which the label should say more clearly.",
        "Your {thing} left our warehouse on {day} and waits at the post office since {day}.",
        "Unscrew the {part}, pull out the {colour} filter, and rinse it under warm water for {number} minutes.",
        "We have passed your note on the {fault} {part} to the people who pack the {thing}.",
        "A {thing} that warps in the {room} is of no use to anybody, least of all on a {day}.",
        "If the {part} squeaks, a drop of oil on the {colour} pin of the {thing} makes it quiet again.",
    ],
    GERMAN: [
        "Es tut uns leid, dass das Scharnier Ihrer {german_thing} nach {german_number} Wochen locker wurde.",
        "Danke für das Foto der {german_thing}, darauf sieht man gut, wo der Faden gerissen ist.",
        "Der Deckel schließt, sobald der Pfeil auf den Punkt zeigt und es leise klickt.",
        "Eine {german_thing}, die Druck verliert, hat meist einen müden Ring am unteren Ende des Rohrs.",
        "Hält Ihre vorher an, oder lässt sie sich ganz herumdrehen?",
        "So darf ein Wasserkocher nicht ankommen, und der Ärger am Morgen ist verständlich.",
        "Unsere Werkstatt hat die Lieferung geprüft und zu kurze Schrauben gefunden.",
        "Welches der beiden Kabel liegt im Karton, das graue oder das schwarze?",
        "Die Anleitung zeigt es auf Seite {german_number}, doch die Zeichnung ist dort zu klein.",
        "Für uns wäre wichtig, ob die {german_thing} auf beiden Stufen flackert.",
        "Drehen Sie den Fuß ab, ziehen Sie den Filter heraus und spülen Sie ihn warm aus.",
        "Ein Blech, das sich im Ofen verzieht, nützt niemandem, am wenigsten am {german_day}.",
    ],
    JAPANESE: [
        "{japanese_thing}の蝶番が{japanese_number}週間で緩んでしまったとのこと、誠に申し訳ございません。",
        "縫い目のお写真をありがとうございます。糸が切れた場所がよく分かりました。",
        "ふたは矢印を点に合わせて、軽く音がするまで回すと閉まります。",
        "圧力が下がる{japanese_thing}は、管の下の輪が傷んでいることが多いです。",
        "お手元のものは途中で止まりますか、それとも最後まで回りますか。",
        "このような状態で{japanese_thing}が届くことはあってはならないことです。",
        "工場で確認したところ、ねじが短いものが見つかりました。",
        "箱に入っているケーブルは灰色でしょうか、黒色でしょうか。",
        "説明書の{japanese_number}ページに図がございますが、小さくて見づらいかと存じます。",
        "足の部分を外し、フィルターを抜いて、ぬるま湯で{japanese_number}分ほどすすいでください。",
    ],
    FINDINGS: [
        "Could you please update your review now that the new {part} fits?",
        "Write to {thing}@tidewell-shop.com and we will send you a gift card for the {fault} {part}.",
        "It would mean a lot to us if you gave the {thing} five stars.",
        "Call us at +1 202 555 01{digits}, and we will sort the {part} out at once.",
        "Visit our website https://www.{thing}-shop.com for a {colour} coupon.",
        "Please remove the review of the {thing}, and your refund goes out on {day}.",
    ],
}
SLOTS = {
    "thing": (
        "lamp kettle pump lid hinge blender grinder stroller tent bracket shelf charger battery monitor scooter toaster racket backpack "
        "helmet pillow curtain mirror clock fan heater speaker router drill ladder hose sprayer mixer scale"
    ),
    "part": (
        "screw ring thread tube spring strap handle hook knob wheel foot cover valve clip blade socket switch washer bolt seal frame plug "
        "dial lever rim spout latch buckle hub axle nozzle seam"
    ),
    "fault": "short thin worn loose bent cracked brittle crooked stiff dull uneven soft rough tight weak dented scratched faded rusty",
    "colour": "white grey red green blue yellow brown silver orange pink beige purple",
    "room": "kitchen garage garden bathroom hallway office cellar bedroom workshop van oven attic",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "number": "two three four five six seven eight nine ten eleven twelve",
    "digits": " ".join(map(str, range(40, 100))),
    "german_thing": "Lampe Pumpe Waage Uhr Leiter Säge Bürste Pfanne Kanne Presse Mühle Matte Tasche Jacke Decke Heizung Kamera Maus",
    "german_number": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "german_day": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "japanese_thing": "ランプ ポンプ ケトル ミキサー ヒーター 時計 鏡 椅子 机 棚 鍋 財布 傘 靴 鞄",
    "japanese_number": "二 三 四 五 六 七 八 九 十",
}
"""What stands in a sentence at a slot: no two texts share many sentences, as no two replies do."""
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


def make_texts(sort: str, round_number: int = 0) -> list[str]:
    """Sixty-four texts of six hundred characters; the same ones each time, others in another round."""
    chance = random.Random(f"{sort} {round_number}")
    return [_make_text(sort, chance) for _ in range(COUNT)]


def _make_text(sort: str, chance: random.Random) -> str:
    base = sort if sort in (GERMAN, JAPANESE) else CLEAN
    sentences = _fill(SENTENCES[base], chance) + _fill(SENTENCES[base], chance)
    if sort == FINDINGS:
        sentences[1:1] = _fill(SENTENCES[FINDINGS], chance)[:3]
    if sort == TAMPERED:
        sentences[1:1] = chance.sample(DISGUISES, 2)
    return ("" if sort == JAPANESE else " ").join(sentences)[:LENGTH]


def _fill(sentences: list[str], chance: random.Random) -> list[str]:
    """The sentences in another order, each slot filled."""
    shuffled = chance.sample(sentences, len(sentences))
    return [_SLOT.sub(lambda slot: chance.choice(SLOTS[slot[1]].split()), sentence) for sentence in shuffled]


_SLOT = re.compile(r"{([a-z_]+)}")
