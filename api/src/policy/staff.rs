//! What only staff are told of. A stranger neither finds it in the schema nor is offered it; who asks for it all the same is refused
//! by the policy, like everywhere.

use async_graphql::TypeDirective;

/// Only staff are told of it: whoever else reads the schema does not find it. Types vanish with the last field that leads to them.
#[TypeDirective(
    name = "staffOnly",
    location = "FieldDefinition",
    location = "ArgumentDefinition",
    location = "InputFieldDefinition",
    location = "EnumValue",
    location = "Object",
    location = "Interface",
    location = "InputObject",
    location = "Enum"
)]
pub fn staff_only() {}
