"""German words that decide whether two wishes say the same: small lists, each with its reason.

All are written as people write them; `wordings` reduces them in the same way as the words of a
text. The lists are short on purpose. A word that is missing makes a pair of wishes look less
alike, never more.
"""

from __future__ import annotations

# Words that carry a sentence but no wish. Leaving them out makes "Die Bücherei soll auch am
# Sonntag öffnen" and "Bücherei auch sonntags öffnen" agree.
FUNCTION_WORDS = frozenset(
    """
    ab aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf
    aus bei beim bereits besonders bin bis bist bzw ca da dabei dadurch dafür damit danach dann
    daran darauf darf darum das dass dazu deine dem den denen denn der deren des deshalb dessen
    deswegen die dies diese diesem diesen dieser dieses doch dort du durch dürfen dürfte eben
    ebenso eher ein eine einem einen einer eines einfach einige einigen er es etc etwa etwas
    euch euer eure extra für gab ganz gäbe geben gehen geht gemacht gerade gern gerne gibt gilt
    gut habe haben hat hätte hätten her hier hierfür hin hinter ich ihm ihn ihnen ihr ihre ihrem
    ihren ihrer ihres im immer in indem ins insbesondere ist ja je jede jedem jeden jeder jedes
    jedoch jetzt kann könne können könnte könnten lassen lässt machen macht mal man manche mein
    meine meinem meinen meiner mich mir mit mittels möchte möchten möglichst muss müssen müsse
    müsste müssten nach natürlich neben noch nun ob oder oft per sehr sei sein seine seinem
    seinen seiner seit selbst selber sich sie sind so sogar solch solche solchen solcher soll
    solle sollen sollte sollten somit sondern sonst sowie sowohl stets über überhaupt um und uns
    unser unsere unserem unseren unserer unseres unter viel viele vielen vieler vielleicht vom
    von vor wann war wäre wären waren warum was wegen weil weiter weitere weiteren weiterhin
    welche welchem welchen welcher welches wenn wer werde werden wesentlich weshalb wie wieder
    wieso will wir wird wirklich wo wohl wollen wurde würde wurden würden zu zudem zum zur
    zusätzlich zwar zwischen usw beispiel beispielsweise heißt sozusagen mehr deutlich plus
    nichtnur zb zt va ua dh uhr kmh stundenkilometer gegen pro statt anstatt anstelle fur uber
    konnen konnte mussen musste mussten durfen mochte naturlich
    """.split()  # noqa: SIM905 - words read better than hundreds of quotation marks.
)

# Words by which somebody asks, thanks or insists. The wish is the same without them.
FILLERS = frozenset(
    """
    bitte danke dank dringend dringende dringenden endlich unbedingt eigentlich halt gesagt
    brauche brauchen braucht bräuchten benötige benötigen benötigt benötigen wünsche wünschen
    wünscht wünschte finde finden fände schlage hallo liebe lieber lieben moin servus grüße gruß
    grüßen freundlichen herzliche mfg lg hoffe hoffentlich meinung meines erachtens hoffe
    """.split()  # noqa: SIM905
)

# Somebody who quotes and adds only such words repeats what is quoted.
AGREEMENT = frozenset(
    """
    genau genauso so sehe seh sieht auch stimme stimmt richtig ja zu zustimmung zustimmen volle
    voll finde gut super toll klasse unterstütze unterstützen unterschreibe schließe schliesse
    mich an dem das ich dafür bin sehr absolut gute idee guter vorschlag dito ebenfalls ebenso
    kann nur völlig
    """.split()  # noqa: SIM905
)

# A wish with one of these where the other has none is another wish.
NEGATIONS = frozenset(
    """
    nicht nichts kein keine keinem keinen keiner keines keinerlei nie niemals niemand niemandem
    niemanden nirgends nirgendwo nein weder ohne kaum weniger dagegen contra kontra
    """.split()  # noqa: SIM905
)

# The same for words without content: one text has this, the other has that instead.
LIGHT_OPPOSITES = (
    ("für", "gegen"),
    ("dafür", "gegen"),
    ("vor", "nach"),
    ("ab", "bis"),
    ("mit", "ohne"),
    ("alle", "einige"),
    ("alle", "manche"),
    ("jede", "einige"),
)

