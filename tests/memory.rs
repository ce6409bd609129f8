//! What strangers' documents may cost in memory, on the real binary.

use serde_json::json;

use crate::binary::{post, serve};

/// Many operations that each spread as far as the limits let them.
fn spreading(operations: usize) -> String {
    let names: Vec<String> = (0..operations).map(|n| format!("query q{n} {{ ...R }}")).collect();
    let roots: Vec<String> = (0..19).map(|n| format!("a{n}: posts(first: 0) {{ nodes {{ ...A }} }}")).collect();
    let (names, roots) = (names.join(" "), roots.join(" "));
    let own = "id kind state comment authorName createdAt";
    let below = |next: &str| {
        format!("on Reactable {{ id reactions {{ total label }} comments {{ nodes {{ {own} subject {{ {next} }} }} }} }} ")
    };
    format!(
        "{names} fragment R on Query {{ {roots} }} fragment A on Post {{ comments {{ nodes {{ {own} subject {{ ...B }} }} }} }} \
         fragment B {} fragment C {} fragment D {}",
        below("...C"),
        below("...D"),
        below("id")
    )
}

#[test]
fn operations_that_spread_far_leave_no_memory_behind() {
    let server = serve(&[]);
    let document = spreading(120);
    post(&server.address, &json!({ "query": document, "operationName": "q0" }).to_string());
    let before = server.memory();
    for n in 0..120 {
        let answer = post(&server.address, &json!({ "query": document, "operationName": format!("q{n}") }).to_string());
        assert!(answer.contains("LIMIT_EXCEEDED"), "{answer}");
    }
    for n in 0..3_000 {
        let query = format!("query N{n} {{ posts(first: 3) {{ nodes {{ title campaigns {{ nodes {{ title }} }} }} }} }}");
        post(&server.address, &json!({ "query": query }).to_string());
    }
    let after = server.memory();
    assert!(after < before + 64, "{before} MB before, {after} MB after");
}
