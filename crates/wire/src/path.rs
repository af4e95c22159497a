//! Where the server takes the messages, as HTTP paths; both take and give `application/json` over POST.

/// Takes a [`Hello`](crate::Hello), gives an [`Opening`](crate::Opening).
pub const HELLO: &str = "/card-client/hello";

/// Takes a [`Continue`](crate::Continue), gives a [`Next`](crate::Next).
pub const CONTINUE: &str = "/card-client/continue";

/// The largest message either side reads, in bytes of JSON: certificates and signed texts are a few kilobytes.
pub const LARGEST_MESSAGE: usize = 256 * 1024;