# Words that narrow a wish; one more of them counts like a word of content.
RESTRICTIONS = frozenset(
    "nur bloß ausschließlich allein außer ausgenommen sofern falls lediglich erst".split()  # noqa: SIM905
)

# Where one text has a word of the first group and the other one of the second in its place, they
# demand opposite things.
OPPOSITE_DEMANDS = (
    (
        ("erhöhen steigern anheben vergrößern ausbauen ausweiten verlängern verbreitern ausdehnen"),
        (
            "senken absenken verringern reduzieren vermindern verkleinern abbauen kürzen "
            "verkürzen verengen einschränken begrenzen"
        ),
    ),
    (
        "einführen einrichten schaffen beibehalten behalten erhalten bauen errichten",
        "abschaffen streichen aufheben abreißen verbieten",
    ),
    (
        "erlauben zulassen genehmigen gestatten freigeben",
        "verbieten untersagen verhindern sperren",
    ),
    ("öffnen eröffnen aufmachen", "schließen zumachen"),
    ("fördern unterstützen belohnen", "behindern bestrafen bekämpfen ablehnen abschaffen"),
    ("kaufen", "verkaufen"),
    ("beginnen anfangen starten", "beenden aufhören stoppen"),
)

# The same for words that say how, where, when or who.
OPPOSITES = (
    ("mehr zusätzlich", "weniger"),
    ("hoch hohe höher höhere höchste", "niedrig niedrige niedriger gering geringer tief tiefer"),
    ("innerhalb drinnen", "außerhalb draußen"),
    ("oben", "unten"),
    ("links linke linken", "rechts rechte rechten"),
    ("früh früher frühere", "spät später spätere"),
    ("morgen morgens vormittags früh", "abend abends nachmittags nachts"),
    ("tag tagsüber tags", "nacht nachts"),
    ("sommer", "winter"),
    ("nord norden nördlich", "süd süden südlich"),
    ("ost osten östlich", "west westen westlich"),
    ("stadt städtisch", "land ländlich dorf"),
    ("alt alte alten älter ältere ältesten", "neu neue neuen jung junge jünger jüngere"),
    ("groß große größer größere", "klein kleine kleiner kleinere"),
    ("lang lange länger längere", "kurz kurze kürzer kürzere"),
    ("breit breite breiter breitere", "schmal schmale schmaler schmalere eng enger"),
    ("schnell schneller schnellere", "langsam langsamer langsamere"),
    ("oft öfter häufig häufiger", "selten seltener"),
    ("streng strenger strengere hart härter", "locker lockerer milde milder"),
    ("billig billiger günstig günstiger preiswert", "teuer teurer teurere"),
    ("kostenlos", "kostenpflichtig"),
    ("gut gute besser bessere", "schlecht schlechte schlechter schlechtere"),
    ("warm wärmer", "kalt kälter kühl kühler"),
    ("hell heller", "dunkel dunkler"),
    ("laut lauter", "leise leiser"),
    ("öffentlich öffentliche", "privat private"),
    ("freiwillig freiwillige", "verpflichtend verpflichtende pflicht zwang"),
    ("digital digitale online", "analog analoge papier"),
    ("viel viele", "wenig wenige"),
    ("positiv", "negativ"),
    ("maximal höchstens", "minimal mindestens"),
    ("innen", "außen"),
    ("hin", "zurück"),
    ("arm ärmer ärmere", "reich reicher reichere"),
    ("geöffnet offen", "geschlossen"),
    ("fördern unterstützen", "lehne"),
)

