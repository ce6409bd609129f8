//! The tests, one binary. Each file is a subject, each test a sentence.

mod architecture;
mod beginnings;
mod binary;
mod caching;
mod command_line;
mod door;
mod executing;
mod fuzz;
mod guards;
mod hidden;
mod hostile;
mod pages;
mod persisted;
mod plans;
mod plant;
mod policy;
mod properties;
mod reading;
mod readme;
mod refusals;
mod refusing;
mod schema;
mod sdl;
mod searching;
mod shapes;
