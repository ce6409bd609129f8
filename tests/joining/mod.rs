//! How people come to an alliance, what changes while they are there, and how they leave it: over the router, on both databases, with
//! the mails that they get.

mod arriving;
mod inviting;
mod leaving;
mod links;
mod mails;
mod ranks;
mod recorded;
mod strangers;
mod traces;
