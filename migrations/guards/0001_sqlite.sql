CREATE TRIGGER aggregate_frozen_update BEFORE UPDATE ON aggregate BEGIN SELECT RAISE(ABORT, 'a released aggregate never changes'); END

CREATE TRIGGER aggregate_frozen_delete BEFORE DELETE ON aggregate BEGIN SELECT RAISE(ABORT, 'a released aggregate never changes'); END

CREATE TRIGGER aggregate_element_frozen_update BEFORE UPDATE ON aggregate_element BEGIN SELECT RAISE(ABORT, 'a released aggregate never changes'); END

CREATE TRIGGER aggregate_element_frozen_delete BEFORE DELETE ON aggregate_element BEGIN SELECT RAISE(ABORT, 'a released aggregate never changes'); END

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END

CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM journal_entry) OR EXISTS (SELECT 1 FROM journal_entry WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END

CREATE TRIGGER official_answer_frozen_update BEFORE UPDATE ON official_answer WHEN (OLD.published_at IS NOT NULL AND NOT (NEW.id IS OLD.id AND NEW.strategy_id IS OLD.strategy_id AND NEW.disposition IS OLD.disposition AND NEW.reasons IS OLD.reasons AND NEW.with_adoption IS OLD.with_adoption AND NEW.drafted_at IS OLD.drafted_at AND NEW.signed_at IS OLD.signed_at AND NEW.second_signed_at IS OLD.second_signed_at AND NEW.published_at IS OLD.published_at AND (NEW.drafted_by_id IS OLD.drafted_by_id OR NEW.drafted_by_id IS NULL) AND (NEW.signed_by_id IS OLD.signed_by_id OR NEW.signed_by_id IS NULL) AND (NEW.second_id IS OLD.second_id OR NEW.second_id IS NULL))) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER official_answer_frozen_delete BEFORE DELETE ON official_answer WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER answered_finding_frozen_update BEFORE UPDATE ON answered_finding WHEN (EXISTS (SELECT 1 FROM official_answer WHERE official_answer.id = OLD.answer_id AND official_answer.published_at IS NOT NULL) AND NOT (NEW.finding_id IS OLD.finding_id AND NEW.answer_id IS OLD.answer_id)) OR (EXISTS (SELECT 1 FROM official_answer WHERE official_answer.id = NEW.answer_id AND official_answer.published_at IS NOT NULL) AND NOT (NEW.finding_id IS OLD.finding_id AND NEW.answer_id IS OLD.answer_id)) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER answered_finding_frozen_delete BEFORE DELETE ON answered_finding WHEN EXISTS (SELECT 1 FROM official_answer WHERE official_answer.id = OLD.answer_id AND official_answer.published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER answered_finding_frozen_insert BEFORE INSERT ON answered_finding WHEN EXISTS (SELECT 1 FROM official_answer WHERE official_answer.id = NEW.answer_id AND official_answer.published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER finding_frozen_update BEFORE UPDATE ON finding WHEN (EXISTS (SELECT 1 FROM answered_finding JOIN official_answer ON official_answer.id = answered_finding.answer_id WHERE answered_finding.finding_id = OLD.id AND official_answer.published_at IS NOT NULL) AND NOT (NEW.id IS OLD.id AND NEW.strategy_id IS OLD.strategy_id AND NEW.number IS OLD.number AND NEW.sentence IS OLD.sentence AND NEW.recorded_at IS OLD.recorded_at AND (NEW.recorded_by_id IS OLD.recorded_by_id OR NEW.recorded_by_id IS NULL))) OR (EXISTS (SELECT 1 FROM answered_finding JOIN official_answer ON official_answer.id = answered_finding.answer_id WHERE answered_finding.finding_id = NEW.id AND official_answer.published_at IS NOT NULL) AND NOT (NEW.id IS OLD.id AND NEW.strategy_id IS OLD.strategy_id AND NEW.number IS OLD.number AND NEW.sentence IS OLD.sentence AND NEW.recorded_at IS OLD.recorded_at AND (NEW.recorded_by_id IS OLD.recorded_by_id OR NEW.recorded_by_id IS NULL))) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER finding_frozen_delete BEFORE DELETE ON finding WHEN EXISTS (SELECT 1 FROM answered_finding JOIN official_answer ON official_answer.id = answered_finding.answer_id WHERE answered_finding.finding_id = OLD.id AND official_answer.published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER finding_frozen_insert BEFORE INSERT ON finding WHEN EXISTS (SELECT 1 FROM answered_finding JOIN official_answer ON official_answer.id = answered_finding.answer_id WHERE answered_finding.finding_id = NEW.id AND official_answer.published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published answer never changes'); END

CREATE TRIGGER change_frozen_update BEFORE UPDATE ON change WHEN (EXISTS (SELECT 1 FROM revision WHERE revision.id = OLD.revision_id AND revision.status = 'adopted') AND NOT (NEW.id IS OLD.id AND NEW.revision_id IS OLD.revision_id AND NEW.element_id IS OLD.element_id AND NEW.operation IS OLD.operation AND NEW.proposed_at IS OLD.proposed_at AND (NEW.proposed_by_id IS OLD.proposed_by_id OR NEW.proposed_by_id IS NULL))) OR (EXISTS (SELECT 1 FROM revision WHERE revision.id = NEW.revision_id AND revision.status = 'adopted') AND NOT (NEW.id IS OLD.id AND NEW.revision_id IS OLD.revision_id AND NEW.element_id IS OLD.element_id AND NEW.operation IS OLD.operation AND NEW.proposed_at IS OLD.proposed_at AND (NEW.proposed_by_id IS OLD.proposed_by_id OR NEW.proposed_by_id IS NULL))) BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER change_frozen_delete BEFORE DELETE ON change WHEN EXISTS (SELECT 1 FROM revision WHERE revision.id = OLD.revision_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER change_frozen_insert BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM revision WHERE revision.id = NEW.revision_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER changed_field_frozen_update BEFORE UPDATE ON changed_field WHEN (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) OR (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER changed_field_frozen_delete BEFORE DELETE ON changed_field WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER changed_field_frozen_insert BEFORE INSERT ON changed_field WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER change_reason_frozen_update BEFORE UPDATE ON change_reason WHEN (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) OR (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER change_reason_frozen_delete BEFORE DELETE ON change_reason WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER change_reason_frozen_insert BEFORE INSERT ON change_reason WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER taken_wording_frozen_update BEFORE UPDATE ON taken_wording WHEN (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) OR (EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') AND NOT (1 = 0)) BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER taken_wording_frozen_delete BEFORE DELETE ON taken_wording WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = OLD.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER taken_wording_frozen_insert BEFORE INSERT ON taken_wording WHEN EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id WHERE change.id = NEW.change_id AND revision.status = 'adopted') BEGIN SELECT RAISE(ABORT, 'the changes of an adopted revision never change'); END

CREATE TRIGGER strategy_version_frozen_update BEFORE UPDATE ON strategy_version WHEN (OLD.status = 'draft' AND NEW.status = 'superseded') OR (OLD.status <> 'draft' AND NOT (OLD.status = 'adopted' AND NEW.status = 'superseded' AND NEW.id IS OLD.id AND NEW.strategy_id IS OLD.strategy_id AND NEW.number IS OLD.number AND NEW.consultation IS OLD.consultation AND NEW.created_at IS OLD.created_at AND NEW.adopted_at IS OLD.adopted_at AND NEW.resolution_body IS OLD.resolution_body AND NEW.resolution_on IS OLD.resolution_on AND NEW.resolution_number IS OLD.resolution_number)) BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER strategy_version_frozen_delete BEFORE DELETE ON strategy_version WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER element_wording_frozen_insert BEFORE INSERT ON element_wording WHEN EXISTS (SELECT 1 FROM strategy_version WHERE id = NEW.version_id AND status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER element_wording_frozen_update BEFORE UPDATE ON element_wording WHEN EXISTS (SELECT 1 FROM strategy_version WHERE id = OLD.version_id AND status <> 'draft') OR EXISTS (SELECT 1 FROM strategy_version WHERE id = NEW.version_id AND status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER element_wording_frozen_delete BEFORE DELETE ON element_wording WHEN EXISTS (SELECT 1 FROM strategy_version WHERE id = OLD.version_id AND status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER success_criterion_frozen_insert BEFORE INSERT ON success_criterion WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER success_criterion_frozen_update BEFORE UPDATE ON success_criterion WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') OR EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER success_criterion_frozen_delete BEFORE DELETE ON success_criterion WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER financing_line_frozen_insert BEFORE INSERT ON financing_line WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER financing_line_frozen_update BEFORE UPDATE ON financing_line WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') OR EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER financing_line_frozen_delete BEFORE DELETE ON financing_line WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER measure_goal_frozen_insert BEFORE INSERT ON measure_goal WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER measure_goal_frozen_update BEFORE UPDATE ON measure_goal WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') OR EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = NEW.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END

CREATE TRIGGER measure_goal_frozen_delete BEFORE DELETE ON measure_goal WHEN EXISTS (SELECT 1 FROM element_wording JOIN strategy_version ON strategy_version.id = element_wording.version_id WHERE element_wording.id = OLD.wording_id AND strategy_version.status <> 'draft') BEGIN SELECT RAISE(ABORT, 'a strategy version that is no draft never changes'); END
