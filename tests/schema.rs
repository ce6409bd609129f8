//! `schema.graphql` is what is served. `alliance schema print > schema.graphql` brings it up to date.

#[test]
fn the_committed_schema_is_the_served_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    let committed = std::fs::read_to_string(path).expect("schema.graphql is at the top of the repository");
    assert!(
        committed == alliance::schema::sdl(&alliance::schema::build()),
        "schema.graphql is out of date: cargo run -- schema print > schema.graphql"
    );
}
