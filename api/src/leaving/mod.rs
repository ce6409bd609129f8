//! Leaving: what somebody is given of all that is kept about them, and that nothing of it is left once they are erased. It stands above every
//! domain that keeps something about people.

pub mod actions;
pub mod mutation;
