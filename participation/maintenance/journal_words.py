"""How an entry of the journal reads."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.accounts.models import DutyText, Role
from participation.contributions.models import Channel
from participation.engagements.models import EngagementKind
from participation.journal.models import JournalEntry
from participation.moderation.models import Ground
from participation.revisions.models import ChangeOperation, Disposition
from participation.web.filters import label, local_time

ACTIONS: dict[str, LazyString] = {
    "account.readmitted": _l("Konto wieder zugelassen"),
    "account.second_factor_off": _l("Zweiter Faktor entfernt"),
    "account.second_factor_on": _l("Zweiter Faktor eingerichtet"),
    "account.suspended": _l("Konto gesperrt"),
    "answer.amended": _l("Antwort geändert"),
    "answer.countersigned": _l("Antwort von zweiter Person unterschrieben"),
    "answer.discarded": _l("Antwort verworfen"),
    "answer.reopened": _l("Antwort wieder Entwurf"),
    "answer.drafted": _l("Antwort entworfen"),
    "answer.published": _l("Antwort veröffentlicht"),
    "answer.signed": _l("Antwort unterschrieben"),
    "change.dropped": _l("Änderung zurückgenommen"),
    "change.proposed": _l("Änderung vorgeschlagen"),
    "comments.seed_taken_back": _l("Aussage zum Einstieg zurückgezogen"),
    "contribution.entered": _l("Beitrag für jemanden eingegeben"),
    "hearing.changed": _l("Anhörung geändert"),
    "hearing.phase_added": _l("Phase einer Anhörung hinzugefügt"),
    "hearing.phase_removed": _l("Phase aus einer Anhörung genommen"),
    "comments.sown": _l("Aussagen zum Einstieg hinzugefügt"),
    "engagement.archived": _l("Beteiligung archiviert"),
    "change.reasoned": _l("Gründe einer Änderung geändert"),
    "engagement.discarded": _l("Entwurf einer Beteiligung gelöscht"),
    "engagement.begun": _l("Beteiligung angelegt"),
    "engagement.brought_back": _l("Beteiligung aus dem Archiv geholt"),
    "engagement.changed": _l("Beteiligung geändert"),
    "ideas.grouped": _l("Gleiche Ideen gruppiert"),
    "ideas.ungrouped": _l("Ideen aus einer Gruppe genommen"),
    "ideas.told_apart": _l("Ideen als verschieden gemerkt"),
    "engagement.extended": _l("Beteiligung verlängert"),
    "engagement.imported": _l("Beteiligung importiert"),
    "engagement.published": _l("Beteiligung veröffentlicht"),
    "engagement.reminded": _l("An das Ende einer Beteiligung erinnert"),
    "finding.amended": _l("Erkenntnis geändert"),
    "finding.cited": _l("Nachweis ergänzt"),
    "finding.recorded": _l("Erkenntnis festgehalten"),
    "letters.made": _l("Briefe mit Codes erstellt"),
    "letters.withdrawn": _l("Briefe mit Codes zurückgezogen"),
    "group.closed": _l("Eingeladene Gruppe geschlossen"),
    "group.invited": _l("Gruppe eingeladen"),
    "group.link_renewed": _l("Neuer Link für eine Gruppe"),
    "group.removed": _l("Eingeladene Gruppe entfernt"),
    "group.renamed": _l("Eingeladene Gruppe umbenannt"),
    "group.reopened": _l("Eingeladene Gruppe wieder geöffnet"),
    "idea_call.field_added": _l("Eigenes Feld eines Aufrufs angelegt"),
    "idea_call.field_changed": _l("Eigenes Feld eines Aufrufs geändert"),
    "idea_call.field_removed": _l("Eigenes Feld eines Aufrufs entfernt"),
    "idea.elements_corrected": _l("Bezug einer Idee geändert"),
    "idea.image_removed": _l("Bild einer Idee entfernt"),
    "idea.image_shown_again": _l("Bild einer Idee wieder gezeigt"),
    "moderation.hide": _l("Beitrag ausgeblendet"),
    "moderation.imported": _l("Beiträge importiert"),
    "moderation.publish": _l("Beitrag veröffentlicht"),
    "moderation.reject": _l("Beitrag abgelehnt"),
    "moderation.restore": _l("Beitrag wieder gezeigt"),
    "moderation.wording_publish": _l("Änderung einer Idee veröffentlicht"),
    "moderation.wording_reject": _l("Änderung einer Idee abgelehnt"),
    "moderation.undone": _l("Entscheidung zurückgenommen"),
    "organisation.invited": _l("Organisation um Stellungnahme gebeten"),
    "organisation.link_renewed": _l("Neuer Link für eine Organisation"),
    "organisation.revoked": _l("Einladung einer Organisation zurückgezogen"),
    "statement.piece_added": _l("Stelle einer Stellungnahme zugeordnet"),
    "statement.piece_removed": _l("Zuordnung einer Stelle entfernt"),
    "municipality.created": _l("Kommune eingerichtet"),
    "municipality.described": _l("Angaben zur Kommune geändert"),
    "municipality.logo": _l("Logo geändert"),
    "municipality.painted": _l("Farbe geändert"),
    "municipality.text": _l("Pflichttext gespeichert"),
    "results.released": _l("Auswertung freigegeben"),
    "revision.adopted": _l("Fortschreibung beschlossen"),
    "revision.opened": _l("Fortschreibung begonnen"),
    "revision.abandoned": _l("Fortschreibung verworfen"),
    "role.granted": _l("Rolle erhalten"),
    "role.invitation_withdrawn": _l("Einladung zurückgenommen"),
    "role.invited": _l("Einladung verschickt"),
    "role.revoked": _l("Rolle entzogen"),
    "survey.slips": _l("Frist für Papierbögen gesetzt"),
    "strategy.adopted": _l("Strategie beschlossen"),
    "strategy.created": _l("Strategie angelegt"),
    "strategy.put_out_for_consultation": _l("Entwurf zur Stellungnahme ausgelegt"),
    "survey.version_begun": _l("Neue Fassung einer Umfrage begonnen"),
    "survey.wording_corrected": _l("Wortlaut einer Umfrage berichtigt"),
    "indicator.fed": _l("Frage und Indikator verbunden"),
    "table.imported": _l("Tabelle übernommen"),
    "table.undone": _l("Übernahme einer Tabelle zurückgenommen"),
    "survey.raw_handed_out": _l("Antworten einer Umfrage heruntergeladen"),
}
_SUBJECTS: dict[str, LazyString] = {
    "account": _l("Konto"),
    "answer": _l("Antwort"),
    "change": _l("Änderung"),
    "contribution": _l("Beitrag"),
    "engagement": _l("Beteiligung"),
    "finding": _l("Erkenntnis"),
    "indicator": _l("Indikator"),
    "municipality": _l("Kommune"),
    "revision": _l("Fortschreibung"),
    "strategy": _l("Strategie"),
}
FACTS: dict[str, LazyString] = {
    "answers": _l("Antworten, die wieder Entwürfe sind"),
    "base": _l("auf Grundlage von Fassung"),
    "body": _l("Beschlossen von"),
    "changes": _l("Änderungen"),
    "channel": _l("Weg"),
    "closes_at": _l("Ende"),
    "code": _l("Erkenntnis"),
    "comments": _l("Kommentare"),
    "completed": _l("vollständig"),
    "consent": _l("Einwilligung in E-Mails"),
    "consultation": _l("Stellungnahme"),
    "content": _l("Datei"),
    "decided": _l("entschieden"),
    "disposition": _l("Ergebnis"),
    "element": _l("Element"),
    "elements": _l("Elemente"),
    "evidence": _l("Nachweise"),
    "field": _l("Feld"),
    "fields": _l("geänderte Angaben"),
    "fed": _l("verbunden"),
    "final": _l("endgültig"),
    "findings": _l("Erkenntnisse"),
    "ground": _l("Grund"),
    "ideas": _l("Ideen"),
    "image": _l("Bild"),
    "kind": _l("Art"),
    "language": _l("Sprache"),
    "letters": _l("Briefe"),
    "new": _l("neue Codes"),
    "number": _l("Nummer"),
    "opens_at": _l("Beginn"),
    "operation": _l("Vorgang"),
    "participants": _l("Teilnehmende"),
    "pending": _l("offen"),
    "phase": _l("Phase"),
    "questions": _l("Fragen"),
    "published": _l("gleich veröffentlicht"),
    "question": _l("Frage"),
    "reason": _l("Begründung"),
    "release": _l("Auswertung"),
    "reminder": _l("Erinnerung"),
    "reported": _l("gemeldet, weil hier nicht möglich"),
    "resolution": _l("Beschluss"),
    "responses": _l("Antwortbögen"),
    "results": _l("Ergebnisse"),
    "role": _l("Rolle"),
    "seeds": _l("Aussagen"),
    "skipped": _l("übersprungen"),
    "supports": _l("Unterstützungen"),
    "text": _l("Text"),
    "until": _l("bis"),
    "version": _l("Fassung"),
    "votes": _l("Stimmen"),
}
# Numbers of rows and what a file is known by, of use to nobody who reads.
LEFT_OUT = frozenset({"decision", "file", "group", "invitation"})
_MEMBERS: dict[str, type[enum.Enum]] = {
    "channel": Channel,
    "disposition": Disposition,
    "ground": Ground,
    "kind": EngagementKind,
    "operation": ChangeOperation,
    "role": Role,
    "text": DutyText,
}


def action_of(entry: JournalEntry) -> str:
    """Return what was done, in words."""
    return str(ACTIONS.get(entry.action, entry.action))


def subject_of(entry: JournalEntry, names: Mapping[str, str]) -> str:
    """Return what it was done to: a kind and its name today, its number or the start of its id."""
    kind, _colon, number = entry.subject.partition(":")
    if entry.subject in names:
        return f"{_SUBJECTS.get(kind, kind)}: {names[entry.subject]}"
    return f"{_SUBJECTS.get(kind, kind)} {number[:8]}"


def facts_of(entry: JournalEntry) -> list[tuple[str, str]]:
    """Return the entry's facts as pairs of words; what is unknown keeps its own name."""
    return [
        (str(FACTS.get(name, name)), _shown(name, value))
        for name, value in entry.facts.items()
        if name not in LEFT_OUT and value not in (None, "", [], {})
    ]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("ja") if value else _("nein"))
    if isinstance(value, list):
        return ", ".join(_shown(name, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(key, part)}" for key, part in value.items())
    if isinstance(value, str) and (name.endswith("_at") or name == "until"):
        return _moment(value)
    return _member(name, value)


def _moment(text: str) -> str:
    try:
        return local_time(datetime.fromisoformat(text))
    except ValueError:
        return text


def _member(name: str, value: Any) -> str:
    try:
        return label(_MEMBERS[name](value))
    except (KeyError, ValueError):
        return str(value)