# What people call the same thing. The first word of a line stands for all of them.
SYNONYMS = """
    rad fahrrad velo bike drahtesel
    auto pkw kfz kraftfahrzeug
    kostenlos gratis kostenfrei umsonst unentgeltlich gebührenfrei
    gehweg bürgersteig gehsteig trottoir
    nahverkehr öpnv öffis
    müll abfall
    mülleimer abfalleimer papierkorb abfallkorb mülltonne
    handy smartphone mobiltelefon
    wlan wifi
    internetseite webseite website homepage internetauftritt
    verbieten verbot verboten untersagen
    sofort unverzüglich umgehend
    sonntag sonntags
    samstag samstags sonnabend sonnabends
    montag montags
    dienstag dienstags
    mittwoch mittwochs
    donnerstag donnerstags
    freitag freitags
    abend abends
    morgen morgens
    nacht nachts
    gut besser verbessern verbesserung
    gefahr gefährlich
    verpflichtend verpflichtung pflicht
    elektroauto eauto emobil
    elektrobus ebus
    photovoltaik pv fotovoltaik
    kita kindertagesstätte
    bahnhof bhf
    straße str
    nummer nr
    million mio
    milliarde mrd
    euro eur
    fußweg fussweg
    vorfahrt vorrang
    dreckig schmutzig verschmutzt verdreckt
    aufstellen aufzustellen
    breit verbreitern verbreiterung breiter
    sicher sicherheit
    langsam entschleunigen
    elektromobilität emobilität
    renovieren sanieren instandsetzen
    reparieren ausbessern
    verwaltung stadtverwaltung
    anbieten angeboten
    schließen geschlossen schließung
    öffnen geöffnet offen öffnung
    betreiben betrieben
    ziehen gezogen
    schreiben geschrieben
    sprechen gesprochen
    werfen geworfen
    werben geworben
    helfen geholfen
    nehmen genommen
    steigen gestiegen
    schneiden geschnitten
    übertragen übertragung überträgt
    stehen gestanden
    einbeziehen einbezogen
    abreißen abgerissen abriss
    entscheiden entschieden entscheidung
    beginnen begonnen beginn
    fahren fährt
    erziehen erzogen erziehung
    binden gebunden
    trinken getrunken
    finden gefunden
    frieren gefroren
    wachsen gewachsen wachstum
"""

# The stemmer takes these for forms of Schule and Burg.
KEPT_APART = ("schüler", "schuler", "schueler", "bürger", "burger", "buerger")

# Words that make a wish stronger or vaguer; one more of them changes it little.
SOFT = """
    massiv massive massiver stark starke starker stärker sofort schnell schneller rasch
    schnellstmöglich komplett vollständig konsequent generell grundsätzlich allgemein gesamt
    schön schöne neu neue gut echt wirklich aktiv gezielt entsprechend entsprechende aktuell
    verstärkt vermehrt zeitnah bald möglich sinnvoll weit großflächig flächendeckend spürbar
    wichtig toll super nachhaltig einheitlich ordentlich richtig absolut langfristig
    kurzfristig zukünftig künftig häufig leider dauerhaft regelmäßig
"""

# How a compound begins when people say the same in two ways: Fahrradweg, Radweg.
COMPOUND_BEGINNINGS = (
    ("fahrrad", "rad"),
    ("fahrad", "rad"),
    ("elektro", "e"),
    ("photovoltaik", "pv"),
)

# Beginnings that turn a word into its opposite or into another place.
OPPOSITE_BEGINNINGS = (
    ("", "un"),
    ("", "miss"),
    ("", "nicht"),
    ("ein", "aus"),
    ("an", "ab"),
    ("an", "aus"),
    ("auf", "ab"),
    ("auf", "zu"),
    ("zu", "ab"),
    ("zu", "aus"),
    ("be", "ent"),
    ("ver", "ent"),
    ("auf", "aus"),
    ("", "ent"),
    ("", "ab"),
    ("", "anti"),
    ("über", "unter"),
    ("ober", "unter"),
    ("ober", "nieder"),
    ("hin", "her"),
    ("hin", "rück"),
    ("vor", "nach"),
    ("innen", "außen"),
    ("nord", "süd"),
    ("nord", "ost"),
    ("nord", "west"),
    ("süd", "ost"),
    ("süd", "west"),
    ("ost", "west"),
    ("alt", "neu"),
    ("groß", "klein"),
    ("hoch", "tief"),
    ("hoch", "nieder"),
    ("zentral", "dezentral"),
    ("", "de"),
    ("vormit", "nachmit"),
    ("rechts", "links"),
)

