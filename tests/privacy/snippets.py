"""Short reviews in eight languages: such as tell who writes, in the ways people do, and such as only look like it."""

from __future__ import annotations

TELLING_SNIPPETS = (
    ("i am jessica miller and the seam split", ("jessica", "miller")),
    ("soy pablo garcía y la tapa gotea", ("pablo", "garcía")),
    (
        "Handle snapped off in a week. Contact me at anna.schmidt@gmail.com please.",
        (
            "anna.schmidt",
            "gmail",
        ),
    ),
    (
        "my name is anna schmidt and the lid leaks since day one",
        (
            "anna",
            "schmidt",
        ),
    ),
    (
        "Please send the replacement to PO Box 1234, Austin, TX 78701. The pump is dead.",
        (
            "Box 1234",
            "Austin",
            "78701",
        ),
    ),
    (
        "Hi, this is Kavanagh from Leeds, the strap broke. Ring me on 07700 900123.",
        (
            "07700",
            "900123",
        ),
    ),
    (
        "Name: Ian Mcallister\nPhone: +44 7911 123456\nAddress: Flat 3, 22 Kings Road, Brighton BN1 1AA\nProblem: no power",
        (
            "Ian",
            "Mcallister",
            "7911",
            "Kings Road",
            "BN1",
        ),
    ),
    (
        "I'm Shaniqua Brown, I bought two and both cracked.",
        (
            "Shaniqua",
            "Brown",
        ),
    ),
    (
        "cracked on arrival. ship new one to 88 Old Mill Ln, Apt 4B, Dayton OH 45402",
        (
            "Old Mill",
            "Apt 4B",
            "Dayton",
            "45402",
        ),
    ),
    (
        "Anna <b>Schmidt</b> here - rattles like mad. Text 555-867-5309.",
        (
            "Anna",
            "Schmidt",
            "5309",
        ),
    ),
    (
        "Paid from GB29 NWBK 6016 1331 9268 19, still no refund. Stops after a minute.",
        (
            "GB29",
            "NWBK",
            "9268",
        ),
    ),
    (
        "UPS 1Z999AA10123456784 says delivered but the box was empty.",
        (
            "1Z999AA",
            "123456784",
        ),
    ),
    (
        "Bitte an Am Alten Markt 5, 50667 Köln senden. Der Motor brummt.",
        (
            "Alten Markt",
            "50667",
            "Köln",
        ),
    ),
    (
        "Nach zwei Tagen kaputt. Meine Mail: jonas-weber@web.de, Handy 0171 2345678.",
        (
            "jonas",
            "web.de",
            "2345678",
        ),
    ),
    (
        "Name: Hatice Yıldırım\nE-Mail: hatice@t-online.de\nProblem: Griff locker",
        (
            "Hatice",
            "Yıldırım",
            "t-online",
        ),
    ),
    (
        "Sehr geehrte Frau Doktor Brinkmann-Lüders schrieb mir der Verkäufer, aber Geld gab es nicht.",
        (
            "Brinkmann",
            "Lüders",
        ),
    ),
    (
        "Hier schreibt Zdravko Petković, die Schraube fehlt.",
        (
            "Zdravko",
            "Petković",
        ),
    ),
    (
        "Riecht nach Plastik. LG Steffi M., Steffi-M@gmx.at",
        (
            "Steffi",
            "gmx",
        ),
    ),
    (
        "Moteur en panne. Joignable au 07.81.22.33.44 ou luc.garnier@orange.fr",
        (
            "81.22",
            "luc.garnier",
            "orange",
        ),
    ),
    (
        "Le couvercle fuit.\nCdt,\nM. Lefebvre-Dumont\n12 bis, avenue du Général Leclerc\n75014 Paris",
        (
            "Lefebvre",
            "Dumont",
            "Leclerc",
            "75014",
            "Paris",
        ),
    ),
    (
        "Le 3 mars, Solène Le Goff <solene.legoff@free.fr> a écrit : la pile coule",
        (
            "Solène",
            "Goff",
            "solene",
            "free.fr",
        ),
    ),
    (
        "Ici Thierry, résidence Les Mimosas, bâtiment B, 13008 Marseille. La roue grince.",
        (
            "Thierry",
            "13008",
            "Marseille",
        ),
    ),
    (
        "No funciona. Escríbanme a paco_ruiz@yahoo.es o al +34 655 44 33 22.",
        (
            "paco_ruiz",
            "yahoo",
            "655 44",
        ),
    ),
    (
        "El motor huele a quemado.\nAtentamente,\nD. Íñigo Arrizabalaga\nC/ San Juan de la Cruz, 14, 3º B\n48003 Bilbao",
        (
            "Íñigo",
            "Arrizabalaga",
            "San Juan",
            "48003",
            "Bilbao",
        ),
    ),
    (
        "Soy Maribel Cárdenas, la tapa gotea y nadie responde.",
        (
            "Maribel",
            "Cárdenas",
        ),
    ),
    (
        "Envíen la pieza al Apartado de Correos 321, 41080 Sevilla.",
        (
            "321",
            "41080",
            "Sevilla",
        ),
    ),
    (
        "mi chiamo giulia esposito e il manico si è staccato",
        (
            "giulia",
            "esposito",
        ),
    ),
    (
        "Si è rotto subito, scrivetemi: giu.esposito@libero.it oppure 347/1122334",
        (
            "giu.esposito",
            "libero",
            "1122334",
        ),
    ),
    (
        "Nome: Ottavio\nCognome: Brambillasca\nC.so Vittorio Emanuele II, 8 - 00186 Roma\nNon si accende",
        (
            "Ottavio",
            "Brambillasca",
            "Vittorio",
            "00186",
            "Roma",
        ),
    ),
    (
        "Sono Fabrizio Colonna, mai visto un imballo così. Casella Postale 77, 20100 Milano.",
        (
            "Fabrizio",
            "Colonna",
            "Postale 77",
            "20100",
            "Milano",
        ),
    ),
    (
        "meu nome é joão pereira e a tampa vaza",
        (
            "joão",
            "pereira",
        ),
    ),
    (
        "Parou em dois dias. Meu zap é (21) 98765-4321, e-mail joaop@uol.com.br",
        (
            "98765",
            "joaop",
            "uol",
        ),
    ),
    (
        "Nome: Thiago Nascimento\nCPF: 123.456.789-09\nEndereço: Av. Paulista, 1578, Bela Vista, São Paulo - SP, 01310-200\nVeio quebrado",
        (
            "Thiago",
            "Nascimento",
            "456.789",
            "Paulista",
            "01310-200",
        ),
    ),
    (
        "Sou a Filipa Antunes, o cabo veio curto.",
        (
            "Filipa",
            "Antunes",
        ),
    ),
    (
        "〒150-0002 東京都渋谷区渋谷2-21-1 に送ってください。取っ手が折れました。",
        (
            "渋谷区",
            "2-21-1",
            "150-0002",
        ),
    ),
    (
        "鈴木一郎と申します。音がうるさいです。携帯 080-1122-3344",
        (
            "鈴木",
            "一郎",
            "1122-3344",
        ),
    ),
    (
        "二日で壊れた。連絡は tanaka@example.co.jp まで。山田太郎",
        (
            "tanaka",
            "example.co.jp",
            "山田",
        ),
    ),
    (
        "北海道札幌市中央区北一条西2丁目 に住む 伊藤です。箱が潰れていました。",
        (
            "札幌市",
            "北一条",
            "伊藤",
        ),
    ),
    (
        "我叫王小明，杯子漏水。",
        (
            "王小明",
            "小明",
        ),
    ),
    (
        "我是张伟，电话 139-1234-5678，地址北京市朝阳区建国路88号3号楼502室。充不进电。",
        (
            "张伟",
            "1234-5678",
            "建国路",
            "502",
        ),
    ),
    (
        "两天就坏了，联系我 liu.yang@163.com 或微信 liuyang_88",
        (
            "liu.yang",
            "163.com",
            "liuyang_88",
        ),
    ),
    ("客服小李态度差，我姓陈，订单702-1234567-7654321。", ("702-1234567",)),
    (
        "Regards, Oluwaseun Adeyemi\n17b Station Approach, Guildford GU1 4UT",
        (
            "Oluwaseun",
            "Adeyemi",
            "Station Approach",
            "GU1",
        ),
    ),
    (
        "Firmado: Consuelo Ibáñez, Plaza Mayor 3, 2ºB, 37001 Salamanca",
        (
            "Consuelo",
            "Ibáñez",
            "Mayor 3",
            "37001",
            "Salamanca",
        ),
    ),
    (
        "Firmato Carmela Lo Russo, Viale Europa 12 int. 4, 90144 Palermo",
        (
            "Carmela",
            "Russo",
            "Europa 12",
            "90144",
            "Palermo",
        ),
    ),
    (
        "联系人：刘洋洋，四川省成都市武侯区人民南路四段12号",
        (
            "刘洋洋",
            "人民南路",
            "12号",
        ),
    ),
    (
        "本人赵建军，身份证110101199003071234，退款没到。",
        (
            "赵建军",
            "199003071234",
        ),
    ),
    (
        "Ass.: Zuleide Damasceno, Av. Brasil 500 apto 12, Recife - PE, 50030-230",
        (
            "Zuleide",
            "Damasceno",
            "Brasil 500",
            "50030-230",
            "Recife",
        ),
    ),
)
"""A review, and what in it must not leave."""

