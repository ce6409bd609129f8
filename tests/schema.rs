//! `schema.graphql` is the whole of what is served. `alliance schema print > schema.graphql` brings it up to date.

#[test]
fn the_committed_schema_is_the_served_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    let committed = std::fs::read_to_string(path).expect("schema.graphql is at the top of the repository");
    assert!(
        committed == alliance::schema::sdl(&alliance::schema::build()),
        "schema.graphql is out of date: cargo run -- schema print > schema.graphql"
    );
}

#[test]
fn every_mutation_that_stands_alone_is_one() {
    let schema = crate::sdl::Schema::read();
    if schema.0.contains_key("Mutation") {
        let mutations: Vec<_> = schema.fields("Mutation").into_iter().map(|field| field.name.node.to_string()).collect();
        let unknown: Vec<_> = alliance::schema::ALONE.iter().filter(|name| !mutations.iter().any(|m| m == *name)).collect();
        assert!(unknown.is_empty(), "{unknown:?} are none of {mutations:?}");
    }
}
