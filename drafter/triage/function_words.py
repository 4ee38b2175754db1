"""Small words by which a language is known, each weighed by how few languages share it, and letters that few languages have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_WORDS: Mapping[str, str] = {
    "en": """
        a the and is are was were it its it's this that these those of to in for with not don't doesn't didn't won't can't isn't wasn't
        but have has had my i i'm i've you your they them their he she his her we our us be been at on from by as if so very just one
        what when where who why how there than too would could should will do does did no never after before again still only also
        about because into off out up down get got which then all more even some any me an or nothing everything broken broke late bad
        good great poor small big cheap never wrong missing waste money works stopped fake terrible awful
    """,
    "de": """
        der die das und ist sind war waren ein eine einen einem einer eines nicht kein keine keinen mit für von zu zum zur im auf aus
        bei nach ich mich mir du er sie es wir ihr uns man aber auch noch nur schon sehr so wie was wenn dass weil als oder wird wurde
        werden hat habe haben hatte kann kam den dem des am an um bis durch über unter vor sich mein meine meinen meinem meiner seit
        nie mehr leider kaputt defekt schlecht zu gut viel beim vom doch immer wieder gar ohne gegen diese dieser dieses ihn ihm dann
        da hier jetzt nichts alles geht einfach schrott müll falsch zwei drei gekauft passt
    """,
    "fr": """
        a le la les un une des du de et est sont était été ne pas plus que qui dans pour sur avec sans mais ou où je j'ai il elle nous
        vous ils elles ce cet cette ces c'est ça mon ma mes son sa ses leur se s'est qu'il très trop bien après avant depuis jours
        tout tous toute rien jamais aucun aucune au aux en y par comme si même alors donc fait faire avoir être déjà encore ici là
        l'écran d'un d'une n'est n'a quand deux trois reçu produit cassé mauvais mauvaise qualité livraison commande
    """,
    "es": """
        a el la los las un una unos unas de del y es son era fue no que en con por para sin pero o yo me mi mis tu su sus se lo le les
        este esta esto estos estas ese esa muy más menos después antes desde hasta todo toda todos nada nunca ningún ninguna al como
        si ya también solo cuando porque ha han he había está están llegó días dos tres hay tiene tengo bien mal qué funciona roto
        malo mala producto calidad vendedor compré una vez hace ni sobre entre aunque
    """,
    "it": """
        a il lo la i gli le un uno una di del dello della dei degli delle e è sono era non che in con per su da dal dalla nel nella ma o
        io mi mio mia miei tuo suo sua si ci ne questo questa questi queste molto più meno dopo prima tutto tutta nulla niente mai
        nessun nessuno al alla ai alle come se già anche solo quando perché ha hanno ho abbia arrivato arrivata giorni due tre c'è
        dell' bene male rotto rotta prodotto qualità venditore stato stata senza ancora troppo poi però sul sulla essere fatto
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das e é são era foi não que em no na nos nas com por para sem mas ou eu me meu minha
        seu sua se lhe este esta isto esse essa muito mais menos depois antes desde até tudo nada nunca nenhum nenhuma ao à aos às
        como já também só quando porque tem têm tenho há está estão chegou dias dois duas três bem mal pelo pela produto qualidade
        vendedor comprei ainda nem sobre ele ela você vez veio partiu simplesmente liga avariado
    """,
    "nl": """
        de het een en is zijn was waren niet geen met voor van naar te op in bij uit ik mij mijn je jij hij zij wij ons maar ook nog
        alleen al heel zeer zo als wat dat die dit deze er wordt werd worden heeft heb hebben had kan kon om door over onder na meer
        weer veel goed slecht kapot echt maar dus toch
    """,
    "sv": """
        och är var inte en ett den det de som på av för med till från om jag mig min mitt du han hon vi men också bara mycket så har
        hade kan skulle när efter eller här där detta denna inga ingen trasig aldrig
    """,
    "pl": """
        i w na z do nie jest są był była się to że jak ale o po za od dla przez przy ten ta tego tej mi mnie mój moja już tylko bardzo
        jeszcze co kiedy bo oraz czy nic po po lub został dni produkt jakość
    """,
    "tr": """
        ve bir bu da de ile için çok ama değil ne gibi daha en ben benim sen o biz var yok olarak kadar sonra önce hiç her şey ürün
        kargo geldi iyi kötü oldu mi mı
    """,
    "da": """
        og er var ikke en et den det de som på af for med til fra om jeg mig min mit du han hun vi men også kun meget så har havde kan
        ville når efter eller her der dette denne ingen aldrig
    """,
    "ro": """
        și este sunt era nu un o de la în cu pentru pe din care că mai dar foarte după am ai are produsul
    """,
}


@lru_cache(maxsize=1)
def function_words() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Word -> (language, weight); a word of two languages counts half for each."""
    languages: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(known)) for language in known) for word, known in languages.items()}


LETTERS: Mapping[str, tuple[str, ...]] = {
    "ß": ("de",), "ä": ("de", "sv"), "ö": ("de", "sv", "tr"), "ü": ("de", "tr", "es"), "ñ": ("es",), "¿": ("es",), "¡": ("es",),
    "ã": ("pt",), "õ": ("pt",), "ç": ("fr", "pt", "tr"), "ê": ("fr", "pt"), "è": ("fr", "it"), "ò": ("it",), "ù": ("it", "fr"),
    "à": ("fr", "it", "pt"), "î": ("fr", "ro"), "û": ("fr",), "œ": ("fr",), "ì": ("it",), "å": ("sv", "da"), "ø": ("da",),
    "æ": ("da",), "ł": ("pl",), "ą": ("pl",), "ę": ("pl",), "ż": ("pl",), "ś": ("pl",), "ć": ("pl",), "ğ": ("tr",), "ş": ("tr",),
    "ı": ("tr",), "ă": ("ro",), "ț": ("ro",), "ș": ("ro",), "í": ("es", "pt"), "ó": ("es", "pt", "pl"), "ú": ("es", "pt"),
    "á": ("es", "pt"), "é": ("fr", "es", "pt"), "ô": ("fr", "pt"), "â": ("fr", "pt", "ro", "tr"),
}  # fmt: skip