PLAIN_SNIPPETS = (
    "My name is misspelled on the mug and the glaze chips.",
    "i am happy with the mug, i am will ing to keep it",
    "sono delusa, ich bin kunde, je suis cliente",
    "The Austin desk lamp flickers, the Brooklyn one was fine.",
    "Model WH-1000XM4 is louder than the QC35 II.",
    "The Dyson V11 loses suction after 20 minutes at 12000 rpm.",
    "Call me crazy, but the lid does not fit.",
    "Black Friday deal: 199.99 down from 1,299.00, and it still rattles.",
    "Works with Windows 11, Android 14 and iOS 17.4.1.",
    "Thanks. Not buying again. Regards to the designer of this mess.",
    "The Berlin and Milano colours look the same. Size 10 1/2 runs small.",
    "Stanley mug, Thermos flask, Yeti: all better. Philips Sonicare too.",
    "We waited at the Row of shops on Monday 12 for the driver.",
    "Das Modell Köln in 160 x 200 cm ist zu weich.",
    "Im August gekauft, am Montag 12 Tage später defekt.",
    "Nach 50000 Kilometern war der Reifen fertig.",
    "Bosch und Siemens können das besser. Miele sowieso.",
    "Der Deckel passt nicht auf Topf Nr. 24, Artikel 4711-08.",
    "Leider. Danke. Nie wieder.",
    "Je m'appelle à la prudence : le câble chauffe.",
    "Le modèle Lyon en 140 x 190 est trop mou.",
    "En avril tout allait, en mai la pile coulait.",
    "Merci Amazon pour la livraison, mais la poignée casse.",
    "Rue de la déception : 3 étoiles sur 5.",
    "Me llamo la atención el olor a plástico.",
    "Compré en enero, en marzo ya no cargaba. 3 meses.",
    "Soy cliente desde 2015 y nunca vi algo así.",
    "Gracias. Nada más. Santa paciencia.",
    "Marca Cecotec, mejor que Taurus, pero la tapa no cierra.",
    "La lampada Milano è più piccola di quella Roma.",
    "Comprato a maggio, rotto a giugno, 3 mesi di garanzia.",
    "Moka Bialetti da 6 tazze, guarnizione 0800131 introvabile.",
    "Via libera al reso dopo 10 giorni di attesa.",
    "O colchão Lisboa de 140 x 190 afunda.",
    "Comprei em abril por R$ 1.299,00 e em maio parou.",
    "A chaleira Mondial de 1,7 l é melhor que a Britânia.",
    "私は怒っています。蓋が閉まりません。",
    "型番ABC-1234-56は在庫なし。5月に購入、6月に故障。",
    "名前は立派ですが品質は最低です。",
    "本人高度近视，看不清说明书。",
    "我叫了三次客服都没人理。",
    "小米的比华为的好用，这个容量只有5000毫安。",
    "Via USB 3 no conecta, plaza 2 del sofá rota, casa 5 luces.",
    "Size 5 Drive belt, 3 Way valve, 12 Volt Circle light: none fit.",
    "Die 24 Große Teller, 12 Kleine Gläser, 6 Tassen sind zerkratzt.",
    "市販の2-3倍の値段なのに1週間で壊れた。町で3軒探した。",
    "我是新手，我姓什么不重要，质量差。客服小心眼。",
)
"""Brands, months, models, dates, cities as product names, and what only begins like an introduction."""
