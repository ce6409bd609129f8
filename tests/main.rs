//! The tests, one binary. Each file is a subject, each test a sentence.

mod reading;
mod refusing;
mod schema;
mod searching;
