"""What LimeSurvey's questions say without having it in the file: yes, no, other."""

from __future__ import annotations

from collections.abc import Iterable

FIXED = {
    "yes": {"de": "Ja", "en": "Yes", "fr": "Oui", "es": "Sí", "it": "Sì", "nl": "Ja", "pl": "Tak",
            "et": "Jah", "tr": "Evet", "uk": "Так", "ru": "Да", "pt": "Sim"},
    "no": {"de": "Nein", "en": "No", "fr": "Non", "es": "No", "it": "No", "nl": "Nee",
           "pl": "Nie", "et": "Ei", "tr": "Hayır", "uk": "Ні", "ru": "Нет", "pt": "Não"},
    "uncertain": {"de": "Unsicher", "en": "Uncertain", "fr": "Incertain", "es": "No estoy seguro",
                  "it": "Incerto", "nl": "Onzeker", "pl": "Niepewne", "et": "Ei tea"},
    "increase": {"de": "Zugenommen", "en": "Increased", "fr": "Augmenté", "es": "Aumentado",
                 "it": "Aumentato", "nl": "Toegenomen", "pl": "Wzrost", "et": "Suurenenud"},
    "same": {"de": "Gleich geblieben", "en": "Same", "fr": "Sans changement", "es": "Igual",
             "it": "Uguale", "nl": "Gelijk gebleven", "pl": "Bez zmian", "et": "Samaks jäänud"},
    "decrease": {"de": "Abgenommen", "en": "Decreased", "fr": "Diminué", "es": "Disminuido",
                 "it": "Diminuito", "nl": "Afgenomen", "pl": "Spadek", "et": "Vähenenud"},
    "female": {"de": "weiblich", "en": "female", "fr": "féminin", "es": "femenino",
               "it": "femminile", "nl": "vrouw", "pl": "kobieta", "et": "naine", "tr": "kadın"},
    "male": {"de": "männlich", "en": "male", "fr": "masculin", "es": "masculino",
             "it": "maschile", "nl": "man", "pl": "mężczyzna", "et": "mees", "tr": "erkek"},
    "other": {"de": "Sonstiges", "en": "Other", "fr": "Autre", "es": "Otro", "it": "Altro",
              "nl": "Anders", "pl": "Inne", "et": "Muu", "tr": "Diğer", "uk": "Інше",
              "ru": "Другое", "pt": "Outro"},
}  # fmt: skip


def fixed(word: str, languages: Iterable[str]) -> dict[str, str]:
    """Return a word in German and in those of the languages in which it is known."""
    known = FIXED[word]
    return {"de": known["de"]} | {
        language: known[language] for language in languages if language in known
    }
