//! Who is asking. What they may do is a matter for `policy`.

/// Who a request speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody without a token: the public.
    Anonymous,
}