# Beginnings that make another word, though not the opposite.
OTHER_BEGINNINGS = ("be", "er", "ver", "zer", "um", "mit", "weg", "bei", "durch", "haupt", "neben")

# Ends that turn a word into its opposite: sinnvoll and sinnlos.
OPPOSITE_ENDS = (
    ("voll", "los"),
    ("reich", "los"),
    ("reich", "arm"),
    ("freundlich", "feindlich"),
    ("freundlich", "schädlich"),
    ("freundlich", "unfreundlich"),
    ("haltig", "frei"),
    ("pflichtig", "frei"),
    ("pflichtig", "los"),
    ("gerecht", "ungerecht"),
)

# After these without an article stands where or for whom something is wanted: "in Seedorf".
BEFORE_PLACES = frozenset(
    "in nach bei aus von bis richtung höhe ecke ortsteil stadtteil für kreuzung".split()  # noqa: SIM905
)

# Words before which or after which the order of two things matters: "Busse statt Autos".
PIVOTS = frozenset(
    """
    statt anstatt anstelle als vor nach gegen für auf von zu zum zur über unter mit ohne durch
    mehr weniger nicht kein keine keinen keiner nur bis ab aus
    """.split()  # noqa: SIM905
)

NUMBER_WORDS = {
    "null": 0,
    "eins": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "dreizehn": 13,
    "vierzehn": 14,
    "fünfzehn": 15,
    "sechzehn": 16,
    "siebzehn": 17,
    "achtzehn": 18,
    "neunzehn": 19,
    "zwanzig": 20,
    "dreißig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "sechzig": 60,
    "siebzig": 70,
    "achtzig": 80,
    "neunzig": 90,
    "hundert": 100,
    "tausend": 1000,
    "erste": 1,
    "zweite": 2,
    "dritte": 3,
    "vierte": 4,
    "fünfte": 5,
    "sechste": 6,
    "siebte": 7,
    "achte": 8,
    "neunte": 9,
    "zehnte": 10,
}

# How a word ends that says who or what a wish comes from, when it stands before a colon.
LABEL_ENDS = (
    "rat", "beirat", "verein", "verband", "initiative", "fraktion", "klasse", "workshop",
    "werkstatt", "idee", "vorschlag", "vorschläge", "anregung", "forderung", "wunsch", "antrag",
    "kommentar", "beitrag", "stellungnahme", "tisch", "gruppe", "metathema",
)  # fmt: skip

# How names of places end, and generic words that end so and name no place.
PLACE_ENDS = (
    "straße", "strasse", "str", "allee", "gasse", "platz", "weg", "damm", "ufer", "brücke", "ring",
    "stadt", "dorf", "hausen", "heim", "viertel", "berg", "burg", "bach", "feld", "tal", "hof",
    "tor", "markt", "see", "siedlung", "kirchen", "walde", "steig", "stieg", "chaussee", "wall",
)  # fmt: skip
# The word before these is the name: "Beueler Straße".
BARE_PLACES = ("straße", "platz", "allee", "ring", "damm", "ufer", "brücke", "tor", "markt", "weg")
NO_PLACES = frozenset(
    """
    radweg fahrradweg gehweg fußweg schulweg wanderweg reitweg umweg ausweg heimweg arbeitsweg
    parkplatz spielplatz stellplatz abstellplatz arbeitsplatz sitzplatz bolzplatz sportplatz
    standplatz liegeplatz marktplatz innenstadt altstadt fahrradstraße radstraße spielstraße
    einbahnstraße nebenstraße anliegerstraße wohnstraße vorfahrtstraße landstraße
    bundesstraße schutzstreifen bahnhof schulhof friedhof bauernhof hinterhof wochenmarkt
    supermarkt flohmarkt baumarkt arbeitsmarkt stadtviertel wohnviertel altersheim pflegeheim
    seniorenheim tierheim bürgersteig gehsteig umfeld umwelt vorteil nachteil
    """.split()  # noqa: SIM905
)
