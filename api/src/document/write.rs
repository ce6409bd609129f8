//! The answer as bytes: keys in the order of the selection, null where a field failed and may be null, and nothing where it may not:
//! then its nearest parent that may be null is. One walk along the places of the lowered operation.
//!
//! <https://spec.graphql.org/draft/#sec-Handling-Execution-Errors>

use apollo_compiler::ast::Type;
use async_graphql::Value;

use crate::document::known::Introspected;
use crate::document::lower::TYPE;
use crate::document::plan::{Below, Place, Places};
use crate::error::report::{Report, Step};

/// A null stands where none may: the parent has to become null.
struct Nulled;

struct Writer<'a> {
    out: Vec<u8>,
    errors: &'a [Report],
    /// Kept only where something failed.
    path: Vec<Step>,
    introspected: &'a Introspected,
    /// How many bytes are worth writing.
    most: usize,
    /// Whether a value was missing that no error accounts for.
    unexplained: bool,
}

/// Writes `data`, or the beginning of it where it is longer than `most` bytes. Says too whether something is missing that no error
/// accounts for.
pub(super) fn data(
    places: &Places,
    data: &Value,
    errors: &[Report],
    (introspected, most): (&Introspected, usize),
) -> (Vec<u8>, bool) {
    let out = Vec::with_capacity(1024);
    let mut writer = Writer { out, errors, path: Vec::new(), introspected, most, unexplained: false };
    if writer.object(data, places).is_err() {
        writer.out.clear();
        writer.out.extend_from_slice(b"null");
    }
    (writer.out, writer.unexplained)
}

impl Writer<'_> {
    fn object(&mut self, value: &Value, places: &Places) -> Result<(), Nulled> {
        let fields = if let Value::Object(fields) = value { Some(fields) } else { None };
        let mut before = b'{';
        for place in &places.0 {
            if self.out.len() > self.most {
                return Ok(());
            }
            self.out.push(before);
            before = b',';
            self.json(&place.key);
            self.out.push(b':');
            if matches!(place.below, Below::Schema) {
                self.out.extend_from_slice(self.introspected.get(&place.key).unwrap_or(b"null"));
                continue;
            }
            self.enter(|| Step::Field(place.key.clone()));
            let value = fields.and_then(|fields| fields.get(place.key.as_str()));
            self.value(value.unwrap_or(&Value::Null), &place.ty, place)?;
            self.leave();
        }
        if before == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
        Ok(())
    }

    fn value(&mut self, value: &Value, ty: &Type, place: &Place) -> Result<(), Nulled> {
        let (start, depth) = (self.out.len(), self.path.len());
        let written = match value {
            // An object all of whose fields failed comes as null: it is one all the same.
            Value::Null if ty.is_list() || !self.failed_below() => Err(Nulled),
            Value::List(items) if ty.is_list() => self.list(items, ty.item_type(), place),
            value => self.item(value, place),
        };
        if written.is_err() {
            self.path.truncate(depth);
            self.out.truncate(start);
            if ty.is_non_null() {
                self.unexplained |= !self.failed_here_or_below();
                return Err(Nulled);
            }
            self.out.extend_from_slice(b"null");
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value], ty: &Type, place: &Place) -> Result<(), Nulled> {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.enter(|| Step::Index(index));
            self.value(item, ty, place)?;
            self.leave();
        }
        self.out.push(b']');
        Ok(())
    }

    fn item(&mut self, value: &Value, place: &Place) -> Result<(), Nulled> {
        match &place.below {
            Below::Leaf | Below::Schema => {
                self.json(value);
                Ok(())
            }
            Below::Object(places) => self.object(value, places),
            Below::OneOf(of) => {
                let Value::Object(fields) = value else { return Err(Nulled) };
                let Some(Value::String(name)) = fields.get(TYPE) else { return Err(Nulled) };
                of.get(name).map_or(Err(Nulled), |places| self.object(value, places))
            }
        }
    }

    fn json(&mut self, value: &impl serde::Serialize) {
        // Only a map with keys that are no strings cannot be written, and there is none.
        let written = serde_json::to_writer(&mut self.out, value);
        debug_assert!(written.is_ok(), "an answer is JSON");
    }

    fn enter(&mut self, step: impl FnOnce() -> Step) {
        if !self.errors.is_empty() {
            self.path.push(step());
        }
    }

    fn leave(&mut self) {
        self.path.pop();
    }

    fn failed_below(&self) -> bool {
        self.errors.iter().any(|error| error.path.len() > self.path.len() && error.path.starts_with(&self.path))
    }

    fn failed_here_or_below(&self) -> bool {
        self.errors.iter().any(|error| error.path.starts_with(&self.path))
    }
}
