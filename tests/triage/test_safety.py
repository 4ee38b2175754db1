"""Harm that somebody reports goes to a person, in every language, whatever else the review says."""

import pytest

from drafter.domain import DraftRequest, Route

HARM = {
    "en": [
        "Plugged it in and felt a tingle through the metal case every time I touched it.",
        "Our cat licked the plant food and had to be put on a drip.",
        "The pacifier fell apart in her cot.",
        "Contains a chemical that is known to cause cancer.",
        "Flavour is fine, but this juice gave me horrible stomach cramps and I spent the evening in the bathroom with diarrhea.",
        "Nice bag, quick delivery. Our puppy was vomiting an hour after the treats.",
        "Great price and pretty bottle. It left me with a rash on both arms.",
        "The taste is lovely. My daughter got sick after eating two of them.",
        "Fits well. I got an electric shock from the switch.",
        "Lovely kettle, but the steam burned my hand.",
        "Our son nearly choked on a loose eye. Soft fur otherwise.",
        "Works as it should. My lips swelled up within minutes of using the balm.",
        "We both had food poisoning from the sausages, and the box was dented.",
        "My cat swallowed one of the bells. Colours as in the photo.",
        "Good value. The charger caught fire on the second night.",
        "We ended up in the emergency room because of the gummies.",
        "The step stool gave way while I was on it and I ended up on the floor.",
        "There was a sliver of metal in the third spoonful of porridge.",
    ],
    "de": [
        "Am Gehäuse bekommt man jedes Mal einen gewischt.",
        "Der Schnuller ist im Mund auseinandergefallen.",
        "Im Glas Babybrei war eine Scherbe.",
        "Soll Krebs erregen, stand in der Zeitung.",
        "Geschmacklich gut, aber wir hatten beide Durchfall davon.",
        "Schöne Verpackung. Unser Hund musste sich nach dem Futter übergeben.",
        "Riecht toll, nur habe ich davon Ausschlag im Gesicht.",
        "Mir wurde nach dem Riegel so schlecht, dass ich mich hinlegen musste.",
        "Unsere Tochter hat sich an einem Knopf verschluckt. Sonst niedlich.",
        "Am Griff habe ich mir die Finger verbrannt.",
        "Sieht gut aus, aber beim Einstecken gab es einen Stromschlag.",
        "Das Ladegerät hat Feuer gefangen.",
        "Nach der Creme sind meine Augen angeschwollen.",
        "Wir waren deswegen in der Notaufnahme.",
        "Der Kindersitz ist beim Bremsen aufgegangen, unsere Tochter lag auf dem Boden.",
        "In der Suppe war ein Glassplitter, ich habe darauf gebissen.",
    ],
    "fr": [
        "Du verre dans la compote.",
        "La batterie a gonflé comme un coussin.",
        "Le vernis contient des substances cancérigènes.",
        "Bon goût, mais toute la famille a eu la diarrhée.",
        "Joli paquet. Notre chien a vomi toute la nuit après les croquettes.",
        "La crème sent bon mais j'ai eu de l'urticaire sur les bras.",
        "Je suis tombée malade après le deuxième yaourt.",
        "Mon fils a failli s'étouffer avec une pièce.",
        "Je me suis brûlé les doigts sur la poignée.",
        "J'ai pris une décharge électrique en branchant la lampe.",
        "Le chargeur a pris feu pendant la nuit.",
        "Mes lèvres ont gonflé tout de suite.",
        "On a fini aux urgences.",
        "Le harnais de la poussette a lâché, ma fille est tombée par terre.",
        "Un éclat de métal dans le pain, je l'ai croqué.",
    ],
    "es": [
        "El chupete se deshizo en su boca.",
        "La batería se ha hinchado como una almohada.",
        "Contiene plomo y es tóxico.",
        "De sabor bien, pero nos dio diarrea a los dos.",
        "Llegó rápido. Mi perro estuvo vomitando toda la noche por el pienso.",
        "Huele bien, pero me salió un sarpullido en el cuello.",
        "Nos pusimos malos después de cenarlo.",
        "Mi hija casi se atraganta con un ojo del muñeco.",
        "Me quemé los dedos con el asa.",
        "Me dio un calambrazo al enchufarla.",
        "El cargador se incendió de madrugada.",
        "Se me hincharon los labios con el bálsamo.",
        "Acabamos en urgencias.",
        "La escalera cedió conmigo encima y caí al suelo.",
        "Mordí una piedra que venía en el arroz.",
    ],
    "it": [
        "C'era un vetro nell'omogeneizzato.",
        "Il ciuccio si è staccato in bocca.",
        "La vernice può provocare il cancro.",
        "Buono di sapore, però ci ha fatto venire la diarrea.",
        "Bella confezione. Il cane ha vomitato tutta la notte.",
        "Profuma, ma mi è venuta l'orticaria sulle braccia.",
        "Siamo stati malissimo dopo averlo mangiato.",
        "Mio figlio si è quasi soffocato con un bottone.",
        "Mi sono scottata le dita con il manico.",
        "Ho preso la scossa inserendo la spina.",
        "Il caricatore ha preso fuoco di notte.",
        "Mi si sono gonfiate le labbra.",
        "Siamo finiti al pronto soccorso.",
    ],
    "pt": [
        "A chupeta desfez-se na boca dela.",
        "A bateria inchou como uma almofada.",
        "Contém chumbo e pode causar cancro.",
        "O sabor é bom, mas tivemos os dois diarreia.",
        "Chegou depressa. O meu cão vomitou a noite inteira com a ração.",
        "Cheira bem, mas fiquei com urticária nos braços.",
        "A minha filha ficou doente depois de comer duas.",
        "O meu filho engasgou-se com um olho do boneco.",
        "Queimei os dedos na pega.",
        "Levei um choque ao ligar a ficha.",
        "O carregador pegou fogo durante a noite.",
        "Fiquei com os lábios inchados por causa do bálsamo.",
        "Acabámos nas urgências.",
    ],
    "ja": [
        "おしゃぶりが口の中でばらばらになりました。",
        "本体に触るとビリッときます。",
        "発がん性のある物質が使われているそうです。",
        "味は良いのですが、家族全員が下痢になりました。",
        "包装はきれい。犬がおやつを食べたあと嘔吐しました。",
        "香りはいいけれど、腕に蕁麻疹が出ました。",
        "食べたあと気分が悪くなって寝込みました。",
        "子どもが部品を喉に詰まらせそうになりました。",
        "取っ手で指をやけどしました。",
        "コンセントに挿したら感電しました。",
        "夜中に充電器が発火しました。",
        "塗ったら唇が腫れ上がりました。",
        "救急車を呼ぶことになりました。",
    ],
    "zh": [
        "奶嘴在孩子嘴里散开了。",
        "电池鼓得像个枕头。",
        "被检测出甲醛超标，还致癌。",
        "味道还可以,但是我们全家都拉肚子了。",
        "包装漂亮,狗吃了零食以后一直呕吐。",
        "香味好闻,可是手臂起了荨麻疹。",
        "孩子吃了两块就食物中毒了。",
        "宝宝差点被小零件噎住。",
        "把手太烫,手指烫伤了。",
        "插上电的时候触电了。",
        "充电器半夜起火了。",
        "涂了以后嘴唇肿了。",
        "最后去了医院。",
    ],
}
NO_HARM = {
    "en": [
        "Husband choked on his tea, I was crying with laughter.",
        "This deal was on fire, half my office bought one, and now the fluff comes off.",
        "The seller makes me sick with these copied answers.",
        "The ink bled through the page.",
        "My eyes hurt from the green they call olive.",
        "It makes me sick how they treat customers who wait for an answer.",
        "I am sick of waiting for this parcel.",
        "The funnel chokes on anything bigger than a peppercorn.",
        "A rash decision to buy it: the zip broke on day two.",
        "I wanted this for a friend in hospital and it came two weeks late.",
        "It tastes like vomit.",
        "Nobody got sick, it is simply bland.",
        "The tea is meant to help with nausea, and the bags split.",
        "The toe plug of the sandal popped open on the first walk.",
        "The tumbler lid leaks and the plug is missing.",
        "The tent poles bent on a hill in a light breeze.",
        "The brakes squeak and cannot be centred.",
        "The bike bell broke after a week and my son is sad.",
        "The swing came with a scratched seat.",
        "A piece of the wooden spoon rack was missing.",
        "The colour is a toxic green, not olive, and the lead is too short.",
    ],
    "de": [
        "Mein Mann ist fast gestorben vor Lachen.",
        "Der Service macht mich krank.",
        "Der Bleistift bricht ständig ab.",
        "Ausschlaggebend war der Preis, leider ist der Reißverschluss kaputt.",
        "Zum Kotzen, wie hier mit Kunden umgegangen wird.",
    ],
    "fr": [
        "Le jeu est tellement drôle que mamie a failli s'étouffer avec sa tisane.",
        "La couleur me fait mal aux yeux.",
        "Le plomb de pêche se détache.",
        "Un prix qui brûle les doigts pour une cuillère en bois.",
        "Le goût donne envie de vomir, c'est tout.",
    ],
    "es": [
        "El servicio me pone enfermo.",
        "Me muero de risa con este juego.",
        "El plomo de la caña de pescar se soltó.",
        "El motor se ahoga con el polvo y se para.",
        "Sabe a vómito, no lo compro más.",
        "Es de un verde hospital y parpadea.",
    ],
    "it": [
        "Il servizio fa venire il mal di testa.",
        "Il piombo per la pesca pesa meno.",
        "Mi viene da vomitare a pensare a quanto l'ho pagato.",
        "Come in ospedale: tutto bianco, e il coperchio non chiude.",
        "Il corriere non mi ha trovato, io ero in casa col gesso.",
    ],
    "pt": [
        "O serviço dá-me dores de cabeça.",
        "O chumbo da rede veio partido.",
        "Pedi com urgência e chegou duas semanas depois.",
        "Tem gosto de vômito, não volto a comprar.",
    ],
    "ja": ["この色は毒々しいです。", "救急箱として買いましたが、ふたが閉まりません。", "吐き気がするほど甘い味でした。"],
    "zh": ["颜色太毒了，难看。", "衣服紧得喘不过气,小了两号。", "贵得喘不过气,不值这个价。"],
}


def judged(triager, text):
    """Triage of a product review, which is where such reports stand."""
    return triager.triage(
        DraftRequest.model_validate({"channel": "review_followup", "review": {"subject": "product_review", "body": text}})
    )


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in HARM.items() for text in texts])
def test_harm_goes_to_a_person(triager, language, text):
    """Illness, rash, choking, burns and shocks are never answered by a draft."""
    triage = judged(triager, text)
    assert (triage.safety, triage.route) == (True, Route.HUMAN_ONLY), triage.issue_spans


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in NO_HARM.items() for text in texts])
def test_a_figure_of_speech_harms_nobody(triager, language, text):
    """Figures of speech, denials and cures are answered as usual."""
    assert not judged(triager, text).safety
