"""Harm told by what happened, and words of harm that tell of none: parts of things, figures of speech; in eight languages."""

import pytest

from drafter.domain import DraftRequest, Route

TOLD_BY_WHAT_HAPPENED = {
    "en": [
        "The trampoline net tore and she landed on the patio.",
        "My thumb went under the slicer guard and I needed four stitches.",
        "The arm of the chair snapped and my mother went down with it onto the tiles.",
        "After one night on this pillow my face looked like a tomato and I needed antihistamines.",
        "The cord of the blind looped around our toddler's throat.",
        "I spent the night over the toilet after half a portion of these prawns.",
        "The ladder rung gave and I landed flat on my back; three weeks off work.",
        "My dog licked it and started to foam at the mouth.",
        "Two drops of this serum and I looked as if I'd been slapped, it burned for hours.",
        "There's a tiny spring in the yoghurt, I felt it with my tongue.",
        "Flames licked up behind the dishwasher a week after they fitted it.",
        "The garden chair folded up with grandma on it.",
        "The hair dryer spat something glowing onto the rug.",
        "A piece of the lid was in my mouthful of stew.",
        "Our cat was limping after the scratching post came down on her.",
        "A nail stuck out of the rocking horse right where the kids sit.",
    ],
    "de": [
        "Das Netzteil knallte, dann war es dunkel und es stank.",
        "Die Rückenlehne brach weg und meine Oma lag rücklings auf den Fliesen.",
        "Das Baby hatte plötzlich ein Rädchen im Mund.",
        "Ich hing nach einer Portion die ganze Nacht über der Schüssel.",
        "Der Deckel vom Schnellkochtopf ist hochgeschossen und gegen die Decke geknallt.",
        "Beim Anfassen kribbelte es mir im ganzen Arm.",
        "Hinter der Spülmaschine schlugen Flammen hoch.",
        "Das Treppengitter sprang auf und er kullerte sechs Stufen hinunter.",
    ],
    "fr": [
        "Après le premier bain, le petit était couvert de boutons et hurlait.",
        "Le dossier a lâché et ma mère s'est retrouvée par terre sur le carrelage.",
        "Le bébé avait la petite roue dans la bouche.",
        "J'ai passé la nuit au-dessus des toilettes après une demi-portion.",
        "J'ai senti un ressort dans le yaourt, avec la langue.",
        "La chaise de jardin s'est repliée avec mamie dessus.",
        "Ma gorge s'est fermée une demi-heure après la première bouchée.",
        "Un clou dépasse du cheval à bascule, là où les enfants s'assoient.",
    ],
    "es": [
        "El transformador pegó un petardazo y se fue la luz, con un olor horrible.",
        "El respaldo cedió y mi madre acabó en el suelo.",
        "El bebé tenía la ruedita en la boca.",
        "Pasé la noche abrazado al váter después de media ración.",
        "Noté un muelle en el yogur con la lengua.",
        "La silla del jardín se plegó con la abuela sentada.",
        "Se me cerró la garganta media hora después del primer bocado.",
        "Un clavo sobresale del caballito, justo donde se sientan los niños.",
    ],
    "it": [
        "La sella si è spezzata e sono finito sull'asfalto davanti a un autobus.",
        "Lo schienale ha ceduto e mia madre è finita per terra.",
        "Il bimbo aveva la rotellina in bocca.",
        "Ho passato la notte abbracciato al water dopo mezza porzione.",
        "Ho sentito una molla nello yogurt con la lingua.",
        "La sedia da giardino si è chiusa con la nonna sopra.",
        "Mi si è chiusa la gola mezz'ora dopo il primo boccone.",
        "Un chiodo sporge dal cavallo a dondolo, proprio dove si siedono i bambini.",
    ],
    "pt": [
        "Depois do primeiro banho o menino ficou cheio de pintinhas vermelhas e aos gritos.",
        "O encosto cedeu e a minha mãe foi parar ao chão.",
        "Depois de uma noite nesta almofada tinha a cara como um tomate e cheia de borbulhas.",
        "O bebé tinha a rodinha na boca.",
        "O plástico da tomada amoleceu e ficou preto.",
        "Passei a noite agarrado à sanita depois de meia dose.",
        "A lâmina voou e passou a um palmo da minha mulher.",
        "Senti uma mola no iogurte com a língua.",
    ],
    "ja": [
        "アダプターがバンと鳴って停電し、異臭がしました。",
        "背もたれが折れて母が床に倒れました。",
        "赤ちゃんが小さな車輪を口に入れていました。",
        "半分食べただけで一晩中トイレで吐いていた。",
        "ヨーグルトの中にバネが入っていて舌で気づいた。",
        "ガーデンチェアが祖母を乗せたまま畳まれました。",
        "一口食べて三十分後に喉がふさがってきました。",
        "木馬から釘が飛び出していて、ちょうど子供が座る所です。",
    ],
    "zh": [
        "第一次洗澡后孩子全身起小红点，哭个不停。",
        "靠背断了，我妈摔在地上。",
        "宝宝嘴里含着一个小轮子。",
        "吃了半份，整晚抱着马桶吐。",
        "酸奶里有个弹簧，舌头碰到才发现。",
        "花园椅折起来了，奶奶还坐在上面。",
        "吃了第一口半小时后喉咙发紧，喘不上来。",
        "木马上有钉子冒出来，正好是孩子坐的地方。",
    ],
}
NO_HARM = {
    "en": [
        "This kettle will be the death of me, it whistles off key.",
        "I wound the handle until my arm was about to drop off and the torch still would not light.",
        "The head of the doll fell off on the first day.",
        "The foot of the lamp broke so it leans to one side.",
        "The face of the watch is scratched and the teeth of the comb broke.",
        "These trainers are killing my budget and the soles peel.",
        "The brush head broke off and the toothbrush no longer spins.",
        "It bled me dry for postage, and the pen does not write.",
        "I would cut off my hand before I order here again.",
        "The tooth of the zip is chipped and it jams.",
        "Face of the clock arrived scratched.",
        "Swollen zip pull, the eye of the needle is too narrow for any thread.",
        "My jaw hit the floor when I saw the bill.",
    ],
    "de": [
        "Mir geht das Messer in der Tasche auf bei dem Service.",
        "Der Arm der Schreibtischlampe ist abgebrochen.",
        "Ich habe gekurbelt, bis mir der Arm abfiel, und die Lampe bleibt dunkel.",
        "Der Preis hat mir fast einen Herzinfarkt beschert.",
        "Die Puppe hat schon den Arm verloren, sehr billig gemacht.",
        "Der Kopf des Hammers ist locker, der Stiel hat einen Schnitt.",
        "Die Zähne vom Reißverschluss sind ausgerissen.",
    ],
    "fr": [
        "Une claque, ce prix, pour un torchon.",
        "Le bras de la lampe s'est cassé au bout d'une semaine.",
        "La tête de la brosse s'est détachée, elle ne tourne plus.",
        "J'ai tourné la manivelle jusqu'à ce que le bras m'en tombe, rien.",
        "La main de la poupée s'est détachée, c'est du bas de gamme.",
        "Le service client me donne de l'urticaire.",
        "La tête du marteau bouge et le manche est fendu.",
    ],
    "es": [
        "El precio es una puñalada.",
        "El brazo de la lámpara se rompió a la semana.",
        "La cabeza del cepillo se soltó y ya no gira.",
        "Di vueltas a la manivela hasta que se me caía el brazo y nada.",
        "A la muñeca se le cayó la mano el primer día.",
        "Los dientes del peine se parten.",
        "La cabeza del martillo está suelta.",
    ],
    "it": [
        "Il prezzo è una coltellata.",
        "Il braccio della lampada si è rotto dopo una settimana.",
        "La testina dello spazzolino si è staccata, non gira più.",
        "Ho girato la manovella fino a farmi cadere il braccio e niente.",
        "Alla bambola è caduta una mano il primo giorno.",
        "I denti del pettine si spezzano.",
        "Il collo della chitarra è crepato.",
    ],
    "pt": [
        "O preço é uma facada.",
        "O braço do candeeiro partiu-se ao fim de uma semana.",
        "A cabeça da escova soltou-se e já não roda.",
        "Dei à manivela até me cair o braço e nada.",
        "A mão da boneca caiu no primeiro dia.",
        "Os dentes do pente partem-se.",
        "O braço da guitarra está rachado.",
    ],
    "ja": [
        "値段を見て目が回りました。",
        "ランプのアームが一週間で折れました。",
        "歯ブラシの頭が外れて回らなくなった。",
        "人形の手が初日に取れた。",
        "首元が広すぎるし肩が合わない。",
        "櫛の歯がすぐ折れる。",
        "三脚の足の切り口が傾いている。",
    ],
    "zh": [
        "外套的肩膀塌下来，不好看。",
        "台灯的支臂一个星期就断了。",
        "牙刷头掉了，不转了。",
        "娃娃的手第一天就掉了。",
        "领口太大，肩膀不合身。",
        "梳子的齿断了。",
        "三脚架的腿切得不齐。",
    ],
}


