//! What writers and reviewers tell each other.

use serde_json::{Value, json};

use crate::editing::{act, begun, desks, with};

#[tokio::test]
async fn those_who_are_meant_are_told_by_mail_once_and_nobody_else() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Told <b>by</b> mail").await;
        let post = act(&app, &desk.author, "postSubmit", &post, json!({ "note": "Mind the <script>numbers</script>." })).await;
        app.work().await;
        let mut mails = app.mails();
        mails.sort_by(|a, b| a.to.cmp(&b.to));
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["ada@example.org", "editor@example.org"], "{}: editors and admins are told", app.name);
        assert_eq!(mails[0].subject, "For review: Told <b>by</b> mail", "{}", app.name);
        assert!(mails[0].text.contains("Mind the <script>numbers</script>."), "{}: {}", app.name, mails[0].text);
        assert!(!mails[0].html.contains("<script>") && mails[0].html.contains("&lt;script&gt;"), "{}", mails[0].html);
        let post = act(&app, &desk.editor, "postReturn", &post, json!({ "reason": "Who counted?" })).await;
        app.work().await;
        let mails = app.mails();
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["author@example.org"], "{}", app.name);
        assert_eq!(mails[0].subject, "Returned to you: Told <b>by</b> mail", "{}", app.name);
        let note = json!({ "id": post["id"], "text": "I did." });
        desk.author.does(&app, "postNoteCreate", note, "post { version }").await;
        app.work().await;
        assert_eq!(app.mails().len(), 2, "{}: who wrote it writes to the editors", app.name);
        let id = post["id"].as_str().expect("an id");
        let query = format!("{{ post(id: \"{id}\") {{ notes {{ totalCount nodes {{ kind text revisionNumber }} }} }} }}");
        let notes = json!([{ "kind": "NOTE", "text": "I did.", "revisionNumber": 1 },
            { "kind": "RETURNED", "text": "Who counted?", "revisionNumber": 1 },
            { "kind": "SUBMITTED", "text": "Mind the <script>numbers</script>.", "revisionNumber": 1 }]);
        let listed = desk.editor.ask(&app, &query).await["data"]["post"]["notes"].take();
        let mut found = listed["nodes"].as_array().expect("a list").clone();
        found.sort_by_key(|note| note["kind"].to_string());
        assert_eq!(Value::Array(found), notes, "{}", app.name);
    }
}

#[tokio::test]
async fn changes_to_a_public_post_are_reviewed_while_it_stays_public() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Public").await;
        assert_eq!(desk.editor.tries(&app, "postReturn", with(&post, json!({ "reason": "No." }))).await, "WRONG_STATE");
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(desk.author.tries(&app, "postSubmit", with(&post, json!({}))).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(desk.editor.tries(&app, "postPublish", with(&post, json!({}))).await, "WRONG_STATE", "{}", app.name);
        let post = act(&app, &desk.author, "postEdit", &post, json!({ "title": "Proposed" })).await;
        let post = act(&app, &desk.author, "postSubmit", &post, json!({})).await;
        assert_eq!((&post["status"], &post["hasPendingChanges"]), (&json!("PUBLISHED"), &json!(true)), "{}", app.name);
        assert_eq!(desk.author.tries(&app, "postPublish", with(&post, json!({}))).await, "FORBIDDEN", "{}", app.name);
        let pending = "{ posts(filter: { alliance: \"here\", hasPendingChanges: true }) { nodes { title draft { title } } } }";
        let listed = desk.editor.ask(&app, pending).await;
        let wanted = json!([{ "title": "Public", "draft": { "title": "Proposed" } }]);
        assert_eq!(listed["data"]["posts"]["nodes"], wanted, "{}: {listed}", app.name);
        let post = act(&app, &desk.editor, "postReturn", &post, json!({ "reason": "Not yet." })).await;
        let correction = json!({ "correction": "Wrong.", "title": "Right" });
        assert_eq!(desk.editor.tries(&app, "postCorrect", with(&post, correction)).await, "WRONG_STATE", "{}", app.name);
        let post = act(&app, &desk.editor, "postCorrect", &post, json!({ "correction": "A notice alone." })).await;
        assert_eq!(post["hasPendingChanges"], true, "{}: what was being written is kept", app.name);
        // The public revision, restored, drops what was written since.
        let post = act(&app, &desk.editor, "postRevisionRestore", &post, json!({ "revision": 1 })).await;
        assert_eq!((&post["hasPendingChanges"], &post["draft"]["number"]), (&json!(false), &json!(1)), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn revisions_and_notes_answer_to_their_ids_for_those_who_see_all_of_the_post() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "By its id").await;
        let post = act(&app, &desk.author, "postSubmit", &post, json!({ "note": "Please read it." })).await;
        let query = format!("{{ post(id: {}) {{ revisions {{ nodes {{ id }} }} notes {{ nodes {{ id }} }} }} }}", post["id"]);
        let told = desk.author.ask(&app, &query).await["data"]["post"].take();
        let (revision, note) = (&told["revisions"]["nodes"][0]["id"], &told["notes"]["nodes"][0]["id"]);
        let query = format!(
            "{{ nodes(ids: [{revision}, {note}]) {{ __typename id ... on PostRevision {{ number title body {{ plainText }} }} ... on PostNote {{ text }} }}
                one: node(id: {revision}) {{ id }} other: node(id: {note}) {{ id }} }}"
        );
        let all = json!({ "one": { "id": revision }, "other": { "id": note }, "nodes": [
            { "__typename": "PostRevision", "id": revision, "number": 1, "title": "By its id", "body": { "plainText": "By its id, at length.\nAnd more." } },
            { "__typename": "PostNote", "id": note, "text": "Please read it." } ] });
        let nothing = json!({ "nodes": [null, null], "one": null, "other": null });
        let stranger = format!(
            "{{ nodes(ids: [{revision}, {note}]) {{ id }} one: node(id: {revision}) {{ id }} other: node(id: {note}) {{ id }} }}"
        );
        for is_public in [false, true] {
            for who in [&desk.author, &desk.editor] {
                assert_eq!(who.ask(&app, &query).await["data"], all, "{}: {}, public: {is_public}", app.name, who.email);
            }
            for who in [&desk.supporter, &desk.elsewhere] {
                assert_eq!(who.ask(&app, &stranger).await["data"], nothing, "{}: {}, public: {is_public}", app.name, who.email);
            }
            assert_eq!(app.read(&stranger).await, nothing, "{}: public: {is_public}", app.name);
            if !is_public {
                act(&app, &desk.editor, "postPublish", &post, json!({})).await;
            }
        }
        app.work().await;
        drop(app.mails());
    }
}
