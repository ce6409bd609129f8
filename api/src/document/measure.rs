//! How large a document is once its fragments are put in their places, without putting them there: each fragment is measured once,
//! and sums saturate. So a document that doubles and doubles again is turned away before anything walks it.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, DirectiveList, Document, OperationType, Selection};

use crate::config::limits::Limits;
use crate::error::report::Report;

/// What is counted of a selection.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: u64,
    /// Fields at its first level.
    roots: u64,
    depth: u64,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            roots: self.roots.saturating_add(other.roots),
            depth: self.depth.max(other.depth),
        }
    }

    fn below_a_field(self) -> Self {
        Self { fields: self.fields.saturating_add(1), roots: 1, depth: self.depth.saturating_add(1) }
    }
}

#[derive(Default)]
struct Measure<'a> {
    fragments: HashMap<&'a str, &'a [Selection]>,
    /// Nothing where it is being measured: it holds itself, which validation reports.
    measured: HashMap<&'a str, Option<Size>>,
    aliases: u64,
    directives: u64,
}

/// Passes a document, or says which limit it breaks.
pub(super) fn measure(document: &Document, limits: &Limits) -> Result<(), Report> {
    let mut measure = Measure::default();
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            measure.fragments.insert(&fragment.name, &fragment.selection_set);
        }
    }
    let fragments = document.definitions.iter().filter(|of| matches!(of, Definition::FragmentDefinition(_))).count() as u64;
    within("fragments of the document", fragments, limits.document_fragments)?;
    let mut sizes = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                measure.count(&operation.directives);
                for variable in &operation.variables {
                    measure.count(&variable.directives);
                }
                sizes.push((Some(operation.operation_type), measure.selections(&operation.selection_set)));
            }
            Definition::FragmentDefinition(fragment) => {
                measure.count(&fragment.directives);
                sizes.push((None, measure.fragment(&fragment.name)));
            }
            _ => {}
        }
    }
    within("aliases of the document", measure.aliases, limits.document_aliases)?;
    within("directives of the document", measure.directives, limits.document_directives)?;
    for (operation, Size { fields, roots, depth }) in sizes {
        within("depth of the document", depth, limits.document_depth)?;
        within("fields of the document, its fragments in their places", fields, limits.document_fields)?;
        match operation {
            Some(OperationType::Mutation) => within("fields of the mutation", roots, limits.mutations)?,
            Some(_) => within("fields at the root", roots, limits.root_fields)?,
            None => {}
        }
    }
    Ok(())
}

fn within(what: &str, asked: u64, allowed: u64) -> Result<(), Report> {
    if asked > allowed { Err(Report::limit(what, asked, allowed)) } else { Ok(()) }
}

impl<'a> Measure<'a> {
    fn count(&mut self, directives: &DirectiveList) {
        self.directives += directives.len() as u64;
    }

    fn selections(&mut self, selections: &'a [Selection]) -> Size {
        selections.iter().fold(Size::default(), |size, selection| size.beside(self.selection(selection)))
    }

    fn selection(&mut self, selection: &'a Selection) -> Size {
        match selection {
            Selection::Field(field) => {
                self.aliases += u64::from(field.alias.is_some());
                self.count(&field.directives);
                self.selections(&field.selection_set).below_a_field()
            }
            Selection::InlineFragment(fragment) => {
                self.count(&fragment.directives);
                self.selections(&fragment.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                self.count(&spread.directives);
                self.fragment(&spread.fragment_name)
            }
        }
    }

    fn fragment(&mut self, name: &'a str) -> Size {
        if let Some(known) = self.measured.get(name) {
            return known.unwrap_or_default();
        }
        let Some(selections) = self.fragments.get(name).copied() else { return Size::default() };
        self.measured.insert(name, None);
        let size = self.selections(selections);
        self.measured.insert(name, Some(size));
        size
    }
}