def is_harm(triager, text):
    """True when the text goes to a person as a report of harm."""
    review = {"subject": "product_review", "rating": 1, "body": text}
    triage = triager.triage(DraftRequest.model_validate({"channel": "review_followup", "review": review}))
    return triage.safety and triage.route is Route.HUMAN_ONLY


@pytest.mark.parametrize("text", [text for texts in TOLD_BY_WHAT_HAPPENED.values() for text in texts])
def test_harm_needs_no_word_for_it(triager, text):
    """Who ended up on the tiles, bit on a spring or watched a socket turn brown was, or nearly was, hurt."""
    assert is_harm(triager, text)


@pytest.mark.parametrize("text", [text for texts in NO_HARM.values() for text in texts])
def test_arms_of_lamps_and_boiling_blood_hurt_nobody(triager, text):
    """A leg of a table is no part of a body, and what makes the blood boil is a price."""
    assert not is_harm(triager, text)


@pytest.mark.parametrize(
    "body",
    [
        "The saw blade came off and cut off my leg below the knee.",
        "The strap hit me like a slap in the face and split my lip.",
        "I burned my fingers with this purchase, the handle melted.",
        "The knife slipped and cut off my finger.",
        "My legs are cut from the sharp edge.",
        "It gave me a headache just trying to breathe near it, the fumes were awful.",
        "Finger verbrannt mit diesem Kauf, der Griff schmolz.",
        "Die Säge rutschte ab und mir kocht das Blut, weil mein Finger ab ist.",
        "La escalera cedió y me rompí la pierna.",
        "Mi mano en la batidora: arrancó sola y me cortó.",
        "Deux doigts cassés à cause de cette échelle.",
        "Schiaffo in faccia e labbro spaccato.",
    ],
)
def test_beside_harm_nothing_is_a_figure(triager, body):
    """Words that are often a figure of speech mean what they say where another word tells of harm."""
    assert is_harm(triager, body)
