//! The tests, one binary. Each file is a subject, each test a sentence.

mod architecture;
mod binary;
mod command_line;
mod door;
mod guards;
mod hidden;
mod plans;
mod plant;
mod policy;
mod properties;
mod reading;
mod readme;
mod refusals;
mod refusing;
mod schema;
mod searching;
